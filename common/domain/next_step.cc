#include "common/domain/next_step.h"

#include <algorithm>

namespace alliance::domain {
namespace {

NextStep Applicant(std::string_view zh, std::string_view en, std::optional<absl::Time> deadline) {
  return {Role::kApplicant, "盟主企业", "The lead enterprise", zh, en, deadline};
}

NextStep Recommender(std::string_view zh, std::string_view en, absl::Time deadline) {
  return {Role::kRecommender, "推荐单位", "The recommender", zh, en, deadline};
}

}  // namespace

int64_t NextStep::SecondsLeft(absl::Time now) const {
  if (!deadline) return 0;
  return std::max<int64_t>(0, absl::ToInt64Seconds(*deadline - now));
}

NextStep NextStepOf(State state, const CaseTimes& times) {
  switch (SeenByApplicant(state)) {
    case State::kDraft:
      return Applicant("填写申请表、上传材料并提交", "Fill in the form, attach the papers, submit",
                       times.enterprise_deadline);
    case State::kReturned:  // Q21
      return Applicant("按退回意见修改后重新提交", "Correct what is marked and submit again",
                       times.correcting().closes);
    case State::kSubmitted:
      return Recommender("初审", "Review the application", times.recommender_deadline);
    case State::kPassed:
      return Recommender("公示并向省科技厅推荐", "Give public notice and recommend to the province",
                         times.recommender_deadline);
    case State::kInNotice:
      return Recommender("公示期满后向省科技厅推荐", "Recommend to the province after the notice",
                         times.recommender_deadline);
    case State::kRecommended:  // article 6(3) sets no day
      return {Role::kProvince,
              "省科技厅",
              "The provincial department",
              "受理、调研考察和审定",
              "Accept, survey and decide",
              std::nullopt};
    default:
      return {std::nullopt, "", "", "本申请已办结", "The application is closed", std::nullopt};
  }
}

}  // namespace alliance::domain
