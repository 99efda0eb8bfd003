// AttachPaper: one paper into its slot (R-030 … R-035). What it is, its content says.

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {
namespace {

constexpr size_t kLargestInline = 1 << 20;

}  // namespace

absl::Status FilingService::AttachPaper(const rpc::Call& call,
                                        const v1::AttachPaperRequest& request,
                                        v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Etag(request.etag());
  if (!request.upload().empty()) {
    const std::string upload = shape.Name("upload", kUploads, request.upload());
    shape.Check(request.content().empty(), "content", "NOT_BOTH", "与 upload 只能填写一项",
                "give either content or upload");
    shape.Check(!request.has_paper(), "paper", "NOT_BOTH", "已在上传时填写",
                "was said when the upload began");
    RETURN_IF_ERROR(shape.Done());
    return intake_.AttachUpload(call, request, request.etag(), id, upload, answer);
  }
  PaperPlan plan = ReadPlan(request.paper(), &shape);
  RETURN_IF_ERROR(shape.Done());
  if (request.content().size() > kLargestInline) {
    return domain::Refuse(domain::Reason::kTooLarge, {{"limit", "1 MiB"}});
  }
  plan.application_id = id;
  return intake_.Attach(call, request, request.etag(), std::move(plan), request.content(), answer);
}

}  // namespace alliance::filing
