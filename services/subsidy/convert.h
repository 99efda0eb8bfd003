// Convert: rows of the store to what the API shows, by reader, and back.

#ifndef ALLIANCE_SERVICES_SUBSIDY_CONVERT_H_
#define ALLIANCE_SERVICES_SUBSIDY_CONVERT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "alliance/subsidy/v1/subsidy.pb.h"
#include "common/domain/caller.h"
#include "common/domain/subsidy.h"
#include "services/subsidy/payment_store.h"
#include "services/subsidy/subsidy_store.h"

namespace alliance::subsidy {

namespace v1 = ::alliance::subsidy::v1;

inline constexpr std::string_view kCases = "subsidyCases/";
inline constexpr std::string_view kPlans = "plans/";
inline constexpr std::string_view kRuns = "runs/";
inline constexpr std::string_view kPaymentLists = "paymentLists/";

std::string NameOf(const Case& row);

void FillPlan(const Plan& plan, v1::Plan* out);
void FillRun(const Run& run, v1::Run* out);
// Lines as they were stored; INTERNAL when one cannot be read.
absl::Status FillLines(const std::vector<RunLine>& lines, v1::Run* out);
// The row alone, as lists and the answers of acts have it: without trace and timeline.
void FillCase(const Case& row, const domain::Caller& reader, v1::SubsidyCase* out);
// Bank accounts show their last four digits.
void FillPaymentList(const PaymentList& list, const std::vector<PaymentLine>& lines,
                     v1::PaymentList* out);

v1::TraceStep ToProto(const domain::TraceStep& step);
domain::TraceStep FromProto(const v1::TraceStep& step);
Document FromProto(const filing::v1::Document& document);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_CONVERT_H_
