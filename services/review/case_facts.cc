#include "services/review/case_facts.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/case/case.h"
#include "common/domain/eligibility.h"
#include "services/review/convert.h"

namespace alliance::review {

using domain::Reason;
using domain::Refuse;

absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view round_id) {
  const std::string name = base::StrCat("rounds/", round_id);
  if (const rules::Pack* pack = deps.packs.Find(name)) return pack;
  return Refuse(Reason::kRoundUnknown, {{"round", name}});
}

namespace {

bool IsOfAccount(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

}  // namespace

void CheckAccount(std::string_view field, std::string_view account, act::Shape& shape) {
  constexpr size_t kLongest = 64;
  const bool plain = std::all_of(account.begin(), account.end(), IsOfAccount);
  shape.Check(!account.empty() && account.size() <= kLongest && plain, field, "NAME",
              "须为登录账号", "must be an account's login");
}

domain::CaseTimes TimesOf(const CaseRow& row, const rules::Pack& pack, const Grants& grants) {
  // Of the office that has the case: a district's own while it is there, its city's once forwarded.
  return pack.times_of(row.office, row.id, grants);
}

bool GoesThroughCity(const CaseRow& row, const rules::Pack& pack) {
  const rules::Recommender* office = pack.FindRecommender(row.office);
  return office != nullptr && office->via_city;
}

void GatherCase(const CaseRow& row, const rules::Pack& pack, const Grants& grants,
                const domain::Caller& caller, domain::Facts& facts) {
  const domain::CaseTimes times = TimesOf(row, pack, grants);
  facts.correction_until = times.correcting().closes;
  facts.holder_account = row.reviewer;
  facts.recommends_itself = !GoesThroughCity(row, pack);
  // Accounts carry no ranks. Until they do, a colleague of the same office stands for the superior
  // who may take a case out of somebody's hands; the rule then asks for a written reason, and the
  // history names who did it.
  facts.caller_is_superior =
      caller.role == domain::Role::kRecommender && caller.region == row.office;
  const domain::ConditionCount count = domain::CountConditions(UnpackConditions(row.conditions));
  facts.open_conditions = count.open;
  facts.failed_conditions = count.failed;
  facts.verified_rd_present = row.verified_rd_fen > 0;
  facts.overrides_without_reason =
      cases::Written(row.override_reason).empty() ? row.override_count : 0;
  facts.notice_opens = row.notice_opens.value_or(absl::InfiniteFuture());
  facts.notice_closes = row.notice_closes.value_or(absl::InfiniteFuture());
  facts.early_close_asks = pack.notice_rule(row.office).early_close_asks;
  facts.recommend_opens = times.recommending().opens;
  facts.recommend_closes = times.recommending().closes;
}

namespace {

absl::Status GatherDesk(act::Step& step, domain::Action action, const CaseRow& row, Desk& desk,
                        domain::Facts& facts) {
  const domain::Caller& caller = step.caller();
  const Scope scope = Scope::ToAct(caller);
  desk = {.declared = FindInterest(step.txn(), row.id, caller.account, scope)};
  if (desk.declared == Interest::kSome && action != domain::Action::kRelease &&
      action != domain::Action::kReassign) {
    return Refuse(Reason::kConflictOfInterest);
  }
  facts.coi_declared_none = desk.declared == Interest::kNone;
  if (row.reviewer.empty() || row.reviewer == caller.account) return absl::OkStatus();
  if (FindDelegate(step.txn(), row.office, row.reviewer, step.now(), scope) != caller.account) {
    return absl::OkStatus();
  }
  facts.caller_stands_in = true;
  desk.stands_in_for = row.reviewer;
  return absl::OkStatus();
}

}  // namespace

absl::Status Gather(act::Step& step, domain::Action action, const CaseRow& row, Desk& desk,
                    domain::Facts& facts) {
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(step.deps(), row.round_id));
  GatherCase(row, *pack, ListGrants(step.txn(), row.round_id), step.caller(), facts);
  if (step.caller().role != domain::Role::kRecommender) return absl::OkStatus();
  return GatherDesk(step, action, row, desk, facts);
}

namespace {

constexpr std::string_view kStandsIn = "代";
constexpr std::string_view kActs = "办理";
constexpr std::string_view kBecause = "：";

}  // namespace

std::string InWhosePlace(const Desk& desk, std::string_view reason) {
  const std::string given = cases::Written(reason);
  if (desk.stands_in_for.empty()) return given;
  return base::StrCat(kStandsIn, desk.stands_in_for, kActs, given.empty() ? "" : kBecause, given);
}

std::string_view WithoutPlace(std::string_view reason) {
  if (!reason.starts_with(kStandsIn)) return reason;
  std::string_view rest = reason.substr(kStandsIn.size());
  while (!rest.empty() && IsOfAccount(rest.front())) rest.remove_prefix(1);
  if (!rest.starts_with(kActs)) return reason;
  rest.remove_prefix(kActs.size());
  if (rest.empty()) return rest;
  return rest.starts_with(kBecause) ? rest.substr(kBecause.size()) : reason;
}

}  // namespace alliance::review
