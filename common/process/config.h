// Reading and checking a process's configuration: unknown keys, missing values and a demo clock in
// production all stop the start with one line.

#ifndef ALLIANCE_COMMON_PROCESS_CONFIG_H_
#define ALLIANCE_COMMON_PROCESS_CONFIG_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/config/v1/config.pb.h"
#include "common/db/pool.h"

namespace alliance::process {

// "FILE:LINE: …" for the first thing that cannot be read; then what is missing for `service`.
absl::StatusOr<config::v1::Config> LoadConfig(const std::string& path, std::string_view service);

// What LoadConfig checks after reading.
absl::Status CheckConfig(const config::v1::Config& config, std::string_view service);

// The text-format message in `path`; the error names file and line.
absl::Status ReadTextFile(const std::string& path, google::protobuf::Message* out);

db::Options DatabaseOptions(const config::v1::Database& database, int connections);

}  // namespace alliance::process

#endif  // ALLIANCE_COMMON_PROCESS_CONFIG_H_
