// HttpEdge: the HTTP/1.1 listener for browsers, portals and curl. Connect protocol, unary.
//
// Two threads serve all connections; nothing on them blocks. Every phase of a connection has a time
// limit, every buffer a size, and the number of connections and of body bytes held at once is
// bounded (docs/threats.md B1-D2, B1-D3). TLS is for the ingress in front.

#ifndef ALLIANCE_SERVICES_GATEWAY_HTTP_EDGE_H_
#define ALLIANCE_SERVICES_GATEWAY_HTTP_EDGE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/gateway/gate.h"

namespace alliance::gateway {

struct HttpOptions {
  std::string address;  // host:port; port 0 takes a free one
  std::vector<std::string> allowed_origins;
  size_t body_limit = 4 << 20;
  size_t header_limit = 16 << 10;
  size_t held_bodies_limit = 256 << 20;  // of all connections together
  int connections = 2048;
  absl::Duration header_time = absl::Seconds(10);
  absl::Duration body_time = absl::Seconds(30);
  absl::Duration write_time = absl::Seconds(30);
  absl::Duration idle_time = absl::Seconds(60);  // between requests of one connection
};

class HttpEdge {
 public:
  // Fails with one clear line when the address is wrong or taken.
  static absl::StatusOr<std::unique_ptr<HttpEdge>> Start(HttpOptions options, Gate& gate);

  // Every answer that the gate still owes must have come back: it goes to a connection's thread.
  ~HttpEdge();

  int port() const;

  // Takes no more connections, closes the idle ones and ends each other one with its next answer.
  void Close();
  // Waits until the last answers are written, but not longer than this; then ends both threads.
  void Stop(absl::Duration limit);

 private:
  class Listener;
  explicit HttpEdge(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_HTTP_EDGE_H_
