#include "common/domain/workflow.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "common/domain/workflow_cases.h"
#include "gtest/gtest.h"

namespace alliance::domain {
namespace {

constexpr char kRegion[] = "210200";
constexpr char kLead[] = "91210200PDY0000284";

Caller CallerIn(Role role) {
  Caller caller{.account = kMe, .role = role};
  if (role == Role::kRecommender) caller.region = kRegion;
  if (role == Role::kApplicant) caller.organisation = kLead;
  return caller;
}

CaseView ViewIn(State state) {
  return {.state = state, .holder = OwnerOf(state), .region = kRegion, .lead_code = kLead};
}

std::vector<Transition> AllRows() {
  std::vector<Transition> rows(kFilingWorkflow.begin(), kFilingWorkflow.end());
  rows.insert(rows.end(), kYearlyWorkflow.begin(), kYearlyWorkflow.end());
  return rows;
}

const RuleCase& CaseOf(const Transition& row) {
  for (const RuleCase& rule_case : RuleCases()) {
    if (rule_case.rule == row.rule) return rule_case;
  }
  ADD_FAILURE() << "a rule without a case: " << WordOf(row.from) << " " << WordOf(row.action);
  return RuleCases().front();
}

Facts GoodFacts(const Transition& row) {
  Facts facts{.reason = "理由", .papers_given = row.papers};
  CaseOf(row).good(facts);
  return facts;
}

std::string Name(const Transition& row) {
  return std::string(WordOf(row.from)) + " " + std::string(WordOf(row.action));
}

// Everybody who may act in a row, in turn.
std::vector<Caller> CallersOf(const Transition& row) {
  std::vector<Caller> callers;
  for (int i = 0; i < kRoleCount; ++i) {
    if (row.who.Has(static_cast<Role>(i))) callers.push_back(CallerIn(static_cast<Role>(i)));
  }
  return callers;
}

TEST(EveryRow, IsAcceptedWhenAllIsInOrder) {
  for (const Transition& row : AllRows()) {
    for (const Caller& caller : CallersOf(row)) {
      const auto decision = Decide(ViewIn(row.from), row.action, caller, GoodFacts(row));
      ASSERT_TRUE(decision.ok()) << Name(row) << ": " << decision.status();
      EXPECT_EQ(decision->to, row.to) << Name(row);
      EXPECT_EQ(decision->row->from, row.from) << Name(row);
      EXPECT_EQ(decision->row->action, row.action) << Name(row);
      EXPECT_EQ(decision->needs_reason, CaseOf(row).needs_reason) << Name(row);
      EXPECT_EQ(decision->next_holder(), OwnerOf(row.to)) << Name(row);
    }
  }
}

TEST(EveryRow, IsRefusedInEveryOtherState) {
  const std::vector<Transition> rows = AllRows();
  for (const Transition& row : rows) {
    for (const StateRow& state : kStates) {
      if (state.lifecycle != LifecycleOf(row.from)) continue;
      const bool also_here = std::any_of(rows.begin(), rows.end(), [&](const Transition& other) {
        return other.from == state.state && other.action == row.action;
      });
      if (also_here) continue;
      for (const Caller& caller : CallersOf(row)) {
        const auto decision = Decide(ViewIn(state.state), row.action, caller, GoodFacts(row));
        EXPECT_TRUE(RefusedFor(decision.status(), Reason::kWrongState))
            << Name(row) << " in " << state.word << ": " << decision.status();
      }
    }
  }
}

TEST(EveryRow, IsRefusedToEveryOtherRole) {
  for (const Transition& row : AllRows()) {
    for (int i = 0; i < kRoleCount; ++i) {
      const Role role = static_cast<Role>(i);
      if (row.who.Has(role)) continue;
      const auto decision = Decide(ViewIn(row.from), row.action, CallerIn(role), GoodFacts(row));
      EXPECT_TRUE(RefusedFor(decision.status(), Reason::kNotPermitted))
          << Name(row) << " by " << WordOf(role) << ": " << decision.status();
    }
  }
}

// territorial management.
TEST(EveryRow, IsRefusedInAnotherRegionOrForAnotherEnterprise) {
  for (const Transition& row : AllRows()) {
    for (Caller caller : CallersOf(row)) {
      if (caller.role == Role::kRecommender) caller.region = "210100";
      if (caller.role == Role::kApplicant) caller.organisation = "91210100PDY00001XY";
      const auto decision = Decide(ViewIn(row.from), row.action, caller, GoodFacts(row));
      if (caller.role == Role::kRecommender || caller.role == Role::kApplicant) {
        EXPECT_TRUE(RefusedFor(decision.status(), Reason::kNotPermitted)) << Name(row);
      }
      // Nobody's region or enterprise matches a case that has none.
      CaseView bare = ViewIn(row.from);
      bare.region = bare.lead_code = caller.region = caller.organisation = "";
      if (caller.role == Role::kRecommender || caller.role == Role::kApplicant) {
        EXPECT_FALSE(Decide(bare, row.action, caller, GoodFacts(row)).ok()) << Name(row);
      }
    }
  }
}

TEST(EveryRow, IsRefusedWhenItsRuleIsNotMet) {
  for (const Transition& row : AllRows()) {
    for (const Break& broken : CaseOf(row).breaks) {
      Facts facts = GoodFacts(row);
      broken.change(facts);
      const Caller caller = CallersOf(row).front();
      const auto decision = Decide(ViewIn(row.from), row.action, caller, facts);
      EXPECT_TRUE(RefusedFor(decision.status(), broken.reason))
          << Name(row) << ", " << broken.what << ": " << decision.status();
      // The rule is told before a missing paper or reason.
      facts.papers_given = {};
      if (broken.reason != Reason::kReasonRequired &&
          broken.reason != Reason::kPlannerWarningOpen) {
        facts.reason.clear();
        EXPECT_TRUE(
            RefusedFor(Decide(ViewIn(row.from), row.action, caller, facts).status(), broken.reason))
            << Name(row) << ", " << broken.what;
      }
    }
  }
}

TEST(EveryRow, IsRefusedWithoutEachOfItsPapers) {
  for (const Transition& row : AllRows()) {
    for (int i = 0; i < kPaperCount; ++i) {
      const Paper paper = static_cast<Paper>(i);
      if (!row.papers.Has(paper)) continue;
      Facts facts = GoodFacts(row);
      facts.papers_given = row.papers.Without(paper);
      facts.reason.clear();  // the paper is told before the reason
      const auto decision = Decide(ViewIn(row.from), row.action, CallersOf(row).front(), facts);
      ASSERT_TRUE(RefusedFor(decision.status(), Reason::kPaperRequired)) << Name(row);
      EXPECT_EQ(DetailsOf(decision.status())->metadata.at("papers"), WordOf(paper));
    }
  }
}

TEST(EveryRow, ThatNeedsAWrittenReasonIsRefusedWithoutOne) {
  for (const Transition& row : AllRows()) {
    if (!CaseOf(row).needs_reason) continue;
    for (const char* blank : {"", " ", "\u200B\n", "　"}) {
      Facts facts = GoodFacts(row);
      facts.reason = blank;
      const auto decision = Decide(ViewIn(row.from), row.action, CallersOf(row).front(), facts);
      EXPECT_TRUE(RefusedFor(decision.status(), Reason::kReasonRequired)) << Name(row);
    }
  }
}

TEST(EveryRow, IsRefusedWhereAnotherServiceHoldsTheCase) {
  for (const Transition& row : AllRows()) {
    for (Owner other : {Owner::kFiling, Owner::kReview, Owner::kEvaluation, Owner::kSubsidy}) {
      if (other == row.owner) continue;
      CaseView view = ViewIn(row.from);
      view.asked = other;
      const auto asked = Decide(view, row.action, CallersOf(row).front(), GoodFacts(row));
      ASSERT_TRUE(RefusedFor(asked.status(), Reason::kHeldElsewhere)) << Name(row);
      EXPECT_EQ(DetailsOf(asked.status())->metadata.at("holder"), WordOf(row.owner));
      view = ViewIn(row.from);
      view.holder = other;
      const auto held = Decide(view, row.action, CallersOf(row).front(), GoodFacts(row));
      EXPECT_TRUE(RefusedFor(held.status(), Reason::kHeldElsewhere)) << Name(row);
    }
  }
}

// Facts that nobody gathered never let an act pass, but for the few that need none.
TEST(EveryRow, RefusesFactsThatNobodyGathered) {
  for (const Transition& row : AllRows()) {
    if (row.rule == Always || row.rule == ByHolderOrSuperior || row.rule == InCorrectionTime) {
      continue;
    }
    const Facts nothing{.papers_given = row.papers};
    EXPECT_FALSE(Decide(ViewIn(row.from), row.action, CallersOf(row).front(), nothing).ok())
        << Name(row);
  }
}

TEST(Dismiss, GoesBackToTheNoticeInsideThePeriodAndOnAfterIt) {
  Facts facts{.now = At(0), .reason = "查证不实", .papers_given = Paper::kHandlingRecord};
  facts.notice_closes = At(1);
  const Caller caller = CallerIn(Role::kRecommender);
  EXPECT_EQ(Decide(ViewIn(State::kObjected), Action::kDismiss, caller, facts)->to,
            State::kInNotice);
  facts.now = At(1);
  EXPECT_EQ(Decide(ViewIn(State::kObjected), Action::kDismiss, caller, facts)->to,
            State::kNoticeClosed);
}

TEST(FreezeRun, AZeroLineIsNotProposed) {
  Transition row = kYearlyWorkflow[10];
  ASSERT_EQ(row.action, Action::kFreezeRun);
  Facts facts = GoodFacts(row);
  facts.line_is_zero = true;
  EXPECT_EQ(Decide(ViewIn(State::kEvaluated), row.action, CallerIn(Role::kFinance), facts)->to,
            State::kNotProposed);
}

// Reading Q2: three working days are left, so the pack may ask instead of block; the clock may
// not.
TEST(CloseNotice, EarlyNeedsAReasonOrIsDeniedPerPack) {
  Facts facts{.now = At(0), .early_close_asks = true};
  facts.notice_opens = At(0);
  facts.notice_closes = At(1);
  const CaseView view = ViewIn(State::kInNotice);
  const Caller recommender = CallerIn(Role::kRecommender);
  EXPECT_TRUE(RefusedFor(Decide(view, Action::kCloseNotice, recommender, facts).status(),
                         Reason::kReasonRequired));
  facts.reason = "推荐截止在即";
  EXPECT_TRUE(Decide(view, Action::kCloseNotice, recommender, facts)->needs_reason);
  facts.notice_opens = At(1);
  EXPECT_TRUE(RefusedFor(Decide(view, Action::kCloseNotice, recommender, facts).status(),
                         Reason::kNoticeNotOver))
      << "what has not begun has no result, whatever the reason";
  EXPECT_TRUE(RefusedFor(Decide(view, Action::kCloseNotice, ClockCaller(), facts).status(),
                         Reason::kNoticeNotOver));
}

TEST(Release, ASuperiorNeedsAReason) {
  Facts facts{.holder_account = kColleague, .caller_is_superior = true};
  const CaseView view = ViewIn(State::kReviewing);
  const Caller caller = CallerIn(Role::kRecommender);
  EXPECT_TRUE(
      RefusedFor(Decide(view, Action::kRelease, caller, facts).status(), Reason::kReasonRequired));
  facts.reason = "经办人休假";
  EXPECT_TRUE(Decide(view, Action::kRelease, caller, facts)->needs_reason);
}

// a delegate works on the case as its holder does, having declared for himself.
TEST(Record, ADelegateStandsInForTheHolder) {
  Facts facts{.coi_declared_none = true, .holder_account = kColleague};
  const CaseView view = ViewIn(State::kReviewing);
  const Caller caller = CallerIn(Role::kRecommender);
  EXPECT_TRUE(
      RefusedFor(Decide(view, Action::kRecord, caller, facts).status(), Reason::kClaimedByOther));
  facts.caller_stands_in = true;
  EXPECT_TRUE(Decide(view, Action::kRecord, caller, facts).ok());
  facts.coi_declared_none = false;
  EXPECT_TRUE(RefusedFor(Decide(view, Action::kRecord, caller, facts).status(),
                         Reason::kConflictOfInterest));
}

TEST(Submit, TellsFormAndPapersTogether) {
  const Transition& row = kFilingWorkflow[1];
  Facts facts = GoodFacts(row);
  facts.form_problems.push_back({.field = "alliance_name"});
  facts.paper_problems.push_back({.field = "papers.A2_AGREEMENT"});
  const auto decision =
      Decide(ViewIn(State::kDraft), Action::kSubmit, CallerIn(Role::kApplicant), facts);
  const auto details = DetailsOf(decision.status());
  EXPECT_EQ(details->reason, "FORM_HAS_ERRORS");
  ASSERT_EQ(details->fields.size(), 2);  // warnings and overrides stop nothing
  EXPECT_EQ(details->fields[1].field, "papers.A2_AGREEMENT");
}

// Reading Q23: internal opinions and objections never leak.
TEST(WrongState, TellsAnApplicantNothingInternal) {
  for (const StateRow& state : kStates) {
    const auto decision =
        Decide(ViewIn(state.state), Action::kSubmit, CallerIn(Role::kApplicant), Facts{});
    if (!RefusedFor(decision.status(), Reason::kWrongState)) continue;
    const auto details = DetailsOf(decision.status());
    const std::string told = details->metadata.at("state");
    EXPECT_NE(told, "OBJECTED");
    EXPECT_NE(told, "REVIEWING");
    EXPECT_NE(told, "PENDING_DECISION");
    EXPECT_EQ(details->zh.find("异议"), std::string::npos) << details->zh;
  }
  const auto official =
      Decide(ViewIn(State::kObjected), Action::kPass, CallerIn(Role::kRecommender), Facts{});
  EXPECT_EQ(DetailsOf(official.status())->metadata.at("state"), "OBJECTED");
  EXPECT_EQ(DetailsOf(official.status())->metadata.at("allowed"), "dismiss, renotice, uphold");
}

TEST(AllowedActions, AreThoseThatDecideWouldNotRefuseForRoleOrState) {
  for (const StateRow& state : kStates) {
    for (int i = 0; i < kRoleCount; ++i) {
      const Caller caller = CallerIn(static_cast<Role>(i));
      const CaseView view = ViewIn(state.state);
      const std::vector<Action> allowed = AllowedActions(view, caller);
      for (int a = 0; a < kActionCount; ++a) {
        const Action action = static_cast<Action>(a);
        const absl::Status status = Decide(view, action, caller, Facts{}).status();
        const bool refused =
            RefusedFor(status, Reason::kNotPermitted) || RefusedFor(status, Reason::kWrongState);
        const bool listed = std::find(allowed.begin(), allowed.end(), action) != allowed.end();
        EXPECT_EQ(listed, !refused) << state.word << " " << WordOf(action) << " " << status;
      }
    }
  }
}

TEST(AllowedActions, ShowNothingToStrangersAndAtTheEnd) {
  Caller stranger = CallerIn(Role::kApplicant);
  stranger.organisation = "91210100PDY00001XY";
  EXPECT_TRUE(AllowedActions(ViewIn(State::kDraft), stranger).empty());
  for (const StateRow& state : kStates) {
    for (Role role : {Role::kAuditor, Role::kOperator}) {
      EXPECT_TRUE(AllowedActions(ViewIn(state.state), CallerIn(role)).empty());
    }
    if (!state.end) continue;
    for (int i = 0; i < kRoleCount; ++i) {
      EXPECT_TRUE(AllowedActions(ViewIn(state.state), CallerIn(static_cast<Role>(i))).empty());
    }
  }
}

// every state has its name, inside and outside.
TEST(Words, ReadBackAsThemselves) {
  std::set<std::string_view> words;
  for (const StateRow& row : kStates) {
    EXPECT_EQ(StateOf(row.word), row.state);
    EXPECT_TRUE(words.insert(row.word).second) << row.word;
    for (std::string_view label : {row.zh, row.en, row.applicant_zh, row.applicant_en}) {
      EXPECT_FALSE(label.empty()) << row.word;
    }
  }
  for (int i = 0; i < kActionCount; ++i) {
    const Action action = static_cast<Action>(i);
    EXPECT_EQ(ActionOf(WordOf(action)), action);
    EXPECT_FALSE(ActionLabelZh(action).empty());
    EXPECT_FALSE(ActionLabelEn(action).empty());
  }
  for (int i = 0; i < kPaperCount; ++i) {
    EXPECT_EQ(PaperOf(WordOf(static_cast<Paper>(i))), static_cast<Paper>(i));
  }
  for (int i = 0; i < kRoleCount; ++i) {
    EXPECT_EQ(RoleOf(WordOf(static_cast<Role>(i))), static_cast<Role>(i));
  }
  for (Owner owner : {Owner::kFiling, Owner::kReview, Owner::kEvaluation, Owner::kSubsidy}) {
    EXPECT_EQ(OwnerOfWord(WordOf(owner)), owner);
  }
  EXPECT_EQ(StateOf("NONE"), std::nullopt);
  EXPECT_EQ(ActionOf(""), std::nullopt);
  EXPECT_EQ(PaperOf(""), std::nullopt);
  EXPECT_EQ(RoleOf("root"), std::nullopt);
  EXPECT_EQ(OwnerOfWord("gateway"), std::nullopt);
}

// What an applicant is shown, opinions and objections hidden (reading Q23).
TEST(ApplicantLabel, IsAsTheDepartmentShowsIt) {
  const std::pair<State, std::string_view> labels[] = {
      {State::kSubmitted, "待初审（推荐单位）"},
      {State::kReviewing, "待初审（推荐单位）"},
      {State::kReturned, "请修改"},
      {State::kPassed, "初审通过"},
      {State::kNoticeClosed, "初审通过"},
      {State::kInNotice, "公示中"},
      {State::kObjected, "公示中"},
      {State::kRecommended, "待省厅备案"},
      {State::kPendingDecision, "待省厅备案"},
  };
  for (const auto& [state, label] : labels) EXPECT_EQ(ApplicantLabel(state, Locale::kZh), label);
}

TEST(Picture, OfTheTableIsTheOneInTheReadme) {
  const std::string path = std::string(ALLIANCE_SOURCE_DIR) + "/tests/golden/workflow.mmd";
  std::ifstream file(path);
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(RenderMermaid(), golden.str()) << "write the new picture to " << path;
}

}  // namespace
}  // namespace alliance::domain
