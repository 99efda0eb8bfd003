#include "services/gateway/identities.h"

#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/domain/errors.h"

namespace alliance::gateway {
namespace {

using domain::Reason;
using domain::Refuse;

// A session's last use is written at most this often.
constexpr absl::Duration kTouchEvery = absl::Minutes(1);
constexpr size_t kMostKnown = 50'000;

}  // namespace

std::string TokenDigest(std::string_view token) { return crypto::Sha256(token); }

domain::Caller CallerOf(const Account& account) {
  return {.account = account.id,
          .role = domain::RoleOf(account.role).value_or(domain::Role::kPublic),
          .region = account.region,
          .organisation = account.organisation,
          .display_name = account.display_name};
}

Identities::Identities(db::Pool& pool, rpc::WorkerPool& workers, SecurityClock now)
    : pool_(pool), workers_(workers), now_(std::move(now)) {}

void Identities::ByToken(std::string_view token, absl::Time deadline, Callback done) {
  if (token.empty()) return done(Refuse(Reason::kTokenInvalid));
  std::string digest = TokenDigest(token);
  // Made first: in one call the digest could be moved away before the key is made of it, and every
  // token would share one key.
  std::string key = base::StrCat("t", digest);
  Look(std::move(key), std::move(digest), &Identities::FindToken, deadline, std::move(done));
}

void Identities::ByCertificate(std::string_view uri, absl::Time deadline, Callback done) {
  Look(base::StrCat("c", uri), std::string(uri), &Identities::FindCertificate, deadline,
       std::move(done));
}

void Identities::Look(std::string key, std::string name, Find find, absl::Time deadline,
                      Callback done) {
  int64_t forgotten;
  std::optional<Identity> known;
  {
    absl::MutexLock lock(&mutex_);
    forgotten = forgotten_;
    const auto found = known_.find(key);
    if (found != known_.end() && now_() < found->second.fresh_until) {
      known = found->second.identity;
    }
  }
  if (known) return done(*std::move(known));

  auto work = [this, key = std::move(key), name = std::move(name), find, deadline, forgotten,
               done] {
    absl::StatusOr<Identity> identity = (this->*find)(name, deadline);
    {
      absl::MutexLock lock(&mutex_);
      if (!identity.ok()) {
        known_.erase(key);
      } else if (forgotten == forgotten_) {
        if (known_.size() >= kMostKnown) known_.clear();
        known_[key] = {*identity, std::min(now_() + kIdentityFresh, identity->expire)};
      }
    }
    done(std::move(identity));
  };
  if (!workers_.Submit(std::move(work))) done(Refuse(Reason::kOverloaded));
}

absl::StatusOr<Identity> Identities::FindToken(const std::string& digest, absl::Time deadline) {
  std::optional<Session> session;
  RETURN_IF_ERROR(pool_.Read(deadline, [&](db::Txn& txn) {
    session = FindSession(txn, digest);
    return absl::OkStatus();
  }));
  if (!session || !session->account.active ||
      session->session_version != session->account.session_version) {
    return Refuse(Reason::kTokenInvalid);
  }
  const absl::Time now = now_();
  if (now >= session->expire || now - session->seen >= kSessionIdle) {
    return Refuse(Reason::kTokenExpired);
  }
  if (now - session->seen >= kTouchEvery) {
    RETURN_IF_ERROR(pool_.Run(deadline, [&](db::Txn& txn) {
      TouchSession(txn, digest, now);
      return absl::OkStatus();
    }));
  }
  return Identity{.caller = CallerOf(session->account), .expire = session->expire};
}

absl::StatusOr<Identity> Identities::FindCertificate(const std::string& uri, absl::Time deadline) {
  std::optional<Account> account;
  RETURN_IF_ERROR(pool_.Read(deadline, [&](db::Txn& txn) {
    account = FindAccountByCertificate(txn, uri);
    return absl::OkStatus();
  }));
  if (!account || !account->active) return Refuse(Reason::kLoginRequired);
  return Identity{.caller = CallerOf(*account)};
}

void Identities::Forget(std::string_view token) {
  absl::MutexLock lock(&mutex_);
  ++forgotten_;
  known_.erase(base::StrCat("t", TokenDigest(token)));
}

}  // namespace alliance::gateway
