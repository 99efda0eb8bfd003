// An instant on the wire.

#ifndef ALLIANCE_COMMON_ACT_WIRE_TIME_H_
#define ALLIANCE_COMMON_ACT_WIRE_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace alliance::act {

// To the microsecond, as the database keeps it.
void SetTime(absl::Time time, google::protobuf::Timestamp* out);
// The other way; anything below a microsecond is dropped.
absl::Time TimeOf(const google::protobuf::Timestamp& time);

}  // namespace alliance::act

#endif  // ALLIANCE_COMMON_ACT_WIRE_TIME_H_
