#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

constexpr domain::Action kAction = domain::Action::kCloseRound;

// The act as a whole is decided before any case is looked at, so that it is refused for the right
// reason also when no case is left.
absl::Status MayClose(absl::Time closes, const rpc::Call& call, absl::Time now) {
  domain::Facts facts;
  facts.now = now;
  facts.recommend_closes = closes;
  // Role and deadline are asked here; the list is compared with each case below.
  facts.list_matches = true;
  return domain::Decide({.state = domain::State::kSubmitted, .holder = domain::Owner::kReview},
                        kAction, call.caller, facts)
      .status();
}

events::v1::Event NotRecommendedEvent(const std::string& reason) {
  events::v1::Event event;
  event.mutable_application_not_recommended()->set_reason(reason);
  return event;
}

void FillCases(const std::vector<CaseRow>& rows, v1::CloseRoundResponse* answer) {
  for (const CaseRow& row : rows) answer->add_review_cases(CaseName(row));
  answer->set_list_digest(crypto::Hex(ListDigest(rows)));
}

}  // namespace

// SUBMITTED … NOTICE_CLOSED → NOT_RECOMMENDED for all that is left of a round: one act, one
// transaction, bound to the list that was shown.
absl::Status ReviewService::CloseRound(const rpc::Call& call, const v1::CloseRoundRequest& request,
                                       v1::CloseRoundResponse* answer) {
  act::Shape shape;
  const std::string round_id = shape.Slug("round", kRoundPrefix, request.round());
  if (request.validate_only()) {
    shape.OptionalText("reason", request.reason());
  } else {
    shape.Text("reason", request.reason());
    shape.HexDigest("list_digest", request.list_digest());
  }
  RETURN_IF_ERROR(shape.Done());
  if (!domain::MayEver({.state = domain::State::kSubmitted}, kAction, call.caller)) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, round_id));

  if (request.validate_only()) {
    RETURN_IF_ERROR(MayClose(pack->recommender_deadline(), call, deps_.clock.Now()));
    return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
      answer->Clear();
      const std::vector<CaseRow> rows = ListCasesOfRound(txn, round_id, Scope::ToAct(call.caller));
      const Grants grants = ListGrants(txn, round_id);
      for (const CaseRow& row : rows) {
        RETURN_IF_ERROR(
            MayClose(TimesOf(row, *pack, grants).recommending().closes, call, deps_.clock.Now()));
      }
      FillCases(rows, answer);
      return absl::OkStatus();
    });
  }

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    RETURN_IF_ERROR(MayClose(pack->recommender_deadline(), call, step.now()));
    std::vector<CaseRow> rows = LockCasesOfRound(step.txn(), round_id, Scope::ToAct(call.caller));
    const bool matches = crypto::Unhex(request.list_digest()) == ListDigest(rows);
    if (rows.empty() && !matches) return domain::Refuse(domain::Reason::kListMismatch);
    for (const CaseRow& row : rows) {
      RETURN_IF_ERROR(cases::Check<ReviewCase>(step, kAction, row, std::nullopt));
    }
    RETURN_IF_ERROR(CloseDue(step, absl::MakeSpan(rows)));

    const Grants grants = ListGrants(step.txn(), round_id);
    const std::string reason = cases::Written(request.reason());
    CaseMoves moves;
    for (CaseRow& row : rows) {
      // A case with more time keeps the round open for as long.
      const auto gather = [&](const CaseRow& now, domain::Facts& facts) {
        GatherCase(now, *pack, grants, call.caller, facts);
        facts.reason = reason;
        facts.list_matches = matches;
        return absl::OkStatus();
      };
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       cases::Decide<ReviewCase>(step, kAction, row, gather));
      moves.push_back({.row = row,
                       .decision = decision,
                       .note = {.reason = reason, .events = {NotRecommendedEvent(reason)}}});
    }
    RETURN_IF_ERROR(cases::MoveAll<ReviewCase>(step, moves));
    FillCases(rows, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
