// What an HttpSession keeps of the file that goes through it.

#ifndef ALLIANCE_SERVICES_GATEWAY_HTTP_TRANSFER_H_
#define ALLIANCE_SERVICES_GATEWAY_HTTP_TRANSFER_H_

#include <optional>
#include <string>

#include "common/domain/caller.h"
#include "services/gateway/file_headers.h"
#include "services/gateway/http_session.h"

namespace alliance::gateway {

struct HttpSession::Transfer {
  FilePath path;
  domain::Caller caller;
  absl::Time session_expire;
  // An upload: where the next piece stands, and how much of the body has not been read.
  UploadSpan span;
  int64_t offset = 0;
  int64_t size_bytes = 0;
  int64_t unread = 0;
  bool body_read = false;  // to its last byte, past the parser, and written
  std::string piece;
  // A download.
  std::string request_id;
  ByteRange part;
  using Head = boost::beast::http::response<boost::beast::http::empty_body>;
  std::optional<Head> head;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::empty_body>> serializer;
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_HTTP_TRANSFER_H_
