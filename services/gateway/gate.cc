#include "services/gateway/gate.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/domain/errors.h"
#include "common/obs/log.h"
#include "common/rpc/status.h"

namespace alliance::gateway {
namespace {

using domain::Reason;
using domain::Refuse;

domain::Caller ThePublic() { return {.account = "public", .role = domain::Role::kPublic}; }

obs::Level LevelOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return obs::Level::kInfo;
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DATA_LOSS:
      return obs::Level::kError;
    default:
      return obs::Level::kWarning;
  }
}

}  // namespace

Gate::Gate(const Methods& methods, Identities& identities, GatewayService& service,
           Forwarder& forwarder)
    : methods_(methods), identities_(identities), service_(service), forwarder_(forwarder) {}

const Method* Gate::Find(std::string_view path) const {
  static auto& unrouted =
      obs::Counter("gateway_unrouted_total", "Calls of something that is not public.");
  const Method* method = methods_.Find(path);
  if (method == nullptr) unrouted.Increment();
  return method;
}

RequestPtr Gate::Begin(const Method& method, std::string_view edge, std::string source,
                       rpc::Trace trace, absl::Time deadline) {
  auto request = std::make_shared<Request>();
  request->method = &method;
  request->edge = edge;
  request->source = std::move(source);
  request->trace = std::move(trace);
  request->arrived = absl::Now();
  request->deadline = deadline;
  method.metrics().Started();
  absl::MutexLock lock(&mutex_);
  ++open_;
  return request;
}

void Gate::Admit(RequestPtr request, Admitted then) {
  if (Closed()) return then(Refuse(Reason::kShuttingDown));
  const Route& route = request->method->route();
  // Before anybody is looked up: under load that look-up would cost more than the refusal saves.
  if (route.backend != Backend::kGateway && !forwarder_.HasRoom(route.kind)) {
    return then(Refuse(Reason::kOverloaded));
  }
  const domain::RoleSet who = route.who;
  if (who == kAnybody) {
    request->caller = ThePublic();
    return then(absl::OkStatus());
  }
  auto identified = [request, who, then](absl::StatusOr<Identity> identity) {
    if (!identity.ok()) return then(identity.status());
    request->caller = std::move(identity->caller);
    request->session_expire = identity->expire;
    then(who.Has(request->caller.role) ? absl::OkStatus() : Refuse(Reason::kNotPermitted));
  };
  if (request->session) {
    identities_.ByToken(*request->session, request->deadline, std::move(identified));
  } else if (!request->certificate_uri.empty()) {
    identities_.ByCertificate(request->certificate_uri, request->deadline, std::move(identified));
  } else {
    then(Refuse(Reason::kLoginRequired));
  }
}

void Gate::Run(RequestPtr request, AnswerCallback then) {
  if (request->method->route().backend == Backend::kGateway) {
    service_.Run(std::move(request), std::move(then));
  } else {
    forwarder_.Send(std::move(request), std::move(then));
  }
}

absl::StatusOr<std::shared_ptr<UpStream>> Gate::Open(RequestPtr request,
                                                     std::function<void()> taken,
                                                     AnswerCallback then) {
  return forwarder_.Open(std::move(request), std::move(taken), std::move(then));
}

void Gate::Record(const Request& request, const grpc::Status& status) {
  const absl::Duration took = absl::Now() - request.arrived;
  request.method->metrics().Handled(status.error_code(), took);
  const auto details = domain::DetailsOf(rpc::FromWire(status));
  obs::Log(LevelOf(status.error_code()), "call",
           {{"edge", std::string(request.edge)},
            {"method", request.method->path()},
            {"code", std::string(obs::CodeName(status.error_code()))},
            {"reason", details ? details->reason : ""},
            {"took_us", absl::ToInt64Microseconds(took)},
            {"trace_id", request.trace.trace_id},
            {"account", request.caller.account},
            {"source", request.source}});
  absl::MutexLock lock(&mutex_);
  --open_;
}

bool Gate::Closed() {
  absl::MutexLock lock(&mutex_);
  return closed_;
}

void Gate::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

bool Gate::WaitUntilIdle(absl::Duration limit) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(
                                     +[](int* open) { return *open == 0; }, &open_),
                                 limit);
}

}  // namespace alliance::gateway
