// Published packs: how a round's rules come to every service and stay there.
//
// filing publishes a pack: a row, insert-only, and an event with the pack's bytes to the other
// services, each of which keeps the same row. A service loads its rows at start, after the packs of
// its configuration; a running one reads them again every few seconds (Refresh), so that every
// replica has what one of them was told. All checks are those of rules::ReadPack, and the bytes
// must have the digest that names them.

#ifndef ALLIANCE_COMMON_ACT_PUBLISHED_PACKS_H_
#define ALLIANCE_COMMON_ACT_PUBLISHED_PACKS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "alliance/events/v1/events.pb.h"
#include "common/act/act.h"
#include "common/db/pool.h"
#include "common/db/txn.h"
#include "common/rules/packs.h"

namespace alliance::act {

struct PublishedPack {
  std::string digest_hex;
  std::string round_id;
  int32_t number = 0;      // of the round's packs, from 1
  std::string supersedes;  // digest, hex; empty: none
  std::string bytes;
  absl::Time publish;
};

// Without its bytes; nothing when it was never published.
std::optional<PublishedPack> FindPublished(db::Txn& txn, std::string_view digest_hex);
// The round's latest, without its bytes.
std::optional<PublishedPack> LastPublished(db::Txn& txn, std::string_view round_id);

// Loads what is stored and not in `packs` yet.
absl::Status Refresh(db::Pool& pool, absl::Time deadline, rules::Packs& packs);

// What RoundPublished does at its receivers: stored, in the history of the round, and served.
absl::Status ApplyRoundPublished(const Deps& deps, Step& step, const events::v1::Event& event);

// Stores a pack with its history row; false when its digest or its number is taken.
bool StorePublished(Step& step, const PublishedPack& pack, std::string_view digest);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_PUBLISHED_PACKS_H_
