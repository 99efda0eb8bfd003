#include "common/domain/errors.h"

#include <set>
#include <string>

#include "absl/strings/cord.h"
#include "common/base/str.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

std::set<std::string> HolesIn(std::string_view text) {
  std::set<std::string> holes;
  for (size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    holes.emplace(text.substr(open, text.find('}', open) - open + 1));
  }
  return holes;
}

// A value that is a word of its language has a hole of its own: {state} and {state_zh}.
std::set<std::string> ChineseHolesIn(std::string_view text) {
  std::set<std::string> holes;
  for (std::string hole : HolesIn(text)) {
    const size_t suffix = hole.find("_zh}");
    if (suffix != std::string::npos) hole.replace(suffix, 4, "}");
    holes.insert(hole);
  }
  return holes;
}

TEST(Errors, BothLanguagesSayTheSameThing) {
  for (int i = 0; i < static_cast<int>(Reason::kCount); ++i) {
    const ErrorRow& row = RowOf(static_cast<Reason>(i));
    EXPECT_EQ(HolesIn(row.en), ChineseHolesIn(row.zh)) << row.word;
    EXPECT_EQ(ReasonOf(row.word), row.reason);
  }
  EXPECT_EQ(ReasonOf("NO_SUCH_WORD"), std::nullopt);
}

TEST(Errors, DetailsSurviveTheStatus) {
  const FieldProblem nasty{.field = "members[2].credit_code",
                           .reason = "CHECK_CHAR",
                           .zh = std::string("校验\0位", 10),
                           .en = "3:abc{holder}\n",
                           .clause = "Q20",
                           .severity = Severity::kNeedsOverride};
  const absl::Status status =
      Refuse(Reason::kWindowClosed, {{"closed_at", "2023-04-26 00:00"}}, {nasty, FieldProblem{}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "Filing closed at 2023-04-26 00:00.");
  const std::optional<ErrorDetails> details = DetailsOf(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "WINDOW_CLOSED");
  EXPECT_EQ(details->zh, "申报已于2023-04-26 00:00截止。");
  EXPECT_EQ(details->metadata.at("closed_at"), "2023-04-26 00:00");
  ASSERT_EQ(details->fields.size(), 2);
  EXPECT_EQ(details->fields[0], nasty);
  EXPECT_EQ(details->fields[1], FieldProblem{});
  EXPECT_EQ(DetailsOf(StatusOf(status.code(), *details)), details);
  EXPECT_TRUE(RefusedFor(status, Reason::kWindowClosed));
  EXPECT_FALSE(RefusedFor(status, Reason::kWindowNotOpen));
  EXPECT_FALSE(RefusedFor(absl::OkStatus(), Reason::kWindowClosed));
}

TEST(Errors, ADamagedPayloadIsNoDetails) {
  const absl::Status good = Refuse(Reason::kReasonRequired, {{"a", "b"}}, {FieldProblem{}});
  const std::string payload(*good.GetPayload(base::Absl(kErrorPayload)));
  for (size_t cut = 0; cut < payload.size(); ++cut) {
    absl::Status damaged = absl::InternalError("x");
    damaged.SetPayload(base::Absl(kErrorPayload), absl::Cord(payload.substr(0, cut)));
    EXPECT_EQ(DetailsOf(damaged), std::nullopt) << cut;
  }
  for (size_t at = 0; at < payload.size(); ++at) {
    for (char c : {'9', ':', '\0', '0', '-'}) {
      std::string changed = payload;
      changed[at] = c;
      absl::Status damaged = absl::InternalError("x");
      damaged.SetPayload(base::Absl(kErrorPayload), absl::Cord(changed));
      DetailsOf(damaged);  // must neither crash nor run away
    }
  }
  EXPECT_EQ(DetailsOf(absl::InternalError("plain")), std::nullopt);
}

TEST(Errors, AHoleThatIsNotGivenStaysVisible) {
  EXPECT_EQ(Refuse(Reason::kHeldElsewhere).message(), "The case is now held by {holder}.");
  EXPECT_EQ(FillHoles("{a}{b}{", {{"a", "{b}"}}), "{b}{b}{");
}

TEST(Errors, ARefusedValueBecomesAProblemOfItsField) {
  const FieldProblem problem =
      ProblemAt("lead.rd_spend_fen.y1", Refuse(Reason::kAmountNegative), "R-046");
  EXPECT_EQ(problem.reason, "AMOUNT_NEGATIVE");
  EXPECT_EQ(problem.field, "lead.rd_spend_fen.y1");
  EXPECT_EQ(problem.clause, "R-046");
  EXPECT_EQ(ProblemAt("x", absl::InternalError("?")).reason, "INTERNAL");
}

TEST(Errors, UnknownAndForbiddenLookTheSame) {
  EXPECT_EQ(RowOf(Reason::kNotPermitted).code, absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(HolesIn(RowOf(Reason::kNotPermitted).en).empty());
}

}  // namespace
}  // namespace alliance::domain
