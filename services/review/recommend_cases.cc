#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "services/review/case_list.h"
#include "services/review/convert.h"
#include "services/review/frozen_list.h"
#include "services/review/recommendation_store.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

events::v1::Event RecommendedEvent(const CaseRow& row, const filing::v1::Document& letter,
                                   const std::string& list_digest) {
  events::v1::Event event;
  events::v1::ApplicationRecommended* body = event.mutable_application_recommended();
  body->set_version_number(row.version_number);
  body->set_version_digest(row.version_digest);
  body->set_verified_rd_fen(row.verified_rd_fen);
  *body->mutable_formal_letter() = letter;
  body->set_list_digest(crypto::Hex(list_digest));
  return event;
}

}  // namespace

// NOTICE_CLOSED → RECOMMENDED for exactly the listed versions, all or none.
absl::Status ReviewService::RecommendCases(const rpc::Call& call,
                                           const v1::RecommendCasesRequest& request,
                                           v1::Recommendation* answer) {
  act::Shape shape;
  const ListRequest asked = CheckListRequest(request, shape);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kRecommend;
    ASSIGN_OR_RETURN(ListMoves moves, DecideFrozenList(step, kAction, asked));
    const CaseRow& first = moves.cases.front().row;
    const RecommendationRow recommendation = {.id = base::NewUuid7(),
                                              .round_id = first.round_id,
                                              .region = first.office,
                                              .list_digest = moves.list.row.list_digest,
                                              .letter = FromWire(request.formal_letter()),
                                              .account = call.caller.account,
                                              .at = step.now(),
                                              .list_id = asked.list_id};
    step.Record({.case_id = base::StrCat(kRecommendationPrefix, recommendation.id),
                 .action = std::string(domain::WordOf(kAction)),
                 .from_state = "",
                 .to_state = "",
                 .reason = "",
                 .paper_digest = recommendation.letter.sha256,
                 .rules_digest = moves.pack->digest(),
                 .sealed = {InsertRecommendation(step.txn(), recommendation)}});
    std::vector<CaseRow> rows;
    for (const cases::Moving<CaseRow>& one : moves.cases) rows.push_back(one.row);
    std::vector<audit::SealedRow> sealed =
        InsertRecommendationLines(step.txn(), recommendation.id, rows);
    for (size_t i = 0; i < moves.cases.size(); ++i) {
      cases::Moving<CaseRow>& one = moves.cases[i];
      one.row.recommendation = recommendation.id;
      one.note.sealed = {std::move(sealed[i])};
      one.note.events = {
          RecommendedEvent(one.row, request.formal_letter(), recommendation.list_digest)};
      answer->add_review_cases(CaseName(one.row));
    }
    RETURN_IF_ERROR(cases::MoveAll<ReviewCase>(step, moves.cases));
    answer->set_name(base::StrCat(kRecommendationPrefix, recommendation.id));
    answer->set_region(recommendation.region);
    answer->set_recommendation_list(request.recommendation_list());
    answer->set_list_digest(crypto::Hex(recommendation.list_digest));
    act::SetTime(step.now(), answer->mutable_recommend_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
