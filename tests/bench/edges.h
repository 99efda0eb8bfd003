// The three ways in which bench_load calls the suite: filing itself as the gateway would, the
// gateway by gRPC, the gateway by HTTP and JSON.

#ifndef ALLIANCE_TESTS_BENCH_EDGES_H_
#define ALLIANCE_TESTS_BENCH_EDGES_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace alliance::bench {

// Its lead's account is "bench-<code>" in lower case, and its session's token is the id.
struct Case {
  std::string id, etag, code;
};

enum class Verb { kSubmit, kGet, kVisible };  // kVisible: does review have it? Service edge only.

struct Answer {
  bool ok = false;
  std::string why;  // code of a failure
  size_t bytes = 0;
};
using Done = std::function<void(const Answer&)>;

class Edge {
 public:
  virtual ~Edge() = default;
  // Never blocks. `done` runs on a thread of the edge.
  virtual void Call(Verb verb, size_t case_index, Done done) = 0;
};

struct Way {
  std::string run;            // the suite's run folder: certificates, keys
  std::string target;         // host:port
  std::string review_target;  // service edge with kVisible
};

// "service", "grpc" or "json"; null for another word. `cases` outlive it. The service edge signs
// its tokens here: they live half a minute.
std::unique_ptr<Edge> MakeEdge(const std::string& name, const Way& way,
                               const std::vector<Case>& cases);

}  // namespace alliance::bench

#endif  // ALLIANCE_TESTS_BENCH_EDGES_H_
