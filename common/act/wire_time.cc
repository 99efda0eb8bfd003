#include "common/act/wire_time.h"

namespace alliance::act {

void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
  const int64_t us = absl::ToUnixMicros(time);
  out->set_seconds(us / 1'000'000);
  out->set_nanos(static_cast<int32_t>(us % 1'000'000) * 1000);
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

}  // namespace alliance::act
