// WriteUpload: the next piece of a paper. The offset makes a repeat harmless.

#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

absl::Status FilingService::WriteUpload(const rpc::Call& call,
                                        const v1::WriteUploadRequest& request, v1::Upload* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kUploads, request.name());
  shape.Check(request.offset() >= 0, "offset", "NEGATIVE", "不能为负数", "must not be negative");
  shape.Between("content", static_cast<int64_t>(request.content().size()), 1, kLargestPiece);
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const UploadRow row,
                   intake_.Write(call, id, request.offset(), request.content()));
  FillUpload(row, answer);
  return absl::OkStatus();
}

}  // namespace alliance::filing
