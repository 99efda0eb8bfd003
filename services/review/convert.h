// Between the wire and the rows: what a reader may see of a case and a notice.

#ifndef ALLIANCE_SERVICES_REVIEW_CONVERT_H_
#define ALLIANCE_SERVICES_REVIEW_CONVERT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "alliance/events/v1/events.pb.h"
#include "alliance/filing/v1/filing.pb.h"
#include "alliance/filing/v1/paper.pb.h"
#include "alliance/review/v1/review.pb.h"
#include "common/domain/caller.h"
#include "common/domain/eligibility.h"
#include "common/domain/state.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/review/desk_store.h"
#include "services/review/notice_store.h"
#include "services/review/review_store.h"

namespace alliance::review {

inline constexpr std::string_view kCasePrefix = "reviewCases/";
inline constexpr std::string_view kApplicationPrefix = "applications/";
inline constexpr std::string_view kBatchPrefix = "noticeBatches/";
inline constexpr std::string_view kRecommendationPrefix = "recommendations/";
inline constexpr std::string_view kObjectionPrefix = "objections/";
inline constexpr std::string_view kForwardingPrefix = "forwardings/";
inline constexpr std::string_view kDelegationPrefix = "delegations/";
inline constexpr std::string_view kRoundPrefix = "rounds/";

std::string CaseName(const CaseRow& row);

// What an outcome is called; nothing for none.
std::string_view OutcomeZh(v1::NoticeItem::Outcome outcome);

filing::v1::Application::State ToWire(domain::State state);
// Nothing for STATE_UNSPECIFIED and unknown numbers.
std::optional<domain::State> FromWire(filing::v1::Application::State state);

// The columns `conditions` and `marks` of a case.
std::string PackConditions(const std::vector<domain::ConditionRecord>& records);
std::vector<domain::ConditionRecord> UnpackConditions(std::string_view bytes);
std::string PackMarks(const google::protobuf::RepeatedPtrField<filing::v1::FieldMark>& marks);
google::protobuf::RepeatedPtrField<filing::v1::FieldMark> UnpackMarks(std::string_view bytes);

domain::ConditionRecord FromWire(const v1::ConditionRecord& record);

DocumentRow FromWire(const filing::v1::Document& document);
filing::v1::Document ToWire(const DocumentRow& row);

// What filing must know of a declaration: there, too, the case opens by it.
events::v1::Event DeclaredEvent(const DeclarationRow& row);

// SHA-256 of the sorted lines "reviewCases/{id}<TAB>version_digest<LF>", 32 bytes: what
// RecommendCases and CloseRound bind themselves to.
std::string ListDigest(const std::vector<CaseRow>& cases);

// Everything but form, papers, warnings and timeline, as `reader` may see it. Applicants see the
// state as it is told to them and nothing of the review.
void FillCase(const CaseRow& row, const domain::Caller& reader, v1::ReviewCase* out);
// How the time limit of its review stands, for officials.
void FillTimeLimit(const CaseRow& row, const domain::Caller& reader, absl::Time now,
                   v1::ReviewCase* out);
// The locked version. False when the bytes cannot be read.
bool FillVersion(std::string_view bytes, const CaseRow& row, const domain::Caller& reader,
                 v1::ReviewCase* out);

// The public view of a notice; `for_office` adds what MayReadOffice allows.
void FillBatch(const BatchRow& row, const std::vector<NoticeLine>& lines, absl::Time now,
               bool for_office, v1::NoticeBatch* out);

// Whether `reader` sees of a notice, or of a list, what is not public: the recommender that holds
// it, the province and the auditor.
bool MayReadOffice(const domain::Caller& reader, std::string_view region);

}  // namespace alliance::review

#endif  // ALLIANCE_SERVICES_REVIEW_CONVERT_H_
