#include "services/gateway/gateway_service.h"

#include <exception>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/obs/log.h"
#include "common/rpc/status.h"

namespace alliance::gateway {
namespace {

constexpr int kPasswordsAtATime = 2;
constexpr int kLoginsThatMayWait = 64;
constexpr std::string_view kLoginPath = "/alliance.gateway.v1.AccountService/Login";

// What went wrong inside is for the log; the caller hears the reason only.
grpc::Status Wire(const Request& request, const absl::Status& status) {
  if (!status.ok() && !domain::DetailsOf(status)) {
    obs::Log(obs::Level::kError, "failed",
             {{"method", request.method->path()},
              {"trace_id", request.trace.trace_id},
              {"cause", std::string(status.message())}});
  }
  return rpc::ToWire(status);
}

}  // namespace

template <class In, class Out>
void GatewayService::Add(std::string_view path,
                         absl::Status (GatewayService::*handler)(const Request&, const In&, Out*)) {
  handlers_.emplace(path, [this, handler](const Request& call) -> absl::StatusOr<std::string> {
    In in;
    Out out;
    if (!in.ParseFromString(call.body)) return domain::Refuse(domain::Reason::kInvalidRequest);
    if (absl::Status status = (this->*handler)(call, in, &out); !status.ok()) return status;
    return out.SerializeAsString();
  });
}

GatewayService::GatewayService(Parts parts, rpc::WorkerPool& workers)
    : parts_(std::move(parts)),
      limiter_(parts_.login_limits),
      workers_(workers),
      login_workers_(kPasswordsAtATime, kLoginsThatMayWait) {
  Add(kLoginPath, &GatewayService::Login);
  Add("/alliance.gateway.v1.AccountService/Logout", &GatewayService::Logout);
  Add("/alliance.gateway.v1.AccountService/GetSession", &GatewayService::GetSession);
  Add("/alliance.gateway.v1.DirectoryService/ListOffices", &GatewayService::ListOffices);
}

void GatewayService::Run(RequestPtr request, AnswerCallback done) {
  const auto handler = handlers_.find(request->method->path());
  if (handler == handlers_.end()) {
    return done({.status = Wire(*request, absl::UnimplementedError("no handler for a route"))});
  }
  rpc::WorkerPool& workers = handler->first == kLoginPath ? login_workers_ : workers_;
  const bool queued = workers.Submit([request, done, &handle = handler->second] {
    if (absl::Now() >= request->deadline) {
      return done({.status = rpc::ToWire(domain::Refuse(domain::Reason::kDeadline))});
    }
    absl::StatusOr<std::string> body;
    try {
      body = handle(*request);
    } catch (const std::exception& error) {
      body = absl::InternalError(error.what());
    }
    Answer answer{.status = Wire(*request, body.status())};
    if (body.ok()) answer.body = *std::move(body);
    done(std::move(answer));
  });
  if (!queued) done({.status = rpc::ToWire(domain::Refuse(domain::Reason::kOverloaded))});
}

void FillSession(const domain::Caller& caller, absl::Time expire, v1::Session* answer) {
  if (expire != absl::InfiniteFuture()) {
    answer->mutable_expire_time()->set_seconds(absl::ToUnixSeconds(expire));
  }
  answer->set_login(caller.account);
  answer->set_role(std::string(domain::WordOf(caller.role)));
  answer->set_region(caller.region);
  answer->set_organisation(caller.organisation);
  answer->set_display_name(caller.display_name);
}

}  // namespace alliance::gateway
