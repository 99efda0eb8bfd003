#include "services/review/form_path.h"

#include <algorithm>
#include <string>

#include "alliance/filing/v1/form.pb.h"
#include "google/protobuf/descriptor.h"

namespace alliance::review {
namespace {

constexpr size_t kLongestIndex = 3;  // 999: more rows than any form may have

// Takes "[12]" off the end of `segment`. False when there are brackets that hold no number.
bool TakeIndex(std::string_view& segment, bool& indexed) {
  indexed = false;
  const size_t open = segment.find('[');
  if (open == std::string_view::npos) return segment.find(']') == std::string_view::npos;
  const std::string_view inside = segment.substr(open + 1);
  if (inside.size() < 2 || inside.back() != ']') return false;
  const std::string_view digits = inside.substr(0, inside.size() - 1);
  if (digits.size() > kLongestIndex ||
      !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  segment = segment.substr(0, open);
  indexed = true;
  return true;
}

}  // namespace

bool IsFormPath(std::string_view path, const domain::PaperRules& papers) {
  if (path == "recommender_region") return true;
  constexpr std::string_view kPapers = "papers.";
  bool indexed = false;
  if (path.starts_with(kPapers)) {
    path.remove_prefix(kPapers.size());
    return TakeIndex(path, indexed) && domain::KnowsSlot(papers, path);
  }
  const google::protobuf::Descriptor* message = filing::v1::ApplicationForm::descriptor();
  while (true) {
    const size_t dot = path.find('.');
    std::string_view segment = path.substr(0, dot);
    if (message == nullptr || !TakeIndex(segment, indexed)) return false;
    const auto* field = message->FindFieldByName(std::string(segment));
    if (field == nullptr || (indexed && !field->is_repeated())) return false;
    if (dot == std::string_view::npos) return true;
    // Below a repeated field a row must be named.
    if (field->is_repeated() && !indexed) return false;
    message = field->message_type();
    path.remove_prefix(dot + 1);
  }
}

}  // namespace alliance::review
