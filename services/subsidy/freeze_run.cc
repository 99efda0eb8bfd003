// FreezeRun: the second person signs the digest of exactly this run; its sum is taken from the
// guard row and every line becomes a proposal or none, in one transaction.

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

// The run's cases as they are now, by id; only those that have not changed since it was computed.
std::map<std::string, Case> UnchangedInputs(std::vector<Case> cases,
                                            const std::vector<RunLine>& lines) {
  std::map<std::string, Case> by_id;
  for (Case& row : cases) by_id.emplace(row.id, std::move(row));
  std::map<std::string, Case> unchanged;
  for (const RunLine& line : lines) {
    const auto found = by_id.find(line.case_id);
    if (found != by_id.end() && found->second.version == line.case_version) {
      unchanged.insert(by_id.extract(found));
    }
  }
  return unchanged;
}

}  // namespace

absl::Status SubsidyService::FreezeRun(const rpc::Call& call, const v1::FreezeRunRequest& request,
                                       v1::Run* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kRuns, request.name());
  shape.HexDigest("run_digest", request.run_digest());
  if (request.has_approval()) shape.Document("approval", request.approval());
  RETURN_IF_ERROR(shape.Done());
  constexpr domain::RoleSet kWho = {domain::Role::kFinance, domain::Role::kApprover};
  if (!kWho.Has(call.caller.role)) return Refuse(Reason::kNotPermitted);

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    std::optional<Run> run = LockRun(step.txn(), id);
    if (!run) return Refuse(Reason::kNotPermitted);
    if (run->frozen) return Refuse(Reason::kRunFrozen);
    if (crypto::Hex(run->digest) != absl::AsciiStrToLower(request.run_digest())) {
      return Refuse(Reason::kListMismatch);
    }
    const std::vector<RunLine> lines = ListLines(step.txn(), id);
    std::map<std::string, Case> inputs =
        UnchangedInputs(LockEvaluated(step.txn(), std::stoi(run->plan_id)), lines);
    if (inputs.size() != lines.size()) return Refuse(Reason::kInputsIncomplete);

    const bool reserved = Reserve(step.txn(), run->plan_id, run->total_fen);
    std::vector<cases::Moving<Case>> moves;
    for (const RunLine& line : lines) {
      Case& row = inputs.at(line.case_id);
      const auto gather = [&](const Case&, domain::Facts& facts) {
        facts.inputs_complete = true;
        facts.run_prepared_by = run->preparer;
        facts.run_approved_by = call.caller.account;
        facts.guard_row_ok = reserved;
        facts.line_is_zero = line.amount_fen == 0;
        if (request.has_approval()) facts.papers_given.Add(domain::Paper::kApprovalDocument);
        return absl::OkStatus();
      };
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       cases::Decide<SubsidyCase>(step, Action::kFreezeRun, row, gather));
      row.run_id = run->id;
      row.rules_digest = run->rules_digest;
      row.amount_fen = line.amount_fen;
      moves.push_back({.row = std::move(row),
                       .decision = decision,
                       .note = {.paper_digest = request.approval().sha256()}});
    }
    RETURN_IF_ERROR(cases::MoveAll<SubsidyCase>(step, moves));
    run->frozen = true;
    run->frozen_by = call.caller.account;
    run->freeze = step.now();
    if (!SaveRun(step.txn(), *run)) return Refuse(Reason::kEtagStale);
    step.Record({.case_id = base::StrCat("run-", run->id),
                 .action = std::string(domain::WordOf(Action::kFreezeRun)),
                 .from_state = "PREPARED",
                 .to_state = "FROZEN",
                 .paper_digest = request.approval().sha256(),
                 .rules_digest = run->rules_digest,
                 .sealed = {SealOf(*run)}});
    // The guard row is still locked by Reserve.
    const std::optional<Plan> plan = FindPlan(step.txn(), run->plan_id);
    step.Record({.case_id = base::StrCat("plan-", run->plan_id),
                 .action = "reserve",
                 .from_state = "OPEN",
                 .to_state = "OPEN",
                 .reason = base::StrCat(kRuns, run->id),
                 .rules_digest = plan->rules_digest,
                 .sealed = {SealOf(*plan)}});
    FillRun(*run, answer);
    return FillLines(lines, answer);
  });
}

}  // namespace alliance::subsidy
