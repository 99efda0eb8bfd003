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
using domain::Reason;
using domain::Refuse;

// Where a score stands: evaluation and expert; the firm is the caller.
using Place = std::pair<std::string, std::string>;

struct Pushed {
  int index = 0;  // in the request
  std::string expert;
  std::vector<int64_t> items;
  std::string comment;
};

// The scores of the request by evaluation, in the order of the ids.
std::map<std::string, std::vector<Pushed>> PushedIn(act::Shape& shape,
                                                    const v1::PushScoresRequest& request) {
  shape.Between("scores", request.scores_size(), 1, kMostPerRequest);
  std::map<std::string, std::vector<Pushed>> scores;
  std::set<Place> seen;
  for (int i = 0; i < request.scores_size(); ++i) {
    const v1::Score& score = request.scores(i);
    const std::string field = base::StrCat("scores[", i, "]");
    const std::string id =
        shape.YearlyName(base::StrCat(field, ".evaluation"), kEvaluations, score.evaluation());
    CheckScoreShape(shape, field, score);
    shape.Check(seen.emplace(score.evaluation(), score.expert()).second, field, "DUPLICATE",
                "同一专家对同一联盟重复评分", "this expert scores this evaluation twice");
    scores[id].push_back({.index = i,
                          .expert = score.expert(),
                          .items = ItemsOf(score),
                          .comment = score.comment()});
  }
  return scores;
}

}  // namespace

absl::Status EvaluationService::PushScores(const rpc::Call& call,
                                           const v1::PushScoresRequest& request,
                                           v1::PushScoresResponse* answer) {
  act::Shape shape;
  const std::map<std::string, std::vector<Pushed>> pushed = PushedIn(shape, request);
  RETURN_IF_ERROR(shape.Done());
  std::vector<std::string> ids;
  for (const auto& [id, scores] : pushed) ids.push_back(id);
  const std::string& firm = call.caller.organisation;

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    // What is not assigned to this firm looks to it like what does not exist.
    ASSIGN_OR_RETURN(std::vector<Evaluation> evaluations, LockAll(step, Action::kScore, ids));
    std::map<std::string, bool> conflicts;
    for (AssignedTo& assigned : ListAssignedTo(step.txn(), ids, firm)) {
      conflicts.emplace(std::move(assigned.evaluation_id), assigned.conflict);
    }

    std::vector<domain::FieldProblem> out_of_range;
    std::vector<cases::Moving<Evaluation>> moves;
    for (Evaluation& evaluation : evaluations) {
      const size_t before = out_of_range.size();
      if (evaluation.rules_digest) {
        ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, evaluation.rules_digest));
        for (const Pushed& one : pushed.at(evaluation.id)) {
          CheckItems(one.items, *pack, base::StrCat("scores[", one.index, "]"), out_of_range);
        }
      }
      const auto gather = [&](const Evaluation& now, domain::Facts& facts) {
        // Compared by credit code when it was assigned, and again now.
        facts.coi_declared_none = !conflicts.at(now.id);
        // Started under an open campaign, and campaigns do not close again.
        facts.campaign_open = now.rules_digest.has_value();
        facts.assigned = true;  // or it would not be in this firm's scope
        facts.score_in_range = out_of_range.size() == before;
        return absl::OkStatus();
      };
      const auto decision = cases::Decide<EvaluationCase>(step, Action::kScore, evaluation, gather);
      // Out of range is said for all scores at once, below.
      if (RefusedFor(decision.status(), Reason::kScoreOutOfRange)) continue;
      RETURN_IF_ERROR(decision.status());
      moves.push_back({.row = std::move(evaluation), .decision = *decision});
    }
    if (!out_of_range.empty()) {
      return Refuse(Reason::kScoreOutOfRange, {}, std::move(out_of_range));
    }

    std::map<Place, int32_t> revisions;
    for (LatestRevision& latest : ListRevisions(step.txn(), ids, firm)) {
      revisions[{std::move(latest.evaluation_id), std::move(latest.expert)}] = latest.revision;
    }
    std::vector<Score> stored(request.scores_size());
    for (cases::Moving<Evaluation>& move : moves) {
      for (const Pushed& one : pushed.at(move.row.id)) {
        stored[one.index] = {.id = base::NewUuid7(),
                             .evaluation_id = move.row.id,
                             .firm = firm,
                             .expert = one.expert,
                             .revision = revisions[{move.row.id, one.expert}] + 1,
                             .item_hundredths = one.items,
                             .total_hundredths = static_cast<int32_t>(domain::TotalOf(one.items)),
                             .comment = one.comment,
                             .push = step.now(),
                             .pushed_by = call.caller.account};
        move.note.sealed.push_back(SealOf(stored[one.index]));
      }
    }
    RETURN_IF_ERROR(cases::MoveAll<EvaluationCase>(step, moves));
    InsertScores(step.txn(), stored);
    for (const Score& score : stored) FillScore(score, answer->add_scores());
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
