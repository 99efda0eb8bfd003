// What goes over the wire, and what does not.

#include "services/filing/convert.h"

#include "common/act/timeline.h"
#include "gtest/gtest.h"

namespace alliance::filing {
namespace {

using domain::Role;

v1::TimelineEntry Entry(std::string_view actor, std::string_view from, std::string_view to) {
  v1::TimelineEntry entry;
  entry.set_actor(std::string(actor));
  entry.set_from_state(std::string(from));
  entry.set_to_state(std::string(to));
  return entry;
}

// RECOMMENDED to PENDING_DECISION is one label to the applicant (reading Q23).
TEST(HideInside, AnApplicantSeesNoStepInsideOneLabel) {
  google::protobuf::RepeatedPtrField<v1::TimelineEntry> timeline;
  *timeline.Add() = Entry("applicant", "DRAFT", "DRAFT");
  *timeline.Add() = Entry("applicant", "DRAFT", "SUBMITTED");
  *timeline.Add() = Entry("clock", "SUBMITTED", "RECOMMENDED");
  *timeline.Add() = Entry("province", "RECOMMENDED", "ACCEPTED");
  *timeline.Add() = Entry("province", "ACCEPTED", "SURVEYING");
  *timeline.Add() = Entry("recorder", "PENDING_DECISION", "REGISTERED");
  auto officials = timeline;
  HideInside({.role = Role::kProvince}, &officials);
  EXPECT_EQ(officials.size(), 6);
  HideInside({.role = Role::kApplicant}, &timeline);
  ASSERT_EQ(timeline.size(), 4);
  EXPECT_EQ(timeline[2].to_state(), "RECOMMENDED");
  EXPECT_EQ(timeline[3].from_state(), "RECOMMENDED");
  EXPECT_EQ(timeline[3].to_state(), "REGISTERED");
}

TEST(FillApplication, AnApplicantIsToldTheSeenStateOnly) {
  Application row{.id = "x", .lead_code = "L", .region = "210200"};
  row.state = domain::State::kPendingDecision;
  v1::Application told;
  FillApplication(row, {.role = Role::kApplicant, .organisation = "L"}, &told);
  EXPECT_EQ(told.state(), v1::Application::RECOMMENDED);
  EXPECT_EQ(told.applicant_label(), "待省厅备案");
  v1::Application inside;
  FillApplication(row, {.role = Role::kRecorder}, &inside);
  EXPECT_EQ(inside.state(), v1::Application::PENDING_DECISION);
  EXPECT_EQ(inside.allowed_actions_size(), 3);  // register, not_register, defer
}

TEST(FillForm, ThePhoneIsForTheFirmAndItsRecommender) {
  const Application row{.id = "x", .lead_code = "L", .region = "HTZ-DL", .city = "210200"};
  v1::ApplicationForm form;
  form.mutable_contact()->set_phone("13812341234");
  form.mutable_contact()->set_display_name("张三丰");
  const struct {
    domain::Caller reader;
    const char* phone;
    const char* name;
  } kTable[] = {
      {{.role = Role::kApplicant, .organisation = "L"}, "13812341234", "张三丰"},
      {{.role = Role::kRecommender, .region = "HTZ-DL"}, "13812341234", "张三丰"},
      // The zone's city reads.
      {{.role = Role::kRecommender, .region = "210200"}, "138****1234", "张**"},
      {{.role = Role::kProvince}, "138****1234", "张**"},
      {{.role = Role::kAuditor}, "138****1234", "张**"},
  };
  for (const auto& line : kTable) {
    v1::Application out;
    FillForm(row, form, {}, line.reader, &out);
    EXPECT_EQ(out.form().contact().phone(), line.phone);
    EXPECT_EQ(out.form().contact().display_name(), line.name);
  }
}

TEST(FillDraw, TheSeedStaysInsideUntilTheListIsClosedAndTheCasesStayWithOfficials) {
  DrawRow draw{.round_id = "2023-tsl", .seed = "secret", .seed_digest = std::string(32, 'd')};
  v1::Draw open;
  FillDraw(draw, true, &open);
  EXPECT_EQ(open.seed(), "");
  EXPECT_EQ(open.seed_digest().size(), 64U);
  draw.closed = true;
  draw.list = "applications/a\napplications/b\n";
  draw.drawn = "applications/b\n";
  v1::Draw outside;
  FillDraw(draw, false, &outside);
  EXPECT_EQ(outside.seed(), "secret");
  EXPECT_EQ(outside.applications_size(), 0);
  EXPECT_EQ(outside.drawn_size(), 0);
  v1::Draw inside;
  FillDraw(draw, true, &inside);
  EXPECT_EQ(inside.applications_size(), 2);
  ASSERT_EQ(inside.drawn_size(), 1);
  EXPECT_EQ(inside.drawn(0), "applications/b");
}

}  // namespace
}  // namespace alliance::filing
