// bench_floor: what cannot be beaten.
//
//   bench_floor sql --run FOLDER --cases FILE --connections N --warmup SECONDS --seconds SECONDS
//                   --version BYTES --event BYTES --answer BYTES
//     the statements and the commit of a submission, by the store's own functions on N connections,
//     without an RPC, a check or an event's delivery, round and round the cases of FILE, each its
//     next version; what is stored has the sizes given. A line of JSON
//   bench_floor server --run FOLDER --target HOST:PORT --bytes N
//     an empty filing server on mutual TLS that answers GetApplication with N bytes, until SIGTERM

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "alliance/filing/v1/filing.grpc.pb.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/db/idempotency.h"
#include "common/db/pool.h"
#include "common/outbox/outbox.h"
#include "common/rpc/tls.h"
#include "grpcpp/server_builder.h"
#include "services/filing/extension_store.h"
#include "services/filing/filing_store.h"
#include "services/filing/version_store.h"
#include "tests/bench/figures.h"

namespace alliance::bench {
namespace {

struct Case {
  std::string id, etag, code;
};

// What a submission stores, as far as only its size matters.
struct Contents {
  std::string version, event, answer;
};

// The same work for the database as one SubmitApplication.
absl::Status Submit(db::Pool& pool, const Case& one, const Contents& contents) {
  const db::RequestKey key{.caller = base::StrCat("bench-", one.code),
                           .request_id = base::NewUuid7(),
                           .method = "/alliance.filing.v1.FilingService/SubmitApplication",
                           .request_sha256 = crypto::Sha256(one.id)};
  return pool.Run(absl::Now() + absl::Seconds(20), [&](db::Txn& txn) -> absl::Status {
    const auto before = db::Replay(txn, key);
    if (!before.ok()) return before.status();
    auto drafted = filing::LockDrafted(txn, one.id, {.lead_code = one.code});
    if (!drafted) return absl::NotFoundError(one.id);
    filing::Application& row = drafted->application;
    filing::ListPapers(txn, row.id);
    filing::GrantsFor(txn, row.round_id, row.region, row.id);
    ++row.version_number;
    ++row.handoff_seq;
    row.receive = row.first_receive = absl::Now();
    row.version_digest = crypto::Sha256(contents.version);
    row.state = domain::State::kSubmitted;
    row.holder = domain::Owner::kReview;
    audit::SealedRow version =
        filing::InsertVersion(txn, row, crypto::Sha256("rules"), contents.version);
    // As many as a form with three members has.
    filing::InsertMentions(txn, row,
                           {{std::string(filing::kMentionMember), one.code},
                            {std::string(filing::kMentionMember), "12210000000000000A"},
                            {std::string(filing::kMentionMember), "12210000000000000B"},
                            {std::string(filing::kMentionRd), "100000-90000"}});
    auto saved = filing::SaveApplication(txn, &row);
    if (!saved.ok()) return saved.status();
    audit::Append(txn, {.case_id = row.id,
                        .at = *row.receive,
                        .actor = key.caller,
                        .role = "applicant",
                        .organisation = one.code,
                        .action = "submit",
                        .from_state = "DRAFT",
                        .to_state = "SUBMITTED",
                        .rules_digest = crypto::Sha256("rules"),
                        .trace_id = std::string(32, '0'),
                        .sealed = {std::move(version), *std::move(saved)}});
    // To nobody's inbox: what the relay and the peer do afterwards is not the floor's.
    outbox::Enqueue(txn, {.destination = "floor",
                          .aggregate_id = row.id,
                          .type = "ApplicationSubmitted",
                          .payload = contents.event});
    db::Record(txn, key, contents.answer);
    return absl::OkStatus();
  });
}

struct SqlPlan {
  std::string run;
  int connections = 16;
  absl::Duration warmup, length;
  Contents contents;
};

int RunSql(const SqlPlan& plan, const std::vector<Case>& cases) {
  auto pool =
      db::Pool::Open({.socket = base::StrCat(plan.run, "/db/mysql.sock"),
                      .user = "alliance_filing",
                      .password_file = base::StrCat(plan.run, "/secrets/db_alliance_filing"),
                      .schema = "alliance_filing",
                      .connections = plan.connections});
  if (!pool.ok() || cases.empty()) {
    std::fprintf(stderr, "bench_floor: no database, or no cases\n");
    return 1;
  }
  std::atomic<size_t> turn{0};
  std::atomic<bool> failed{false};
  std::vector<std::vector<double>> latencies(plan.connections);
  std::vector<std::thread> threads;
  const absl::Time from = absl::Now() + plan.warmup;
  const absl::Time until = from + plan.length;
  for (int i = 0; i < plan.connections; ++i) {
    threads.emplace_back([&, i] {
      while (!failed) {
        const absl::Time start = absl::Now();
        if (start >= until) return;
        const Case& one = cases[turn++ % cases.size()];
        if (const absl::Status status = Submit(**pool, one, plan.contents); !status.ok()) {
          std::fprintf(stderr, "bench_floor: %s\n", status.ToString().c_str());
          failed = true;
        }
        const absl::Time end = absl::Now();
        if (end >= from && end < until) {
          latencies[i].push_back(absl::ToDoubleMilliseconds(end - start));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<double> all;
  for (const auto& some : latencies) all.insert(all.end(), some.begin(), some.end());
  Print(Summarise(std::move(all), plan.length));
  return failed ? 1 : 0;
}

class Empty final : public filing::v1::FilingService::CallbackService {
 public:
  explicit Empty(size_t bytes) { answer_.set_alliance_name(std::string(bytes, 'x')); }
  grpc::ServerUnaryReactor* GetApplication(grpc::CallbackServerContext* context,
                                           const filing::v1::GetApplicationRequest* /*request*/,
                                           filing::v1::Application* answer) override {
    *answer = answer_;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  filing::v1::Application answer_;
};

int RunServer(const std::string& run, const std::string& address, size_t bytes) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  config::v1::Tls tls;
  tls.set_cert_file(base::StrCat(run, "/ca/filing.crt"));
  tls.set_key_file(base::StrCat(run, "/ca/filing.key"));
  tls.set_ca_file(base::StrCat(run, "/ca/ca.crt"));
  Empty service(bytes);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, rpc::ServerCredentials(tls));
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  int received = 0;
  sigwait(&signals, &received);
  server->Shutdown();
  return 0;
}

}  // namespace
}  // namespace alliance::bench

int main(int argc, char** argv) {
  using namespace alliance;  // NOLINT(google-build-using-namespace)
  std::map<std::string, std::string> flags;
  for (int i = 2; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  const auto number = [&flags](const char* flag) {
    return std::strtod(flags[flag].c_str(), nullptr);
  };
  const auto bytes = [&](const char* flag) {
    return std::string(static_cast<size_t>(number(flag)), 'x');
  };
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "server") {
    return bench::RunServer(flags["--run"], flags["--target"], bytes("--bytes").size());
  }
  if (mode != "sql") return 2;
  std::vector<bench::Case> cases;
  std::ifstream file(flags["--cases"]);
  for (bench::Case one; file >> one.id >> one.etag >> one.code;) cases.push_back(one);
  return bench::RunSql({.run = flags["--run"],
                        .connections = static_cast<int>(number("--connections")),
                        .warmup = absl::Seconds(number("--warmup")),
                        .length = absl::Seconds(number("--seconds")),
                        .contents = {bytes("--version"), bytes("--event"), bytes("--answer")}},
                       cases);
}
