// Scanner: what a virus scanner says about a content. Clean is only what it has called clean.

#ifndef ALLIANCE_SERVICES_FILING_SCANNER_H_
#define ALLIANCE_SERVICES_FILING_SCANNER_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace alliance::filing {

class Scanner {
 public:
  virtual ~Scanner() = default;
  // OK when the scanner says that the content is clean; MALWARE_FOUND when it found something;
  // SCANNER_UNAVAILABLE whatever else happens: no connection, no answer in time, an answer that is
  // not understood, a content that it does not take.
  virtual absl::Status Scan(std::string_view content, absl::Duration limit) const = 0;
};

// clamd's INSTREAM command. `address`: host:port, or the path of a unix socket.
std::unique_ptr<Scanner> MakeClamd(std::string address);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_SCANNER_H_
