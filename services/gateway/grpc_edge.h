// GrpcEdge: the native gRPC listener, for the systems of evaluation firms. Bytes in, bytes out.
//
// The listener demands a client certificate in the handshake (common/rpc/tls.h), so nobody unknown
// reaches gRPC's parser (docs/threats.md B2-D1). The caller is the session in "authorization", if
// there is one, else the account that the certificate stands for.

#ifndef ALLIANCE_SERVICES_GATEWAY_GRPC_EDGE_H_
#define ALLIANCE_SERVICES_GATEWAY_GRPC_EDGE_H_

#include "grpcpp/generic/async_generic_service.h"
#include "services/gateway/gate.h"

namespace alliance::gateway {

class GrpcEdge final : public grpc::CallbackGenericService {
 public:
  explicit GrpcEdge(Gate& gate) : gate_(gate) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  Gate& gate_;
};

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_GRPC_EDGE_H_
