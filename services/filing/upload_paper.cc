// UploadPaper: a paper in one stream, by way of an upload that nobody else sees.

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/obs/log.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"

namespace alliance::filing {
namespace {

constexpr absl::Duration kAbandonTime = absl::Seconds(5);

absl::Status WrongPart(std::string_view field, std::string_view zh, std::string_view en) {
  act::Shape shape;
  shape.Check(false, field, "OUT_OF_PLACE", zh, en);
  return shape.Done();
}

}  // namespace

absl::Status FilingService::UploadPaper(const rpc::Call& call,
                                        rpc::Incoming<v1::UploadPaperRequest>& in,
                                        v1::Application* answer) {
  v1::UploadPaperRequest message;
  ASSIGN_OR_RETURN(const bool begun, in.Next(&message));
  if (!begun || !message.has_header()) {
    return WrongPart("header", "须为第一条消息", "must be the first message");
  }
  const v1::UploadPaperHeader header = message.header();
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, header.name());
  shape.Etag(header.etag());
  PaperPlan plan = ReadPlan(header.paper(), &shape);
  // A repeat of the request is known by its header alone, so the header must name the content.
  shape.Check(plan.sha256.has_value(), "paper.sha256", "REQUIRED", "必填", "is required");
  shape.Check(header.paper().size_bytes() >= 0, "paper.size_bytes", "NEGATIVE", "不能为负数",
              "must not be negative");
  RETURN_IF_ERROR(shape.Done());
  plan.application_id = id;

  UploadRow upload;
  RETURN_IF_ERROR(act::Sweep(deps_, call, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(upload, intake_.Begin(step, plan, header.paper().size_bytes()));
    return absl::OkStatus();
  }));
  const absl::Cleanup abandon = [&] {
    const absl::Status status = intake_.Abandon(upload.id, absl::Now() + kAbandonTime);
    if (!status.ok()) {  // the sweeper removes it when its time is over
      obs::Log(obs::Level::kWarning, "upload_not_dropped",
               {{"upload", upload.id}, {"status", status.ToString()}});
    }
  };
  while (true) {
    ASSIGN_OR_RETURN(const bool more, in.Next(&message));
    if (!more) break;
    if (!message.has_content()) {
      return WrongPart("content", "第一条消息之后须为内容", "must follow the first message");
    }
    act::Shape piece;
    piece.Between("content", static_cast<int64_t>(message.content().size()), 1, kLargestPiece);
    RETURN_IF_ERROR(piece.Done());
    ASSIGN_OR_RETURN(upload,
                     intake_.Write(call, upload.id, upload.offset_bytes, message.content()));
  }
  return intake_.AttachUpload(call, header, header.etag(), id, upload.id, answer);
}

}  // namespace alliance::filing
