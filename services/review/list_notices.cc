#include "common/act/page.h"
#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "services/review/convert.h"
#include "services/review/notice_store.h"
#include "services/review/review_service.h"

namespace alliance::review {
// Open to everybody: nothing that is not on the notice itself. What has not begun is not listed.
absl::Status ReviewService::ListNotices(const rpc::Call& call,
                                        const v1::ListNoticesRequest& request,
                                        v1::ListNoticesResponse* answer) {
  act::Shape shape;
  shape.OptionalText("region", request.region(), 16);
  shape.Check(v1::NoticeBatch::State_IsValid(request.state()), "state", "NOT_IN_LIST", "没有此状态",
              "is not a state");
  RETURN_IF_ERROR(shape.Done());
  const std::string question =
      base::StrCat(request.region(), "/", static_cast<int>(request.state()));
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, question, request.page_size(), request.page_token()));
  NoticeFilter filter{.now = deps_.clock.Now(), .limit = page.limit + 1};
  if (!page.after.empty()) {
    ASSIGN_OR_RETURN(const act::TimeKey last, act::ParseTimeKey(page.after));
    filter.before_opens = last.time;
    filter.before_id = last.id;
  }
  if (!request.region().empty()) filter.region = request.region();
  if (request.state() != v1::NoticeBatch::STATE_UNSPECIFIED) {
    filter.running = request.state() == v1::NoticeBatch::OPEN;
  }

  std::vector<ListedBatch> batches;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    batches = ListBatches(txn, filter, Scope::Published());
    return absl::OkStatus();
  }));
  const bool more = static_cast<int>(batches.size()) > page.limit;
  if (more) batches.resize(page.limit);
  for (const ListedBatch& one : batches) {
    v1::NoticeBatch* notice = answer->add_notices();
    FillBatch(one.batch, {}, filter.now, MayReadOffice(call.caller, one.batch.region), notice);
    notice->set_item_count(one.lines);
  }
  if (more) {
    const BatchRow& last = batches.back().batch;
    answer->set_next_page_token(
        act::PageToken(call, question, act::FormatKey({.time = last.opens, .id = last.id})));
  }
  return absl::OkStatus();
}

}  // namespace alliance::review
