#include <map>
#include <set>
#include <utility>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/domain/errors.h"
#include "common/domain/scoring.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {
namespace {

using domain::Action;
using domain::Decision;
using domain::Reason;
using domain::Refuse;

constexpr int kMostRescored = 100;

using FirmAndExpert = std::pair<std::string, std::string>;

void CheckRescored(act::Shape& shape, const v1::AnswerAppealRequest& request) {
  shape.Between("rescored", request.rescored_size(), 0, kMostRescored);
  std::set<FirmAndExpert> seen;
  for (int i = 0; i < request.rescored_size(); ++i) {
    const v1::Score& score = request.rescored(i);
    const std::string field = base::StrCat("rescored[", i, "]");
    shape.Check(score.evaluation() == request.name(), base::StrCat(field, ".evaluation"), "OTHER",
                "须为被申诉的评价", "must be the evaluation that is appealed");
    CheckScoreShape(shape, field, score);
    shape.Check(seen.emplace(score.firm(), score.expert()).second, field, "DUPLICATE",
                "同一专家重复", "this expert stands twice");
  }
}

// The next revisions of scores that are there: the same firms and experts look again, no new ones.
absl::StatusOr<std::vector<Score>> Rescore(const act::Step& step, const rpc::Call& call,
                                           const v1::AnswerAppealRequest& request,
                                           const rules::Pack& pack,
                                           const std::vector<Score>& latest) {
  std::map<FirmAndExpert, const Score*> known;
  for (const Score& score : latest) known[{score.firm, score.expert}] = &score;
  std::vector<Score> scores;
  std::vector<domain::FieldProblem> unknown;
  std::vector<domain::FieldProblem> out_of_range;
  for (int i = 0; i < request.rescored_size(); ++i) {
    const v1::Score& given = request.rescored(i);
    const std::string field = base::StrCat("rescored[", i, "]");
    const auto before = known.find({given.firm(), given.expert()});
    if (before == known.end()) {
      unknown.push_back({.field = field,
                         .reason = "NOT_SCORED",
                         .zh = "该机构专家未曾对此评价评分",
                         .en = "this firm and expert have not scored this evaluation"});
      continue;
    }
    std::vector<int64_t> items = ItemsOf(given);
    CheckItems(items, pack, field, out_of_range);
    const auto total = static_cast<int32_t>(domain::TotalOf(items));
    scores.push_back({.id = base::NewUuid7(),
                      .evaluation_id = before->second->evaluation_id,
                      .firm = given.firm(),
                      .expert = given.expert(),
                      .revision = before->second->revision + 1,
                      .item_hundredths = std::move(items),
                      .total_hundredths = total,
                      .comment = given.comment(),
                      .push = step.now(),
                      .pushed_by = call.caller.account});
  }
  if (!unknown.empty()) return Refuse(Reason::kInvalidRequest, {}, std::move(unknown));
  if (!out_of_range.empty()) {
    return Refuse(Reason::kScoreOutOfRange, {}, std::move(out_of_range));
  }
  return scores;
}

// `latest` with the new revisions in place.
std::vector<Score> Merge(std::vector<Score> latest, const std::vector<Score>& rescored) {
  for (Score& score : latest) {
    for (const Score& anew : rescored) {
      if (score.firm == anew.firm && score.expert == anew.expert) score = anew;
    }
  }
  return latest;
}

}  // namespace

absl::Status EvaluationService::AnswerAppeal(const rpc::Call& call,
                                             const v1::AnswerAppealRequest& request,
                                             v1::Evaluation* answer) {
  act::Shape shape;
  const std::string id = shape.YearlyName("name", kEvaluations, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason(), kLongText);
  if (request.has_answer()) shape.Document("answer", request.answer());
  CheckRescored(shape, request);
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Evaluation evaluation,
                     cases::Lock<EvaluationCase>(step, Action::kAnswerAppeal, id, request.etag()));
    const auto gather = [&](const Evaluation&, domain::Facts& facts) {
      facts.reason = request.reason();
      if (request.has_answer()) facts.papers_given.Add(domain::Paper::kAppealAnswer);
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const Decision decision, cases::Decide<EvaluationCase>(
                                                  step, Action::kAnswerAppeal, evaluation, gather));

    cases::Note note = {.reason = request.reason(), .paper_digest = request.answer().sha256()};
    if (request.rescored_size() > 0) {
      ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, evaluation.rules_digest));
      std::vector<Score> latest = ListScores(step.txn(), id, "");
      ASSIGN_OR_RETURN(const std::vector<Score> rescored,
                       Rescore(step, call, request, *pack, latest));
      InsertScores(step.txn(), rescored);
      for (const Score& score : rescored) note.sealed.push_back(SealOf(score));
      RETURN_IF_ERROR(SetResult(Merge(std::move(latest), rescored), *pack, evaluation));
    }
    const AppealDecision answered = {.id = *evaluation.appeal_id,
                                     .evaluation_id = id,
                                     .answer = cases::Written(request.reason()),
                                     .paper_title = request.answer().title(),
                                     .paper_sha256 = request.answer().sha256(),
                                     .rescored = request.rescored_size() > 0,
                                     .decide = step.now(),
                                     .decided_by = call.caller.account};
    InsertAppealDecision(step.txn(), answered);
    note.sealed.push_back(SealOf(answered));
    RETURN_IF_ERROR(
        cases::Move<EvaluationCase>(step, decision, evaluation, std::move(note)).status());
    FillHead(evaluation, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
