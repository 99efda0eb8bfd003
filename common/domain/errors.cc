#include "common/domain/errors.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/str.h"

namespace alliance::domain {
namespace {

using base::Absl;
using C = absl::StatusCode;

// clang-format off
constexpr std::array kErrors = std::to_array<ErrorRow>({
// Who are you, may you?
{Reason::kLoginRequired, "LOGIN_REQUIRED", C::kUnauthenticated,
 "Please log in first.", "请先登录。"},
{Reason::kTokenInvalid, "TOKEN_INVALID", C::kUnauthenticated,
 "The login token is not valid. Please log in again.", "登录凭证无效，请重新登录。"},
{Reason::kTokenExpired, "TOKEN_EXPIRED", C::kUnauthenticated,
 "The login has expired. Please log in again.", "登录已过期，请重新登录。"},
{Reason::kBadCredentials, "BAD_CREDENTIALS", C::kUnauthenticated,
 "Account or password is wrong.", "账号或密码不正确。"},
{Reason::kLockedOut, "LOCKED_OUT", C::kResourceExhausted,
 "Too many failed logins. Try again after {until}.", "登录失败次数过多，请于{until}后再试。"},
{Reason::kNotPermitted, "NOT_PERMITTED", C::kPermissionDenied,
 "This does not exist, or you may not do it.", "对象不存在，或您无权进行此操作。"},
// The shape of a request
{Reason::kInvalidRequest, "INVALID_REQUEST", C::kInvalidArgument,
 "The request is not valid. See the fields.", "请求内容有误，请查看各字段的说明。"},
{Reason::kRequestIdRequired, "REQUEST_ID_REQUIRED", C::kInvalidArgument,
 "request_id must be a UUID.", "request_id 必须为 UUID。"},
{Reason::kRequestIdReused, "REQUEST_ID_REUSED", C::kInvalidArgument,
 "This request_id was used for a different request. Take a new one.",
 "该 request_id 已用于另一个不同的请求，请更换。"},
{Reason::kEtagRequired, "ETAG_REQUIRED", C::kInvalidArgument,
 "etag is required: read the case first and send the etag you got.",
 "缺少 etag：请先读取，再带上读到的 etag 提交。"},
{Reason::kPageTokenInvalid, "PAGE_TOKEN_INVALID", C::kInvalidArgument,
 "The page token does not belong to this list. Start from the first page.",
 "分页标记与本列表不符，请从第一页重新开始。"},
{Reason::kNoSuchMethod, "NO_SUCH_METHOD", C::kUnimplemented,
 "There is no such method: {method}", "没有此接口：{method}"},
{Reason::kTooLarge, "TOO_LARGE", C::kInvalidArgument,
 "The request is larger than {limit}.", "请求超过大小上限{limit}。"},
{Reason::kFileRefused, "FILE_REFUSED", C::kInvalidArgument,
 "The file is refused: {problem}", "文件不被接受：{problem_zh}"},
{Reason::kFileDigestMismatch, "FILE_DIGEST_MISMATCH", C::kInvalidArgument,
 "The content does not have the digest that was declared. Upload it again.",
 "文件内容与声明的摘要不符，请重新上传。"},
{Reason::kMalwareFound, "MALWARE_FOUND", C::kInvalidArgument,
 "The file was found unsafe: {malware}. Clean it and upload it again.",
 "文件未通过安全检查：{malware}。请清除后重新上传。"},
{Reason::kUploadOffsetWrong, "UPLOAD_OFFSET_WRONG", C::kAborted,
 "The upload goes on at byte {offset}. Send from there.", "上传应从第{offset}字节继续，请从该处发送。"},
{Reason::kUploadIncomplete, "UPLOAD_INCOMPLETE", C::kFailedPrecondition,
 "{offset} of {size} bytes are here. Send the rest first.",
 "文件共{size}字节，已收到{offset}字节，请先传完其余部分。"},
{Reason::kUploadExpired, "UPLOAD_EXPIRED", C::kFailedPrecondition,
 "The time for this upload is over. Begin a new one.", "本次上传已过期，请重新上传。"},
{Reason::kAmountNotANumber, "AMOUNT_NOT_A_NUMBER", C::kInvalidArgument,
 "Not an amount. Write digits with at most two decimals, for example 1234.50.",
 "不是有效金额，请填写数字，最多两位小数，例如1234.50。"},
{Reason::kAmountTooManyDecimals, "AMOUNT_TOO_MANY_DECIMALS", C::kInvalidArgument,
 "At most two decimals; nothing is rounded for you.", "最多两位小数，系统不会自动舍入。"},
{Reason::kAmountNegative, "AMOUNT_NEGATIVE", C::kInvalidArgument,
 "The amount must not be negative.", "金额不能为负数。"},
{Reason::kAmountTooLarge, "AMOUNT_TOO_LARGE", C::kInvalidArgument,
 "The amount is too large.", "金额过大。"},
// The state of things
{Reason::kEtagStale, "ETAG_STALE", C::kAborted,
 "It has been changed since you read it. Read it again and repeat.",
 "内容已被更新，请重新读取后再操作。"},
{Reason::kWrongState, "WRONG_STATE", C::kFailedPrecondition,
 "{action} is not possible in state {state}. Possible now: {allowed}",
 "当前状态为“{state_zh}”，不能“{action_zh}”。现在可以：{allowed_zh}"},
{Reason::kHeldElsewhere, "HELD_ELSEWHERE", C::kFailedPrecondition,
 "The case is now held by {holder}.", "该事项目前由{holder_zh}环节办理。"},
{Reason::kOutOfOrder, "OUT_OF_ORDER", C::kFailedPrecondition,
 "An earlier event of this case is missing.", "该事项有更早的事件尚未到达。"},
{Reason::kAlreadyExists, "ALREADY_EXISTS", C::kAlreadyExists,
 "It exists already: {name}", "已经存在：{name}"},
// Load, time and machines
{Reason::kOverloaded, "OVERLOADED", C::kResourceExhausted,
 "The service is busy. Please repeat in a moment.", "系统繁忙，请稍后重试。"},
{Reason::kRateLimited, "RATE_LIMITED", C::kResourceExhausted,
 "Too many requests. Please slow down.", "请求过于频繁，请放慢速度。"},
{Reason::kQuotaExceeded, "QUOTA_EXCEEDED", C::kResourceExhausted,
 "The limit of {limit} is reached.", "已达到上限：{limit}。"},
{Reason::kDeadline, "DEADLINE", C::kDeadlineExceeded,
 "There was not enough time to answer.", "未能在限定时间内完成。"},
{Reason::kCancelled, "CANCELLED", C::kCancelled,
 "The caller went away.", "调用方已取消。"},
{Reason::kDatabaseUnavailable, "DATABASE_UNAVAILABLE", C::kUnavailable,
 "The database does not answer. Please repeat in a moment.", "数据库暂时不可用，请稍后重试。"},
{Reason::kScannerUnavailable, "SCANNER_UNAVAILABLE", C::kUnavailable,
 "The file could not be scanned for malware. Please repeat in a moment.",
 "暂时无法完成文件安全检查，请稍后重试。"},
{Reason::kPeerUnavailable, "PEER_UNAVAILABLE", C::kUnavailable,
 "The service {peer} does not answer. Please repeat in a moment.", "{peer}服务暂时不可用，请稍后重试。"},
{Reason::kShuttingDown, "SHUTTING_DOWN", C::kUnavailable,
 "The service is being restarted. Please repeat in a moment.", "服务正在重启，请稍后重试。"},
{Reason::kOutcomeUnknown, "OUTCOME_UNKNOWN", C::kUnavailable,
 "It is not known whether this was stored. Repeat with the same request_id: it is never done twice.",
 "暂不能确认是否已保存。请使用相同的 request_id 重试，系统不会重复执行。"},
{Reason::kClockNotSettable, "CLOCK_NOT_SETTABLE", C::kFailedPrecondition,
 "The clock can be set in a demonstration only.", "仅演示环境可以设置时间。"},
{Reason::kInternal, "INTERNAL", C::kInternal,
 "Something went wrong on our side.", "系统内部错误。"},
// Rule packs and the calendar
{Reason::kRoundUnknown, "ROUND_UNKNOWN", C::kPermissionDenied,
 "There is no such round: {round}", "没有此批次：{round}"},
{Reason::kRoundFrozen, "ROUND_FROZEN", C::kFailedPrecondition,
 "The rules of round {round} are frozen.", "批次{round}的规则已固化，不能修改。"},
{Reason::kPackInvalid, "PACK_INVALID", C::kFailedPrecondition,
 "{where}: {problem}", "{where}：{problem}"},
{Reason::kPackRefused, "PACK_REFUSED", C::kInvalidArgument,
 "The rule pack has {count} problems. See the fields.", "规则包有{count}处问题，请查看各处的说明。"},
{Reason::kSupersedesMismatch, "SUPERSEDES_MISMATCH", C::kFailedPrecondition,
 "Round {round} has the rules {current}. To replace them, name exactly these as supersedes.",
 "批次{round}现行规则为{current}。如需替换，请将其填入 supersedes。"},
{Reason::kYearNotLoaded, "YEAR_NOT_LOADED", C::kFailedPrecondition,
 "The holidays of {year} are not loaded. Ask the administrator to load them.",
 "{year}年的节假日安排尚未录入，请联系管理员录入。"},
// Filing by the lead enterprise
{Reason::kWindowNotOpen, "WINDOW_NOT_OPEN", C::kFailedPrecondition,
 "Filing opens at {opens_at}.", "申报于{opens_at}开始。"},
{Reason::kWindowClosed, "WINDOW_CLOSED", C::kFailedPrecondition,
 "Filing closed at {closed_at}.", "申报已于{closed_at}截止。"},
{Reason::kWindowStillOpen, "WINDOW_STILL_OPEN", C::kFailedPrecondition,
 "Filing is open until {closes_at}.", "申报截止时间为{closes_at}，尚未截止。"},
{Reason::kCorrectionTimeOver, "CORRECTION_TIME_OVER", C::kFailedPrecondition,
 "The time for corrections ended at {closed_at}.", "修改补正已于{closed_at}截止。"},
{Reason::kCorrectionTimeLeft, "CORRECTION_TIME_LEFT", C::kFailedPrecondition,
 "Corrections are possible until {closes_at}.", "修改补正截止时间为{closes_at}，尚未截止。"},
{Reason::kFirstSubmissionLate, "FIRST_SUBMISSION_LATE", C::kFailedPrecondition,
 "Only an application first submitted in time can be submitted again.",
 "首次提交未在截止时间前完成的申请，不能再次提交。"},
{Reason::kUnrequestedEdits, "UNREQUESTED_EDITS", C::kFailedPrecondition,
 "{count} fields were changed that the recommender did not mark. Undo them.",
 "有{count}处修改不在退回意见范围内，请恢复原内容。"},
{Reason::kFormHasErrors, "FORM_HAS_ERRORS", C::kFailedPrecondition,
 "The form has {count} errors. See the fields.", "申请表有{count}处错误，请逐项修改。"},
{Reason::kPapersMissing, "PAPERS_MISSING", C::kFailedPrecondition,
 "Papers are missing: {count}. See the fields.", "缺少{count}份材料，请查看各字段的说明。"},
{Reason::kPapersNotClean, "PAPERS_NOT_CLEAN", C::kFailedPrecondition,
 "A paper has not been scanned yet, or was found unsafe.", "有材料尚未完成安全检查，或未通过安全检查。"},
{Reason::kAlreadyApplied, "ALREADY_APPLIED", C::kFailedPrecondition,
 "This enterprise already has an application in this round.", "该企业在本批次已有申请。"},
{Reason::kRenewalRefused, "RENEWAL_REFUSED", C::kFailedPrecondition,
 "{registry_number} cannot be continued in this round ({state}). File a new application instead.",
 "{registry_number}不能在本批次继续申报（{state_zh}），请直接新建申请。"},
// Extensions of a deadline
{Reason::kExtensionsNotAllowed, "EXTENSIONS_NOT_ALLOWED", C::kFailedPrecondition,
 "The rules of round {round} allow no extension.", "批次{round}的规则不允许延期。"},
{Reason::kExtensionUseless, "EXTENSION_USELESS", C::kFailedPrecondition,
 "In state {state} this deadline no longer matters for the case.",
 "该事项已处于“{state_zh}”，此截止时间的延期对其没有作用。"},
{Reason::kExtensionLate, "EXTENSION_LATE", C::kFailedPrecondition,
 "The deadline passed at {closed_at}. What is closed is not opened again.",
 "已于{closed_at}截止，截止后不能再延期。"},
{Reason::kExtensionShortens, "EXTENSION_SHORTENS", C::kFailedPrecondition,
 "The deadline is {closes_at} already. An extension must end later.",
 "现截止时间为{closes_at}，延期后的时间必须更晚。"},
{Reason::kExtensionTooLong, "EXTENSION_TOO_LONG", C::kFailedPrecondition,
 "An extension of this deadline may end at {latest} at the latest.", "此截止时间最多可延至{latest}。"},
// Regional review
{Reason::kClaimedByOther, "CLAIMED_BY_OTHER", C::kFailedPrecondition,
 "A colleague has claimed this case.", "该申请已由其他审核人员受理。"},
{Reason::kConflictOfInterest, "CONFLICT_OF_INTEREST", C::kFailedPrecondition,
 "Only who declares to have no conflict of interest may handle this case.",
 "须声明无利益冲突后方可办理；存在利益冲突的应当回避。"},
{Reason::kMarksRequired, "MARKS_REQUIRED", C::kFailedPrecondition,
 "Mark at least one field, each with a reason, before returning the application.",
 "退回前请至少标注一处需修改的内容，并逐处说明理由。"},
{Reason::kConditionOpen, "CONDITION_OPEN", C::kFailedPrecondition,
 "{count} of the conditions of article 4 are not decided or need a correction.",
 "第四条所列条件中有{count}项尚未审核或需补正。"},
{Reason::kConditionFailed, "CONDITION_FAILED", C::kFailedPrecondition,
 "{count} of the conditions of article 4 are not met.", "第四条所列条件中有{count}项不符合。"},
{Reason::kNoFailedCondition, "NO_FAILED_CONDITION", C::kFailedPrecondition,
 "An application is rejected for a condition of article 4 that is not met. Record it first.",
 "初审不通过须有第四条所列条件不符合，请先记录。"},
{Reason::kVerifiedRdMissing, "VERIFIED_RD_MISSING", C::kFailedPrecondition,
 "Record the verified R&D spend first.", "请先填写研发投入核定数。"},
{Reason::kOverrideNeedsReason, "OVERRIDE_NEEDS_REASON", C::kFailedPrecondition,
 "{count} problems need a reviewer's reason before the application can pass.",
 "有{count}处问题须由审核人员说明理由后方可通过。"},
{Reason::kRouteViaCity, "ROUTE_VIA_CITY", C::kFailedPrecondition,
 "In this round the city recommends the cases of this office. Forward them with letter and list.",
 "本批次该单位的申请由所在市推荐，请附推荐函和汇总表报送所在市。"},
{Reason::kRouteDirect, "ROUTE_DIRECT", C::kFailedPrecondition,
 "This office recommends by itself. Open the public notice.", "本单位直接推荐，无需报送，请发布公示。"},
{Reason::kForwardClosed, "FORWARD_CLOSED", C::kFailedPrecondition,
 "The cases had to reach the city by {closed_at}. Ask the city.",
 "须于{closed_at}前报送所在市，现已截止，请与所在市联系。"},
{Reason::kReasonRequired, "REASON_REQUIRED", C::kInvalidArgument,
 "A written reason is required.", "请填写理由。"},
{Reason::kPaperRequired, "PAPER_REQUIRED", C::kFailedPrecondition,
 "Attach: {papers}", "请附上：{papers_zh}"},
// Public notice and recommendation
{Reason::kBatchRequired, "BATCH_REQUIRED", C::kFailedPrecondition,
 "A public notice names the exact versions that are on notice.", "公示须列明被公示申请的确切版本。"},
{Reason::kPlannerWarningOpen, "PLANNER_WARNING_OPEN", C::kFailedPrecondition,
 "The notice would not end before the recommendation deadline. Answer the warning first.",
 "公示不能在推荐截止之前结束，请先回复该提示。"},
{Reason::kNoticeNotOver, "NOTICE_NOT_OVER", C::kFailedPrecondition,
 "The public notice ends at {closes_at}.", "公示于{closes_at}结束，尚未期满。"},
{Reason::kObjectionAnonymous, "OBJECTION_ANONYMOUS", C::kFailedPrecondition,
 "An objection needs a real name and a contact.", "异议须署真实姓名（名称）并提供联系方式。"},
{Reason::kObjectionWithoutGrounds, "OBJECTION_WITHOUT_GROUNDS", C::kFailedPrecondition,
 "An objection needs its grounds in writing.", "异议须书面说明理由。"},
{Reason::kObjectionLate, "OBJECTION_LATE", C::kFailedPrecondition,
 "The public notice ended at {closed_at}.", "公示已于{closed_at}结束，不再受理异议。"},
{Reason::kObjectionEarly, "OBJECTION_EARLY", C::kFailedPrecondition,
 "The public notice begins at {opens_at}.", "公示于{opens_at}开始。"},
{Reason::kRecommendNotOpen, "RECOMMEND_NOT_OPEN", C::kFailedPrecondition,
 "Recommendations open at {opens_at}.", "推荐于{opens_at}开始。"},
{Reason::kRecommendClosed, "RECOMMEND_CLOSED", C::kFailedPrecondition,
 "Recommendations closed at {closed_at}.", "推荐已于{closed_at}截止。"},
{Reason::kRecommendStillOpen, "RECOMMEND_STILL_OPEN", C::kFailedPrecondition,
 "Recommendations are open until {closes_at}.", "推荐截止时间为{closes_at}，尚未截止。"},
{Reason::kListMismatch, "LIST_MISMATCH", C::kFailedPrecondition,
 "The list is not exactly the one that was shown. Read it again.", "清单与展示的清单不完全一致，请重新读取。"},
// The province
{Reason::kNotDrawn, "NOT_DRAWN", C::kFailedPrecondition,
 "This case was not drawn for a survey.", "该申请未被抽中调研考察。"},
{Reason::kDrawOpen, "DRAW_OPEN", C::kFailedPrecondition,
 "The survey draw of this round is still open.", "本批次调研考察抽取尚未结束。"},
{Reason::kDrawClosed, "DRAW_CLOSED", C::kFailedPrecondition,
 "The survey draw of this round is closed.", "本批次调研考察抽取已经结束。"},
{Reason::kMeetingRequired, "MEETING_REQUIRED", C::kFailedPrecondition,
 "Give the number and the date of the meeting that decided.", "请填写审定会议的编号和日期。"},
{Reason::kConstructionNotOver, "CONSTRUCTION_NOT_OVER", C::kFailedPrecondition,
 "The construction period ends at {ends_at}.", "建设期于{ends_at}结束，尚未期满。"},
// Yearly report and evaluation
{Reason::kReportNotOpen, "REPORT_NOT_OPEN", C::kFailedPrecondition,
 "Annual reports open at {opens_at}.", "年度总结于{opens_at}开始填报。"},
{Reason::kReportClosed, "REPORT_CLOSED", C::kFailedPrecondition,
 "Annual reports closed at {closed_at}.", "年度总结已于{closed_at}截止。"},
{Reason::kReportStillOpen, "REPORT_STILL_OPEN", C::kFailedPrecondition,
 "Annual reports are open until {closes_at}.", "年度总结截止时间为{closes_at}，尚未截止。"},
{Reason::kEvaluationStarted, "EVALUATION_STARTED", C::kFailedPrecondition,
 "The evaluation has begun.", "评价已经开始。"},
{Reason::kCampaignClosed, "CAMPAIGN_CLOSED", C::kFailedPrecondition,
 "The evaluation campaign is not open.", "年度评价未开放。"},
{Reason::kNotAssigned, "NOT_ASSIGNED", C::kFailedPrecondition,
 "No evaluation firm is assigned, or not this one.", "尚未指派评价机构，或未指派给本机构。"},
{Reason::kScoreOutOfRange, "SCORE_OUT_OF_RANGE", C::kInvalidArgument,
 "A score is outside its range. See the fields.", "有分值超出范围，请查看各字段的说明。"},
{Reason::kScoresIncomplete, "SCORES_INCOMPLETE", C::kFailedPrecondition,
 "Scores are missing: {got} of at least {needed} experts.", "评分不齐：已有{got}位专家，至少需要{needed}位。"},
{Reason::kOutliersOpen, "OUTLIERS_OPEN", C::kFailedPrecondition,
 "{count} scores lie far from the others. Answer them first.", "有{count}个评分与其他评分差异过大，请先说明。"},
{Reason::kAppealEarly, "APPEAL_EARLY", C::kFailedPrecondition,
 "There is no preliminary result to appeal against yet.", "初步结果尚未公布，不能申诉。"},
{Reason::kAppealLate, "APPEAL_LATE", C::kFailedPrecondition,
 "The time for appeals ended at {closed_at}.", "申诉已于{closed_at}截止。"},
{Reason::kAppealOpen, "APPEAL_OPEN", C::kFailedPrecondition,
 "{count} appeals are not answered.", "有{count}件申诉尚未答复。"},
{Reason::kAppealTimeLeft, "APPEAL_TIME_LEFT", C::kFailedPrecondition,
 "Appeals are possible until {closes_at}.", "申诉截止时间为{closes_at}，尚未截止。"},
// Subsidy
{Reason::kInputsIncomplete, "INPUTS_INCOMPLETE", C::kFailedPrecondition,
 "The inputs of the run are not complete.", "测算所需数据不完整。"},
{Reason::kSamePerson, "SAME_PERSON", C::kFailedPrecondition,
 "A second person must do this.", "此操作须由另一人办理。"},
{Reason::kSecondPersonRequired, "SECOND_PERSON_REQUIRED", C::kFailedPrecondition,
 "This needs a first person who asked for it and a second who approves.", "此操作须经一人提出、另一人批准。"},
{Reason::kOverBudget, "OVER_BUDGET", C::kFailedPrecondition,
 "This would exceed the year's budget.", "超出年度预算。"},
{Reason::kAccountNotChecked, "ACCOUNT_NOT_CHECKED", C::kFailedPrecondition,
 "The payee's bank account has not been checked.", "收款账户尚未核对。"},
{Reason::kBankReferenceRequired, "BANK_REFERENCE_REQUIRED", C::kFailedPrecondition,
 "Give the bank's reference.", "请填写银行流水号。"},
{Reason::kNothingToClaimBack, "NOTHING_TO_CLAIM_BACK", C::kFailedPrecondition,
 "A corrected run does not show less than was paid.", "更正后的测算结果不低于已拨付金额。"},
{Reason::kRunFrozen, "RUN_FROZEN", C::kFailedPrecondition,
 "The run is frozen and cannot be changed.", "测算结果已固化，不能修改。"},
});
// clang-format on

constexpr bool IsWord(std::string_view word) {
  if (word.size() < 3 || word.size() > 63 || word.front() < 'A' || word.front() > 'Z') return false;
  for (char c : word) {
    if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return false;
  }
  return word.back() != '_';
}

constexpr bool ErrorsAreSound() {
  for (size_t i = 0; i < kErrors.size(); ++i) {
    const ErrorRow& row = kErrors[i];
    if (static_cast<size_t>(row.reason) != i || !IsWord(row.word)) return false;
    if (row.code == C::kOk || row.en.empty() || row.zh.empty()) return false;
    for (size_t j = 0; j < i; ++j) {
      if (kErrors[j].word == row.word) return false;
    }
  }
  return kErrors.size() == static_cast<size_t>(Reason::kCount);
}
static_assert(ErrorsAreSound(), "one row per Reason, in its order, each word once");

// The payload is a list of strings, each written as <decimal length>:<bytes>, so that no text can
// break out of its place: version, reason, zh, en, number of metadata, key and value each, number
// of fields, field reason zh en clause severity each.
constexpr std::string_view kPayloadVersion = "1";

class Writer {
 public:
  void Put(std::string_view text) {
    absl::StrAppend(&out_, text.size(), ":");
    out_ += text;
  }
  void PutCount(size_t count) { Put(absl::StrCat(count)); }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  bool Get(std::string& text) {
    const size_t colon = in_.find(':');
    size_t length = 0;
    if (colon == std::string_view::npos || !absl::SimpleAtoi(Absl(in_.substr(0, colon)), &length)) {
      return false;
    }
    in_.remove_prefix(colon + 1);
    if (length > in_.size()) return false;
    text = in_.substr(0, length);
    in_.remove_prefix(length);
    return true;
  }
  // A count cannot exceed the bytes that are left: each thing takes at least two.
  bool GetCount(size_t& count) {
    std::string text;
    return Get(text) && absl::SimpleAtoi(text, &count) && count <= in_.size();
  }
  bool done() const { return in_.empty(); }

 private:
  std::string_view in_;
};

std::string Encode(const ErrorDetails& details) {
  Writer out;
  for (std::string_view text : {kPayloadVersion, std::string_view(details.reason),
                                std::string_view(details.zh), std::string_view(details.en)}) {
    out.Put(text);
  }
  out.PutCount(details.metadata.size());
  for (const auto& [key, value] : details.metadata) {
    out.Put(key);
    out.Put(value);
  }
  out.PutCount(details.fields.size());
  for (const FieldProblem& field : details.fields) {
    for (const std::string* text :
         {&field.field, &field.reason, &field.zh, &field.en, &field.clause}) {
      out.Put(*text);
    }
    out.PutCount(static_cast<size_t>(field.severity));
  }
  return out.Take();
}

std::optional<ErrorDetails> Decode(std::string_view payload) {
  Reader in(payload);
  ErrorDetails details;
  std::string version;
  size_t count = 0;
  if (!in.Get(version) || version != kPayloadVersion || !in.Get(details.reason) ||
      !in.Get(details.zh) || !in.Get(details.en) || !in.GetCount(count)) {
    return std::nullopt;
  }
  for (size_t i = 0; i < count; ++i) {
    std::string key;
    std::string value;
    if (!in.Get(key) || !in.Get(value)) return std::nullopt;
    details.metadata.emplace(std::move(key), std::move(value));
  }
  if (!in.GetCount(count)) return std::nullopt;
  for (size_t i = 0; i < count; ++i) {
    FieldProblem field;
    std::string severity;
    if (!in.Get(field.field) || !in.Get(field.reason) || !in.Get(field.zh) || !in.Get(field.en) ||
        !in.Get(field.clause) || !in.Get(severity) || severity.size() != 1 || severity < "0" ||
        severity > "2") {
      return std::nullopt;
    }
    field.severity = static_cast<Severity>(severity.front() - '0');
    details.fields.push_back(std::move(field));
  }
  if (!in.done()) return std::nullopt;
  return details;
}

}  // namespace

const ErrorRow& RowOf(Reason reason) {
  const auto index = static_cast<size_t>(reason);
  return kErrors[index < kErrors.size() ? index : static_cast<size_t>(Reason::kInternal)];
}

std::string_view WordOf(Reason reason) { return RowOf(reason).word; }

std::optional<Reason> ReasonOf(std::string_view word) {
  for (const ErrorRow& row : kErrors) {
    if (row.word == word) return row.reason;
  }
  return std::nullopt;
}

std::string FillHoles(std::string_view text, const std::map<std::string, std::string>& holes) {
  std::string out;
  while (true) {
    const size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    text.remove_prefix(open);
    const size_t close = text.find('}');
    const auto hole = close == std::string_view::npos
                          ? holes.end()
                          : holes.find(std::string(text.substr(1, close - 1)));
    if (hole == holes.end()) {
      out += '{';
      text.remove_prefix(1);
    } else {
      out += hole->second;
      text.remove_prefix(close + 1);
    }
  }
}

absl::Status RefuseWith(Reason reason, std::map<std::string, std::string> holes,
                        std::vector<FieldProblem> fields) {
  const ErrorRow& row = RowOf(reason);
  ErrorDetails details{
      .reason = std::string(row.word), .metadata = std::move(holes), .fields = std::move(fields)};
  details.zh = FillHoles(row.zh, details.metadata);
  details.en = FillHoles(row.en, details.metadata);
  return StatusOf(row.code, details);
}

absl::Status Refuse(Reason reason, std::initializer_list<Hole> holes,
                    std::vector<FieldProblem> fields) {
  return RefuseWith(reason, std::map<std::string, std::string>(holes.begin(), holes.end()),
                    std::move(fields));
}

absl::Status StatusOf(absl::StatusCode code, const ErrorDetails& details) {
  absl::Status status(code == C::kOk ? C::kInternal : code, details.en);
  status.SetPayload(Absl(kErrorPayload), absl::Cord(Encode(details)));
  return status;
}

std::optional<ErrorDetails> DetailsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(Absl(kErrorPayload));
  if (!payload) return std::nullopt;
  return Decode(std::string(*payload));
}

bool RefusedFor(const absl::Status& status, Reason reason) {
  const std::optional<ErrorDetails> details = DetailsOf(status);
  return details && details->reason == WordOf(reason);
}

FieldProblem ProblemAt(std::string_view field, const absl::Status& refusal,
                       std::string_view clause) {
  FieldProblem problem{.field = std::string(field), .clause = std::string(clause)};
  if (const std::optional<ErrorDetails> details = DetailsOf(refusal)) {
    problem.reason = details->reason;
    problem.zh = details->zh;
    problem.en = details->en;
  } else {
    const ErrorRow& row = RowOf(Reason::kInternal);
    problem.reason = row.word;
    problem.zh = row.zh;
    problem.en = row.en;
  }
  return problem;
}

bool HasErrors(const std::vector<FieldProblem>& problems) {
  for (const FieldProblem& problem : problems) {
    if (problem.severity == Severity::kError) return true;
  }
  return false;
}

}  // namespace alliance::domain
