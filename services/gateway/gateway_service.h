// GatewayService: the RPCs that the gateway answers itself, one .cc each.
//
// Login     login.cc         password → session token
// Logout    logout.cc
// GetSession get_session.cc
// ListOffices list_offices.cc

#ifndef ALLIANCE_SERVICES_GATEWAY_GATEWAY_SERVICE_H_
#define ALLIANCE_SERVICES_GATEWAY_GATEWAY_SERVICE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/gateway/v1/gateway.pb.h"
#include "common/base/clock.h"
#include "common/db/pool.h"
#include "common/rpc/worker_pool.h"
#include "services/gateway/identities.h"
#include "services/gateway/login_limiter.h"
#include "services/gateway/request.h"

namespace alliance::gateway {

class GatewayService {
 public:
  struct Parts {
    db::Pool& pool;
    Identities& identities;
    const base::Clock& legal_clock;
    SecurityClock now;
    std::vector<v1::Office> offices;
    LoginLimits login_limits;
  };

  GatewayService(Parts parts, rpc::WorkerPool& workers);

  // Runs the request's method on a worker. `request` is admitted.
  void Run(RequestPtr request, AnswerCallback done);

  absl::Status Login(const Request& call, const v1::LoginRequest& request, v1::Session* answer);
  absl::Status Logout(const Request& call, const v1::LogoutRequest& request,
                      v1::LogoutResponse* answer);
  absl::Status GetSession(const Request& call, const v1::GetSessionRequest& request,
                          v1::Session* answer);
  absl::Status ListOffices(const Request& call, const v1::ListOfficesRequest& request,
                           v1::ListOfficesResponse* answer);

 private:
  using Handler = std::function<absl::StatusOr<std::string>(const Request&)>;
  template <class In, class Out>
  void Add(std::string_view path,
           absl::Status (GatewayService::*handler)(const Request&, const In&, Out*));

  const Parts parts_;
  LoginLimiter limiter_;
  std::map<std::string, Handler, std::less<>> handlers_;
  rpc::WorkerPool& workers_;
  // Two threads: so many passwords are hashed at a time, 64 MiB each, and a flood of logins leaves
  // everybody else's workers alone. Last: joins before the rest goes.
  rpc::WorkerPool login_workers_;
};

// What GetSession and Login say about a caller.
void FillSession(const domain::Caller& caller, absl::Time expire, v1::Session* answer);

// The directory as everybody may see it: a mobile number is a person's and is masked, 152****4131.
std::string ShownPhone(std::string_view phone);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_GATEWAY_SERVICE_H_
