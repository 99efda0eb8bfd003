#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/calendar.h"
#include "services/review/case_facts.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {

using domain::Reason;
using domain::Refuse;
using domain::Role;

// The planner (Q2): 26 to 28 April is too short for a notice between the two deadlines, so that it
// must begin before the last firms have submitted.
absl::Status ReviewService::PlanNotice(const rpc::Call& call, const v1::PlanNoticeRequest& request,
                                       v1::NoticePlan* answer) {
  const bool recommender = call.caller.role == Role::kRecommender;
  if (!recommender && !MayReadOffice(call.caller, request.region())) {
    return Refuse(Reason::kNotPermitted);
  }
  act::Shape shape;
  const std::string round_id = shape.Slug("round", kRoundPrefix, request.round());
  if (!request.start_date().empty()) shape.Day("start_date", request.start_date());
  RETURN_IF_ERROR(shape.Done());
  const std::string region =
      recommender && request.region().empty() ? call.caller.region : request.region();
  if (!MayReadOffice(call.caller, region)) return Refuse(Reason::kNotPermitted);
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, round_id));
  shape.Check(pack->FindRecommender(region) != nullptr, "region", "NOT_IN_LIST",
              "不是本批次的推荐单位", "does not recommend in this round");
  RETURN_IF_ERROR(shape.Done());

  // The region's own deadline, with what was granted to it.
  absl::Time deadline;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    deadline = pack->times_of(region, "", ListGrants(txn, round_id)).recommending().closes;
    return absl::OkStatus();
  }));
  const domain::NoticeRule& rule = pack->notice_rule(region);
  const domain::CivilDay start = request.start_date().empty()
                                     ? domain::DayOf(deps_.clock.Now())
                                     : *domain::ParseDay(request.start_date());
  ASSIGN_OR_RETURN(const domain::NoticePeriod period,
                   domain::PlanNotice(pack->calendar(), rule, start));
  ASSIGN_OR_RETURN(const domain::CivilDay latest,
                   domain::LatestNoticeStart(pack->calendar(), rule, deadline));
  answer->set_region(region);
  answer->set_days(rule.days);
  answer->set_unit(rule.unit == domain::DayUnit::kWorkday ? "workday" : "calendar_day");
  answer->set_include_start(rule.include_start);
  answer->set_start_date(domain::FormatDay(period.first_day));
  answer->set_last_date(domain::FormatDay(period.last_day));
  act::SetTime(period.closes, answer->mutable_end_time());
  act::SetTime(deadline, answer->mutable_recommender_deadline_time());
  answer->set_latest_start_date(domain::FormatDay(latest));
  answer->set_early_close_asks(rule.early_close_asks);
  if (period.closes < deadline) return absl::OkStatus();
  answer->set_ends_after_deadline(true);
  const std::string end = domain::FormatInstant(period.closes);
  const std::string closes = domain::FormatInstant(deadline);
  answer->set_warning_zh(base::StrCat("公示于", end, "结束，不早于推荐截止时间", closes,
                                      "；最迟应于", answer->latest_start_date(), "开始公示。"));
  answer->set_warning_en(
      base::StrCat("The notice would end at ", end, ", not before the recommenders' deadline ",
                   closes, "; the latest start that fits is ", answer->latest_start_date(), "."));
  return absl::OkStatus();
}

}  // namespace alliance::review
