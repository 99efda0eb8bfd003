// Edits of a form: which fields a request names, how they are merged, and what has changed.

#ifndef ALLIANCE_SERVICES_FILING_FORM_EDIT_H_
#define ALLIANCE_SERVICES_FILING_FORM_EDIT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "alliance/filing/v1/filing.pb.h"

namespace alliance::filing {

// What an update names (AIP-134): paths below `form`, and the recommender.
struct Edit {
  bool whole_form = false;
  bool recommender = false;
  std::vector<std::string> paths;  // "lead.staff"

  bool empty() const { return !whole_form && !recommender && paths.empty(); }
};

// No mask: every populated field. "*": the whole form, and the recommender if given. Output-only
// paths are ignored; a path that does not exist is INVALID_REQUEST.
absl::StatusOr<Edit> ReadEdit(const v1::UpdateApplicationRequest& request);

// The named fields of `from` replace those of `to`; a named field that `from` lacks is emptied.
void Merge(const Edit& edit, const v1::ApplicationForm& from, v1::ApplicationForm* to);

// As stored: line ends are LF, text is in normal form NFC, credit codes normalised. Nothing else is
// changed for the user.
void Normalise(v1::ApplicationForm* form);

// Paths that differ, as in problems: "lead.rd_spend_fen.y1", "members[2].position"; "members" when
// rows were added or removed.
std::vector<std::string> ChangedPaths(const v1::ApplicationForm& before,
                                      const v1::ApplicationForm& after);

// True when a mark asks for a change of `path`: it names the path, something above it, or a part of
// it.
bool IsMarked(std::string_view path,
              const google::protobuf::RepeatedPtrField<v1::FieldMark>& marks);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_FORM_EDIT_H_
