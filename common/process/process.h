// Process: what every service's main() has in common, so that each is forty lines.
//
//   int main(int argc, char** argv) {
//     return process::Main(argc, argv, {.service = "review", .destinations = {"filing"}},
//                          [](process::Process& process) -> absl::Status {
//       process.Add(std::make_unique<ReviewService>(process.serve(), process.deps()));
//       process.OnEvent(ApplyEvent);
//       process.Every("sweep_notices", absl::Seconds(5), SweepNotices);
//       return absl::OkStatus();
//     });
//   }
//
// Main reads the configuration, opens the database, loads the rule packs, starts server, relay,
// checkpoints and sweeps, waits for SIGTERM or SIGINT and ends in order: readiness first, then
// calls in flight, then the relay, then a last checkpoint. Whatever stops the start is one line on
// standard error and exit code 1; wrong use is exit code 2.
//
//   --config FILE     text-format alliance.config.v1.Config
//   --check-config    check the configuration and everything it names, then exit
//   --version         version and commit

#ifndef ALLIANCE_COMMON_PROCESS_PROCESS_H_
#define ALLIANCE_COMMON_PROCESS_PROCESS_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "alliance/config/v1/config.pb.h"
#include "common/act/act.h"
#include "common/act/event_inbox.h"
#include "common/audit/checkpoint.h"
#include "common/obs/metrics.h"
#include "common/outbox/relay.h"
#include "common/rpc/serve.h"
#include "common/rpc/server.h"
#include "common/rules/packs.h"
#include "grpcpp/generic/async_generic_service.h"

namespace alliance::process {

struct Spec {
  std::string service;                    // "review"
  std::vector<std::string> destinations;  // services it sends events to
  // Services whose events it takes.
  std::vector<std::string> sources = {"filing", "review", "evaluation", "subsidy"};
};

class Process {
 public:
  const config::v1::Config& config() const { return config_; }
  const act::Deps& deps() const { return *deps_; }
  rpc::Serve& serve() { return *serve_; }
  bool demo() const { return config_.environment() == config::v1::Config::DEMO; }

  // For setup ------------------------------------------------------------------------------------
  void Add(std::unique_ptr<grpc::Service> service) { services_.push_back(std::move(service)); }
  // Takes events of peers; at most once.
  void OnEvent(act::Apply apply);
  // The gateway's byte forwarder; must outlive the process.
  void Forward(grpc::CallbackGenericService* forwarder) { forwarder_ = forwarder; }
  // Runs `work` again and again as the system, `every` apart, until the end.
  void Every(std::string_view name, absl::Duration every,
             std::function<absl::Status(const act::Deps&, const rpc::Call&)> work);
  // Runs before the server closes and after readiness went (the gateway's HTTP edge).
  void OnDrain(std::function<void()> drain) { on_drain_.push_back(std::move(drain)); }

 private:
  friend int Main(int, char**, const Spec&, const std::function<absl::Status(Process&)>&);

  struct Chore {
    std::string name;
    absl::Duration every;
    std::function<absl::Status(const act::Deps&, const rpc::Call&)> work;
    std::thread thread;
  };

  absl::Status Open(const Spec& spec, config::v1::Config config);
  absl::Status OpenDatabase();
  absl::Status OpenClock();
  absl::Status StartServing(const Spec& spec);
  void StartBackground(const Spec& spec);
  void Stop();
  void RunChore(Chore& chore);
  void ExportGauges();
  std::string NotReadyBecause();

  config::v1::Config config_;
  std::unique_ptr<base::Clock> clock_;
  base::SystemClock system_clock_;
  std::unique_ptr<db::Pool> pool_;
  rules::Packs packs_;
  std::unique_ptr<crypto::Signer> checkpoint_signer_;
  std::unique_ptr<crypto::Verifier> checkpoint_verifier_;
  std::unique_ptr<outbox::Relay> relay_;
  std::unique_ptr<act::Deps> deps_;
  std::unique_ptr<rpc::Serve> serve_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  grpc::CallbackGenericService* forwarder_ = nullptr;
  std::vector<std::function<void()>> on_drain_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<obs::AdminServer> admin_;
  std::unique_ptr<audit::Checkpointer> checkpointer_;
  std::vector<std::unique_ptr<Chore>> chores_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

// Never returns before the process is told to end. 0, or the exit code above.
int Main(int argc, char** argv, const Spec& spec,
         const std::function<absl::Status(Process&)>& setup);

}  // namespace alliance::process

#endif  // ALLIANCE_COMMON_PROCESS_PROCESS_H_
