// The one bridge between our refusals (common/domain/errors.h) and the wire.
//
// On the wire every error carries a google.rpc.Status with exactly one ErrorInfo
// {reason, domain "alliance", metadata}, one alliance.errors.v1.Problems with the texts in both
// languages and every wrong field, one LocalizedMessage (zh-CN), a BadRequest when fields are
// wrong, and a RetryInfo when the caller should try again later.

#ifndef ALLIANCE_COMMON_RPC_STATUS_H_
#define ALLIANCE_COMMON_RPC_STATUS_H_

#include "absl/status/status.h"
#include "common/domain/errors.h"
#include "grpcpp/support/status.h"

namespace alliance::rpc {

// A status without details of common/domain (a bug, or a database failure) is first given the
// reason that fits its code, so that nothing internal leaks: its message goes to the log only.
grpc::Status ToWire(const absl::Status& status);

// The other way, for what a peer answered.
absl::Status FromWire(const grpc::Status& status);

// `status` with details of common/domain in any case; OK stays OK.
absl::Status WithDetails(const absl::Status& status);

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_STATUS_H_
