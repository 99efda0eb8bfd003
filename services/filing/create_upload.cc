// CreateUpload: room for a paper that comes in pieces.

#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {

absl::Status FilingService::CreateUpload(const rpc::Call& call,
                                         const v1::CreateUploadRequest& request,
                                         v1::Upload* answer) {
  act::Shape shape;
  const std::string id = shape.Name("application", kApplications, request.application());
  PaperPlan plan = ReadPlan(request.paper(), &shape);
  shape.Check(request.paper().size_bytes() >= 0, "paper.size_bytes", "NEGATIVE", "不能为负数",
              "must not be negative");
  RETURN_IF_ERROR(shape.Done());
  plan.application_id = id;
  // No row of the case changes, so nothing is written into its history.
  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(const UploadRow row, intake_.Begin(step, plan, request.paper().size_bytes()));
    FillUpload(row, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
