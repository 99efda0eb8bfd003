#include "services/evaluation/evaluation_case.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/domain/errors.h"
#include "common/rules/packs.h"

namespace alliance::evaluation {

std::optional<Evaluation> EvaluationCase::Lock(act::Step& step, std::string_view id) {
  std::vector<Evaluation> rows = LockEvaluations(step.txn(), {std::string(id)}, step.caller());
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

bool EvaluationCase::Save(act::Step& step, absl::Span<Evaluation> rows, absl::Time) {
  for (Evaluation& row : rows) {
    if (!SaveEvaluation(step.txn(), row)) return false;
  }
  return true;
}

void EvaluationCase::Insert(act::Step& step, const Evaluation& row) {
  InsertEvaluation(step.txn(), row);
}

domain::CaseView EvaluationCase::View(const Evaluation& row) {
  return {.state = row.state,
          .holder = domain::OwnerOf(row.state),
          .region = row.region,
          .lead_code = row.lead_code,
          .asked = kHere};
}

std::optional<std::string> EvaluationCase::Rules(act::Step& step, const Evaluation& row) {
  if (row.rules_digest) return row.rules_digest;
  const rules::Pack* pack = step.deps().packs.ForYear(row.year);
  if (pack == nullptr) return std::nullopt;
  return pack->digest();
}

absl::Status EvaluationCase::Tick(act::Step&, Evaluation&) {
  return absl::InternalError("no instant moves an evaluation");
}

absl::StatusOr<std::vector<Evaluation>> LockAll(act::Step& step, domain::Action action,
                                                const std::vector<std::string>& ids) {
  std::vector<Evaluation> rows = LockEvaluations(step.txn(), ids, step.caller());
  if (rows.size() != ids.size()) return domain::Refuse(domain::Reason::kNotPermitted);
  for (const Evaluation& row : rows) {
    RETURN_IF_ERROR(cases::Check<EvaluationCase>(step, action, row, std::nullopt));
  }
  return rows;
}

}  // namespace alliance::evaluation
