// Mutual TLS for every connection between processes: certificates from files, reloaded when they
// change, and the peer's name read from its certificate.
//
// gRPC's file-watching credentials are an experimental API; this is the only place that knows.

#ifndef ALLIANCE_COMMON_RPC_TLS_H_
#define ALLIANCE_COMMON_RPC_TLS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "alliance/config/v1/config.pb.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace alliance::rpc {

// One clear line for the first file that is missing, unreadable, expired, not signed by the
// authority, or whose key does not fit. gRPC itself would start and fail every handshake.
absl::Status CheckTlsFiles(const config::v1::Tls& tls);

// When the certificate of `cert_file` ends: for the alert that says to renew it. Reads the file.
absl::StatusOr<absl::Time> CertificateExpiry(const config::v1::Tls& tls);

// A client certificate signed by our authority is demanded in the handshake.
std::shared_ptr<grpc::ServerCredentials> ServerCredentials(const config::v1::Tls& tls);
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(const config::v1::Tls& tls);

// "alliance://services/gateway" of the peer's certificate, or empty.
std::string PeerUri(const grpc::AuthContext& context);
// "gateway" of such a URI; empty when the peer is not one of the suite's services.
std::string PeerService(const grpc::AuthContext& context);

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_TLS_H_
