#include "services/gateway/demo_accounts.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/caller.h"
#include "common/process/config.h"
#include "common/rpc/call.h"
#include "services/gateway/account_store.h"
#include "services/gateway/passwords.h"

namespace alliance::gateway {
namespace {

using domain::Role;

// The hash of all accounts of one password file.
struct Password {
  std::string text;
  std::string hash;
};

std::string Beside(const std::string& path, const std::string& name) {
  if (!name.empty() && name.front() == '/') return name;
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? name : base::StrCat(path.substr(0, slash + 1), name);
}

Account FromConfig(const config::v1::Account& in) {
  Account account{.id = in.login(),
                  .role = in.role(),
                  .region = in.region(),
                  .organisation = in.organisation(),
                  .display_name = in.display_name()};
  if (!in.certificate_uri().empty()) account.certificate_uri = in.certificate_uri();
  return account;
}

bool SameButHash(const Account& a, const Account& b) {
  return a.role == b.role && a.region == b.region && a.organisation == b.organisation &&
         a.display_name == b.display_name && a.certificate_uri == b.certificate_uri &&
         a.active == b.active;
}

// The hash of any stored account that has this password file; empty when there is none.
std::string StoredHash(const config::v1::Accounts& file, const std::string& password_file,
                       const std::map<std::string, Account>& stored) {
  for (const config::v1::Account& account : file.accounts()) {
    const auto found = stored.find(account.login());
    if (account.password_file() == password_file && found != stored.end()) {
      return found->second.password_hash;
    }
  }
  return "";
}

// The stored hash if the password still fits it; else a new one.
absl::StatusOr<Password> PasswordOf(const std::string& file, const std::string& stored_hash) {
  ASSIGN_OR_RETURN(std::string text, ReadPasswordFile(file));
  if (!stored_hash.empty() && IsPassword(stored_hash, text)) return Password{text, stored_hash};
  ASSIGN_OR_RETURN(std::string hash, HashPassword(text));
  return Password{text, hash};
}

}  // namespace

absl::Status CheckAccounts(const config::v1::Accounts& accounts) {
  std::set<std::string> logins;
  std::set<std::string> certificates;
  for (const config::v1::Account& account : accounts.accounts()) {
    const auto bad = [&](std::string_view why) {
      return absl::InvalidArgumentError(base::StrCat("account \"", account.login(), "\": ", why));
    };
    if (!IsLogin(account.login())) return bad("login must be 1 to 64 of a-z, 0-9, '.', '_', '-'");
    if (!logins.insert(account.login()).second) return bad("login is there twice");
    const auto role = domain::RoleOf(account.role());
    if (!role || role == Role::kPublic || role == Role::kClock) {
      return bad(base::StrCat("no account can have the role \"", account.role(), "\""));
    }
    if (role == Role::kRecommender && account.region().empty()) return bad("region is missing");
    if ((role == Role::kApplicant || role == Role::kFirm) && account.organisation().empty()) {
      return bad("organisation is missing");
    }
    if (account.display_name().empty()) return bad("display_name is missing");
    if (account.password_file().empty()) return bad("password_file is missing");
    if (!account.certificate_uri().empty() &&
        !certificates.insert(account.certificate_uri()).second) {
      return bad("certificate_uri belongs to another account already");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int> LoadDemoAccounts(const std::string& path, db::Pool& pool,
                                     absl::Time legal_now) {
  config::v1::Accounts file;
  RETURN_IF_ERROR(process::ReadTextFile(path, &file));
  RETURN_IF_ERROR(CheckAccounts(file));

  std::map<std::string, Account> stored;
  RETURN_IF_ERROR(pool.Read(absl::Now() + absl::Seconds(10), [&](db::Txn& txn) {
    stored.clear();
    for (Account& account : AllAccounts(txn)) stored[account.id] = std::move(account);
    return absl::OkStatus();
  }));

  std::map<std::string, Password> passwords;  // by file name
  std::vector<Account> changed;
  for (const config::v1::Account& in : file.accounts()) {
    Account account = FromConfig(in);
    const auto before = stored.find(account.id);
    auto password = passwords.find(in.password_file());
    if (password == passwords.end()) {
      ASSIGN_OR_RETURN(Password fresh, PasswordOf(Beside(path, in.password_file()),
                                                  StoredHash(file, in.password_file(), stored)));
      password = passwords.emplace(in.password_file(), std::move(fresh)).first;
    }
    account.password_hash = password->second.hash;
    if (before != stored.end() && SameButHash(before->second, account) &&
        before->second.password_hash == account.password_hash) {
      continue;
    }
    changed.push_back(std::move(account));
  }

  const std::string trace_id = rpc::Trace::Continue("").trace_id;
  for (const Account& account : changed) {
    RETURN_IF_ERROR(pool.Run(absl::Now() + absl::Seconds(10), [&](db::Txn& txn) {
      PutAccount(txn, account, legal_now, trace_id);
      return absl::OkStatus();
    }));
  }
  return static_cast<int>(changed.size());
}

}  // namespace alliance::gateway
