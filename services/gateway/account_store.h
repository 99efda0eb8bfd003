// Accounts, sessions and failed logins: all SQL of the gateway.
//
// Times are the system clock's, but for the history of accounts, which stands on legal time.

#ifndef ALLIANCE_SERVICES_GATEWAY_ACCOUNT_STORE_H_
#define ALLIANCE_SERVICES_GATEWAY_ACCOUNT_STORE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/db/txn.h"

namespace alliance::gateway {

struct Account {
  std::string id;  // the login: [a-z0-9][a-z0-9._-]{0,63}
  std::string password_hash;
  std::string role;  // word of domain::Role
  std::string region;
  std::string organisation;
  std::string display_name;
  std::optional<std::string> certificate_uri;
  int32_t session_version = 1;
  bool active = true;
};

bool IsLogin(std::string_view text);

std::optional<Account> FindAccount(db::Txn& txn, std::string_view id);
std::optional<Account> FindAccountByCertificate(db::Txn& txn, std::string_view uri);
std::vector<Account> AllAccounts(db::Txn& txn);

// Inserts or replaces. A change ends the account's sessions.
void PutAccount(db::Txn& txn, const Account& account, absl::Time legal_now,
                std::string_view trace_id);

// A row in the account's history: "login", "logout".
void RecordAct(db::Txn& txn, const Account& account, std::string_view action, absl::Time legal_now,
               std::string_view trace_id);

struct Session {
  Account account;  // without its hash
  int32_t session_version = 0;
  absl::Time expire;
  absl::Time seen;
};

void AddSession(db::Txn& txn, std::string_view token_sha256, const Account& account, absl::Time now,
                absl::Time expire);
std::optional<Session> FindSession(db::Txn& txn, std::string_view token_sha256);
void TouchSession(db::Txn& txn, std::string_view token_sha256, absl::Time now);
// True when there was one.
bool EndSession(db::Txn& txn, std::string_view token_sha256);

// Five failures lock a login for 5 minutes; each further one doubles that, up to an hour.
inline constexpr int kFailuresBeforeLock = 5;
absl::Duration LockTime(int failures);

struct Attempt {
  int failures = 0;         // with this one, as long as it has not succeeded
  absl::Time locked_until;  // when `locked`
  bool locked = false;      // refuse without looking at the password
};

// Counts an attempt before its password is looked at, so that attempts at the same time cannot slip
// past the limit; ForgetAttempts takes it back after success. A locked login is not counted
// further.
Attempt TakeAttempt(db::Txn& txn, std::string_view login, absl::Time now);
void ForgetAttempts(db::Txn& txn, std::string_view login);

// Removes some of what has ended: expired sessions, attempts older than a day.
void Tidy(db::Txn& txn, absl::Time now);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_ACCOUNT_STORE_H_
