// PreparePayment: an exact list of payments, by one person.

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/payment_list.h"
#include "services/subsidy/request.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

std::vector<PaymentLine> ItemsOf(act::Shape& shape, const v1::PreparePaymentRequest& request,
                                 const std::string& list_id) {
  shape.Between("items", request.items_size(), 1, kMostPerRequest);
  std::vector<PaymentLine> lines;
  std::set<std::string_view> seen;
  for (int i = 0; i < request.items_size(); ++i) {
    const v1::PaymentItem& item = request.items(i);
    const std::string field = base::StrCat("items[", i, "]");
    const std::string id = shape.YearlyName(field + ".subsidy_case", kCases, item.subsidy_case());
    shape.Check(seen.insert(item.subsidy_case()).second, field, "DUPLICATE", "重复",
                "stands twice");
    CheckCode(shape, field + ".bank_account", item.bank_account(), 8, 34);
    shape.Text(field + ".account_holder", item.account_holder(), 200);
    lines.push_back({.id = base::StrCat(list_id, "/", id),
                     .list_id = list_id,
                     .case_id = id,
                     .bank_account = item.bank_account(),
                     .account_holder = item.account_holder()});
  }
  std::sort(lines.begin(), lines.end(),
            [](const PaymentLine& a, const PaymentLine& b) { return a.case_id < b.case_id; });
  return lines;
}

}  // namespace

absl::Status SubsidyService::PreparePayment(const rpc::Call& call,
                                            const v1::PreparePaymentRequest& request,
                                            v1::PaymentList* answer) {
  act::Shape shape;
  const std::string year = PlanName(shape, "plan", request.plan());
  const std::string list_id = base::NewUuid7();
  const std::vector<PaymentLine> asked = ItemsOf(shape, request, list_id);
  RETURN_IF_ERROR(shape.Done());
  if (call.caller.role != domain::Role::kFinance) return Refuse(Reason::kNotPermitted);

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const std::optional<Plan> plan = FindPlan(step.txn(), year);
    if (!plan) return Refuse(Reason::kNotPermitted);
    std::vector<PaymentLine> lines = asked;
    PaymentList list{
        .id = list_id, .plan_id = year, .preparer = call.caller.account, .prepare = step.now()};
    std::vector<audit::SealedRow> sealed;
    for (PaymentLine& line : lines) {
      ASSIGN_OR_RETURN(const Case row, cases::Lock<SubsidyCase>(step, Action::kReleasePayment,
                                                                line.case_id, std::nullopt));
      if (base::StrCat(row.year) != year) return Refuse(Reason::kNotPermitted);
      // The law's own refusal for any other state; the facts of the release come with the release.
      const absl::Status listed =
          domain::Decide(SubsidyCase::View(row), Action::kReleasePayment, call.caller, {}).status();
      if (domain::RefusedFor(listed, Reason::kWrongState)) return listed;
      // The payee is the lead and nobody else.
      if (line.account_holder != row.lead_name) return Refuse(Reason::kAccountNotChecked);
      line.amount_fen = row.amount_fen;
      list.total_fen += row.amount_fen;
      sealed.push_back(SealOf(line));
    }
    list.digest = DigestOf(lines);
    InsertPaymentList(step.txn(), list, lines);
    sealed.push_back(SealOf(list));
    step.Record({.case_id = base::StrCat("payments-", list.id),
                 .action = "prepare_payment",
                 .to_state = "PREPARED",
                 .rules_digest = plan->rules_digest,
                 .sealed = std::move(sealed)});
    FillPaymentList(list, lines, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
