#include "common/case/refusals.h"

#include "gtest/gtest.h"

namespace alliance::cases {
namespace {

using domain::Reason;
using domain::Refuse;

TEST(Refusals, NothingAddedIsDone) { EXPECT_TRUE(Refusals("application").Done().ok()); }

// The first one's reason is the answer; each stands with its own path and reason.
TEST(Refusals, AllAreToldAtOnce) {
  Refusals refusals("application");
  refusals.Add("items[2]", "applications/b", Refuse(Reason::kReasonRequired));
  refusals.Add("items[0]", "applications/a", Refuse(Reason::kListMismatch));
  const absl::Status status = refusals.Done();
  EXPECT_TRUE(domain::RefusedFor(status, Reason::kReasonRequired));
  EXPECT_EQ(status.code(), domain::RowOf(Reason::kReasonRequired).code);
  const auto details = domain::DetailsOf(status);
  ASSERT_TRUE(details);
  EXPECT_EQ(details->metadata.at("application"), "applications/b");
  ASSERT_EQ(details->fields.size(), 2u);
  EXPECT_EQ(details->fields[0].field, "items[2]");
  EXPECT_EQ(details->fields[0].reason, domain::WordOf(Reason::kReasonRequired));
  EXPECT_EQ(details->fields[1].field, "items[0]");
  EXPECT_EQ(details->fields[1].reason, domain::WordOf(Reason::kListMismatch));
}

// What is no refusal of ours, such as a failure, stays as it is.
TEST(Refusals, AFailureStaysAFailure) {
  Refusals refusals("application");
  refusals.Add("items[0]", "applications/a", absl::InternalError("broken"));
  EXPECT_EQ(refusals.Done(), absl::InternalError("broken"));
}

}  // namespace
}  // namespace alliance::cases
