// Whether a PDF is whole, open and inert, without rendering or following anything in it.
//
// A reader finds objects by the offsets of the cross-reference table, or, when that is damaged, by
// looking for "1 0 obj" in the bytes. So the whole file is read once as a row of tokens, every
// object must stand there in the open ("obj" nowhere inside a string, comment or stream), packed
// objects are unpacked, and all names are looked at with their #-escapes undone. Names that always
// mean trouble are looked for in every byte besides.

#ifndef ALLIANCE_SERVICES_FILING_PDF_CHECK_H_
#define ALLIANCE_SERVICES_FILING_PDF_CHECK_H_

#include <string_view>

#include "absl/status/status.h"

namespace alliance::filing {

// `content` begins with "%PDF-".
absl::Status CheckPdf(std::string_view content);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PDF_CHECK_H_
