// Every error that the product can say, in one list.
//
// A refusal is a Reason. Its row in kErrors gives the stable word that programs read, the status
// code, and one sentence in each language that says what to do next; `{name}` is a hole. Adding an
// error is one enumerator and one row; static_asserts tie them together.
//
//   return Refuse(Reason::kWindowClosed, {{"closed_at", "2023-04-26 00:00"}});
//
// The details ride inside absl::Status as a payload, so a domain function can return plain
// absl::Status, and the status bridge of common/rpc turns it into google.rpc details.

#ifndef ALLIANCE_COMMON_DOMAIN_ERRORS_H_
#define ALLIANCE_COMMON_DOMAIN_ERRORS_H_

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace alliance::domain {

enum class Reason {
  // Who are you, may you?
  kLoginRequired,
  kTokenInvalid,
  kTokenExpired,
  kBadCredentials,
  kLockedOut,
  kNotPermitted,
  // The shape of a request
  kInvalidRequest,
  kRequestIdRequired,
  kRequestIdReused,
  kEtagRequired,
  kPageTokenInvalid,
  kNoSuchMethod,
  kTooLarge,
  kFileRefused,
  kFileDigestMismatch,
  kMalwareFound,
  kUploadOffsetWrong,
  kUploadIncomplete,
  kUploadExpired,
  kAmountNotANumber,
  kAmountTooManyDecimals,
  kAmountNegative,
  kAmountTooLarge,
  // The state of things
  kEtagStale,
  kWrongState,
  kHeldElsewhere,
  kOutOfOrder,
  kAlreadyExists,
  // Load, time and machines
  kOverloaded,
  kRateLimited,
  kQuotaExceeded,
  kDeadline,
  kCancelled,
  kDatabaseUnavailable,
  kScannerUnavailable,
  kPeerUnavailable,
  kShuttingDown,
  kOutcomeUnknown,
  kClockNotSettable,
  kInternal,
  // Rule packs and the calendar
  kRoundUnknown,
  kRoundFrozen,
  kPackInvalid,
  kPackRefused,
  kSupersedesMismatch,
  kYearNotLoaded,
  // Filing by the lead enterprise
  kWindowNotOpen,
  kWindowClosed,
  kWindowStillOpen,
  kCorrectionTimeOver,
  kCorrectionTimeLeft,
  kFirstSubmissionLate,
  kUnrequestedEdits,
  kFormHasErrors,
  kPapersMissing,
  kPapersNotClean,
  kAlreadyApplied,
  kRenewalRefused,
  // Extensions of a deadline
  kExtensionsNotAllowed,
  kExtensionUseless,
  kExtensionLate,
  kExtensionShortens,
  kExtensionTooLong,
  // Regional review
  kClaimedByOther,
  kConflictOfInterest,
  kMarksRequired,
  kConditionOpen,
  kConditionFailed,
  kNoFailedCondition,
  kVerifiedRdMissing,
  kOverrideNeedsReason,
  kRouteViaCity,
  kRouteDirect,
  kForwardClosed,
  kReasonRequired,
  kPaperRequired,
  // Public notice and recommendation
  kBatchRequired,
  kPlannerWarningOpen,
  kNoticeNotOver,
  kObjectionAnonymous,
  kObjectionWithoutGrounds,
  kObjectionLate,
  kObjectionEarly,
  kRecommendNotOpen,
  kRecommendClosed,
  kRecommendStillOpen,
  kListMismatch,
  // The province
  kNotDrawn,
  kDrawOpen,
  kDrawClosed,
  kMeetingRequired,
  kConstructionNotOver,
  // Yearly report and evaluation
  kReportNotOpen,
  kReportClosed,
  kReportStillOpen,
  kEvaluationStarted,
  kCampaignClosed,
  kNotAssigned,
  kScoreOutOfRange,
  kScoresIncomplete,
  kOutliersOpen,
  kAppealEarly,
  kAppealLate,
  kAppealOpen,
  kAppealTimeLeft,
  // Subsidy
  kInputsIncomplete,
  kSamePerson,
  kSecondPersonRequired,
  kOverBudget,
  kAccountNotChecked,
  kBankReferenceRequired,
  kNothingToClaimBack,
  kRunFrozen,

  kCount,  // not an error: the number of rows below
};

enum class Severity {
  kWarning,        // shown, asked about, stops nothing
  kNeedsOverride,  // may be submitted; a reviewer overrides it with a reason before passing the
                   // case
  kError,          // stops the submission
};

// One thing wrong at one place of a form or request.
struct FieldProblem {
  std::string field;   // path as in the proto: "lead.rd_spend_fen.y1", "members[2].credit_code"
  std::string reason;  // stable word: "REQUIRED", "X04", "CHECK_CHAR"
  std::string zh;
  std::string en;
  std::string clause;  // where it comes from: "A4.3", "Q18"; may be empty
  Severity severity = Severity::kError;

  friend bool operator==(const FieldProblem&, const FieldProblem&) = default;
};

struct ErrorRow {
  Reason reason;
  std::string_view word;
  absl::StatusCode code;
  std::string_view en;
  std::string_view zh;
};

struct ErrorDetails {
  std::string reason;                           // the word
  std::map<std::string, std::string> metadata;  // hole → value
  std::string zh;                               // with the holes filled
  std::string en;
  std::vector<FieldProblem> fields;

  friend bool operator==(const ErrorDetails&, const ErrorDetails&) = default;
};

using Hole = std::pair<std::string_view, std::string_view>;

// A status with the code and English text of `reason`, and all details. A hole that the texts do
// not name goes into the metadata only; a hole of the texts that is not given stays as it is
// written.
absl::Status Refuse(Reason reason, std::initializer_list<Hole> holes = {},
                    std::vector<FieldProblem> fields = {});
absl::Status RefuseWith(Reason reason, std::map<std::string, std::string> holes,
                        std::vector<FieldProblem> fields = {});

// The details of a status made by Refuse or StatusOf; nothing for any other, and nothing when the
// payload is damaged.
std::optional<ErrorDetails> DetailsOf(const absl::Status& status);

// The other way, for a client that received details from a peer. `code` must not be OK.
absl::Status StatusOf(absl::StatusCode code, const ErrorDetails& details);

// True when `status` was refused for exactly this reason.
bool RefusedFor(const absl::Status& status, Reason reason);

// A refusal of one value (an amount, a code) as a problem of the field it came from.
FieldProblem ProblemAt(std::string_view field, const absl::Status& refusal,
                       std::string_view clause = "");

// `{name}` replaced by its value. A brace that opens no known hole stays.
std::string FillHoles(std::string_view text, const std::map<std::string, std::string>& holes);

const ErrorRow& RowOf(Reason reason);
std::string_view WordOf(Reason reason);
std::optional<Reason> ReasonOf(std::string_view word);

bool HasErrors(const std::vector<FieldProblem>& problems);

// The name of the payload inside absl::Status.
inline constexpr std::string_view kErrorPayload = "alliance/error";

}  // namespace alliance::domain

#endif  // ALLIANCE_COMMON_DOMAIN_ERRORS_H_
