#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {

// Open to everybody. Whether it is over is told from the clock; nothing is written.
absl::Status ReviewService::GetNotice(const rpc::Call& call, const v1::GetNoticeRequest& request,
                                      v1::NoticeBatch* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kBatchPrefix, request.name());
  RETURN_IF_ERROR(shape.Done());
  return deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    answer->Clear();
    const Scope scope = Scope::Published();
    const std::optional<BatchRow> batch = FindBatch(txn, id, scope);
    if (!batch) return domain::Refuse(domain::Reason::kNotPermitted);
    const bool for_office = MayReadOffice(call.caller, batch->region);
    FillBatch(*batch, ListNoticeLines(txn, id, scope), deps_.clock.Now(), for_office, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::review
