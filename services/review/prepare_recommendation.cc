#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/review/case_facts.h"
#include "services/review/case_list.h"
#include "services/review/convert.h"
#include "services/review/frozen_list.h"
#include "services/review/notice_plan.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

bool IsOnNotice(const CaseRow& row) {
  return row.state == domain::State::kInNotice || row.state == domain::State::kObjected;
}

// Q2: there are few days between the two deadlines, so that a notice may have to be closed before
// its end: with a written reason, or not at all, as the region's rule says.
absl::Status CloseUnfinished(act::Step& step, const rules::Pack& pack, const Grants& grants,
                             const std::vector<std::string>& ids, const std::string& reason,
                             std::vector<CaseRow>& rows) {
  constexpr domain::Action kAction = domain::Action::kCloseNotice;
  std::vector<CaseRow> unfinished;
  for (const CaseRow& row : rows) {
    if (row.state == domain::State::kInNotice) unfinished.push_back(row);
  }
  if (unfinished.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      CaseMoves moves,
      DecideList(step, kAction, unfinished, ids, [&](const CaseRow& row, domain::Facts& facts) {
        GatherCase(row, pack, grants, step.caller(), facts);
        facts.reason = reason;
        return absl::OkStatus();
      }));
  EndEarly(step, moves);
  for (cases::Moving<CaseRow>& one : moves) one.note.reason = reason;
  RETURN_IF_ERROR(cases::MoveAll<ReviewCase>(step, moves));
  std::set<std::string> batches;
  for (cases::Moving<CaseRow>& one : moves) {
    batches.insert(one.row.notice_batch);
    *std::find_if(rows.begin(), rows.end(),
                  [&](const CaseRow& row) { return row.id == one.row.id; }) = std::move(one.row);
  }
  // A batch that nothing is left of ends as well.
  const Scope scope = Scope::ToAct(step.caller());
  for (const std::string& id : batches) {
    const std::vector<CaseRow> all = LockCasesOfBatch(step.txn(), id, scope);
    std::optional<BatchRow> batch = LockBatch(step.txn(), id, scope);
    if (batch && batch->open && std::none_of(all.begin(), all.end(), IsOnNotice)) {
      RETURN_IF_ERROR(CloseBatchNow(step, pack, reason, *batch));
    }
  }
  return absl::OkStatus();
}

// In the order of the request, which is that of the table.
std::vector<ListLine> LinesOf(const std::vector<CaseRow>& rows, const std::vector<std::string>& ids,
                              const std::map<std::string, std::string>& outcomes) {
  std::vector<ListLine> lines;
  for (const std::string& id : ids) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const CaseRow& one) { return one.id == id; });
    const auto outcome = outcomes.find(id);
    lines.push_back({.case_id = row->id,
                     .version_number = row->version_number,
                     .version_digest = row->version_digest,
                     .alliance_name = row->alliance_name,
                     .lead_name = row->lead_name,
                     .lead_code = row->lead_code,
                     .technical_field = row->technical_field,
                     .high_tech_zone = row->high_tech_zone,
                     .verified_rd_fen = row->verified_rd_fen,
                     .outcome = outcome == outcomes.end() ? "" : outcome->second});
  }
  return lines;
}

}  // namespace

// Freezes exactly these versions. The cases stay where they are: what leaves the
// region is decided by RecommendCases, or towards a city by ForwardCases (Q3), which take this list
// and no other.
absl::Status ReviewService::PrepareRecommendation(const rpc::Call& call,
                                                  const v1::PrepareRecommendationRequest& request,
                                                  v1::RecommendationList* answer) {
  act::Shape shape;
  const std::vector<std::string> ids = CheckCaseNames(request.review_cases(), shape);
  shape.Text("letter_number", request.letter_number(), 100);
  shape.Day("letter_date", request.letter_date());
  shape.Text("letter_issuer", request.letter_issuer(), 200);
  shape.OptionalText("reason", request.reason());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<CaseRow> rows, LockList(step, domain::Action::kRecommend, ids));
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, rows.front().round_id));
    const Grants grants = ListGrants(step.txn(), rows.front().round_id);
    const std::string reason = cases::Written(request.reason());
    RETURN_IF_ERROR(CloseUnfinished(step, *pack, grants, ids, reason, rows));
    // Could it leave the office now, with the letter to come? All are of one office and round.
    const domain::Action action = GoesThroughCity(rows.front(), *pack) ? domain::Action::kForward
                                                                       : domain::Action::kRecommend;
    RETURN_IF_ERROR(
        DecideList(step, action, rows, ids, [&](const CaseRow& row, domain::Facts& facts) {
          GatherCase(row, *pack, grants, call.caller, facts);
          facts.list_matches = true;
          facts.papers_given.Add(domain::Paper::kFormalLetter);
          facts.papers_given.Add(domain::Paper::kSummaryTable);
          return absl::OkStatus();
        }).status());

    const FrozenList list = {.row = {.id = base::NewUuid7(),
                                     .round_id = rows.front().round_id,
                                     .region = rows.front().office,
                                     .list_digest = ListDigest(rows),
                                     .letter_number = request.letter_number(),
                                     .letter_date = request.letter_date(),
                                     .letter_issuer = request.letter_issuer(),
                                     .account = call.caller.account,
                                     .prepare = step.now()},
                             .lines = LinesOf(rows, ids, ListOutcomes(step.txn(), rows))};
    std::vector<audit::SealedRow> sealed = InsertListLines(step.txn(), list.row.id, list.lines);
    sealed.push_back(InsertList(step.txn(), list.row));
    step.Record({.case_id = base::StrCat(kListPrefix, list.row.id),
                 .action = "prepare_recommendation",
                 .from_state = "",
                 .to_state = "",
                 .reason = reason,
                 .rules_digest = pack->digest(),
                 .sealed = std::move(sealed)});
    FillList(list, *pack, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
