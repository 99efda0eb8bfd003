#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/case/case.h"
#include "common/domain/calendar.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/desk_store.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

constexpr int kMostDaysAhead = 366;

void CheckDelegation(const v1::DelegateCasesRequest& request, const std::string& holder,
                     act::Shape& shape) {
  shape.OptionalText("reason", request.reason());
  CheckAccount("holder", holder, shape);
  if (request.delegate().empty()) {
    shape.Check(request.last_date().empty(), "last_date", "NOT_BOTH", "未指定代理人时不填",
                "goes with a delegate only");
    return;
  }
  CheckAccount("delegate", request.delegate(), shape);
  shape.Check(request.delegate() != holder, "delegate", "SAME_PERSON", "不能由本人代理本人",
              "is the holder");
  shape.Day("last_date", request.last_date());
}

// Asked when it is done, so that a repeat on a later day still gets its first answer.
absl::Status CheckLastDay(const std::optional<domain::CivilDay>& last, domain::CivilDay today) {
  act::Shape shape;
  shape.Check(!last || (*last >= today && *last <= today + kMostDaysAhead), "last_date",
              "OUT_OF_RANGE", "应为今天或之后 366 天内", "must be today or at most 366 days ahead");
  return shape.Done();
}

}  // namespace

// A delegation is a fact of the office, not of a case: it covers what the holder has and will have.
absl::Status ReviewService::DelegateCases(const rpc::Call& call,
                                          const v1::DelegateCasesRequest& request,
                                          v1::Delegation* answer) {
  const domain::Caller& caller = call.caller;
  if (caller.role != domain::Role::kRecommender || caller.region.empty()) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  const std::string& holder = request.holder().empty() ? caller.account : request.holder();
  act::Shape shape;
  CheckDelegation(request, holder, shape);
  RETURN_IF_ERROR(shape.Done());
  const std::string reason = cases::Written(request.reason());
  if (reason.empty()) return domain::Refuse(domain::Reason::kReasonRequired);

  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    const std::optional<domain::CivilDay> last = domain::ParseDay(request.last_date());
    RETURN_IF_ERROR(CheckLastDay(last, domain::DayOf(step.now())));
    const DelegationRow row = {.id = base::NewUuid7(),
                               .region = caller.region,
                               .holder = holder,
                               .delegate = request.delegate(),
                               .end = last ? domain::StartOf(*last + 1) : step.now(),
                               .reason = reason,
                               .account = caller.account,
                               .create = step.now()};
    const std::string name = base::StrCat(kDelegationPrefix, row.id);
    step.Record({.case_id = name,
                 .action = "delegate",
                 .from_state = "",
                 .to_state = "",
                 .reason = row.reason,
                 .sealed = {InsertDelegation(step.txn(), row)}});
    answer->set_name(name);
    answer->set_region(row.region);
    answer->set_holder(row.holder);
    answer->set_delegate(row.delegate);
    act::SetTime(row.end, answer->mutable_end_time());
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
