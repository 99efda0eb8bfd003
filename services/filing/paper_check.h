// What a file is and whether it may become a paper: pure functions over its bytes (R-031 … R-035).
//
// The type is what the content says, never the name; the name's ending must only agree. Nothing of
// the content is executed, rendered or followed. Each refusal is FILE_REFUSED with one problem at
// "content", whose reason is a word of FileProblem and whose text says what to do.

#ifndef ALLIANCE_SERVICES_FILING_PAPER_CHECK_H_
#define ALLIANCE_SERVICES_FILING_PAPER_CHECK_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/domain/papers.h"

namespace alliance::filing {

enum class FileProblem {
  kEmpty,
  kUnknownType,
  kEnding,
  kTooLarge,
  kArchiveInside,
  kPdfTruncated,
  kPdfTrailingData,
  kPdfBroken,
  kPdfEncrypted,
  kPdfActive,
  kPdfHidden,
  kPdfUnreadable,
  kPdfBomb,
  kImageTruncated,
  kImageBroken,
  kImageTrailingData,
  kImagePixels,

  kCount,
};

// FILE_REFUSED; `what` fills the text's hole, where it has one.
absl::Status RefuseFile(FileProblem problem, std::string_view what = "");
std::string_view WordOf(FileProblem problem);

// "application/pdf", "image/jpeg" or "image/png" by the first bytes of the content; nothing for any
// other kind. The name of a file proves nothing.
std::optional<std::string_view> MediaTypeOf(std::string_view content);

// True when the name's ending is one of this kind of content.
bool EndingFits(std::string_view file_name, std::string_view media_type);

// The largest file that could be accepted under this name; nothing when no file could.
std::optional<int64_t> LargestUnder(std::string_view file_name, const domain::PaperLimits& limits);

// Its media type, when the whole content may be taken.
absl::StatusOr<std::string_view> CheckPaper(std::string_view content, std::string_view file_name,
                                            const domain::PaperLimits& limits);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PAPER_CHECK_H_
