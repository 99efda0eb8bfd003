#include <algorithm>

#include "absl/strings/numbers.h"
#include "common/act/page.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "services/review/case_act.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using domain::Reason;
using domain::Refuse;
using domain::State;

// A page ends at a receipt instant and an id: "1682000000000000/<uuid>".
std::string KeyOf(const CaseRow& row) {
  return base::StrCat(absl::ToUnixMicros(row.receive), "/", row.id);
}

absl::Status StartAfter(std::string_view key, ListFilter* filter) {
  if (key.empty()) return absl::OkStatus();
  const size_t slash = key.find('/');
  int64_t micros = 0;
  if (slash == std::string_view::npos ||
      !absl::SimpleAtoi(base::Absl(key.substr(0, slash)), &micros) ||
      !base::IsUuid(key.substr(slash + 1))) {
    return Refuse(Reason::kPageTokenInvalid);
  }
  filter->after_receive = absl::FromUnixMicros(micros);
  filter->after_id = key.substr(slash + 1);
  return absl::OkStatus();
}

// The states that stand behind the one that was asked for: an applicant asks in the words that he
// is told, so that OBJECTED finds nothing. None: no case can be in it.
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

}  // namespace

absl::Status ReviewService::ListReviewCases(const rpc::Call& call,
                                            const v1::ListReviewCasesRequest& request,
                                            v1::ListReviewCasesResponse* answer) {
  ListFilter filter{.scope = ReadScope(call.caller)};
  if (filter.scope.none()) return Refuse(Reason::kNotPermitted);
  act::Shape shape;
  shape.Check(filing::v1::Application::State_IsValid(request.state()), "state", "NOT_IN_LIST",
              "没有此状态", "is not a state");
  RETURN_IF_ERROR(shape.Done());
  const std::string question = base::StrCat(static_cast<int>(request.state()));
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, question, request.page_size(), request.page_token()));
  RETURN_IF_ERROR(StartAfter(page.after, &filter));
  filter.limit = page.limit + 1;
  const std::optional<State> asked = FromWire(request.state());
  if (asked) {
    filter.states = StatesBehind(*asked, call.caller.role);
    if (filter.states.empty()) return absl::OkStatus();
  }

  std::vector<CaseRow> rows;
  const auto read = [&](db::Txn& txn) -> absl::Status {
    rows = ListCases(txn, filter);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  const absl::Time now = deps_.clock.Now();
  if (std::any_of(rows.begin(), rows.end(), [&](const CaseRow& row) { return IsDue(row, now); })) {
    RETURN_IF_ERROR(SweepDueNotices(deps_, call).status());
    RETURN_IF_ERROR(deps_.pool.Read(call.deadline, read));
  }

  const bool more = static_cast<int>(rows.size()) > page.limit;
  if (more) rows.resize(page.limit);
  for (const CaseRow& row : rows) FillCase(row, call.caller, answer->add_review_cases());
  if (more) answer->set_next_page_token(act::PageToken(call, question, KeyOf(rows.back())));
  return absl::OkStatus();
}

}  // namespace alliance::review
