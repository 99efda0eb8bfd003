#include "common/rpc/serve.h"

#include <algorithm>
#include <exception>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/obs/log.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"

namespace alliance::rpc {
namespace {

using domain::Reason;
using domain::Refuse;

// Longest a call may take when its client does not say, or says more.
constexpr absl::Duration kLongestCall = absl::Seconds(30);
constexpr absl::Duration kLongestStream = absl::Minutes(5);

std::string_view Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  return {found->second.data(), found->second.size()};
}

obs::Level LevelOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return obs::Level::kInfo;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return obs::Level::kError;
    default:
      return obs::Level::kWarning;
  }
}

}  // namespace

struct Serve::Job {
  grpc::CallbackServerContext* context;
  Finisher finish;
  Method* method;
  Access access;
  Handler handler;
  Call call;
  absl::Time arrived = absl::Now();
};

Serve::Serve(ServeOptions options)
    : options_(std::move(options)),
      callers_(options_.caller_key, options_.service),
      queue_seconds_(obs::Seconds("rpc_queue_seconds", "Seconds a call waited for a worker.")),
      in_flight_(obs::Gauge("rpc_in_flight", "Calls between arrival and answer.")),
      shed_(obs::Counter("rpc_shed_total", "Calls refused because the queue was full.")),
      workers_(options_.workers, options_.queue_limit) {}

Serve::Method& Serve::MethodOf(const char* service, const char* method) {
  absl::MutexLock lock(&mutex_);
  std::unique_ptr<Method>& found = methods_[{service, method}];
  if (found == nullptr) {
    std::string name = base::StrCat("/", service, "/", method);
    found = std::make_unique<Method>(Method{name, obs::MethodMetrics("server", name)});
  }
  return *found;
}

absl::Status Serve::Identify(const grpc::CallbackServerContext& context, Access access,
                             Call* call) const {
  call->peer = PeerService(*context.auth_context());
  if (access == Access::kPeer) {
    if (!options_.peers.contains(call->peer)) return Refuse(Reason::kNotPermitted);
    call->caller = {.account = base::StrCat("service:", call->peer), .role = domain::Role::kClock};
    return absl::OkStatus();
  }
  if (call->peer != "gateway") return Refuse(Reason::kNotPermitted);
  ASSIGN_OR_RETURN(call->caller,
                   callers_.Verify(Metadata(context, kCallerMetadata), call->method, absl::Now()));
  return absl::OkStatus();
}

absl::Status Serve::Run(Job& job) const {
  if (job.context->IsCancelled()) return Refuse(Reason::kCancelled);
  if (absl::Now() >= job.call.deadline) return Refuse(Reason::kDeadline);
  RETURN_IF_ERROR(Identify(*job.context, job.access, &job.call));
  try {
    return job.handler(job.call);
  } catch (const std::exception& error) {
    return absl::InternalError(error.what());
  }
}

void Serve::Finish(Job& job, const absl::Status& status) const {
  const absl::Status detailed = WithDetails(status);
  const absl::Duration took = absl::Now() - job.arrived;
  job.method->metrics.Handled(static_cast<int>(detailed.code()), took);
  in_flight_.Decrement();
  const auto details = domain::DetailsOf(detailed);
  obs::Log(LevelOf(detailed.code()), "rpc",
           {{"method", job.method->name},
            {"code", obs::CodeName(static_cast<int>(detailed.code()))},
            {"reason", details ? details->reason : ""},
            {"took_us", absl::ToInt64Microseconds(took)},
            {"trace_id", job.call.trace.trace_id},
            {"account", job.call.caller.account},
            // What went wrong inside is for us; the caller hears the reason only.
            {"cause", domain::DetailsOf(status) ? "" : std::string(status.message())}});
  job.finish(ToWire(detailed));
}

void Serve::Start(grpc::CallbackServerContext* context, Method& method, Access access,
                  absl::Duration longest, Finisher finish, Handler handler) {
  auto job = std::make_unique<Job>();
  job->context = context;
  job->finish = std::move(finish);
  job->method = &method;
  job->access = access;
  job->handler = std::move(handler);
  job->call.method = job->method->name;
  job->call.trace = Trace::Continue(Metadata(*context, "traceparent"));
  job->call.deadline = std::min(absl::FromChrono(context->deadline()), job->arrived + longest);
  job->method->metrics.Started();
  in_flight_.Increment();

  Job& owned_by_work = *job;
  WorkerPool::Work work = [this, job = std::move(job)]() mutable {
    queue_seconds_.Observe(absl::ToDoubleSeconds(absl::Now() - job->arrived));
    Finish(*job, Run(*job));
  };
  if (!workers_.Submit(std::move(work))) {  // not taken: the job still lives in `work`
    shed_.Increment();
    Finish(owned_by_work, Refuse(Reason::kOverloaded));
  }
}

grpc::ServerUnaryReactor* Serve::Unary(grpc::CallbackServerContext* context, const char* service,
                                       const char* method, Access access, Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  Start(
      context, MethodOf(service, method), access, kLongestCall,
      [reactor](const grpc::Status& status) { reactor->Finish(status); }, std::move(handler));
  return reactor;
}

void Serve::Stream(grpc::CallbackServerContext* context, const char* service, const char* method,
                   Access access, Finisher finish, Handler handler) {
  const int most = std::max(1, options_.workers / 4);
  Start(context, MethodOf(service, method), access, kLongestStream, std::move(finish),
        [this, most, handler = std::move(handler)](const Call& call) mutable -> absl::Status {
          const absl::Cleanup leave = [this] { --streams_; };
          if (++streams_ > most) {
            shed_.Increment();
            return Refuse(Reason::kOverloaded);
          }
          return handler(call);
        });
}

}  // namespace alliance::rpc
