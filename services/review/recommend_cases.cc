#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "services/review/case_act.h"
#include "services/review/case_list.h"
#include "services/review/convert.h"
#include "services/review/frozen_list.h"
#include "services/review/recommendation_store.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

// The scan is of the letter that was drafted for this list.
absl::Status CheckIsDrafted(const filing::v1::Document& letter, const ListRow& list) {
  act::Shape shape;
  const auto same = [&](std::string_view field, std::string_view scanned,
                        std::string_view drafted) {
    shape.Check(scanned == drafted, base::StrCat("formal_letter.", field), "OTHER_THAN_PREPARED",
                base::StrCat("与冻结名单时的“", drafted, "”不一致"),
                base::StrCat("is not what the list was frozen with: ", drafted));
  };
  same("document_number", letter.document_number(), list.letter_number);
  same("issuer", letter.issuer(), list.letter_issuer);
  same("issue_date", letter.issue_date(), list.letter_date);
  return shape.Done();
}

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
  const std::vector<std::string> ids = CheckCaseNames(request.review_cases(), shape);
  if (request.has_formal_letter()) CheckLetter(request.formal_letter(), shape);
  if (!request.list_digest().empty()) shape.HexDigest("list_digest", request.list_digest());
  // Without a list there is none that the cases could be exactly: the rule says so, after those
  // about the window and the state.
  const std::string list_id =
      request.recommendation_list().empty()
          ? ""
          : shape.Name("recommendation_list", kListPrefix, request.recommendation_list());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    constexpr domain::Action kAction = domain::Action::kRecommend;
    ASSIGN_OR_RETURN(const std::vector<CaseRow> rows, TakeList(step, deps_, call, kAction, ids));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, rows.front().round_id));
    const Grants grants = ReadGrants(step.txn(), rows.front().round_id);
    const std::string list_digest = ListDigest(rows);
    const std::optional<FrozenList> list = LoadList(step.txn(), list_id, call.caller);
    const bool exactly = list && IsExactly(*list, rows) &&
                         crypto::Unhex(request.list_digest()) == list_digest &&
                         list->row.list_digest == list_digest;
    ASSIGN_OR_RETURN(std::vector<Together> cases,
                     DecideList(rows, ids, kAction, call, [&](const CaseRow& row) {
                       domain::Facts facts = FactsOf(row, *pack, grants, call.caller, step.now());
                       facts.list_matches = exactly;
                       if (request.has_formal_letter())
                         facts.papers_given.Add(domain::Paper::kFormalLetter);
                       // The summary table is the list that the digest stands for.
                       if (!request.list_digest().empty()) {
                         facts.papers_given.Add(domain::Paper::kSummaryTable);
                       }
                       return facts;
                     }));

    RETURN_IF_ERROR(CheckIsDrafted(request.formal_letter(), list->row));
    const RecommendationRow recommendation = {.id = base::NewUuid7(),
                                              .round_id = rows.front().round_id,
                                              .region = rows.front().office,
                                              .list_digest = list_digest,
                                              .letter = FromWire(request.formal_letter()),
                                              .account = call.caller.account,
                                              .at = step.now(),
                                              .list_id = list_id};
    step.Record({.case_id = base::StrCat(kRecommendationPrefix, recommendation.id),
                 .action = std::string(domain::WordOf(kAction)),
                 .from_state = "",
                 .to_state = "",
                 .reason = "",
                 .paper_digest = recommendation.letter.sha256,
                 .rules_digest = pack->digest(),
                 .sealed = {InsertRecommendation(step.txn(), recommendation)}});
    std::vector<audit::SealedRow> sealed =
        InsertRecommendationLines(step.txn(), recommendation.id, rows);
    for (size_t i = 0; i < cases.size(); ++i) {
      cases[i].sealed = {std::move(sealed[i])};
      cases[i].row.recommendation = recommendation.id;
    }
    RETURN_IF_ERROR(
        StoreAll(step, *pack, kAction, cases, {.paper_digest = recommendation.letter.sha256}));
    for (const Together& one : cases) {
      step.Emit("filing", one.row.id, one.row.handoff_seq,
                RecommendedEvent(one.row, request.formal_letter(), list_digest));
      answer->add_review_cases(CaseName(one.row));
    }
    answer->set_name(base::StrCat(kRecommendationPrefix, recommendation.id));
    answer->set_region(recommendation.region);
    answer->set_recommendation_list(request.recommendation_list());
    answer->set_list_digest(crypto::Hex(list_digest));
    act::SetTime(step.now(), answer->mutable_recommend_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
