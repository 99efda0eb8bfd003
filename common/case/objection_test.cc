#include "common/case/objection.h"

#include <string>

#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/testing/service_fixture.h"
#include "gtest/gtest.h"

namespace alliance::cases {
namespace {

using domain::State;
using service_testing::At;
using service_testing::DocumentOf;
using service_testing::FieldsOf;
using service_testing::WordOf;

// Characters of a text that everybody counts as one each.
std::string Characters(int64_t count) {
  std::string text;
  for (int64_t i = 0; i < count; ++i) base::StrAppend(&text, "证");
  return text;
}

// The fields that the shape of it refuses.
std::string WrongFields(const Objection& objection) {
  act::Shape shape;
  CheckObjection(shape, objection);
  return FieldsOf(shape.Done());
}

// Q23: by real name. Who writes a word for nobody, or only blanks, has none.
TEST(Objection, AWordForNobodyIsNoRealName) {
  for (const char* none : {"匿名", "匿名者", "不具名", "佚名", "anonymous", "Anonymous", "", " ",
                           "　", " 匿名　", "\u200B"}) {
    EXPECT_FALSE(IsRealName(none)) << '"' << none << '"';
  }
  for (const char* name : {"王实名", "匿名举报中心主任李某", " 王实名 ", "13800001234"}) {
    EXPECT_TRUE(IsRealName(name)) << '"' << name << '"';
  }
}

// A name and a contact; one of them is not enough.
TEST(Objection, ANameNeedsAContact) {
  struct Row {
    const char* name;
    const char* contact;
    bool named;
  };
  for (const Row& row : {Row{"王实名", "13800001234", true}, Row{"王实名", "匿名", false},
                         Row{"匿名", "13800001234", false}, Row{"王实名", "", false}}) {
    domain::Facts facts;
    GatherObjection({.objector_name = row.name, .objector_contact = row.contact}, facts);
    EXPECT_EQ(facts.objector_named, row.named) << row.name << ", " << row.contact;
    EXPECT_FALSE(facts.objection_has_grounds);
    EXPECT_FALSE(facts.papers_given.Has(domain::Paper::kEvidence));
  }
}

TEST(Objection, GroundsAndEvidenceAreFacts) {
  const filing::v1::Document evidence = DocumentOf("证明材料");
  domain::Facts facts;
  GatherObjection({.grounds = " ", .evidence = &evidence}, facts);
  EXPECT_FALSE(facts.objection_has_grounds) << "blanks";
  EXPECT_TRUE(facts.papers_given.Has(domain::Paper::kEvidence));
  GatherObjection({.grounds = "不符", .evidence = &evidence}, facts);
  EXPECT_TRUE(facts.objection_has_grounds);
}

// Both sides of each limit; what is missing is not a matter of shape.
TEST(Objection, HasLimits) {
  EXPECT_EQ(WrongFields({}), "");
  const std::string name = Characters(kObjectorLimit);
  const std::string grounds = Characters(kGroundsLimit);
  const filing::v1::Document evidence = DocumentOf("证明材料");
  EXPECT_EQ(WrongFields({.objector_name = name,
                         .objector_contact = name,
                         .grounds = grounds,
                         .evidence = &evidence}),
            "");
  const std::string long_name = base::StrCat(name, "证");
  const std::string long_grounds = base::StrCat(grounds, "证");
  const filing::v1::Document untitled;
  EXPECT_EQ(WrongFields({.objector_name = long_name,
                         .objector_contact = long_name,
                         .grounds = long_grounds,
                         .evidence = &untitled}),
            "objector_name,objector_contact,grounds,evidence.title,evidence.sha256");
}

// What has never been on notice does not exist for the public; what was is late, whatever it is
// now.
TEST(Objection, IsOnlyToWhatIsOnNotice) {
  const absl::Time closes = At("2023-11-27 00:00:00");
  for (const State state :
       {State::kInNotice, State::kObjected, State::kSubsidyNotice, State::kSubsidyObjected}) {
    EXPECT_DONE(CheckOnNotice(state, closes));
  }
  for (const State state : {State::kPassed, State::kNoticeClosed, State::kReviewing,
                            State::kProposed, State::kApproved, State::kWithheld}) {
    EXPECT_REFUSED(CheckOnNotice(state, closes), kObjectionLate);
    EXPECT_REFUSED(CheckOnNotice(state, std::nullopt), kNotPermitted);
  }
}

}  // namespace
}  // namespace alliance::cases
