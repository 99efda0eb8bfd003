#include "services/subsidy/request.h"

#include <algorithm>

#include "common/base/str.h"
#include "services/subsidy/convert.h"

namespace alliance::subsidy {

std::string PlanName(act::Shape& shape, std::string_view field, std::string_view name) {
  const std::string_view year =
      name.starts_with(kPlans) ? name.substr(kPlans.size()) : std::string_view();
  const bool right = year.size() == 4 && std::all_of(year.begin(), year.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
  shape.Check(right, field, "NAME", "名称应为 plans/{yyyy}", "must be plans/{yyyy}");
  return right ? std::string(year) : "";
}

void CheckCode(act::Shape& shape, std::string_view field, std::string_view code, size_t least,
               size_t most) {
  const bool right = code.size() >= least && code.size() <= most &&
                     std::all_of(code.begin(), code.end(), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                              (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
                     });
  shape.Check(right, field, "CODE",
              base::StrCat("应为 ", least, " 至 ", most, " 个字母、数字或 . _ -"),
              base::StrCat("must be ", least, " to ", most, " letters, digits or . _ -"));
}

void CheckBankReference(act::Shape& shape, std::string_view reference) {
  CheckCode(shape, "bank_reference", reference, 4, 64);
}

std::string CheckDecision(act::Shape& shape, const v1::DecideSubsidyCaseRequest& request) {
  std::string id = shape.YearlyName("name", kCases, request.name());
  shape.Etag(request.etag());
  shape.OptionalText("reason", request.reason(), kLongText);
  if (request.has_document()) shape.Document("document", request.document());
  return id;
}

absl::Status GatherDecision(const v1::DecideSubsidyCaseRequest& request, domain::Paper paper,
                            domain::Facts& facts) {
  facts.reason = request.reason();
  if (request.has_document()) facts.papers_given.Add(paper);
  return absl::OkStatus();
}

cases::Note NoteOf(const v1::DecideSubsidyCaseRequest& request) {
  cases::Note note{.reason = request.reason()};
  if (request.has_document()) note.paper_digest = request.document().sha256();
  return note;
}

}  // namespace alliance::subsidy
