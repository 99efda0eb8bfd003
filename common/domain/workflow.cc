#include "common/domain/workflow.h"

#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/text.h"

namespace alliance::domain {
namespace {

struct ActionRow {
  Action action;
  std::string_view word;
  std::string_view zh;
  std::string_view en;
};

constexpr std::array kActions = std::to_array<ActionRow>({
    {Action::kSave, "save", "保存", "Save"},
    {Action::kSubmit, "submit", "提交", "Submit"},
    {Action::kLapse, "lapse", "逾期失效", "Lapse"},
    {Action::kWithdraw, "withdraw", "撤回", "Withdraw"},
    {Action::kClaim, "claim", "受理初审", "Claim"},
    {Action::kRelease, "release", "放回待办", "Release"},
    {Action::kReassign, "reassign", "改派", "Reassign"},
    {Action::kRecord, "record", "记录审核意见", "Record findings"},
    {Action::kReturn, "return", "退回修改", "Return for correction"},
    {Action::kPass, "pass", "初审通过", "Pass"},
    {Action::kReject, "reject", "初审不通过", "Reject"},
    {Action::kReopen, "reopen", "重新初审", "Reopen"},
    {Action::kForward, "forward", "报送所在市", "Forward to the city"},
    {Action::kOpenNotice, "open_notice", "发布公示", "Open public notice"},
    {Action::kObject, "object", "提出异议", "Object"},
    {Action::kCloseNotice, "close_notice", "结束公示", "Close public notice"},
    {Action::kDismiss, "dismiss", "异议不成立", "Dismiss objection"},
    {Action::kRenotice, "renotice", "再次公示", "Repeat public notice"},
    {Action::kUphold, "uphold", "异议成立", "Uphold objection"},
    {Action::kRecommend, "recommend", "推荐上报", "Recommend"},
    {Action::kCloseRound, "close_round", "逾期未推荐办结", "Close round"},
    {Action::kAccept, "accept", "受理", "Accept"},
    {Action::kSendBack, "send_back", "退回推荐单位", "Send back"},
    {Action::kDrawSurvey, "draw_survey", "抽取调研", "Draw for survey"},
    {Action::kRecordSurvey, "record_survey", "记录调研情况", "Record survey"},
    {Action::kGiveOpinion, "give_opinion", "提出处室意见", "Give opinion"},
    {Action::kRegister, "register", "备案入库", "Register"},
    {Action::kNotRegister, "not_register", "不予备案", "Do not register"},
    {Action::kDefer, "defer", "暂缓审定", "Defer"},
    {Action::kDeregister, "deregister", "取消备案", "Deregister"},
    {Action::kComplete, "complete", "建设期满办结", "Complete"},
    {Action::kReport, "report", "提交年度总结", "Submit annual report"},
    {Action::kReopenReport, "reopen_report", "退回年度总结", "Reopen annual report"},
    {Action::kStartEvaluation, "start_evaluation", "开始评价", "Start evaluation"},
    {Action::kScore, "score", "评分", "Score"},
    {Action::kPublishPreliminary, "publish_preliminary", "公布初步结果",
     "Publish preliminary result"},
    {Action::kAppeal, "appeal", "申诉", "Appeal"},
    {Action::kAnswerAppeal, "answer_appeal", "答复申诉", "Answer appeal"},
    {Action::kPublish, "publish", "公布评价结果", "Publish result"},
    {Action::kFreezeRun, "freeze_run", "固化测算", "Freeze run"},
    {Action::kApprove, "approve", "批准补助", "Approve"},
    {Action::kReleaseWithheld, "release_withheld", "解除暂缓", "Release withheld subsidy"},
    {Action::kRefuse, "refuse", "不予发放", "Refuse"},
    {Action::kReleasePayment, "release_payment", "拨付", "Release payment"},
    {Action::kConfirmPaid, "confirm_paid", "确认已拨付", "Confirm paid"},
    {Action::kConfirmFailed, "confirm_failed", "确认拨付失败", "Confirm failed"},
    {Action::kRetryPayment, "retry_payment", "重新拨付", "Retry payment"},
    {Action::kClaimBack, "claim_back", "追回", "Claim back"},
    {Action::kConfirmRecovered, "confirm_recovered", "确认已追回", "Confirm recovered"},
});

constexpr bool ActionsFollowTheEnum() {
  for (size_t i = 0; i < kActions.size(); ++i) {
    if (static_cast<size_t>(kActions[i].action) != i) return false;
  }
  return kActions.size() == kActionCount;
}
static_assert(ActionsFollowTheEnum());

const ActionRow& RowOf(Action action) { return kActions[static_cast<size_t>(action)]; }

// a recommender sees its own region, an applicant its own enterprise.
bool InScope(const CaseView& view, const Caller& caller) {
  switch (caller.role) {
    case Role::kApplicant:
      return !view.lead_code.empty() && caller.organisation == view.lead_code;
    case Role::kRecommender:
      return !view.region.empty() && caller.region == view.region;
    default:
      return true;
  }
}

const Transition* FindRow(State from, Action action) {
  for (const Transition& row : WorkflowOf(LifecycleOf(from))) {
    if (row.from == from && row.action == action) return &row;
  }
  return nullptr;
}

void AppendTo(std::string& list, std::string_view separator, std::string_view word) {
  if (!list.empty()) list += separator;
  list += word;
}

bool ToldLess(Role role) { return role == Role::kApplicant || role == Role::kPublic; }

absl::Status WrongState(const CaseView& view, Action action, const Caller& caller) {
  // What an applicant is told must not show that somebody objected or has claimed the case.
  const bool told_less = ToldLess(caller.role);
  const State told = told_less ? SeenByApplicant(view.state) : view.state;
  std::string allowed;
  std::string allowed_zh;
  for (Action possible : AllowedActions(view, caller)) {
    AppendTo(allowed, ", ", WordOf(possible));
    AppendTo(allowed_zh, "、", ActionLabelZh(possible));
  }
  std::map<std::string, std::string> holes = {
      {"state", std::string(WordOf(told))},
      {"state_zh", std::string(told_less ? ApplicantLabel(told, Locale::kZh)
                                         : OfficialLabel(told, Locale::kZh))},
      {"action", std::string(WordOf(action))},
      {"action_zh", std::string(ActionLabelZh(action))},
      {"allowed", allowed.empty() ? "nothing" : allowed},
      {"allowed_zh", allowed_zh.empty() ? "无" : allowed_zh},
  };
  return RefuseWith(Reason::kWrongState, std::move(holes));
}

absl::Status HeldElsewhere(const CaseView& view, Action action) {
  return Refuse(Reason::kHeldElsewhere, {{"holder", WordOf(view.holder)},
                                         {"holder_zh", LabelZh(view.holder)},
                                         {"action", WordOf(action)}});
}

absl::Status PaperRequired(PaperSet missing) {
  std::string words;
  std::string labels;
  for (int i = 0; i < kPaperCount; ++i) {
    const auto paper = static_cast<Paper>(i);
    if (!missing.Has(paper)) continue;
    AppendTo(words, ", ", WordOf(paper));
    AppendTo(labels, "、", PaperLabelZh(paper));
  }
  return Refuse(Reason::kPaperRequired, {{"papers", words}, {"papers_zh", labels}});
}

void RenderTable(std::span<const Transition> rows, std::string& out) {
  for (const Transition& row : rows) {
    std::string who;
    for (int i = 0; i < kRoleCount; ++i) {
      if (row.who.Has(static_cast<Role>(i))) AppendTo(who, "/", WordOf(static_cast<Role>(i)));
    }
    const auto arrow = [&](State to) {
      for (std::string_view part :
           {std::string_view("    "), WordOf(row.from), std::string_view(" --> "), WordOf(to),
            std::string_view(": "), WordOf(row.action), std::string_view(" ("),
            std::string_view(who), std::string_view(")\n")}) {
        out += part;
      }
    };
    arrow(row.to);
    if (row.otherwise) arrow(*row.otherwise);
  }
}

void RenderEnds(Lifecycle lifecycle, std::string& out) {
  for (const StateRow& row : kStates) {
    if (row.lifecycle != lifecycle || !row.end) continue;
    out += "    ";
    out += row.word;
    out += " --> [*]\n";
  }
}

}  // namespace

std::string_view WordOf(Action action) { return RowOf(action).word; }
std::string_view ActionLabelZh(Action action) { return RowOf(action).zh; }
std::string_view ActionLabelEn(Action action) { return RowOf(action).en; }

std::optional<Action> ActionOf(std::string_view word) {
  for (const ActionRow& row : kActions) {
    if (row.word == word) return row.action;
  }
  return std::nullopt;
}

std::span<const Transition> WorkflowOf(Lifecycle lifecycle) {
  if (lifecycle == Lifecycle::kFiling) return kFilingWorkflow;
  return kYearlyWorkflow;
}

bool MayEver(const CaseView& view, Action action, const Caller& caller) {
  if (!InScope(view, caller)) return false;
  for (const Transition& row : WorkflowOf(LifecycleOf(view.state))) {
    if (row.action == action && row.who.Has(caller.role)) return true;
  }
  return false;
}

std::vector<Action> AllowedActions(const CaseView& view, const Caller& caller) {
  std::vector<Action> actions;
  if (!InScope(view, caller)) return actions;
  for (const Transition& row : WorkflowOf(LifecycleOf(view.state))) {
    if (row.from == view.state && row.owner == view.holder && row.who.Has(caller.role)) {
      actions.push_back(row.action);
    }
  }
  return actions;
}

absl::StatusOr<Decision> Decide(const CaseView& view, Action action, const Caller& caller,
                                const Facts& facts) {
  if (!MayEver(view, action, caller)) return Refuse(Reason::kNotPermitted);

  const Transition* row = FindRow(view.state, action);
  if (row == nullptr) return WrongState(view, action, caller);
  if (row->owner != view.holder || view.asked.value_or(view.holder) != view.holder) {
    return HeldElsewhere(view, action);
  }
  if (!row->who.Has(caller.role)) return Refuse(Reason::kNotPermitted);

  Verdict verdict = row->rule(facts, caller);
  if (verdict.kind == Verdict::Kind::kDeny) {
    return RefuseWith(verdict.reason, std::move(verdict.holes), std::move(verdict.fields));
  }
  const PaperSet missing = row->papers.Without(facts.papers_given);
  if (!missing.empty()) return PaperRequired(missing);

  const bool needs_reason = verdict.kind == Verdict::Kind::kNeedsReason;
  if (needs_reason && base::VisibleLength(facts.reason) == 0) {
    return RefuseWith(verdict.reason, std::move(verdict.holes));
  }
  const State to = verdict.otherwise && row->otherwise ? *row->otherwise : row->to;
  return Decision{.row = row, .to = to, .needs_reason = needs_reason};
}

std::string RenderMermaid() {
  std::string out = "stateDiagram-v2\n";
  absl::StrAppend(&out, "  state \"Filing: one per lead and round\" as filing {\n",
                  "    [*] --> DRAFT\n");
  RenderTable(kFilingWorkflow, out);
  RenderEnds(Lifecycle::kFiling, out);
  absl::StrAppend(&out, "  }\n", "  state \"Yearly: one per alliance and year\" as yearly {\n",
                  "    [*] --> REPORT_DUE\n");
  RenderTable(kYearlyWorkflow, out);
  RenderEnds(Lifecycle::kYearly, out);
  absl::StrAppend(&out, "  }\n");
  return out;
}

}  // namespace alliance::domain
