#include "common/process/process.h"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/act/published_packs.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/obs/log.h"
#include "common/process/config.h"
#include "common/process/event_service.h"
#include "common/process/version.h"
#include "common/rpc/client.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"

namespace alliance::process {
namespace {

constexpr int kDefaultWorkers = 16;
constexpr int kDefaultQueue = 512;
// Relay, checkpoints and sweeps need connections beside the workers'.
constexpr int kBackgroundConnections = 6;
constexpr absl::Duration kGrace = absl::Seconds(25);
constexpr absl::Duration kStartTimeout = absl::Seconds(20);
constexpr absl::Duration kPingTimeout = absl::Seconds(2);
constexpr absl::Duration kChoreTimeout = absl::Seconds(20);

// Blocked before any thread exists, so that only sigwait sees them.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

}  // namespace

void Process::OnEvent(act::Apply apply) {
  Add(MakeEventService(*serve_, std::make_unique<act::EventInbox>(*deps_, std::move(apply))));
}

void Process::Every(std::string_view name, absl::Duration every,
                    std::function<absl::Status(const act::Deps&, const rpc::Call&)> work) {
  auto chore = std::make_unique<Chore>();
  chore->name = std::string(name);
  chore->every = every;
  chore->work = std::move(work);
  chores_.push_back(std::move(chore));
}

absl::Status Process::OpenClock() {
  if (config_.clock_file().empty()) {
    clock_ = std::make_unique<base::SystemClock>();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(clock_, base::SharedOffsetClock::Open(config_.clock_file()));
  return absl::OkStatus();
}

absl::Status Process::OpenDatabase() {
  const int workers = config_.workers() == 0 ? kDefaultWorkers : config_.workers();
  db::Options options = DatabaseOptions(config_.database(), workers + kBackgroundConnections);
  prometheus::Histogram& waited =
      obs::Seconds("db_pool_wait_seconds", "Seconds until a database connection was free.");
  options.on_acquire = [&waited](absl::Duration wait) {
    waited.Observe(absl::ToDoubleSeconds(wait));
  };
  prometheus::Histogram& statements =
      obs::Seconds("db_statement_seconds", "Seconds that SQL statements took.");
  prometheus::Counter& failed =
      obs::Counter("db_statement_failed_total", "SQL statements that failed.");
  options.on_statement = [&statements, &failed](std::string_view, absl::Duration took, bool ok) {
    statements.Observe(absl::ToDoubleSeconds(took));
    if (!ok) failed.Increment();
  };
  ASSIGN_OR_RETURN(pool_, db::Pool::Open(std::move(options)));
  return pool_->Ping(absl::Now() + kStartTimeout);
}

absl::Status Process::Open(const Spec& spec, config::v1::Config config) {
  config_ = std::move(config);
  RETURN_IF_ERROR(OpenClock());
  RETURN_IF_ERROR(rpc::CheckTlsFiles(config_.tls()));
  ASSIGN_OR_RETURN(packs_,
                   rules::Packs::Load({config_.rule_packs().begin(), config_.rule_packs().end()}));
  ASSIGN_OR_RETURN(crypto::Signer signer, crypto::Signer::Load(config_.audit().key_file()));
  checkpoint_signer_ = std::make_unique<crypto::Signer>(std::move(signer));
  ASSIGN_OR_RETURN(crypto::Verifier verifier,
                   crypto::Verifier::Load(base::StrCat(config_.audit().key_file(), ".pub")));
  checkpoint_verifier_ = std::make_unique<crypto::Verifier>(std::move(verifier));
  RETURN_IF_ERROR(OpenDatabase());
  RETURN_IF_ERROR(act::Refresh(*pool_, absl::Now() + kStartTimeout, packs_));

  if (!spec.destinations.empty()) {
    auto sender = std::make_shared<EventSender>(config_, spec.destinations);
    for (const std::string& destination : spec.destinations) {
      if (!sender->Knows(destination)) {
        return absl::InvalidArgumentError(
            base::StrCat("configuration: peers has no address for ", destination));
      }
    }
    relay_ = std::make_unique<outbox::Relay>(
        *pool_,
        [sender](const outbox::Message& message, absl::Time deadline) {
          return sender->Send(message, deadline);
        },
        outbox::RelayOptions{
            .destinations = spec.destinations,
            .crowded = [this] { return serve_->Crowded(); },
            .clock = &system_clock_,
            .on_event =
                [](std::string_view event, const outbox::Message* message,
                   const absl::Status& status) {
                  obs::Log(obs::Level::kWarning, base::StrCat("outbox_", event),
                           {{"case_id", message == nullptr ? "" : message->aggregate_id},
                            {"destination", message == nullptr ? "" : message->destination},
                            {"type", message == nullptr ? "" : message->type},
                            {"status", status.ToString()}});
                }});
  }
  deps_ = std::make_unique<act::Deps>(act::Deps{.service = spec.service,
                                                .pool = *pool_,
                                                .clock = *clock_,
                                                .packs = packs_,
                                                .relay = relay_.get()});
  rpc::ServeOptions serve{
      .service = spec.service,
      .peers = {spec.sources.begin(), spec.sources.end()},
      .workers = config_.workers() == 0 ? kDefaultWorkers : config_.workers(),
      .queue_limit = config_.queue_limit() == 0 ? kDefaultQueue : config_.queue_limit()};
  if (!config_.caller_key_file().empty()) {
    ASSIGN_OR_RETURN(crypto::Verifier callers, crypto::Verifier::Load(config_.caller_key_file()));
    serve.caller_key = std::make_shared<crypto::Verifier>(std::move(callers));
  }
  serve_ = std::make_unique<rpc::Serve>(std::move(serve));
  return absl::OkStatus();
}

std::string Process::NotReadyBecause() {
  const absl::Status status = pool_->Ping(absl::Now() + kPingTimeout);
  return status.ok() ? "" : "the database does not answer";
}

absl::Status Process::StartServing(const Spec& spec) {
  std::vector<grpc::Service*> services;
  for (const auto& service : services_) services.push_back(service.get());
  ASSIGN_OR_RETURN(server_,
                   rpc::Server::Start({.address = config_.listen().grpc_address(),
                                       .tls = config_.tls(),
                                       .name = spec.service,
                                       .reflection = demo(),
                                       .not_ready_because = [this] { return NotReadyBecause(); }},
                                      services, forwarder_));
  std::string error;
  admin_ = obs::AdminServer::Start(
      config_.listen().admin_address(), [this] { return server_->not_ready_because(); }, &error);
  if (admin_ == nullptr) return absl::UnavailableError(error);
  return absl::OkStatus();
}

void Process::StartBackground(const Spec& spec) {
  if (relay_ != nullptr) relay_->Start();
  prometheus::Gauge& checkpoint_time = obs::Gauge("audit_checkpoint_timestamp_seconds",
                                                  "When the last audit checkpoint was written.");
  prometheus::Counter& checkpoint_failed =
      obs::Counter("audit_checkpoint_failed_total", "Audit checkpoints that could not be written.");
  checkpointer_ = std::make_unique<audit::Checkpointer>(
      *pool_, *checkpoint_signer_, *checkpoint_verifier_,
      audit::Checkpointer::Options{
          .service = spec.service,
          .outside_path =
              base::StrCat(config_.audit().checkpoint_folder(), "/", spec.service, ".jsonl"),
          .interval = config_.audit().checkpoint_seconds() == 0
                          ? absl::Minutes(10)
                          : absl::Seconds(config_.audit().checkpoint_seconds()),
          .clock = &system_clock_,
          .on_run = [&](const absl::Status& status) {
            if (status.ok()) {
              checkpoint_time.Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
            } else {
              checkpoint_failed.Increment();
              obs::Log(obs::Level::kError, "audit_checkpoint_failed",
                       {{"status", status.ToString()}});
            }
          }});
  checkpointer_->Start();
  Every("export_gauges", absl::Seconds(5), [this](const act::Deps&, const rpc::Call&) {
    ExportGauges();
    return absl::OkStatus();
  });
  // A round that another replica has published or been told of.
  Every("refresh_packs", absl::Seconds(5), [](const act::Deps& deps, const rpc::Call& call) {
    return act::Refresh(deps.pool, call.deadline, deps.packs);
  });
  for (auto& chore : chores_) chore->thread = std::thread([this, &chore] { RunChore(*chore); });
}

void Process::ExportGauges() {
  const db::PoolStats pool = pool_->stats();
  obs::Gauge("db_pool_connections", "Database connections.", {{"state", "in_use"}})
      .Set(pool.in_use);
  obs::Gauge("db_pool_connections", "Database connections.", {{"state", "idle"}}).Set(pool.idle);
  obs::Gauge("db_pool_waiting", "Calls that wait for a database connection.").Set(pool.waiting);
  obs::Gauge("db_pool_unknown_outcomes", "Commits whose outcome was unknown, since start.")
      .Set(static_cast<double>(pool.unknown_outcomes));
  obs::Gauge("alliance_ready", "1 when this process takes calls, 0 when it cannot.")
      .Set(server_->not_ready_because().empty() ? 1 : 0);
  // Read again each time: a renewed certificate is a new file.
  if (const auto expiry = rpc::CertificateExpiry(config_.tls()); expiry.ok()) {
    obs::Gauge("tls_certificate_expiry_timestamp_seconds", "When our certificate ends.")
        .Set(absl::ToDoubleSeconds(*expiry - absl::UnixEpoch()));
  } else {
    obs::Log(obs::Level::kWarning, "certificate_unreadable",
             {{"status", expiry.status().ToString()}});
  }
  if (relay_ == nullptr) return;
  const outbox::RelayStats relay = relay_->stats();
  obs::Gauge("outbox_oldest_seconds", "Age of the oldest event that is not delivered.")
      .Set(absl::ToDoubleSeconds(relay.backlog.oldest_unsent));
  obs::Gauge("outbox_waiting", "Events that are not delivered.")
      .Set(static_cast<double>(relay.backlog.waiting));
  obs::Gauge("outbox_dead", "Events that were given up; each stops its case.")
      .Set(static_cast<double>(relay.backlog.dead));
  obs::Gauge("outbox_sent", "Events delivered since start.").Set(static_cast<double>(relay.sent));
}

void Process::RunChore(Chore& chore) {
  while (true) {
    rpc::Call call{.caller = domain::ClockCaller(),
                   .method = chore.name,
                   .peer = "",
                   .deadline = absl::Now() + kChoreTimeout,
                   .trace = rpc::Trace::Continue("")};
    if (absl::Status status = chore.work(*deps_, call); !status.ok()) {
      obs::Log(obs::Level::kWarning, "chore_failed",
               {{"chore", chore.name}, {"status", status.ToString()}});
    }
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), chore.every);
    if (stopping_) return;
  }
}

void Process::Stop() {
  if (server_ != nullptr) server_->StopBeingReady();
  for (auto& drain : on_drain_) drain();
  if (server_ != nullptr) server_->Drain(kGrace);
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (auto& chore : chores_) {
    if (chore->thread.joinable()) chore->thread.join();
  }
  if (relay_ != nullptr) relay_->Stop();
  if (checkpointer_ != nullptr) checkpointer_->Stop();
}

int Main(int argc, char** argv, const Spec& spec,
         const std::function<absl::Status(Process&)>& setup) {
  // gRPC's own lines are no JSON and stand beside the one line that says why a start failed. Set
  // GRPC_VERBOSITY to see them.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  const sigset_t end_signals = BlockEndSignals();
  // Debian builds Abseil, and so gRPC's locks, with the search for deadlocks switched on: a graph
  // of all mutexes under one global lock, which every acquisition of a second one walks.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::string path;
  bool check_only = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--version") {
      std::printf("%s %s\n", spec.service.c_str(), Version());
      return 0;
    }
    if (argument == "--check-config") {
      check_only = true;
    } else if (argument == "--config" && i + 1 < argc) {
      path = argv[++i];
    } else {
      path.clear();
      break;
    }
  }
  if (path.empty()) {
    std::fprintf(stderr, "usage: %s --config FILE [--check-config] | --version\n",
                 spec.service.c_str());
    return 2;
  }
  const auto fail = [&](const absl::Status& status) {
    std::fprintf(stderr, "%s: %s\n", spec.service.c_str(), std::string(status.message()).c_str());
    return 1;
  };

  absl::StatusOr<config::v1::Config> config = LoadConfig(path, spec.service);
  if (!config.ok()) return fail(config.status());
  obs::SetLog(spec.service, obs::Level::kInfo);
  Process process;
  if (absl::Status status = process.Open(spec, *std::move(config)); !status.ok())
    return fail(status);
  if (check_only) {
    std::printf("%s: the configuration is good\n", spec.service.c_str());
    return 0;
  }
  absl::Status started = setup(process);
  if (started.ok()) started = process.StartServing(spec);
  if (!started.ok()) {
    process.Stop();
    return fail(started);
  }
  process.StartBackground(spec);
  obs::Gauge("alliance_build_info", "Which build this is.",
             {{"service", spec.service}, {"version", Version()}})
      .Set(1);
  obs::Log(obs::Level::kInfo, "started",
           {{"version", Version()}, {"grpc", process.config().listen().grpc_address()}});

  int received = 0;
  sigwait(&end_signals, &received);
  obs::Log(obs::Level::kInfo, "stopping", {{"signal", received}});
  process.Stop();
  obs::Log(obs::Level::kInfo, "stopped");
  return 0;
}

}  // namespace alliance::process
