#include "common/rpc/token.h"

#include "alliance/gateway/v1/gateway.pb.h"
#include "common/domain/errors.h"

namespace alliance::rpc {

namespace pb = ::alliance::gateway::v1;
using domain::Reason;
using domain::Refuse;

namespace {

// A role whose scope is part of its identity must have one: an empty region or organisation would
// match whatever has none.
bool HasItsScope(const domain::Caller& caller) {
  switch (caller.role) {
    case domain::Role::kRecommender:
      return !caller.region.empty();
    case domain::Role::kApplicant:
    case domain::Role::kFirm:
      return !caller.organisation.empty();
    default:
      return true;
  }
}

}  // namespace

std::string SignCaller(const crypto::Signer& signer, const domain::Caller& caller,
                       std::string_view audience, std::string_view method, absl::Time now) {
  pb::CallerToken token;
  token.set_account(caller.account);
  token.set_role(std::string(domain::WordOf(caller.role)));
  token.set_region(caller.region);
  token.set_organisation(caller.organisation);
  token.set_display_name(caller.display_name);
  token.set_audience(std::string(audience));
  token.set_method(std::string(method));
  token.set_issue_time_us(absl::ToUnixMicros(now));
  token.set_expire_time_us(absl::ToUnixMicros(now + kTokenLife));
  pb::SignedCaller out;
  out.set_token(token.SerializeAsString());
  out.set_signature(signer.Sign(out.token()));
  out.set_key_id(signer.key_id());
  return out.SerializeAsString();
}

absl::StatusOr<domain::Caller> VerifyCaller(const crypto::Verifier& verifier,
                                            std::string_view token, std::string_view audience,
                                            std::string_view method, absl::Time now) {
  if (token.empty()) return Refuse(Reason::kLoginRequired);
  pb::SignedCaller in;
  pb::CallerToken caller;
  if (!in.ParseFromArray(token.data(), static_cast<int>(token.size())) ||
      !verifier.Verify(in.key_id(), in.token(), in.signature()) ||
      !caller.ParseFromString(in.token()) || caller.audience() != audience ||
      caller.method() != method) {
    return Refuse(Reason::kTokenInvalid);
  }
  const int64_t now_us = absl::ToUnixMicros(now);
  // A gateway clock that runs up to 5 s ahead is forgiven, a longer life than ours is not.
  if (now_us >= caller.expire_time_us() || caller.issue_time_us() > now_us + 5'000'000 ||
      caller.expire_time_us() - caller.issue_time_us() > absl::ToInt64Microseconds(kTokenLife)) {
    return Refuse(Reason::kTokenExpired);
  }
  const auto role = domain::RoleOf(caller.role());
  if (!role) return Refuse(Reason::kTokenInvalid);
  domain::Caller verified{.account = caller.account(),
                          .role = *role,
                          .region = caller.region(),
                          .organisation = caller.organisation(),
                          .display_name = caller.display_name()};
  if (!HasItsScope(verified)) return Refuse(Reason::kTokenInvalid);
  return verified;
}

}  // namespace alliance::rpc
