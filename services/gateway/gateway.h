// Gateway: all parts of the gateway put together, in the order in which they may come and go.

#ifndef ALLIANCE_SERVICES_GATEWAY_GATEWAY_H_
#define ALLIANCE_SERVICES_GATEWAY_GATEWAY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/config/v1/config.pb.h"
#include "alliance/gateway/v1/gateway.pb.h"
#include "common/base/clock.h"
#include "common/crypto/signing.h"
#include "common/db/pool.h"
#include "common/rules/pack.h"
#include "services/gateway/forwarder.h"
#include "services/gateway/gate.h"
#include "services/gateway/gateway_service.h"
#include "services/gateway/grpc_edge.h"
#include "services/gateway/http_edge.h"
#include "services/gateway/identities.h"

namespace alliance::gateway {

struct GatewayOptions {
  HttpOptions http;
  ForwardLimits forward;
  LoginLimits logins;
  int workers = 16;
  SecurityClock now = [] { return absl::Now(); };
};

// A channel to each peer of the config. A backend that the config does not name is an error.
absl::StatusOr<Channels> ConnectPeers(const config::v1::Config& config);

GatewayOptions OptionsOf(const config::v1::Config& config);

// The directory as everybody may see it: numbers of persons are masked here, so that
// nothing behind this holds them.
std::vector<v1::Office> DirectoryOf(const rules::Pack& pack);

class Gateway {
 public:
  // `pool` and `legal_clock` are used until Stop. Listens for HTTP as soon as this returns.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(GatewayOptions options, db::Pool& pool,
                                                        const base::Clock& legal_clock,
                                                        Channels channels, crypto::Signer signer,
                                                        std::vector<v1::Office> offices);
  ~Gateway();

  // For the gRPC server.
  grpc::CallbackGenericService* forwarder_service() { return &grpc_edge_; }
  int http_port() const { return http_->port(); }

  // New calls are told SHUTTING_DOWN, those in flight get `grace` to finish and are then cancelled.
  // After it nothing here touches the database. Safe to call twice.
  void Stop(absl::Duration grace);

 private:
  Gateway(GatewayOptions options, db::Pool& pool, const base::Clock& legal_clock, Channels channels,
          crypto::Signer signer, std::unique_ptr<Methods> methods, std::vector<v1::Office> offices);

  std::unique_ptr<Methods> methods_;
  std::unique_ptr<HttpEdge> http_;  // goes after all that still owe it an answer
  Identities identities_;
  GatewayService service_;
  Forwarder forwarder_;
  rpc::WorkerPool workers_;  // joins before what it works for goes
  Gate gate_;
  GrpcEdge grpc_edge_;
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_GATEWAY_H_
