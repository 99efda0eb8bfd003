// Who reaches what: every RPC of a service × every role × own and other region, over real cases.
//
//   ExpectReach(v1::ReviewService::service_full_name(), rows, AskersOf(own, city), {known},
//   unknown);
//
// Asked about what is outside his scope, a caller must hear exactly what he hears about what does
// not exist: code, reason, texts, metadata and fields alike. An RPC without a row fails the test.

#ifndef ALLIANCE_COMMON_TESTING_REACH_H_
#define ALLIANCE_COMMON_TESTING_REACH_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/domain/caller.h"
#include "common/rpc/call.h"

namespace alliance::service_testing {

// How a caller stands to the case: of its own region or enterprise, of the city above its region,
// of another one, or of none at all.
enum class Standing { kOwn, kCity, kOther, kNowhere };

struct Asker {
  rpc::Call call;
  Standing standing;
  std::string name;  // "recommender of the city", for messages
};

// Every role in every standing to a case of this region and lead; `city` empty: nobody is above it.
std::vector<Asker> AskersOf(std::string_view region, std::string_view city,
                            std::string_view lead_code);

enum class Touches {
  kCase,    // names a case, or lists cases
  kOffice,  // names none: the role decides, and that a recommender or an enterprise is one at all
  kPublic,  // open to everybody
};

// Names of one real case and what hangs on it, or of nothing at all.
struct Target {
  std::string id;
  std::string paper;
  std::string upload;
  std::string notice;  // or an extension
  std::string list;
  std::string code;
};

struct ReachRow {
  std::string_view method;
  Touches touches;
  domain::RoleSet who;
  // A right request of this caller about this target; it changes nothing when it is refused.
  std::function<absl::Status(const rpc::Call&, const Target&)> ask;
  bool city = false;  // the city above reaches it too
};

// A list has shown the case, or it has not.
absl::Status Shown(bool shown);

// First what must be refused, of each row for each target; then that each row lets through whom it
// names: for one of the targets at least, and never for the unknown one.
void ExpectReach(std::string_view service, const std::vector<ReachRow>& rows,
                 const std::vector<Asker>& askers, const std::vector<Target>& known,
                 const Target& unknown);

}  // namespace alliance::service_testing

#endif  // ALLIANCE_COMMON_TESTING_REACH_H_
