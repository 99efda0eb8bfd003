// Login: password → session token.
//
// The answer for a login that does not exist is the same, after the same work, as for a wrong
// password; five failures lock either (docs/threats.md B1-S1).

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/base/status_macros.h"
#include "common/crypto/random.h"
#include "common/domain/errors.h"
#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "services/gateway/account_store.h"
#include "services/gateway/gateway_service.h"
#include "services/gateway/passwords.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

using domain::Reason;
using domain::Refuse;

constexpr size_t kTokenBytes = 32;

absl::Status CheckShape(const v1::LoginRequest& request) {
  std::vector<domain::FieldProblem> problems;
  if (request.login().empty()) {
    problems.push_back({"login", "REQUIRED", "请填写账号。", "Give an account name."});
  }
  if (request.password().empty()) {
    problems.push_back({"password", "REQUIRED", "请填写密码。", "Give a password."});
  } else if (request.password().size() > kLongestPassword) {
    problems.push_back(
        {"password", "TOO_LONG", "密码最多 128 个字节。", "A password has at most 128 bytes."});
  }
  return problems.empty() ? absl::OkStatus() : Refuse(Reason::kInvalidRequest, {}, problems);
}

// 429, so that clients wait (docs/threats.md B1-S1).
absl::Status LockedOut(absl::Time until) {
  const std::string text =
      absl::FormatTime("%Y-%m-%d %H:%M", until + absl::Minutes(1), absl::FixedTimeZone(8 * 3600));
  return Refuse(Reason::kLockedOut, {{"until", text}});
}

// The security log. A login that nobody has is not named: people type passwords there.
void Note(const Request& call, const char* result, const std::optional<Account>& account = {}) {
  obs::Counter("gateway_logins_total", "Logins by result.", {{"result", result}}).Increment();
  obs::Log(obs::Level::kInfo, "login",
           {{"result", result},
            {"account", account ? account->id : ""},
            {"source", call.source},
            {"trace_id", call.trace.trace_id}});
}

}  // namespace

absl::Status GatewayService::Login(const Request& call, const v1::LoginRequest& request,
                                   v1::Session* answer) {
  RETURN_IF_ERROR(CheckShape(request));
  const absl::Time now = parts_.now();
  if (!limiter_.MayTry(call.source, now)) {
    Note(call, "rate_limited");
    return Refuse(Reason::kRateLimited);
  }

  Attempt attempt;
  std::optional<Account> account;
  RETURN_IF_ERROR(parts_.pool.Run(call.deadline, [&](db::Txn& txn) {
    attempt = TakeAttempt(txn, request.login(), now);
    account.reset();
    if (IsLogin(request.login())) account = FindAccount(txn, request.login());
    return absl::OkStatus();
  }));
  if (attempt.locked) {
    limiter_.CountFailure(call.source, now);
    Note(call, "locked", account);
    return LockedOut(attempt.locked_until);
  }

  const bool known = account && account->active;
  const bool right =
      IsPassword(known ? account->password_hash : std::string(HashOfNobody()), request.password());
  if (!known || !right) {
    limiter_.CountFailure(call.source, now);
    Note(call, "refused", account);
    return Refuse(Reason::kBadCredentials);
  }

  std::string token;
  absl::WebSafeBase64Escape(crypto::RandomBytes(kTokenBytes), &token);
  const absl::Time expire = now + kSessionLife;
  RETURN_IF_ERROR(parts_.pool.Run(call.deadline, [&](db::Txn& txn) {
    ForgetAttempts(txn, request.login());
    AddSession(txn, TokenDigest(token), *account, now, expire);
    RecordAct(txn, *account, "login", parts_.legal_clock.Now(), call.trace.trace_id);
    Tidy(txn, now);
    return absl::OkStatus();
  }));
  Note(call, "ok", account);
  FillSession(CallerOf(*account), expire, answer);
  answer->set_access_token(token);
  return absl::OkStatus();
}

}  // namespace alliance::gateway
