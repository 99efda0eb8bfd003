#include "common/act/timeline.h"

#include "absl/time/time.h"
#include "common/audit/history.h"

namespace alliance::act {
namespace {

// Officials and auditors; everybody else sees the outside of a case.
constexpr domain::RoleSet kInside = {
    domain::Role::kRecommender, domain::Role::kProvince, domain::Role::kRecorder,
    domain::Role::kFinance,     domain::Role::kApprover, domain::Role::kAuditor};

}  // namespace

void FillTimeline(db::Txn& txn, std::string_view case_id, const domain::Caller& reader,
                  google::protobuf::RepeatedPtrField<filing::v1::TimelineEntry>* out) {
  const bool inside = kInside.Has(reader.role);
  for (const audit::HistoryRow& row : audit::ReadHistory(txn, case_id)) {
    filing::v1::TimelineEntry* entry = out->Add();
    entry->set_sequence(row.seq);
    const int64_t at_us = absl::ToUnixMicros(row.act.at);
    entry->mutable_act_time()->set_seconds(at_us / 1'000'000);
    entry->mutable_act_time()->set_nanos(static_cast<int32_t>(at_us % 1'000'000) * 1000);
    entry->set_action(row.act.action);
    entry->set_from_state(row.act.from_state);
    entry->set_to_state(row.act.to_state);
    entry->set_actor(inside ? row.act.actor : row.act.role);
    if (inside) entry->set_reason(row.act.reason);
  }
}

}  // namespace alliance::act
