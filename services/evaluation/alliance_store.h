// AllianceStore: the registered alliances and their members, as filing told of them.

#ifndef ALLIANCE_SERVICES_EVALUATION_ALLIANCE_STORE_H_
#define ALLIANCE_SERVICES_EVALUATION_ALLIANCE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/state.h"

namespace alliance::evaluation {

struct Alliance {
  std::string id;
  std::string registry_number;
  std::string name;
  std::string lead_name;
  std::string lead_code;
  std::string region;
  std::string city;  // of a zone: the city that may read along; else empty
  int year = 0;      // of registration
  domain::State state = domain::State::kRegistered;
  int64_t version = 1;
  int32_t handoff_seq = 0;  // its holder's, filing's; not kept
};

struct Member {
  std::string id;
  std::string alliance_id;
  std::string credit_code;
};

// False: it is there already.
bool InsertAlliance(db::Txn& txn, const Alliance& alliance);
void InsertMembers(db::Txn& txn, const std::vector<Member>& members);
std::vector<std::string> ListMembers(db::Txn& txn, std::string_view alliance_id);  // credit codes
std::optional<Alliance> LockAlliance(db::Txn& txn, std::string_view id);
// False: somebody else changed it. Else `alliance.version` is the new one.
bool SaveAlliance(db::Txn& txn, Alliance& alliance);

audit::SealedRow SealOf(const Alliance& alliance);
audit::SealedRow SealOf(const Member& member);

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_ALLIANCE_STORE_H_
