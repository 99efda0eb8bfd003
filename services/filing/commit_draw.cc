// CommitDraw: fixes the seed of a round's survey draw before anybody can know the list.
// Only its digest leaves the service until the list is closed.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/crypto/random.h"
#include "common/domain/workflow.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/province_store.h"
#include "services/filing/rounds.h"

namespace alliance::filing {

using domain::Reason;
using domain::Refuse;

namespace {
constexpr size_t kSeedBytes = 32;
}  // namespace

absl::Status FilingService::CommitDraw(const rpc::Call& call, const v1::CommitDrawRequest& request,
                                       v1::Draw* answer) {
  act::Shape shape;
  const std::string round_id = shape.Slug("round", kRounds, request.round());
  RETURN_IF_ERROR(shape.Done());
  // Whoever may draw may commit.
  if (!domain::MayEver({.state = domain::State::kAccepted}, domain::Action::kDrawSurvey,
                       call.caller)) {
    return Refuse(Reason::kNotPermitted);
  }
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, round_id));

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    DrawRow draw{.round_id = round_id, .seed = crypto::RandomHex(kSeedBytes)};
    draw.seed_digest = crypto::Sha256(draw.seed);
    auto sealed = InsertCommitment(step.txn(), draw, step.now());
    if (!sealed) {
      return Refuse(Reason::kAlreadyExists, {{"name", base::StrCat(kDraws, round_id)}});
    }
    step.Record({.case_id = base::StrCat(kDraws, round_id),
                 .action = "commit_draw",
                 .rules_digest = pack->digest(),
                 .sealed = {*std::move(sealed)}});
    FillDraw(draw, /*inside=*/true, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
