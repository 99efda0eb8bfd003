#include <utility>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/print/recommendation_prints.h"
#include "services/review/case_facts.h"
#include "services/review/frozen_list.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

using Asked = v1::PrintRecommendationRequest;

absl::StatusOr<std::string> Draw(const Asked& asked, const FrozenList& list,
                                 const rules::Pack& pack) {
  if (asked.part() == Asked::LETTER) return print::PrintLetter(LetterOf(list, pack));
  const print::Summary summary = SummaryOf(list, pack);
  return asked.format() == Asked::XLSX ? print::SummarySheet(summary)
                                       : print::PrintSummary(summary);
}

}  // namespace

// Drawn from the frozen rows, never from the cases as they are now.
absl::Status ReviewService::PrintRecommendation(const rpc::Call& call,
                                                const v1::PrintRecommendationRequest& request,
                                                filing::v1::Print* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kListPrefix, request.name());
  shape.Check(request.part() == Asked::LETTER || request.part() == Asked::SUMMARY, "part",
              "NOT_IN_LIST", "应为 LETTER 或 SUMMARY", "must be LETTER or SUMMARY");
  shape.Check(request.format() == Asked::PDF || request.format() == Asked::XLSX, "format",
              "NOT_IN_LIST", "应为 PDF 或 XLSX", "must be PDF or XLSX");
  shape.Check(request.part() != Asked::LETTER || request.format() != Asked::XLSX, "format",
              "NOT_FOR_LETTER", "推荐函只能生成 PDF", "the letter is made as PDF only");
  RETURN_IF_ERROR(shape.Done());

  std::optional<FrozenList> list;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    list = FindFrozenList(txn, id, call.caller);
    return list ? absl::OkStatus() : domain::Refuse(domain::Reason::kNotPermitted);
  }));
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, list->row.round_id));
  ASSIGN_OR_RETURN(std::string content, Draw(request, *list, *pack));
  const bool sheet = request.format() == Asked::XLSX;
  answer->set_media_type(sheet ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                               : "application/pdf");
  answer->set_file_name(base::StrCat(request.part() == Asked::LETTER ? "letter-" : "summary-", id,
                                     sheet ? ".xlsx" : ".pdf"));
  answer->set_sha256(crypto::Sha256(content));
  answer->set_content(std::move(content));
  return absl::OkStatus();
}

}  // namespace alliance::review
