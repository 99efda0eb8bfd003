#include "common/rpc/status.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "alliance/errors/v1/errors.pb.h"
#include "common/base/str.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace alliance::rpc {
namespace {

using domain::ErrorDetails;
using domain::Reason;

// Word that common/db leaves on its failures (common/db/error.h).
constexpr char kDbPayload[] = "db/error";

Reason ReasonOfCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return Reason::kInvalidRequest;
    case absl::StatusCode::kDeadlineExceeded:
      return Reason::kDeadline;
    case absl::StatusCode::kCancelled:
      return Reason::kCancelled;
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
      return Reason::kNotPermitted;
    case absl::StatusCode::kUnauthenticated:
      return Reason::kLoginRequired;
    case absl::StatusCode::kResourceExhausted:
      return Reason::kOverloaded;
    case absl::StatusCode::kAborted:
      return Reason::kEtagStale;
    case absl::StatusCode::kAlreadyExists:
      return Reason::kAlreadyExists;
    case absl::StatusCode::kUnavailable:
      return Reason::kPeerUnavailable;
    case absl::StatusCode::kUnimplemented:
      return Reason::kNoSuchMethod;
    default:
      return Reason::kInternal;
  }
}

// So many wrong fields go along: with the texts of each they stay below what a client of ours takes
// in trailing metadata. `fields_left_out` tells of the rest.
constexpr size_t kMostFields = 100;

// Waiting helps for these; the rest needs another request.
bool WorthRetrying(absl::StatusCode code) {
  return code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kResourceExhausted;
}

void PackProblems(const ErrorDetails& details, google::rpc::Status* out) {
  errors::v1::Problems problems;
  problems.set_text_zh(details.zh);
  problems.set_text_en(details.en);
  google::rpc::BadRequest bad_request;
  for (size_t i = 0; i < std::min(details.fields.size(), kMostFields); ++i) {
    const domain::FieldProblem& field = details.fields[i];
    auto* problem = problems.add_fields();
    problem->set_field(field.field);
    problem->set_reason(field.reason);
    problem->set_text_zh(field.zh);
    problem->set_text_en(field.en);
    problem->set_clause(field.clause);
    auto* violation = bad_request.add_field_violations();
    violation->set_field(field.field);
    violation->set_description(base::StrCat(field.reason, ": ", field.en));
  }
  out->add_details()->PackFrom(problems);
  if (bad_request.field_violations_size() > 0) out->add_details()->PackFrom(bad_request);
}

}  // namespace

absl::Status WithDetails(const absl::Status& status) {
  if (status.ok() || domain::DetailsOf(status)) return status;
  if (auto word = status.GetPayload(kDbPayload)) {
    if (auto reason = domain::ReasonOf(std::string(*word))) return domain::Refuse(*reason);
  }
  return domain::Refuse(ReasonOfCode(status.code()));
}

grpc::Status ToWire(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const absl::Status detailed = WithDetails(status);
  const ErrorDetails details = *domain::DetailsOf(detailed);

  google::rpc::Status out;
  out.set_code(static_cast<int>(detailed.code()));
  out.set_message(details.en);
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain("alliance");
  for (const auto& [key, value] : details.metadata) (*info.mutable_metadata())[key] = value;
  if (details.fields.size() > kMostFields) {
    (*info.mutable_metadata())["fields_left_out"] =
        base::StrCat(details.fields.size() - kMostFields);
  }
  out.add_details()->PackFrom(info);
  google::rpc::LocalizedMessage localized;
  localized.set_locale("zh-CN");
  localized.set_message(details.zh);
  out.add_details()->PackFrom(localized);
  PackProblems(details, &out);
  if (WorthRetrying(detailed.code())) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(1);
    out.add_details()->PackFrom(retry);
  }
  return grpc::Status(static_cast<grpc::StatusCode>(detailed.code()), details.en,
                      out.SerializeAsString());
}

absl::Status FromWire(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  ErrorDetails details;
  google::rpc::Status in;
  if (in.ParseFromString(status.error_details())) {
    for (const auto& any : in.details()) {
      google::rpc::ErrorInfo info;
      errors::v1::Problems problems;
      if (any.UnpackTo(&info)) {
        details.reason = info.reason();
        details.metadata = {info.metadata().begin(), info.metadata().end()};
      } else if (any.UnpackTo(&problems)) {
        details.zh = problems.text_zh();
        details.en = problems.text_en();
        for (const auto& field : problems.fields()) {
          details.fields.push_back(
              {field.field(), field.reason(), field.text_zh(), field.text_en(), field.clause()});
        }
      }
    }
  }
  if (details.reason.empty()) return absl::Status(code, status.error_message());
  return domain::StatusOf(code, details);
}

}  // namespace alliance::rpc
