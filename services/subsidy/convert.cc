#include "services/subsidy/convert.h"

#include "absl/time/time.h"
#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/subsidy/subsidy_case.h"

namespace alliance::subsidy {
namespace {

// "************1234"
std::string Masked(const std::string& account) {
  const size_t shown = account.size() > 4 ? 4 : 0;
  return std::string(account.size() - shown, '*') + account.substr(account.size() - shown);
}

}  // namespace

std::string NameOf(const Case& row) { return base::StrCat(kCases, row.id); }

void FillPlan(const Plan& plan, v1::Plan* out) {
  out->set_name(base::StrCat(kPlans, plan.id));
  out->set_budget_fen(plan.budget_fen);
  out->set_used_fen(plan.used_fen);
  out->set_rules_digest(crypto::Hex(plan.rules_digest));
  out->set_etag(act::Etag(plan.version));
}

void FillRun(const Run& run, v1::Run* out) {
  out->set_name(base::StrCat(kRuns, run.id));
  out->set_state(run.frozen ? v1::Run::FROZEN : v1::Run::PREPARED);
  out->set_plan(base::StrCat(kPlans, run.plan_id));
  out->set_rules_digest(crypto::Hex(run.rules_digest));
  out->set_total_fen(run.total_fen);
  out->set_digest(crypto::Hex(run.digest));
  out->set_preparer(run.preparer);
  out->set_method(run.method);
}

absl::Status FillLines(const std::vector<RunLine>& lines, v1::Run* out) {
  for (const RunLine& line : lines) {
    if (!out->add_lines()->ParseFromString(line.content)) {
      return absl::InternalError("a stored line cannot be read");
    }
  }
  return absl::OkStatus();
}

void FillCase(const Case& row, const domain::Caller& reader, v1::SubsidyCase* out) {
  out->set_name(NameOf(row));
  // The lead is told of no objection and of nothing that is still inside, such as a proposal.
  const bool lead = reader.role == domain::Role::kApplicant;
  const domain::State shown = lead ? domain::SeenByApplicant(row.state) : row.state;
  v1::SubsidyCase::State state = v1::SubsidyCase::STATE_UNSPECIFIED;
  v1::SubsidyCase::State_Parse(std::string(domain::WordOf(shown)), &state);
  out->set_state(state);
  const bool told = !lead || row.state != domain::State::kProposed;
  out->set_alliance(base::StrCat("alliances/", row.alliance_id));
  out->set_year(row.year);
  out->set_lead_name(row.lead_name);
  out->set_lead_credit_code(row.lead_code);
  out->set_region(row.region);
  out->set_grade(row.grade);
  out->set_total_hundredths(row.total_hundredths);
  out->set_verified_rd_fen(row.verified_rd_fen);
  if (told) out->set_amount_fen(row.amount_fen);
  if (row.run_id && !lead) out->set_run(base::StrCat(kRuns, *row.run_id));
  if (row.notice_close) act::SetTime(*row.notice_close, out->mutable_notice_end_time());
  out->set_claim_fen(row.claim_fen);
  for (const domain::Action action : domain::AllowedActions(SubsidyCase::View(row), reader)) {
    out->add_allowed_actions(std::string(domain::WordOf(action)));
  }
  out->set_etag(act::Etag(row.version));
}

void FillPaymentList(const PaymentList& list, const std::vector<PaymentLine>& lines,
                     v1::PaymentList* out) {
  out->set_name(base::StrCat(kPaymentLists, list.id));
  out->set_state(list.released ? v1::PaymentList::RELEASED : v1::PaymentList::PREPARED);
  for (const PaymentLine& line : lines) {
    v1::PaymentItem* item = out->add_items();
    item->set_subsidy_case(base::StrCat(kCases, line.case_id));
    item->set_bank_account(Masked(line.bank_account));
    item->set_account_holder(line.account_holder);
    item->set_amount_fen(line.amount_fen);
  }
  out->set_total_fen(list.total_fen);
  out->set_digest(crypto::Hex(list.digest));
}

v1::TraceStep ToProto(const domain::TraceStep& step) {
  v1::TraceStep out;
  out.set_rule(step.rule);
  out.set_clause(step.clause);
  out.set_text_zh(step.text_zh);
  out.set_text_en(step.text_en);
  out.set_amount_fen(step.amount.value());
  for (const auto& [name, number] : step.numbers) (*out.mutable_numbers())[name] = number;
  return out;
}

domain::TraceStep FromProto(const v1::TraceStep& step) {
  return {.rule = step.rule(),
          .clause = step.clause(),
          .text_zh = step.text_zh(),
          .text_en = step.text_en(),
          .amount = domain::Fen(step.amount_fen()),
          .numbers = {step.numbers().begin(), step.numbers().end()}};
}

Document FromProto(const filing::v1::Document& document) {
  return {.number = document.document_number(),
          .title = document.title(),
          .issuer = document.issuer(),
          .date = document.issue_date(),
          .sha256 = document.sha256()};
}

}  // namespace alliance::subsidy
