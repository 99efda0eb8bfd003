// PreparePayment and ReleasePayment: an exact list by one person, released by another.

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"
#include "services/subsidy/case.h"
#include "services/subsidy/convert.h"
#include "services/subsidy/subsidy_service.h"

namespace alliance::subsidy {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

// What the second person signs: case, account, holder and amount of every line.
std::string DigestOf(const std::vector<PaymentLine>& lines) {
  crypto::Sha256Hasher hasher;
  hasher.AddField("alliance payment list 1");
  for (const PaymentLine& line : lines) {
    hasher.AddField(line.case_id);
    hasher.AddField(line.bank_account);
    hasher.AddField(line.account_holder);
    hasher.AddNumber(line.amount_fen);
  }
  return hasher.Finish();
}

std::vector<PaymentLine> ReadItems(act::Shape& shape, const v1::PreparePaymentRequest& request,
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
  const std::string year = ReadPlanName(shape, "plan", request.plan());
  const std::string list_id = base::NewUuid7();
  const std::vector<PaymentLine> asked = ReadItems(shape, request, list_id);
  RETURN_IF_ERROR(shape.Done());
  if (call.caller.role != domain::Role::kFinance) return Refuse(Reason::kNotPermitted);

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    if (!ReadPlan(step.txn(), year)) return Refuse(Reason::kNotPermitted);
    std::vector<PaymentLine> lines = asked;
    PaymentList list{
        .id = list_id, .plan_id = year, .preparer = call.caller.account, .prepare = step.now()};
    std::vector<audit::SealedRow> sealed;
    for (PaymentLine& line : lines) {
      ASSIGN_OR_RETURN(const Case row,
                       TakeFor(step, call, Action::kReleasePayment, line.case_id, std::nullopt));
      if (base::StrCat(row.year) != year) return Refuse(Reason::kNotPermitted);
      // The law's own refusal for any other state; the facts of the release come with the release.
      const absl::Status listed =
          domain::Decide(ViewOf(row), Action::kReleasePayment, call.caller, {}).status();
      if (domain::RefusedFor(listed, Reason::kWrongState)) return listed;
      // The payee is the lead and nobody else.
      if (line.account_holder != row.lead_name) return Refuse(Reason::kAccountNotChecked);
      line.amount_fen = row.amount_fen;
      list.total_fen += row.amount_fen;
      sealed.push_back(SealOf(line));
    }
    list.digest = DigestOf(lines);
    AddPaymentList(step.txn(), list, lines);
    sealed.push_back(SealOf(list));
    step.Record({.case_id = base::StrCat("payments-", list.id),
                 .action = "prepare_payment",
                 .to_state = "PREPARED",
                 .sealed = std::move(sealed)});
    ShowPaymentList(list, lines, answer);
    return absl::OkStatus();
  });
}

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
    std::optional<PaymentList> list = TakePaymentList(step.txn(), id);
    if (!list) return Refuse(Reason::kNotPermitted);
    const std::vector<PaymentLine> lines = ReadPaymentLines(step.txn(), id);
    domain::Facts facts{
        .now = step.now(),
        .papers_given = domain::Paper::kPaymentList,  // the list the digest names
        .list_matches = DigestOf(lines) == list->digest &&
                        crypto::Hex(list->digest) == absl::AsciiStrToLower(request.list_digest()),
        .first_person = list->preparer};
    for (const PaymentLine& line : lines) {
      ASSIGN_OR_RETURN(Case row,
                       TakeFor(step, call, Action::kReleasePayment, line.case_id, std::nullopt));
      facts.account_checked =
          line.account_holder == row.lead_name && line.amount_fen == row.amount_fen;
      ASSIGN_OR_RETURN(const domain::Decision decision,
                       domain::Decide(ViewOf(row), Action::kReleasePayment, call.caller, facts));
      RETURN_IF_ERROR(Move(step, decision, row, {.paper_digest = list->digest}));
    }
    list->released = true;
    list->released_by = call.caller.account;
    list->release = step.now();
    if (!SavePaymentList(step.txn(), *list)) return Refuse(Reason::kEtagStale);
    step.Record({.case_id = base::StrCat("payments-", list->id),
                 .action = std::string(domain::WordOf(Action::kReleasePayment)),
                 .from_state = "PREPARED",
                 .to_state = "RELEASED",
                 .paper_digest = list->digest,
                 .sealed = {SealOf(*list)}});
    ShowPaymentList(*list, lines, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::subsidy
