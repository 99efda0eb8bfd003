#include "services/review/case_act.h"

#include <algorithm>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "common/domain/eligibility.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/notice_store.h"
#include "services/review/time_limit.h"

namespace alliance::review {

using domain::Reason;
using domain::Refuse;

absl::StatusOr<const rules::Pack*> PackOf(const act::Deps& deps, std::string_view round_id) {
  const std::string name = base::StrCat("rounds/", round_id);
  if (const rules::Pack* pack = deps.packs.Find(name)) return pack;
  return Refuse(Reason::kRoundUnknown, {{"round", name}});
}

std::string Written(std::string_view reason) {
  return base::VisibleLength(reason) == 0 ? "" : std::string(base::Trim(reason));
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

domain::CaseView ViewOf(const CaseRow& row) {
  return {.state = row.state,
          .holder = domain::OwnerOf(row.state),
          .region = row.office,
          .lead_code = row.lead_code,
          .asked = domain::Owner::kReview};
}

domain::CaseTimes TimesOf(const CaseRow& row, const rules::Pack& pack, const Grants& grants) {
  // Of the office that has the case: a district's own while it is there, its city's once forwarded.
  return pack.times_of(row.office, row.id, grants);
}

bool GoesThroughCity(const CaseRow& row, const rules::Pack& pack) {
  const rules::Recommender* office = pack.FindRecommender(row.office);
  return office != nullptr && office->via_city;
}

domain::Facts FactsOf(const CaseRow& row, const rules::Pack& pack, const Grants& grants,
                      const domain::Caller& caller, absl::Time now) {
  domain::Facts facts;
  facts.now = now;
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
  facts.overrides_without_reason = Written(row.override_reason).empty() ? row.override_count : 0;
  facts.notice_opens = row.notice_opens.value_or(absl::InfiniteFuture());
  facts.notice_closes = row.notice_closes.value_or(absl::InfiniteFuture());
  facts.early_close_asks = pack.notice_rule(row.office).early_close_asks;
  facts.recommend_opens = times.recommending().opens;
  facts.recommend_closes = times.recommending().closes;
  return facts;
}

namespace {

// What the caller has declared about the case, and whether he acts for its holder. Who has an
// interest in it may give it out of his hands, and nothing else.
absl::Status GatherDesk(act::Step& step, const domain::Caller& caller, Taken& taken) {
  const Scope scope = Scope::ToAct(caller);
  const CaseRow& row = taken.row;
  const Interest declared = ReadInterest(step.txn(), row.id, caller.account, scope);
  if (declared == Interest::kSome && taken.action != domain::Action::kRelease &&
      taken.action != domain::Action::kReassign) {
    return Refuse(Reason::kConflictOfInterest);
  }
  taken.facts.coi_declared_none = declared == Interest::kNone;
  if (row.reviewer.empty() || row.reviewer == caller.account) return absl::OkStatus();
  if (ReadDelegate(step.txn(), row.office, row.reviewer, step.now(), scope) != caller.account) {
    return absl::OkStatus();
  }
  taken.facts.caller_stands_in = true;
  taken.stands_in_for = row.reviewer;
  return absl::OkStatus();
}

constexpr std::string_view kStandsIn = "代";
constexpr std::string_view kActs = "办理";
constexpr std::string_view kBecause = "：";

// The history names who acted; for whom, it says in words.
std::string InWhoseName(const Taken& taken, std::string reason) {
  if (taken.stands_in_for.empty()) return reason;
  return base::StrCat(kStandsIn, taken.stands_in_for, kActs, reason.empty() ? "" : kBecause,
                      reason);
}

}  // namespace

std::string_view WithoutName(std::string_view reason) {
  if (!reason.starts_with(kStandsIn)) return reason;
  std::string_view rest = reason.substr(kStandsIn.size());
  while (!rest.empty() && IsOfAccount(rest.front())) rest.remove_prefix(1);
  if (!rest.starts_with(kActs)) return reason;
  rest.remove_prefix(kActs.size());
  if (rest.empty()) return rest;
  return rest.starts_with(kBecause) ? rest.substr(kBecause.size()) : reason;
}

absl::StatusOr<Taken> Take(act::Step& step, const act::Deps& deps, const rpc::Call& call,
                           domain::Action action, std::string_view id,
                           const std::optional<std::string>& etag) {
  std::optional<CaseRow> row = LockCase(step.txn(), id, Scope::ToAct(call.caller));
  if (!row || !domain::MayEver(ViewOf(*row), action, call.caller)) {
    return Refuse(Reason::kNotPermitted);
  }
  if (etag) RETURN_IF_ERROR(act::CheckEtag(*etag, row->version));
  if (IsDue(*row, step.now())) RETURN_IF_ERROR(CloseByClock(step, deps, {&*row}));
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps, row->round_id));
  domain::Facts facts =
      FactsOf(*row, *pack, ReadGrants(step.txn(), row->round_id), call.caller, step.now());
  Taken taken{.row = *std::move(row), .pack = pack, .action = action, .facts = std::move(facts)};
  if (call.caller.role == domain::Role::kRecommender) {
    RETURN_IF_ERROR(GatherDesk(step, call.caller, taken));
  }
  return taken;
}

absl::Status Store(act::Step& step, Taken& taken, const domain::Decision& decision, Why why) {
  CaseRow& row = taken.row;
  const domain::State from = row.state;
  row.state = decision.to;
  row.update = step.now();
  KeepTimeLimit(from, *taken.pack, step.now(), row);
  if (decision.next_holder() != domain::Owner::kReview) ++row.handoff_seq;
  if (!UpdateCase(step.txn(), row)) return Refuse(Reason::kEtagStale);
  why.sealed.push_back(SealCase(row));
  step.Record({.case_id = row.id,
               .action = std::string(domain::WordOf(taken.action)),
               .from_state = std::string(domain::WordOf(from)),
               .to_state = std::string(domain::WordOf(row.state)),
               .reason = InWhoseName(taken, std::move(why.reason)),
               .paper_digest = std::move(why.paper_digest),
               .rules_digest = taken.pack->digest(),
               .sealed = std::move(why.sealed)});
  return absl::OkStatus();
}

absl::Status StoreAll(act::Step& step, const rules::Pack& pack, domain::Action action,
                      std::vector<Together>& cases, const Why& why) {
  std::vector<CaseRow> rows;
  rows.reserve(cases.size());
  for (Together& one : cases) {
    one.row.state = one.decision.to;
    one.row.update = step.now();
    KeepTimeLimit(one.decision.row->from, pack, step.now(), one.row);
    if (one.decision.next_holder() != domain::Owner::kReview) ++one.row.handoff_seq;
    rows.push_back(one.row);
  }
  if (!UpdateCases(step.txn(), rows)) return Refuse(Reason::kEtagStale);
  for (size_t i = 0; i < cases.size(); ++i) {
    Together& one = cases[i];
    one.row = std::move(rows[i]);
    one.sealed.push_back(SealCase(one.row));
    step.Record({.case_id = one.row.id,
                 .action = std::string(domain::WordOf(action)),
                 .from_state = std::string(domain::WordOf(one.decision.row->from)),
                 .to_state = std::string(domain::WordOf(one.row.state)),
                 .reason = why.reason,
                 .paper_digest = why.paper_digest,
                 .rules_digest = pack.digest(),
                 .sealed = std::move(one.sealed)});
  }
  return absl::OkStatus();
}

void Refusals::Add(std::string_view field, std::string_view case_name,
                   const absl::Status& refusal) {
  if (first_.ok()) {
    first_ = refusal;
    first_name_ = case_name;
  }
  fields_.push_back(domain::ProblemAt(field, refusal));
}

absl::Status Refusals::Done() const {
  std::optional<domain::ErrorDetails> details = domain::DetailsOf(first_);
  if (!details) return first_;
  details->metadata.emplace("review_case", first_name_);
  details->fields.insert(details->fields.end(), fields_.begin(), fields_.end());
  return domain::StatusOf(first_.code(), *details);
}

bool IsDue(const CaseRow& row, absl::Time now) {
  return row.state == domain::State::kInNotice && row.notice_closes &&
         domain::IsOver(*row.notice_closes, now);
}

absl::Status CloseByClock(act::Step& step, const act::Deps& deps, std::vector<CaseRow*> due) {
  const domain::Caller clock = domain::ClockCaller();
  std::vector<CaseRow> rows;
  std::vector<const rules::Pack*> packs;
  for (const CaseRow* row : due) {
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps, row->round_id));
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     domain::Decide(ViewOf(*row), domain::Action::kCloseNotice, clock,
                                    // The end of a notice is the row's own.
                                    FactsOf(*row, *pack, {}, clock, step.now())));
    CaseRow closed = *row;
    closed.state = decision.to;
    closed.update = *closed.notice_closes;
    rows.push_back(std::move(closed));
    packs.push_back(pack);
  }
  if (!UpdateCases(step.txn(), rows)) return Refuse(Reason::kEtagStale);
  std::vector<audit::SealedRow> ends = InsertQuietEnds(step.txn(), rows, step.now());
  for (size_t i = 0; i < rows.size(); ++i) {
    step.RecordByClock({.case_id = rows[i].id,
                        .action = std::string(domain::WordOf(domain::Action::kCloseNotice)),
                        .from_state = std::string(domain::WordOf(due[i]->state)),
                        .to_state = std::string(domain::WordOf(rows[i].state)),
                        .reason = "",
                        .rules_digest = packs[i]->digest(),
                        .sealed = {SealCase(rows[i]), std::move(ends[i])}},
                       *rows[i].notice_closes);
    *due[i] = std::move(rows[i]);
  }
  return absl::OkStatus();
}

}  // namespace alliance::review
