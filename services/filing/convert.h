// Between the wire (alliance.filing.v1), the law (common/domain) and the rows of the stores.

#ifndef ALLIANCE_SERVICES_FILING_CONVERT_H_
#define ALLIANCE_SERVICES_FILING_CONVERT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/domain/caller.h"
#include "common/domain/form.h"
#include "common/domain/papers.h"
#include "common/rules/pack.h"
#include "services/filing/extension_store.h"
#include "services/filing/filing_store.h"
#include "services/filing/province_store.h"
#include "services/filing/registry_store.h"

namespace alliance::filing {

inline constexpr std::string_view kRounds = "rounds/";
inline constexpr std::string_view kApplications = "applications/";
inline constexpr std::string_view kAlliances = "alliances/";
inline constexpr std::string_view kUploads = "uploads/";
inline constexpr std::string_view kDecisions = "decisions/";
inline constexpr std::string_view kDraws = "draws/";
inline constexpr std::string_view kExtensions = "extensions/";

domain::Form ToDomain(const v1::ApplicationForm& form, std::string_view recommender_region);
std::vector<domain::PaperGiven> ToDomain(const std::vector<PaperRow>& papers);
v1::FormProblem ToProto(const domain::FieldProblem& problem);
v1::Paper ToProto(std::string_view application_id, const PaperRow& row);

void FillRound(const rules::Pack& pack, v1::Round* out);
void FillExtension(const ExtensionRow& row, const domain::Caller& reader, v1::Extension* out);
// `inside`: with the cases, for officials.
void FillDraw(const DrawRow& row, bool inside, v1::Draw* out);

// Without form and papers: what lists and the acts of officials answer. An applicant is told the
// state as SeenByApplicant says.
void FillApplication(const Application& row, const domain::Caller& reader, v1::Application* out);
// Name and phone of the contact are for the firm and its recommender; to others they are masked.
bool MaySeeContact(const Application& row, const domain::Caller& reader);
void MaskContact(v1::ApplicationForm* form);

// Form and papers as well; the contact masked for whom it is not.
void FillForm(const Application& row, v1::ApplicationForm form, const std::vector<PaperRow>& papers,
              const domain::Caller& reader, v1::Application* out);
// Takes out of a timeline what an applicant is not told: steps that stay inside one label.
void HideInside(const domain::Caller& reader,
                google::protobuf::RepeatedPtrField<v1::TimelineEntry>* timeline);

void FillAlliance(const RegisteredAlliance& alliance, v1::Alliance* out);
void FillYear(const YearRow& row, const domain::Caller& reader, v1::AllianceYear* out);
std::string YearName(const YearRow& row);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_CONVERT_H_
