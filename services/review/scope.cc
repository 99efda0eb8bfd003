#include "services/review/scope.h"

namespace alliance::review {

using domain::Role;

Scope Scope::ToRead(const domain::Caller& caller) {
  Scope scope(false);
  switch (caller.role) {
    case Role::kApplicant:
      if (!caller.organisation.empty()) scope.lead_code_ = caller.organisation;
      return scope;
    case Role::kRecommender:
      if (!caller.region.empty()) scope.region_ = caller.region;
      return scope;
    case Role::kProvince:
    case Role::kRecorder:
    case Role::kFinance:
    case Role::kApprover:
    case Role::kAuditor:
      return Scope(true);
    default:
      return scope;
  }
}

Scope Scope::ToAct(const domain::Caller& caller) {
  Scope scope(false);
  switch (caller.role) {
    case Role::kApplicant:
      if (!caller.organisation.empty()) scope.lead_code_ = caller.organisation;
      return scope;
    case Role::kRecommender:
      if (!caller.region.empty()) scope.office_ = caller.region;
      return scope;
    case Role::kProvince:
    case Role::kPublic:
    case Role::kClock:
      return Scope(true);
    default:
      return scope;
  }
}

}  // namespace alliance::review
