// gateway: the only door of the suite. See README.md and routes.h.

#include <memory>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/obs/log.h"
#include "common/process/process.h"
#include "services/gateway/demo_accounts.h"
#include "services/gateway/gateway.h"

namespace alliance::gateway {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(20);

absl::StatusOr<std::unique_ptr<Gateway>> SetUp(process::Process& process) {
  const config::v1::Config& config = process.config();
  const act::Deps& deps = process.deps();
  if (process.demo() && !config.gateway().demo_accounts_file().empty()) {
    ASSIGN_OR_RETURN(const int changed, LoadDemoAccounts(config.gateway().demo_accounts_file(),
                                                         deps.pool, deps.clock.Now()));
    obs::Log(obs::Level::kInfo, "demo_accounts", {{"changed", changed}});
  }
  ASSIGN_OR_RETURN(Channels channels, ConnectPeers(config));
  ASSIGN_OR_RETURN(crypto::Signer signer,
                   crypto::Signer::Load(config.gateway().caller_signing_key_file()));
  return Gateway::Start(OptionsOf(config), deps.pool, deps.clock, std::move(channels),
                        std::move(signer), DirectoryOf(*deps.packs.Latest()));
}

}  // namespace
}  // namespace alliance::gateway

int main(int argc, char** argv) {
  using alliance::gateway::Gateway;
  std::unique_ptr<Gateway> gateway;  // outlives the process: its server still holds the forwarder
  return alliance::process::Main(
      argc, argv, {.service = "gateway"}, [&](alliance::process::Process& process) -> absl::Status {
        ASSIGN_OR_RETURN(gateway, alliance::gateway::SetUp(process));
        process.Forward(gateway->forwarder_service());
        process.OnDrain([&gateway] { gateway->Stop(alliance::gateway::kGrace); });
        return absl::OkStatus();
      });
}
