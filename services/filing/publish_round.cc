// PublishRound: a round from its rule pack.
//
// A round's pack may be superseded only while nobody can have filed under it: from a few minutes
// before the round opens (time for every replica and service to have the new one) it is frozen for
// good. What a round should have said otherwise is then for extensions and for the next round: the
// same rules hold for everybody who files in it.

#include <utility>

#include "alliance/events/v1/events.pb.h"
#include "common/act/published_packs.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/case/case.h"
#include "common/crypto/digest.h"
#include "services/filing/convert.h"
#include "services/filing/extension_store.h"
#include "services/filing/filing_service.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Refuse;

constexpr size_t kLargestText = 1 << 20;
// A new pack is with every replica and service well before this.
constexpr absl::Duration kFrozenBefore = absl::Minutes(10);

absl::StatusOr<rules::Pack> ParseRequest(const v1::PublishRoundRequest& request) {
  rules::PackProblems problems;
  absl::StatusOr<rules::Pack> pack = rules::ParsePack(request.pack_text(), "pack_text", &problems);
  if (pack.ok()) return pack;
  std::vector<domain::FieldProblem> fields;
  for (const rules::PackProblem& problem : problems) {
    const std::string line = problem.line > 0 ? std::to_string(problem.line) : "";
    fields.push_back(
        {.field = problem.path.empty() ? "pack_text" : base::StrCat("pack.", problem.path),
         .reason = "PACK",
         .zh = base::StrCat("规则包第", line, "行有误：", problem.why),
         .en = base::StrCat("line ", line, ": ", problem.why)});
  }
  const std::string count = std::to_string(problems.size());
  return Refuse(Reason::kPackRefused, {{"count", count}}, std::move(fields));
}

// What the round has now, and whether `pack` may come after it.
struct Place {
  bool there = false;  // exactly this pack is the round's
  int32_t number = 1;
};

absl::StatusOr<Place> FindPlace(const act::Deps& deps, db::Txn& txn, absl::Time now,
                                const rules::Pack& pack, std::string_view supersedes) {
  const std::string& round_id = pack.proto().round().id();
  const auto last = act::LastPublished(txn, round_id);
  const auto installed = FindRoundPack(txn, round_id);
  const std::string current = last        ? last->digest_hex
                              : installed ? crypto::Hex(installed->rules_digest)
                                          : "";
  if (current == pack.digest_hex()) return Place{.there = true};
  if (current != supersedes) {
    return Refuse(Reason::kSupersedesMismatch,
                  {{"round", round_id}, {"current", current.empty() ? "—" : current}});
  }
  if (current.empty()) return Place{};
  const rules::Pack* before = deps.packs.FindByDigest(crypto::Unhex(current).value_or(""));
  const bool frozen = before == nullptr || domain::IsOver(before->opens() - kFrozenBefore, now) ||
                      domain::IsOver(pack.opens() - kFrozenBefore, now) ||
                      HasApplications(txn, round_id);
  if (frozen) return Refuse(Reason::kRoundFrozen, {{"round", round_id}});
  // Back to a pack of before: a digest is published once.
  if (act::FindPublished(txn, pack.digest_hex())) {
    return Refuse(Reason::kAlreadyExists, {{"name", pack.digest_hex()}});
  }
  return Place{.number = last ? last->number + 1 : 1};
}

}  // namespace

absl::Status FilingService::PublishRound(const rpc::Call& call,
                                         const v1::PublishRoundRequest& request,
                                         v1::Round* answer) {
  if (call.caller.role != domain::Role::kProvince) return Refuse(Reason::kNotPermitted);
  act::Shape shape;
  shape.Check(!request.pack_text().empty(), "pack_text", "REQUIRED", "必填", "is required");
  if (!request.supersedes().empty()) shape.HexDigest("supersedes", request.supersedes());
  RETURN_IF_ERROR(shape.Done());
  if (request.pack_text().size() > kLargestText) {
    return Refuse(Reason::kTooLarge, {{"limit", "1 MiB"}});
  }
  ASSIGN_OR_RETURN(rules::Pack pack, ParseRequest(request));

  if (request.validate_only()) {
    return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
      answer->Clear();
      RETURN_IF_ERROR(
          FindPlace(deps_, txn, deps_.clock.Now(), pack, request.supersedes()).status());
      FillRound(pack, answer);
      answer->set_portal_address(portal_address_);
      answer->set_supersedes(request.supersedes());
      return absl::OkStatus();
    });
  }

  int32_t number = 0;
  RETURN_IF_ERROR(act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(const Place place,
                     FindPlace(deps_, step.txn(), step.now(), pack, request.supersedes()));
    if (!place.there) {
      const act::PublishedPack row{.digest_hex = pack.digest_hex(),
                                   .round_id = pack.proto().round().id(),
                                   .number = place.number,
                                   .supersedes = request.supersedes(),
                                   .bytes = pack.bytes(),
                                   .publish = step.now()};
      // Another was faster with the same number: look again.
      if (!act::StorePublished(step, row, pack.digest())) {
        step.txn().RetryWhole("the round was published meanwhile");
      }
      events::v1::Event event;
      events::v1::RoundPublished* body = event.mutable_round_published();
      body->set_rules_digest(row.digest_hex);
      body->set_pack(row.bytes);
      body->set_number(row.number);
      body->set_supersedes(row.supersedes);
      RETURN_IF_ERROR(cases::Announce(step, pack.round_name(), std::move(event)));
    }
    ShowRound(step.txn(), pack, portal_address_, answer);
    const auto stored = act::FindPublished(step.txn(), pack.digest_hex());
    number = stored ? stored->number : 0;
    return absl::OkStatus();
  }));
  // Of a repeated request only the answer is known: the other replica that did it, or this one, has
  // the pack, or reads it from the table.
  if (number > 0) deps_.packs.Add(std::move(pack), number);
  return absl::OkStatus();
}

}  // namespace alliance::filing
