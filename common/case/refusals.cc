#include "common/case/refusals.h"

#include <optional>

namespace alliance::cases {

void Refusals::Add(std::string_view path, std::string_view case_name, const absl::Status& refusal) {
  if (first_.ok()) {
    first_ = refusal;
    first_name_ = case_name;
  }
  fields_.push_back(domain::ProblemAt(path, refusal));
}

absl::Status Refusals::Done() const {
  std::optional<domain::ErrorDetails> details = domain::DetailsOf(first_);
  if (!details) return first_;
  details->metadata.emplace(kind_, first_name_);
  details->fields.insert(details->fields.end(), fields_.begin(), fields_.end());
  return domain::StatusOf(first_.code(), *details);
}

}  // namespace alliance::cases
