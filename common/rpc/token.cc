#include "common/rpc/token.h"

#include <optional>

#include "alliance/gateway/v1/gateway.pb.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
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

std::string CallerSigner::Sign(const domain::Caller& caller, std::string_view audience,
                               std::string_view method, absl::Time now) {
  // All that a token says of its caller is part of the key: a changed role is another token at
  // once.
  std::string key;
  for (const std::string_view part :
       {std::string_view(caller.account), domain::WordOf(caller.role),
        std::string_view(caller.region), std::string_view(caller.organisation),
        std::string_view(caller.display_name), audience, method}) {
    base::StrAppend(&key, part.size(), ":", part);
  }
  std::optional<Signed> known = recent_.Find(key);
  if (known && now >= known->at && now < known->at + kTokenLife / 3) {
    return std::move(known->token);
  }
  std::string token = SignCaller(signer_, caller, audience, method, now);
  recent_.Put(std::move(key), {.token = token, .at = now});
  return token;
}

absl::StatusOr<CallerVerifier::Known> CallerVerifier::Read(std::string_view token) const {
  pb::SignedCaller in;
  pb::CallerToken caller;
  if (!in.ParseFromArray(token.data(), static_cast<int>(token.size())) ||
      !key_->Verify(in.key_id(), in.token(), in.signature()) ||
      !caller.ParseFromString(in.token()) || caller.audience() != audience_) {
    return Refuse(Reason::kTokenInvalid);
  }
  const auto role = domain::RoleOf(caller.role());
  if (!role) return Refuse(Reason::kTokenInvalid);
  Known known{.caller = {.account = caller.account(),
                         .role = *role,
                         .region = caller.region(),
                         .organisation = caller.organisation(),
                         .display_name = caller.display_name()},
              .method = caller.method(),
              .issue_us = caller.issue_time_us(),
              .expire_us = caller.expire_time_us()};
  if (!HasItsScope(known.caller)) return Refuse(Reason::kTokenInvalid);
  return known;
}

absl::StatusOr<domain::Caller> CallerVerifier::Verify(std::string_view token,
                                                      std::string_view method, absl::Time now) {
  if (token.empty()) return Refuse(Reason::kLoginRequired);
  std::optional<Known> known = recent_.Find(token);
  if (!known) {
    ASSIGN_OR_RETURN(known, Read(token));
    recent_.Put(std::string(token), *known);
  }
  if (known->method != method) return Refuse(Reason::kTokenInvalid);
  const int64_t now_us = absl::ToUnixMicros(now);
  // A gateway clock that runs up to 5 s ahead is forgiven, a longer life than ours is not.
  if (now_us >= known->expire_us || known->issue_us > now_us + 5'000'000 ||
      known->expire_us - known->issue_us > absl::ToInt64Microseconds(kTokenLife)) {
    return Refuse(Reason::kTokenExpired);
  }
  return std::move(known->caller);
}

}  // namespace alliance::rpc
