#include "common/act/published_packs.h"

#include <utility>
#include <vector>

#include "common/audit/history.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"

namespace alliance::act {
namespace {

using domain::Reason;
using domain::Refuse;

// More than a century of rounds.
#define ALLIANCE_MOST_PACKS "1000"

PublishedPack Read(const db::Row& row) {
  return {.digest_hex = row.Get<std::string>(0),
          .round_id = row.Get<std::string>(1),
          .number = row.Get<int32_t>(2),
          .supersedes = row.Get<std::string>(3),
          .publish = row.Get<absl::Time>(4)};
}

std::optional<PublishedPack> ReadOne(const std::optional<db::Row>& row) {
  return row ? std::optional(Read(*row)) : std::nullopt;
}

absl::StatusOr<rules::Pack> Unpack(std::string_view bytes, std::string_view digest_hex) {
  if (crypto::Hex(crypto::Sha256(bytes)) != digest_hex) {
    return Refuse(Reason::kFileDigestMismatch);
  }
  return rules::ReadPack(bytes);
}

// The seal; nothing when the digest, or the round's number, is there already.
std::optional<audit::SealedRow> InsertPublished(db::Txn& txn, const PublishedPack& pack) {
  static constexpr db::Sql kInsert = {
      "published_pack.insert",
      "INSERT INTO published_pack (id, round_id, number, supersedes, pack, publish_us)"
      " VALUES (?,?,?,?,?,?)"};
  if (!txn.InsertIfAbsent(kInsert, pack.digest_hex, pack.round_id, pack.number, pack.supersedes,
                          pack.bytes, pack.publish)) {
    return std::nullopt;
  }
  return audit::Seal("published_pack", pack.digest_hex,
                     {{"round_id", pack.round_id},
                      {"number", pack.number},
                      {"supersedes", pack.supersedes},
                      {"pack", pack.bytes},
                      {"publish_us", pack.publish}});
}

}  // namespace

std::optional<PublishedPack> FindPublished(db::Txn& txn, std::string_view digest_hex) {
  static constexpr db::Sql kFind = {
      "published_pack.find",
      "SELECT id, round_id, number, supersedes, publish_us FROM published_pack WHERE id=?"};
  return ReadOne(txn.QueryOne(kFind, digest_hex));
}

std::optional<PublishedPack> LastPublished(db::Txn& txn, std::string_view round_id) {
  static constexpr db::Sql kLast = {
      "published_pack.last",
      "SELECT id, round_id, number, supersedes, publish_us FROM published_pack"
      " WHERE round_id=? ORDER BY number DESC LIMIT 1"};
  return ReadOne(txn.QueryOne(kLast, round_id));
}

absl::Status Refresh(db::Pool& pool, absl::Time deadline, rules::Packs& packs) {
  static constexpr db::Sql kList = {"published_pack.list",
                                    "SELECT id, number FROM published_pack"
                                    " ORDER BY round_id, number LIMIT " ALLIANCE_MOST_PACKS};
  static constexpr db::Sql kBytes = {"published_pack.bytes",
                                     "SELECT pack FROM published_pack WHERE id=?"};
  return pool.Read(deadline, [&](db::Txn& txn) -> absl::Status {
    for (const db::Row& row : txn.Query(kList)) {
      const std::string digest_hex = row.Get<std::string>(0);
      const auto number = row.Get<int32_t>(1);
      if (packs.Has(crypto::Unhex(digest_hex).value_or(""), number)) continue;
      const auto stored = txn.QueryOne(kBytes, digest_hex);
      if (!stored) continue;
      ASSIGN_OR_RETURN(rules::Pack pack, Unpack(stored->Get<std::string>(0), digest_hex));
      packs.Add(std::move(pack), number);
    }
    return absl::OkStatus();
  });
}

bool StorePublished(Step& step, const PublishedPack& pack, std::string_view digest) {
  auto sealed = InsertPublished(step.txn(), pack);
  if (!sealed) return false;
  step.Record({.case_id = base::StrCat("rounds/", pack.round_id),
               .action = "publish_round",
               .rules_digest = std::string(digest),
               .sealed = {*std::move(sealed)}});
  return true;
}

absl::Status ApplyRoundPublished(const Deps& deps, Step& step, const events::v1::Event& event) {
  const events::v1::RoundPublished& body = event.round_published();
  ASSIGN_OR_RETURN(rules::Pack pack, Unpack(body.pack(), body.rules_digest()));
  const PublishedPack row{.digest_hex = body.rules_digest(),
                          .round_id = pack.proto().round().id(),
                          .number = body.number(),
                          .supersedes = body.supersedes(),
                          .bytes = body.pack(),
                          .publish = absl::FromUnixMicros(event.occur_time_us())};
  if (!StorePublished(step, row, pack.digest())) {
    return Refuse(Reason::kAlreadyExists, {{"name", body.rules_digest()}});
  }
  // Should this transaction not be committed, the event comes again and finds the pack here.
  deps.packs.Add(std::move(pack), row.number);
  return absl::OkStatus();
}

}  // namespace alliance::act
