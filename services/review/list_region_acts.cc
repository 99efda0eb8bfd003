#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/act/page.h"
#include "common/act/shape.h"
#include "common/act/wire_time.h"
#include "common/audit/history.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "services/review/convert.h"
#include "services/review/review_service.h"

namespace alliance::review {
namespace {

// A page ends at an act: "1682000000000000 <chain> 3".
std::string KeyOf(const audit::HistoryRow& row) {
  return base::StrCat(absl::ToUnixMicros(row.act.at), " ", row.act.case_id, " ", row.seq);
}

absl::Status StartAfter(std::string_view key, audit::RegionPage* page) {
  if (key.empty()) return absl::OkStatus();
  const std::vector<std::string> parts = absl::StrSplit(base::Absl(key), ' ');
  int64_t micros = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &micros) ||
      !absl::SimpleAtoi(parts[2], &page->after_seq)) {
    return domain::Refuse(domain::Reason::kPageTokenInvalid);
  }
  page->after_at = absl::FromUnixMicros(micros);
  page->after_case = parts[1];
  return absl::OkStatus();
}

void Fill(const audit::HistoryRow& row, v1::RegionAct* out) {
  const audit::Act& done = row.act;
  // A case's chain is its bare id; all others carry their whole name.
  out->set_target(base::IsUuid(done.case_id) ? base::StrCat(kCasePrefix, done.case_id)
                                             : done.case_id);
  out->set_sequence(row.seq);
  act::SetTime(done.at, out->mutable_act_time());
  out->set_actor(done.actor);
  out->set_role(done.role);
  out->set_action(done.action);
  out->set_from_state(done.from_state);
  out->set_to_state(done.to_state);
  out->set_reason(done.reason);
  if (done.paper_digest) out->set_paper_digest(crypto::Hex(*done.paper_digest));
  out->set_hash(crypto::Hex(row.hash));
}

}  // namespace

// From the audit trail itself, so that it shows what was done and not what is left of it.
absl::Status ReviewService::ListRegionActs(const rpc::Call& call,
                                           const v1::ListRegionActsRequest& request,
                                           v1::ListRegionActsResponse* answer) {
  if (!MayReadOffice(call.caller, request.region())) {
    return domain::Refuse(domain::Reason::kNotPermitted);
  }
  act::Shape shape;
  shape.Text("region", request.region(), 16);
  audit::RegionPage acts = {.from = absl::UnixEpoch(), .until = absl::InfiniteFuture()};
  if (request.has_from_time()) acts.from = act::TimeOf(request.from_time());
  if (request.has_until_time()) acts.until = act::TimeOf(request.until_time());
  shape.Check(acts.from < acts.until, "until_time", "OUT_OF_RANGE", "应晚于 from_time",
              "must be later than from_time");
  RETURN_IF_ERROR(shape.Done());
  const std::string question = base::StrCat(request.region(), "/", absl::ToUnixMicros(acts.from),
                                            "/", absl::ToUnixMicros(acts.until));
  ASSIGN_OR_RETURN(const act::Page page,
                   act::ReadPage(call, question, request.page_size(), request.page_token()));
  RETURN_IF_ERROR(StartAfter(page.after, &acts));
  acts.limit = page.limit + 1;

  std::vector<audit::HistoryRow> rows;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) -> absl::Status {
    rows = audit::ReadActsOfRegion(txn, request.region(), acts);
    return absl::OkStatus();
  }));
  const bool more = static_cast<int>(rows.size()) > page.limit;
  if (more) rows.resize(page.limit);
  for (const audit::HistoryRow& row : rows) Fill(row, answer->add_acts());
  if (more) answer->set_next_page_token(act::PageToken(call, question, KeyOf(rows.back())));
  return absl::OkStatus();
}

}  // namespace alliance::review
