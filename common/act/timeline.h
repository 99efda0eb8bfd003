// A case's history as a reader may see it.

#ifndef ALLIANCE_COMMON_ACT_TIMELINE_H_
#define ALLIANCE_COMMON_ACT_TIMELINE_H_

#include <string_view>

#include "alliance/filing/v1/paper.pb.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace alliance::act {

// Appends the acts of one case, oldest first, at most 1,000. Officials see who acted, why, and the
// state words. Everybody else sees states in applicants' words, roles instead of accounts and no
// reason, and nothing of an act that changed nothing for them: an objection, an internal opinion.
// Their entries are numbered 1, 2, 3 … without a gap.
void FillTimeline(db::Txn& txn, std::string_view case_id, const domain::Caller& reader,
                  google::protobuf::RepeatedPtrField<filing::v1::TimelineEntry>* out);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_TIMELINE_H_
