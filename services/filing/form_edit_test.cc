// Edits of a form: masks as AIP-134 says, and what counts as changed after a return (Q21).

#include "services/filing/form_edit.h"

#include "common/domain/errors.h"
#include "gtest/gtest.h"
#include "services/filing/case_fixture.h"

namespace alliance::filing {
namespace {

using ::testing::Test;

v1::UpdateApplicationRequest Request(const std::vector<std::string>& mask) {
  v1::UpdateApplicationRequest request;
  for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
  return request;
}

TEST(ReadEdit, NoMaskNamesAllPopulatedFields) {
  v1::UpdateApplicationRequest request = Request({});
  v1::ApplicationForm* form = request.mutable_application()->mutable_form();
  form->set_alliance_name("联盟");
  form->mutable_lead()->mutable_staff()->set_y1(0);  // given, and 0: populated
  form->add_members()->set_member_name("成员");
  const auto edit = ReadEdit(request);
  ASSERT_TRUE(edit.ok());
  EXPECT_EQ(edit->paths, (std::vector<std::string>{"alliance_name", "lead.staff.y1", "members"}));
  EXPECT_FALSE(edit->whole_form);
  EXPECT_FALSE(edit->recommender);
}

TEST(ReadEdit, OutputOnlyPathsAreIgnoredAndUnknownOnesAllNamed) {
  const auto ignored = ReadEdit(Request({"state", "papers", "etag", "form.lead.staff"}));
  ASSERT_TRUE(ignored.ok());
  EXPECT_EQ(ignored->paths, std::vector<std::string>{"lead.staff"});

  const auto unknown =
      ReadEdit(Request({"form.lead.stuff", "form.members.credit_code", "nothing"}));
  EXPECT_TRUE(Refused(unknown.status(), domain::Reason::kInvalidRequest));
  EXPECT_EQ(Fields(unknown.status()),
            "update_mask:UNKNOWN_PATH update_mask:UNKNOWN_PATH update_mask:UNKNOWN_PATH");
}

TEST(ReadEdit, AStarIsTheWholeFormAndTheRecommenderOnlyIfGiven) {
  EXPECT_TRUE(ReadEdit(Request({"*"}))->whole_form);
  EXPECT_FALSE(ReadEdit(Request({"*"}))->recommender);
  v1::UpdateApplicationRequest request = Request({"*"});
  request.mutable_application()->set_recommender_region("210200");
  EXPECT_TRUE(ReadEdit(request)->recommender);
}

TEST(Merge, ANamedFieldThatIsAbsentIsEmptiedAndOthersStay) {
  v1::ApplicationForm to = GoodForm(LeadCode());
  const v1::ApplicationForm before = to;
  Merge({.paths = {"lead.staff.y1", "members", "alliance.goals"}}, v1::ApplicationForm(), &to);
  EXPECT_FALSE(to.lead().staff().has_y1());  // empty, not 0
  EXPECT_EQ(to.lead().staff().y2(), before.lead().staff().y2());
  EXPECT_EQ(to.members_size(), 0);
  EXPECT_EQ(to.alliance().goals(), "");
  EXPECT_EQ(to.alliance().cooperation_narrative(), before.alliance().cooperation_narrative());
}

TEST(Merge, RowsAreReplacedNotAppended) {
  v1::ApplicationForm to = GoodForm(LeadCode());
  v1::ApplicationForm from;
  from.add_members()->set_member_name("唯一成员");
  Merge({.paths = {"members"}}, from, &to);
  ASSERT_EQ(to.members_size(), 1);
  EXPECT_EQ(to.members(0).member_name(), "唯一成员");
  Merge({.whole_form = true}, from, &to);
  EXPECT_EQ(to.SerializeAsString(), from.SerializeAsString());
}

// reliability 4.1, 4.2: line ends and codes are folded, nothing else.
TEST(Normalise, LineEndsAndCodes) {
  v1::ApplicationForm form;
  form.mutable_alliance()->set_goals("一\r\n二\r三");
  form.mutable_lead()->set_credit_code(" 91210200mA0 ");
  form.add_members()->set_credit_code("９１２１");
  form.mutable_lead()->set_enterprise_name("（有限公司） ");
  Normalise(&form);
  EXPECT_EQ(form.alliance().goals(), "一\n二\n三");
  EXPECT_EQ(form.lead().credit_code(), "91210200MA0");
  EXPECT_EQ(form.members(0).credit_code(), "9121");
  EXPECT_EQ(form.lead().enterprise_name(), "（有限公司） ");
}

TEST(ChangedPaths, NamesEveryLeafAsProblemsDo) {
  const v1::ApplicationForm before = GoodForm(LeadCode());
  v1::ApplicationForm after = before;
  EXPECT_TRUE(ChangedPaths(before, after).empty());
  after.mutable_lead()->mutable_rd_spend_fen()->set_y1(1);
  after.mutable_lead()->mutable_staff()->clear_y2();
  after.mutable_members(1)->set_position("");
  after.mutable_alliance()->set_cooperation_forms(0, v1::JOINT_TRAINING);
  after.mutable_alliance()->add_cooperations();
  EXPECT_EQ(
      ChangedPaths(before, after),
      (std::vector<std::string>{"lead.staff.y2", "lead.rd_spend_fen.y1", "alliance.cooperations",
                                "alliance.cooperation_forms[0]", "members[1].position"}));
}

TEST(ChangedPaths, EmptyAndZeroDiffer) {
  v1::ApplicationForm before;
  before.mutable_lead()->mutable_staff();
  v1::ApplicationForm after = before;
  after.mutable_lead()->mutable_staff()->set_y1(0);
  EXPECT_EQ(ChangedPaths(before, after), std::vector<std::string>{"lead.staff.y1"});
}

TEST(IsMarked, AMarkCoversItselfWhatIsBelowAndWhatHoldsIt) {
  google::protobuf::RepeatedPtrField<v1::FieldMark> marks;
  marks.Add()->set_field("lead.rd_spend_fen");
  marks.Add()->set_field("members[2].credit_code");
  EXPECT_TRUE(IsMarked("lead.rd_spend_fen", marks));
  EXPECT_TRUE(IsMarked("lead.rd_spend_fen.y1", marks));
  EXPECT_TRUE(IsMarked("members[2].credit_code", marks));
  EXPECT_TRUE(
      IsMarked("members", marks));  // rows added or removed: the mark asks for a change there
  EXPECT_FALSE(IsMarked("lead.rd_spend_fen_other", marks));
  EXPECT_FALSE(IsMarked("members[1].credit_code", marks));
  EXPECT_FALSE(IsMarked("members[20].credit_code", marks));
  EXPECT_FALSE(IsMarked("alliance.goals", marks));
}

}  // namespace
}  // namespace alliance::filing
