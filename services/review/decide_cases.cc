#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/outbox/relay.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

constexpr int kMostDecisions = 500;

const std::string& NameOf(const v1::CaseDecision& one) {
  switch (one.decision_case()) {
    case v1::CaseDecision::kClaimCase:
      return one.claim_case().name();
    case v1::CaseDecision::kPassCase:
      return one.pass_case().name();
    case v1::CaseDecision::kReturnCase:
      return one.return_case().name();
    case v1::CaseDecision::kRejectCase:
      return one.reject_case().name();
    case v1::CaseDecision::DECISION_NOT_SET:
      break;
  }
  static const std::string& none = *new std::string;
  return none;
}

// What is wrong with the request as a whole; what is wrong with one decision is its own refusal.
absl::Status CheckWhole(const v1::DecideCasesRequest& request) {
  act::Shape shape;
  shape.Between("decisions", request.decisions_size(), 1, kMostDecisions);
  std::set<std::string_view> seen;
  for (int i = 0; i < std::min(request.decisions_size(), kMostDecisions); ++i) {
    const std::string at = base::StrCat("decisions[", i, "]");
    const v1::CaseDecision& one = request.decisions(i);
    const bool said = one.decision_case() != v1::CaseDecision::DECISION_NOT_SET;
    shape.Check(said, at, "REQUIRED", "必填", "is required");
    shape.Check(!said || seen.insert(NameOf(one)).second, at, "DUPLICATE", "同一案件重复",
                "is about a case that was named before");
  }
  return shape.Done();
}

// The request id of one decision: the same whenever the whole is repeated, so that what is done
// already is answered again and not done again.
std::string PartId(const std::string& request_id, int index) {
  std::string hex = crypto::Hex(crypto::Sha256(base::StrCat(request_id, "/", index))).substr(0, 32);
  hex[12] = '8';  // a UUID of our own making (RFC 9562, version 8)
  hex[16] = '8';
  for (const size_t hyphen : {20, 16, 12, 8}) hex.insert(hyphen, "-");
  return hex;
}

template <typename Request>
Request WithId(Request request, std::string id) {
  request.set_request_id(std::move(id));
  return request;
}

absl::Status DecideOne(ReviewService& service, const rpc::Call& call, const v1::CaseDecision& one,
                       const std::string& id, v1::ReviewCase* answer) {
  switch (one.decision_case()) {
    case v1::CaseDecision::kClaimCase:
      return service.ClaimCase(call, WithId(one.claim_case(), id), answer);
    case v1::CaseDecision::kPassCase:
      return service.PassCase(call, WithId(one.pass_case(), id), answer);
    case v1::CaseDecision::kReturnCase:
      return service.ReturnCase(call, WithId(one.return_case(), id), answer);
    case v1::CaseDecision::kRejectCase:
      return service.RejectCase(call, WithId(one.reject_case(), id), answer);
    case v1::CaseDecision::DECISION_NOT_SET:
      break;
  }
  return absl::InternalError("a decision without a method");
}

// A refusal says what is; a failure says that nobody knows yet.
bool IsRefusal(const absl::Status& status) {
  if (!domain::DetailsOf(status)) return false;
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kNotFound:
      return true;
    default:
      return false;
  }
}

void FillRefusal(const absl::Status& status, v1::CaseRefusal* out) {
  const domain::ErrorDetails details = *domain::DetailsOf(status);
  out->set_code(static_cast<int32_t>(status.code()));
  out->set_reason(details.reason);
  for (const auto& [key, value] : details.metadata) (*out->mutable_metadata())[key] = value;
  out->mutable_problems()->set_text_zh(details.zh);
  out->mutable_problems()->set_text_en(details.en);
  for (const domain::FieldProblem& field : details.fields) {
    errors::v1::FieldProblem* problem = out->mutable_problems()->add_fields();
    problem->set_field(field.field);
    problem->set_reason(field.reason);
    problem->set_text_zh(field.zh);
    problem->set_text_en(field.en);
    problem->set_clause(field.clause);
  }
}

}  // namespace

// Each decision is the act of its own method, with its own transaction, history and event;
// the results are kept when all are known.
absl::Status ReviewService::DecideCases(const rpc::Call& call,
                                        const v1::DecideCasesRequest& request,
                                        v1::DecideCasesResponse* answer) {
  if (call.caller.role != domain::Role::kRecommender || call.caller.region.empty()) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  RETURN_IF_ERROR(CheckWhole(request));
  ASSIGN_OR_RETURN(const bool again, act::Replayed(deps_, call, request, answer));
  if (again) return absl::OkStatus();

  // The parts do not wait for filing, one after the other: it is told once, below.
  act::Deps unhurried = deps_;
  unhurried.relay = nullptr;
  ReviewService parts(unhurried);
  v1::DecideCasesResponse results;
  for (int i = 0; i < request.decisions_size(); ++i) {
    v1::CaseResult* result = results.add_results();
    result->set_name(NameOf(request.decisions(i)));
    v1::ReviewCase decided;
    const absl::Status status =
        DecideOne(parts, call, request.decisions(i), PartId(request.request_id(), i), &decided);
    if (status.ok()) {
      result->mutable_review_case()->Swap(&decided);
    } else if (IsRefusal(status)) {
      FillRefusal(status, result->mutable_refusal());
    } else {
      return status;
    }
  }
  if (deps_.relay != nullptr) deps_.relay->Nudge("filing");
  return act::Once(deps_, call, request, answer, [&](act::Step&) -> absl::Status {
    *answer = results;
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
