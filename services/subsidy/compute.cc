#include "services/subsidy/compute.h"

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/canonical.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"

namespace alliance::subsidy {
namespace {

domain::SubsidyInput InputOf(const Case& row) {
  return {.id = row.id,
          .registry_number = row.registry_number,
          .verified_rd = domain::Fen(row.verified_rd_fen),
          .evidence_digest = crypto::Hex(row.evidence_sha256.value_or("")),
          .grade = row.grade,
          .score_hundredths = row.total_hundredths,
          .first_receipt = row.first_receive};
}

v1::Line LineOf(const Case& row, const domain::SubsidyLine& line) {
  v1::Line out;
  out.set_subsidy_case(NameOf(row));
  out.set_verified_rd_fen(row.verified_rd_fen);
  out.set_grade(row.grade);
  out.set_total_hundredths(row.total_hundredths);
  out.set_computed_fen(line.computed.value());
  out.set_amount_fen(line.amount.value());
  out.set_below_floor(line.below_floor);
  out.set_lead_name(row.lead_name);
  for (const domain::TraceStep& step : line.trace) *out.add_trace() = ToProto(step);
  return out;
}

}  // namespace

absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view rules_digest) {
  const rules::Pack* pack = deps.packs.FindByDigest(rules_digest);
  if (pack == nullptr) {
    return domain::Refuse(domain::Reason::kPackInvalid,
                          {{"where", "rules"}, {"problem", "the pack of this plan is not loaded"}});
  }
  return pack;
}

std::vector<domain::BudgetPolicy> PoliciesOf(
    act::Shape& shape, const google::protobuf::RepeatedPtrField<v1::BudgetPolicy>& asked,
    const rules::Pack& pack) {
  if (asked.empty()) return pack.subsidy_rules().policies;
  std::vector<domain::BudgetPolicy> policies;
  for (int i = 0; i < asked.size(); ++i) {
    const auto policy = domain::BudgetPolicyOf(v1::BudgetPolicy::Kind_Name(asked[i].kind()));
    shape.Check(policy.has_value(), base::StrCat("budget_policies[", i, "].kind"), "NOT_IN_LIST",
                "不在允许的取值之内", "is not one of the policies");
    if (policy) policies.push_back(*policy);
  }
  return policies;
}

absl::StatusOr<Computed> Compute(const std::vector<Case>& cases, const rules::Pack& pack,
                                 const std::vector<domain::BudgetPolicy>& policies,
                                 int64_t budget_fen) {
  std::vector<domain::SubsidyInput> inputs;
  inputs.reserve(cases.size());
  for (const Case& row : cases) inputs.push_back(InputOf(row));
  ASSIGN_OR_RETURN(
      const domain::SubsidyRun run,
      domain::ComputeRun(inputs, pack.subsidy_rules(), policies, domain::Fen(budget_fen)));
  Computed out{.total_fen = run.total.value(), .over_budget = run.over_budget};
  for (const domain::BudgetPolicy policy : policies) {
    base::StrAppend(&out.policies, out.policies.empty() ? "" : ",", domain::WordOf(policy));
  }
  crypto::Sha256Hasher hasher;
  hasher.AddField("alliance subsidy run 1");
  hasher.AddField(pack.digest());
  hasher.AddField(out.policies);
  hasher.AddNumber(budget_fen);
  for (size_t i = 0; i < cases.size(); ++i) {
    const domain::SubsidyLine& line = run.lines[i];
    if (absl::Status checked = domain::RecheckLine(line.trace); !checked.ok()) {
      return absl::InternalError(base::StrCat(
          "line of ", cases[i].id, " does not follow from its trace: ", checked.ToString()));
    }
    out.lines.push_back(LineOf(cases[i], line));
    hasher.AddField(crypto::Canonical(out.lines.back()));
  }
  out.digest = hasher.Finish();
  return out;
}

absl::StatusOr<int64_t> Recompute(const Case& row, const rules::Pack& pack, int64_t rd_fen) {
  domain::SubsidyInput input = InputOf(row);
  input.verified_rd = domain::Fen(rd_fen);
  ASSIGN_OR_RETURN(const domain::SubsidyLine line,
                   domain::ComputeLine(input, pack.subsidy_rules()));
  return line.amount.value();
}

}  // namespace alliance::subsidy
