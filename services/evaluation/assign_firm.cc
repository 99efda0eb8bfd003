#include <map>
#include <set>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/domain/credit_code.h"
#include "common/domain/errors.h"
#include "services/evaluation/case.h"
#include "services/evaluation/convert.h"
#include "services/evaluation/evaluation_case.h"
#include "services/evaluation/evaluation_service.h"

namespace alliance::evaluation {
namespace {

using domain::Reason;
using domain::Refuse;
using domain::State;

constexpr std::string_view kAction = "assign_firm";

// Before the result there is something to evaluate; afterwards another firm would change nothing.
bool TakesFirms(State state) {
  return state == State::kReported || state == State::kReportMissed || state == State::kEvaluating;
}

absl::Status WrongState(const Evaluation& evaluation) {
  return Refuse(Reason::kWrongState,
                {{"evaluation", NameOf(evaluation)},
                 {"state", domain::WordOf(evaluation.state)},
                 {"state_zh", domain::OfficialLabel(evaluation.state, domain::Locale::kZh)},
                 {"action", kAction},
                 {"action_zh", "指派评价机构"},
                 {"allowed", "nothing"},
                 {"allowed_zh", "无"}});
}

// Article 8 asks for third parties: a firm that is a member of the alliance is none.
absl::Status Conflict(const v1::AssignFirmRequest& request, const std::vector<std::string>& ids,
                      const std::set<std::string>& conflicts) {
  std::vector<domain::FieldProblem> fields;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!conflicts.contains(ids[i])) continue;
    fields.push_back({.field = base::StrCat("evaluations[", i, "]"),
                      .reason = "CONFLICT_OF_INTEREST",
                      .zh = "该评价机构是本联盟成员，应当回避",
                      .en = "the firm is a member of this alliance",
                      .clause = "A8"});
  }
  return Refuse(Reason::kConflictOfInterest, {{"firm", request.firm()}}, std::move(fields));
}

}  // namespace

absl::Status EvaluationService::AssignFirm(const rpc::Call& call,
                                           const v1::AssignFirmRequest& request,
                                           v1::AssignFirmResponse* answer) {
  act::Shape shape;
  const std::string firm = shape.Slug("firm", "", request.firm());
  const domain::CodeCheck code = domain::CheckCreditCode(request.firm_credit_code(), "21");
  shape.Check(code.verdict != domain::CodeVerdict::kError, "firm_credit_code", "CREDIT_CODE",
              "不是有效的统一社会信用代码", "is not a unified social credit code");
  const std::vector<std::string> ids = EvaluationsNamed(shape, request.evaluations());
  RETURN_IF_ERROR(shape.Done());

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    // An assignment moves no case, so the workflow has no row for it: the province commissions
    //
    if (call.caller.role != domain::Role::kProvince) return Refuse(Reason::kNotPermitted);
    std::vector<Evaluation> evaluations = LockEvaluations(step.txn(), ids, call.caller);
    if (evaluations.size() != ids.size()) return Refuse(Reason::kNotPermitted);
    for (const Evaluation& evaluation : evaluations) {
      if (!TakesFirms(evaluation.state)) return WrongState(evaluation);
    }

    const Firm wanted = {.id = firm, .credit_code = code.code};
    if (InsertFirm(step.txn(), wanted)) {
      step.Record({.case_id = base::StrCat("firms/", firm),
                   .action = "add_firm",
                   .from_state = "",
                   .to_state = "",
                   .reason = "",
                   .sealed = {SealOf(wanted)}});
    } else if (FindFirm(step.txn(), firm)->credit_code != code.code) {
      return Refuse(Reason::kInvalidRequest, {},
                    {{.field = "firm_credit_code",
                      .reason = "NOT_THE_FIRMS",
                      .zh = "与该机构已登记的信用代码不一致",
                      .en = "is not the code that this firm is known by"}});
    }
    const std::vector<std::string> conflicts = ListConflicts(step.txn(), ids, code.code);
    if (!conflicts.empty()) return Conflict(request, ids, {conflicts.begin(), conflicts.end()});

    std::set<std::string> already;
    for (const AssignedTo& one : ListAssignedTo(step.txn(), ids, firm)) {
      already.insert(one.evaluation_id);
    }
    std::vector<Assignment> assignments;
    for (Evaluation& evaluation : evaluations) {
      if (already.contains(evaluation.id)) continue;
      assignments.push_back({.id = base::NewUuid7(),
                             .evaluation_id = evaluation.id,
                             .firm = firm,
                             .assign = step.now(),
                             .assigned_by = call.caller.account});
      RETURN_IF_ERROR(
          cases::Edit<EvaluationCase>(step, kAction, evaluation,
                                      {.reason = firm, .sealed = {SealOf(assignments.back())}})
              .status());
    }
    InsertAssignments(step.txn(), assignments);
    answer->set_assigned(static_cast<int32_t>(assignments.size()));
    return absl::OkStatus();
  });
}

}  // namespace alliance::evaluation
