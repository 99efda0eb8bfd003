#include "services/gateway/account_store.h"

#include <algorithm>

#include "common/audit/history.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"

namespace alliance::gateway {
namespace {

constexpr absl::Duration kAttemptMemory = absl::Hours(24);

Account ReadAccount(const db::Row& row, size_t at) {
  return {.id = row.Get<std::string>(at),
          .password_hash = row.Get<std::string>(at + 1),
          .role = row.Get<std::string>(at + 2),
          .region = row.Get<std::string>(at + 3),
          .organisation = row.Get<std::string>(at + 4),
          .display_name = row.Get<std::string>(at + 5),
          .certificate_uri = row.Get<std::optional<std::string>>(at + 6),
          .session_version = row.Get<int32_t>(at + 7),
          .active = row.Get<bool>(at + 8)};
}

audit::Act ActOn(const Account& account, std::string_view action, absl::Time legal_now,
                 std::string_view trace_id) {
  return {.case_id = base::StrCat("accounts/", account.id),
          .at = legal_now,
          .actor = account.id,
          .role = account.role,
          .region = account.region,
          .organisation = account.organisation,
          .action = std::string(action),
          .trace_id = std::string(trace_id)};
}

}  // namespace

bool IsLogin(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (char c : text) {
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool mark = (c == '.' || c == '_' || c == '-') && &c != text.data();
    if (!letter_or_digit && !mark) return false;
  }
  return text.front() != '.' && text.front() != '_' && text.front() != '-';
}

std::optional<Account> FindAccount(db::Txn& txn, std::string_view id) {
  static constexpr db::Sql kFind = {
      "gateway.find_account",
      "SELECT id, password_hash, role, region, organisation, display_name, certificate_uri,"
      " session_version, active FROM account WHERE id=?"};
  const auto row = txn.QueryOne(kFind, id);
  if (!row) return std::nullopt;
  return ReadAccount(*row, 0);
}

std::optional<Account> FindAccountByCertificate(db::Txn& txn, std::string_view uri) {
  static constexpr db::Sql kFind = {
      "gateway.find_account_by_certificate",
      "SELECT id, '', role, region, organisation, display_name, certificate_uri,"
      " session_version, active FROM account WHERE certificate_uri=?"};
  const auto row = txn.QueryOne(kFind, uri);
  if (!row) return std::nullopt;
  return ReadAccount(*row, 0);
}

std::vector<Account> AllAccounts(db::Txn& txn) {
  static constexpr db::Sql kAll = {
      "gateway.all_accounts",
      "SELECT id, password_hash, role, region, organisation, display_name, certificate_uri,"
      " session_version, active FROM account ORDER BY id LIMIT 10000"};
  std::vector<Account> accounts;
  for (const db::Row& row : txn.Query(kAll)) accounts.push_back(ReadAccount(row, 0));
  return accounts;
}

void PutAccount(db::Txn& txn, const Account& account, absl::Time legal_now,
                std::string_view trace_id) {
  static constexpr db::Sql kPut = {
      "gateway.put_account",
      "INSERT INTO account (id, password_hash, role, region, organisation, display_name,"
      " certificate_uri, session_version, active, create_us, update_us)"
      " VALUES (?,?,?,?,?,?,?,1,?,?,?)"
      " ON DUPLICATE KEY UPDATE password_hash=VALUES(password_hash), role=VALUES(role),"
      " region=VALUES(region), organisation=VALUES(organisation),"
      " display_name=VALUES(display_name), certificate_uri=VALUES(certificate_uri),"
      " session_version=session_version+1, active=VALUES(active), update_us=VALUES(update_us)"};
  txn.Exec(kPut, account.id, account.password_hash, account.role, account.region,
           account.organisation, account.display_name, account.certificate_uri, account.active,
           legal_now, legal_now);
  audit::Act act = ActOn(account, "put_account", legal_now, trace_id);
  act.actor = "gateway:demo-accounts";
  act.role = "operator";
  act.sealed = {audit::Seal("account", account.id,
                            {{"password_hash", account.password_hash},
                             {"role", account.role},
                             {"region", account.region},
                             {"organisation", account.organisation},
                             {"display_name", account.display_name},
                             {"certificate_uri", account.certificate_uri},
                             {"active", account.active}})};
  audit::Append(txn, act);
}

void RecordAct(db::Txn& txn, const Account& account, std::string_view action, absl::Time legal_now,
               std::string_view trace_id) {
  audit::Append(txn, ActOn(account, action, legal_now, trace_id));
}

void AddSession(db::Txn& txn, std::string_view token_sha256, const Account& account, absl::Time now,
                absl::Time expire) {
  static constexpr db::Sql kAdd = {"gateway.add_session",
                                   "INSERT INTO session (token_sha256, account_id, "
                                   "session_version, create_us, expire_us, seen_us)"
                                   " VALUES (?,?,?,?,?,?)"};
  txn.Exec(kAdd, token_sha256, account.id, account.session_version, now, expire, now);
}

std::optional<Session> FindSession(db::Txn& txn, std::string_view token_sha256) {
  static constexpr db::Sql kFind = {
      "gateway.find_session",
      "SELECT s.session_version, s.expire_us, s.seen_us, a.id, '', a.role, a.region, "
      "a.organisation,"
      " a.display_name, a.certificate_uri, a.session_version, a.active"
      " FROM session s JOIN account a ON a.id=s.account_id WHERE s.token_sha256=?"};
  const auto row = txn.QueryOne(kFind, token_sha256);
  if (!row) return std::nullopt;
  return Session{.account = ReadAccount(*row, 3),
                 .session_version = row->Get<int32_t>(0),
                 .expire = row->Get<absl::Time>(1),
                 .seen = row->Get<absl::Time>(2)};
}

void TouchSession(db::Txn& txn, std::string_view token_sha256, absl::Time now) {
  static constexpr db::Sql kTouch = {
      "gateway.touch_session", "UPDATE session SET seen_us=? WHERE token_sha256=? AND seen_us<?"};
  txn.Exec(kTouch, now, token_sha256, now);
}

bool EndSession(db::Txn& txn, std::string_view token_sha256) {
  static constexpr db::Sql kEnd = {"gateway.end_session",
                                   "DELETE FROM session WHERE token_sha256=?"};
  return txn.Exec(kEnd, token_sha256) == 1;
}

absl::Duration LockTime(int failures) {
  const int doublings = std::clamp(failures - kFailuresBeforeLock, 0, 10);
  return std::min(absl::Minutes(5) * (1 << doublings), absl::Hours(1));
}

Attempt TakeAttempt(db::Txn& txn, std::string_view login, absl::Time now) {
  static constexpr db::Sql kAdd = {
      "gateway.add_attempt",
      "INSERT INTO login_attempt (login_sha256, failures, locked_until_us, attempt_us)"
      " VALUES (?,0,0,?)"};
  static constexpr db::Sql kTake = {
      "gateway.take_attempt",
      "SELECT failures, locked_until_us, attempt_us FROM login_attempt WHERE login_sha256=?"
      " FOR UPDATE"};
  static constexpr db::Sql kCount = {
      "gateway.count_attempt",
      "UPDATE login_attempt SET failures=?, locked_until_us=?, attempt_us=? WHERE login_sha256=?"};
  const std::string digest = crypto::Sha256(login);
  // Looked for first: an INSERT that finds the row would take a shared lock, and several callers
  // that then want it alone are a deadlock.
  auto row = txn.QueryOne(kTake, digest);
  if (!row) {
    txn.InsertIfAbsent(kAdd, digest, now);
    row = txn.QueryOne(kTake, digest);
  }
  if (!row) txn.RetryWhole("attempts were tidied away");
  const absl::Time locked_until = row->Get<absl::Time>(1);
  int failures = row->Get<int>(0);
  if (locked_until > now) {
    return {.failures = failures, .locked_until = locked_until, .locked = true};
  }
  if (now - row->Get<absl::Time>(2) > kAttemptMemory) failures = 0;
  ++failures;
  const absl::Time lock =
      failures >= kFailuresBeforeLock ? now + LockTime(failures) : absl::UnixEpoch();
  txn.Exec(kCount, failures, lock, now, digest);
  return {.failures = failures, .locked_until = lock};
}

void ForgetAttempts(db::Txn& txn, std::string_view login) {
  static constexpr db::Sql kForget = {"gateway.forget_attempts",
                                      "DELETE FROM login_attempt WHERE login_sha256=?"};
  txn.Exec(kForget, crypto::Sha256(login));
}

void Tidy(db::Txn& txn, absl::Time now) {
  static constexpr db::Sql kSessions = {"gateway.tidy_sessions",
                                        "DELETE FROM session WHERE expire_us<? LIMIT 50"};
  static constexpr db::Sql kAttempts = {"gateway.tidy_attempts",
                                        "DELETE FROM login_attempt WHERE attempt_us<? LIMIT 50"};
  txn.Exec(kSessions, now);
  txn.Exec(kAttempts, now - kAttemptMemory);
}

}  // namespace alliance::gateway
