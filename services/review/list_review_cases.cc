#include <algorithm>
#include <map>

#include "common/act/page.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/text.h"
#include "services/review/convert.h"
#include "services/review/review_case.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using domain::Reason;
using domain::Refuse;
using domain::State;

constexpr int64_t kTextLimit = 100;

// The states that stand behind the one that was asked for: an applicant asks in the words that
// applicants are told, so that OBJECTED finds nothing. None: no case can be in it.
std::vector<State> StatesBehind(State asked, domain::Role role) {
  if (role != domain::Role::kApplicant) return {asked};
  std::vector<State> behind;
  for (const domain::StateRow& row : domain::kStates) {
    // What is held elsewhere stands here as it was handed over; of the states that share a word
    // review knows two at most, which is what the list's SQL takes.
    const bool known = row.owner == domain::Owner::kReview || row.state == asked;
    if (known && domain::SeenByApplicant(row.state) == asked) behind.push_back(row.state);
  }
  return behind;
}

// What an official asks for. An applicant may not ask who holds a case, nor whether it is late.
void CheckFilter(const v1::ListReviewCasesRequest& request, const domain::Caller& caller,
                 act::Shape& shape) {
  shape.Check(filing::v1::Application::State_IsValid(request.state()), "state", "NOT_IN_LIST",
              "没有此状态", "is not a state");
  shape.Check(filing::v1::TechnicalField_IsValid(request.technical_field()), "technical_field",
              "NOT_IN_LIST", "没有此技术领域", "is not a technical field");
  shape.OptionalText("text", request.text(), kTextLimit);
  const bool official = caller.role != domain::Role::kApplicant;
  shape.Check(official || request.reviewer().empty(), "reviewer", "NOT_FOR_APPLICANTS",
              "仅供管理部门使用", "is for officials");
  shape.Check(official || !request.overdue(), "overdue", "NOT_FOR_APPLICANTS", "仅供管理部门使用",
              "is for officials");
}

// In the words that the reader is told, in the order of the lifecycle.
void FillCounts(const std::vector<StateCount>& counts, domain::Role role,
                v1::ReviewCaseCounts* out) {
  std::map<State, int32_t> told;
  for (const StateCount& one : counts) {
    const bool applicant = role == domain::Role::kApplicant;
    told[applicant ? domain::SeenByApplicant(one.state) : one.state] += one.count;
  }
  for (const auto& [state, count] : told) {
    v1::ReviewCaseCounts::StateCount* row = out->add_states();
    row->set_state(ToWire(state));
    row->set_count(count);
  }
}

}  // namespace

absl::Status ReviewService::ListReviewCases(const rpc::Call& call,
                                            const v1::ListReviewCasesRequest& request,
                                            v1::ListReviewCasesResponse* answer) {
  const Scope scope = Scope::ToRead(call.caller);
  if (scope.none()) return Refuse(Reason::kNotPermitted);
  act::Shape shape;
  CheckFilter(request, call.caller, shape);
  RETURN_IF_ERROR(shape.Done());
  const std::string question = base::StrCat(
      static_cast<int>(request.state()), "/", static_cast<int>(request.overdue()), "/",
      static_cast<int>(request.technical_field()), "/", request.reviewer(), "/", request.text());
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, question, request.page_size(), request.page_token()));
  ListFilter filter{.reviewer = request.reviewer(),
                    .technical_field = request.technical_field(),
                    .text = std::string(base::Trim(request.text()))};
  const absl::Time now = deps_.clock.Now();
  if (request.overdue()) filter.overdue_at = now;
  ListPage wanted;
  if (!page.after.empty()) {
    ASSIGN_OR_RETURN(const act::TimeKey last, act::ParseTimeKey(page.after));
    wanted.after_receive = last.time;
    wanted.after_id = last.id;
  }
  wanted.limit = page.limit + 1;
  const std::optional<State> asked = FromWire(request.state());
  if (asked) wanted.states = StatesBehind(*asked, call.caller.role);
  const bool empty = asked && wanted.states.empty();  // no case can be in it

  std::vector<CaseRow> rows;
  std::vector<StateCount> counts;
  const auto read = [&](db::Txn& txn) -> absl::Status {
    rows = empty ? std::vector<CaseRow>() : ListCases(txn, filter, wanted, scope);
    counts = CountCases(txn, filter, scope);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  if (std::any_of(rows.begin(), rows.end(),
                  [&](const CaseRow& row) { return cases::IsDue<ReviewCase>(row, now); })) {
    RETURN_IF_ERROR(SweepDueNotices(deps_, call).status());
    RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  }

  const bool more = static_cast<int>(rows.size()) > page.limit;
  if (more) rows.resize(page.limit);
  for (const CaseRow& row : rows) {
    v1::ReviewCase* one = answer->add_review_cases();
    FillCase(row, call.caller, one);
    FillTimeLimit(row, call.caller, now, one);
  }
  FillCounts(counts, call.caller.role, answer->mutable_counts());
  if (more) {
    const CaseRow& last = rows.back();
    answer->set_next_page_token(
        act::PageToken(call, question, act::FormatKey({.time = last.receive, .id = last.id})));
  }
  return absl::OkStatus();
}

}  // namespace alliance::review
