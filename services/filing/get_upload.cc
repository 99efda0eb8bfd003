// GetUpload: where an upload goes on.

#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

absl::Status FilingService::GetUpload(const rpc::Call& call, const v1::GetUploadRequest& request,
                                      v1::Upload* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kUploads, request.name());
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const UploadRow row, intake_.Find(call, id));
  FillUpload(row, answer);
  return absl::OkStatus();
}

}  // namespace alliance::filing
