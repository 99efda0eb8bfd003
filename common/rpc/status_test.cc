// The status bridge over its whole range: every reason and every bare code survives the wire.

#include "common/rpc/status.h"

#include <set>
#include <string>

#include "absl/strings/cord.h"
#include "alliance/errors/v1/errors.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace alliance::rpc {
namespace {

using domain::Reason;

TEST(StatusBridge, EveryReasonSurvivesTheWire) {
  for (int i = 0; i < static_cast<int>(Reason::kCount); ++i) {
    const auto reason = static_cast<Reason>(i);
    const absl::Status sent = domain::Refuse(
        reason, {{"state", "DRAFT"}},
        {{.field = "name", .reason = "REQUIRED", .zh = "必填", .en = "is required"}});
    const grpc::Status wire = ToWire(sent);
    EXPECT_EQ(static_cast<int>(wire.error_code()), static_cast<int>(domain::RowOf(reason).code));
    EXPECT_EQ(FromWire(wire).code(), sent.code());
    ASSERT_TRUE(domain::DetailsOf(FromWire(wire)).has_value()) << domain::WordOf(reason);
    EXPECT_EQ(*domain::DetailsOf(FromWire(wire)), *domain::DetailsOf(sent))
        << domain::WordOf(reason);
  }
}

// A form of wrong fields reaches the client: gRPC's own limit of 8 KiB is not ours, yet there is
// one.
TEST(StatusBridge, VeryManyFieldsStayBelowTheLimitOfTheWire) {
  const domain::FieldProblem field{.field = "alliance.cooperations[199].content_and_goals",
                                   .reason = "AMOUNT_TOO_MANY_DECIMALS",
                                   .zh = std::string(240, 'z'),
                                   .en = std::string(160, 'e'),
                                   .clause = "R-046"};
  const grpc::Status all = ToWire(
      domain::Refuse(Reason::kInvalidRequest, {}, std::vector<domain::FieldProblem>(100, field)));
  EXPECT_EQ(domain::DetailsOf(FromWire(all))->fields.size(), 100);
  EXPECT_FALSE(domain::DetailsOf(FromWire(all))->metadata.contains("fields_left_out"));
  const grpc::Status wire = ToWire(domain::Refuse(
      Reason::kInvalidRequest, {}, std::vector<domain::FieldProblem>(10'000, field)));
  EXPECT_LT(wire.error_details().size(), 90 << 10);  // base64 makes it a third more
  const auto details = domain::DetailsOf(FromWire(wire));
  EXPECT_EQ(details->fields.size(), 100);
  EXPECT_EQ(details->metadata.at("fields_left_out"), "9900");
}

TEST(StatusBridge, EachDetailTypeIsThereAtMostOnce) {
  const grpc::Status wire = ToWire(domain::Refuse(
      Reason::kOverloaded, {}, {{.field = "a", .reason = "X"}, {.field = "b", .reason = "Y"}}));
  google::rpc::Status status;
  ASSERT_TRUE(status.ParseFromString(wire.error_details()));
  std::set<std::string> types;
  for (const auto& detail : status.details()) EXPECT_TRUE(types.insert(detail.type_url()).second);
  EXPECT_TRUE(types.contains("type.googleapis.com/google.rpc.ErrorInfo"));
  EXPECT_TRUE(types.contains("type.googleapis.com/google.rpc.BadRequest"));
  EXPECT_TRUE(types.contains("type.googleapis.com/google.rpc.LocalizedMessage"));
  EXPECT_TRUE(types.contains("type.googleapis.com/google.rpc.RetryInfo"));
  EXPECT_TRUE(types.contains("type.googleapis.com/alliance.errors.v1.Problems"));
  EXPECT_EQ(status.code(), static_cast<int>(wire.error_code()));
}

TEST(StatusBridge, ABareCodeGetsAReasonAndLosesItsMessage) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status detailed =
        WithDetails(absl::Status(static_cast<absl::StatusCode>(code), "SELECT secret"));
    ASSERT_TRUE(domain::DetailsOf(detailed).has_value()) << code;
    EXPECT_EQ(detailed.ToString().find("secret"), std::string::npos) << code;
    EXPECT_EQ(ToWire(absl::Status(static_cast<absl::StatusCode>(code), "SELECT secret"))
                  .error_message()
                  .find("secret"),
              std::string::npos);
  }
  EXPECT_TRUE(WithDetails(absl::OkStatus()).ok());
  EXPECT_TRUE(ToWire(absl::OkStatus()).ok());
}

// The words of common/db/error.h that a caller may hear become the reasons of the same name.
TEST(StatusBridge, DatabaseWordsBecomeReasons) {
  for (const char* word : {"DATABASE_UNAVAILABLE", "OUTCOME_UNKNOWN", "DEADLINE",
                           "REQUEST_ID_REUSED", "OUT_OF_ORDER", "INTERNAL"}) {
    absl::Status status = absl::InternalError("statement filing.take at 10.0.0.1");
    status.SetPayload("db/error", absl::Cord(word));
    const auto details = domain::DetailsOf(WithDetails(status));
    ASSERT_TRUE(details.has_value()) << word;
    EXPECT_EQ(details->reason, word);
  }
}

TEST(StatusBridge, AForeignPeersErrorKeepsItsCode) {
  const absl::Status status =
      FromWire(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused"));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(domain::DetailsOf(status).has_value());
}

}  // namespace
}  // namespace alliance::rpc
