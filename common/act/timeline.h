// A case's history as a reader may see it.

#ifndef ALLIANCE_COMMON_ACT_TIMELINE_H_
#define ALLIANCE_COMMON_ACT_TIMELINE_H_

#include <vector>

#include "alliance/filing/v1/paper.pb.h"
#include "common/audit/history.h"
#include "common/domain/caller.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace alliance::act {

// Appends the acts of one case in the order of `rows` (audit::ReadTimeline). Officials see who
// acted, why, and the state words. Everybody else sees states in applicants' words, roles instead
// of accounts and no reason, and nothing of an act that changed nothing for them: an objection, an
// internal opinion. Their entries are numbered 1, 2, 3 … without a gap.
void FillTimeline(const std::vector<audit::HistoryRow>& rows, const domain::Caller& reader,
                  google::protobuf::RepeatedPtrField<filing::v1::TimelineEntry>* out);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_TIMELINE_H_
