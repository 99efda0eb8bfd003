// Suite: the running services that alliancectl looks after, as its configuration names them.

#ifndef ALLIANCE_SERVICES_CTL_SUITE_H_
#define ALLIANCE_SERVICES_CTL_SUITE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/config/v1/ctl.pb.h"
#include "common/db/pool.h"
#include "services/ctl/command.h"

namespace alliance::ctl {

class Suite {
 public:
  // Reads --config, or $ALLIANCE_CTL_CONFIG, or .run/config/ctl.textproto of this folder or of the
  // checkout that the program was built in. Unknown keys and missing values are refused. The
  // process then stands in the folder above the configuration's: relative paths in it start there.
  static absl::StatusOr<Suite> Load(const Context& context);

  const config::v1::OperatorConfig& config() const { return config_; }
  bool demo() const { return config_.environment() == config::v1::Config::DEMO; }

  // The schema of one service, as the read-only auditor or as the user that may change schemas.
  absl::StatusOr<std::unique_ptr<db::Pool>> OpenAsAuditor(
      const config::v1::ServiceUnderCare& service) const;
  absl::StatusOr<std::unique_ptr<db::Pool>> OpenAsOwner(
      const config::v1::ServiceUnderCare& service) const;

  // The service that `name` belongs to is found by asking; this is how long a look-up may take.
  static absl::Time Deadline();

 private:
  config::v1::OperatorConfig config_;
};

// What Load checks after reading.
absl::Status CheckOperatorConfig(const config::v1::OperatorConfig& config);

}  // namespace alliance::ctl

#endif  // ALLIANCE_SERVICES_CTL_SUITE_H_
