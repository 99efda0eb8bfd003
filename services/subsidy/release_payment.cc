// ReleasePayment: APPROVED → PAYING for every line of a list, by a second person who signs its
// digest.

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/payment_list.h"
#include "services/subsidy/subsidy_case.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {

using domain::Action;
using domain::Reason;
using domain::Refuse;

absl::Status SubsidyService::ReleasePayment(const rpc::Call& call,
                                            const v1::ReleasePaymentRequest& request,
                                            v1::PaymentList* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kPaymentLists, request.name());
  shape.HexDigest("list_digest", request.list_digest());
  RETURN_IF_ERROR(shape.Done());
  constexpr domain::RoleSet kWho = {domain::Role::kFinance, domain::Role::kApprover};
  if (!kWho.Has(call.caller.role)) return Refuse(Reason::kNotPermitted);

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    std::optional<PaymentList> list = LockPaymentList(step.txn(), id);
    if (!list) return Refuse(Reason::kNotPermitted);
    const std::vector<PaymentLine> lines = ListPaymentLines(step.txn(), id);
    const bool matches = DigestOf(lines) == list->digest &&
                         crypto::Hex(list->digest) == absl::AsciiStrToLower(request.list_digest());
    std::optional<std::string> rules;
    std::vector<cases::Moving<Case>> moves;
    for (const PaymentLine& line : lines) {
      ASSIGN_OR_RETURN(Case row, cases::Lock<SubsidyCase>(step, Action::kReleasePayment,
                                                          line.case_id, std::nullopt));
      const auto gather = [&](const Case& now, domain::Facts& facts) {
        facts.papers_given = domain::Paper::kPaymentList;  // the list the digest names
        facts.list_matches = matches;
        facts.first_person = list->preparer;
        facts.account_checked =
            line.account_holder == now.lead_name && line.amount_fen == now.amount_fen;
        return absl::OkStatus();
      };
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       cases::Decide<SubsidyCase>(step, Action::kReleasePayment, row, gather));
      rules = SubsidyCase::Rules(step, row);  // the plan's, for all of them
      moves.push_back(
          {.row = std::move(row), .decision = decision, .note = {.paper_digest = list->digest}});
    }
    RETURN_IF_ERROR(cases::MoveAll<SubsidyCase>(step, moves));
    list->released = true;
    list->released_by = call.caller.account;
    list->release = step.now();
    if (!SavePaymentList(step.txn(), *list)) return Refuse(Reason::kEtagStale);
    step.Record({.case_id = base::StrCat("payments-", list->id),
                 .action = std::string(domain::WordOf(Action::kReleasePayment)),
                 .from_state = "PREPARED",
                 .to_state = "RELEASED",
                 .paper_digest = list->digest,
                 .rules_digest = rules,
                 .sealed = {SealOf(*list)}});
    FillPaymentList(*list, lines, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
