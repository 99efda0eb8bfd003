#include "common/db/grants.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/str.h"
#include "common/db/error.h"

namespace alliance::db {
namespace {

constexpr std::string_view kEveryTable = "*";
constexpr std::string_view kPrivileges[] = {"DELETE", "INSERT", "SELECT", "UPDATE"};
constexpr std::string_view kAppendOnlyTables[] = {"history", "audit_checkpoint"};
constexpr std::string_view kAppendOnlyEndings[] = {"_version", "_decision", "_score", "_line",
                                                   "_access"};

bool IsAppendOnly(std::string_view table) {
  const auto ends = [&](std::string_view ending) { return table.ends_with(ending); };
  return std::find(std::begin(kAppendOnlyTables), std::end(kAppendOnlyTables), table) !=
             std::end(kAppendOnlyTables) ||
         std::any_of(std::begin(kAppendOnlyEndings), std::end(kAppendOnlyEndings), ends);
}

absl::Status Bad(const Grant& grant, std::string_view why) {
  return absl::InvalidArgumentError(base::StrCat(grant.where, ": ", why));
}

// "GRANT SELECT, INSERT ON schema.table TO user; -- why"
absl::StatusOr<Grant> ParseLine(absl::string_view line, std::string where,
                                std::string_view schema) {
  Grant grant;
  grant.where = std::move(where);
  constexpr std::string_view kForm =
      "write \"GRANT <SELECT, INSERT, UPDATE, DELETE> ON {schema}.<table> TO <user>; -- <why>\"";
  const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(';', 1));
  if (parts.size() != 2) return Bad(grant, kForm);
  const absl::string_view comment = absl::StripAsciiWhitespace(parts[1]);
  if (!absl::StartsWith(comment, "-- ") || comment.size() < 6) {
    return Bad(grant, "every grant says why, after \"; -- \"");
  }
  const std::vector<absl::string_view> words =
      absl::StrSplit(parts[0], absl::ByAnyChar(" ,"), absl::SkipEmpty());
  size_t at = 1;
  while (at < words.size() && words[at] != "ON") ++at;
  if (words.size() < 6 || words[0] != "GRANT" || at == 1 || words.size() != at + 4 ||
      words[at + 2] != "TO") {
    return Bad(grant, kForm);
  }
  for (size_t i = 1; i < at; ++i) {
    const std::string_view privilege = base::Std(words[i]);
    if (std::find(std::begin(kPrivileges), std::end(kPrivileges), privilege) ==
        std::end(kPrivileges)) {
      return Bad(grant, base::StrCat(privilege, " is not a right that a service may have"));
    }
    grant.privileges.emplace_back(privilege);
  }
  std::sort(grant.privileges.begin(), grant.privileges.end());
  const std::vector<std::string> target = absl::StrSplit(words[at + 1], '.');
  if (target.size() != 2 || target[0] != schema) {
    return Bad(grant, "the table must be written {schema}.<table>");
  }
  grant.table = target[1];
  grant.user = std::string(words[at + 3]);
  if ((grant.table != kEveryTable && !IsPlainName(grant.table)) || !IsPlainName(grant.user)) {
    return Bad(grant, "names are made of a-z, 0-9 and _");
  }
  if (grant.table == kEveryTable && grant.privileges != std::vector<std::string>{"SELECT"}) {
    return Bad(grant, "only SELECT may be given on all tables");
  }
  return grant;
}

// In a right on all tables _ is a wild card: unescaped, alliance_x would also mean alliancex.
std::string Escaped(const std::string& schema) {
  return absl::StrReplaceAll(schema, {{"_", "\\_"}});
}

// A right as it is compared: user, "`schema`.`table`" or "`escaped schema`.*", privilege.
using Right = std::tuple<std::string, std::string, std::string>;

Right OnTable(const std::string& user, const std::string& schema, const std::string& table,
              const std::string& privilege) {
  return {user,
          table == kEveryTable ? absl::StrCat("`", Escaped(schema), "`.*")
                               : absl::StrCat("`", schema, "`.`", table, "`"),
          privilege};
}

std::string Statement(bool give, const Right& right) {
  const auto& [user, target, privilege] = right;
  return absl::StrCat(give ? "GRANT " : "REVOKE ", privilege, " ON ", target,
                      give ? " TO '" : " FROM '", user, "'@'%'");
}

void ReadRights(Connection& connection, const std::string& schema, const std::string& user,
                std::set<Right>& rights) {
  const std::string grantee = absl::StrCat(" WHERE grantee='\\'", user, "\\'@\\'%\\''");
  if (connection
          .QueryText(absl::StrCat("SELECT 1 FROM mysql.user WHERE user='", user, "' AND host='%'"))
          .empty()) {
    throw Error(
        Error::Kind::kInternal, 0,
        base::StrCat("database user ", user, " does not exist; it is made before migrating"));
  }
  const std::vector<Row> global = connection.QueryText(
      absl::StrCat("SELECT privilege_type FROM information_schema.user_privileges", grantee,
                   " AND privilege_type <> 'USAGE'"));
  if (!global.empty()) {
    throw Error(Error::Kind::kInternal, 0,
                base::StrCat("database user ", user, " has ", global[0].Get<std::string>(0),
                             " on everything; revoke it"));
  }
  for (const Row& row : connection.QueryText(absl::StrCat(
           "SELECT table_name, privilege_type FROM information_schema.table_privileges", grantee,
           " AND table_schema='", schema, "'"))) {
    rights.insert(OnTable(user, schema, row.Get<std::string>(0), row.Get<std::string>(1)));
  }
  for (const Row& row : connection.QueryText(absl::StrCat(
           "SELECT table_schema, privilege_type FROM information_schema.schema_privileges", grantee,
           " AND REPLACE(table_schema, '\\\\', '')='", schema, "'"))) {
    rights.emplace(user, absl::StrCat("`", row.Get<std::string>(0), "`.*"),
                   row.Get<std::string>(1));
  }
}

}  // namespace

bool IsPlainName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

absl::StatusOr<std::vector<Grant>> ParseGrants(std::string_view text, std::string_view file_name,
                                               std::string_view schema, std::string_view user) {
  std::vector<Grant> grants;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(base::Absl(text), '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || absl::StartsWith(line, "--")) continue;
    const std::string filled =
        absl::StrReplaceAll(line, {{"{schema}", base::Absl(schema)}, {"{user}", base::Absl(user)}});
    absl::StatusOr<Grant> grant = ParseLine(filled, base::StrCat(file_name, ":", number), schema);
    if (!grant.ok()) return grant.status();
    grants.push_back(*std::move(grant));
  }
  return grants;
}

absl::Status CheckGrants(const std::vector<Grant>& grants, const std::vector<std::string>& tables) {
  std::set<std::string> granted;
  std::set<std::pair<std::string, std::string>> seen;
  for (const Grant& grant : grants) {
    granted.insert(grant.table);
    if (grant.table != kEveryTable &&
        std::find(tables.begin(), tables.end(), grant.table) == tables.end()) {
      return Bad(grant, base::StrCat("there is no table ", grant.table));
    }
    for (const std::string& privilege : grant.privileges) {
      if (IsAppendOnly(grant.table) && privilege != "SELECT" && privilege != "INSERT") {
        return Bad(grant, base::StrCat(grant.table, " is append-only: no ", privilege));
      }
    }
    if (!seen.emplace(grant.table, grant.user).second) {
      return Bad(grant, base::StrCat("a second line for ", grant.table, " and ", grant.user));
    }
  }
  for (const std::string& table : tables) {
    if (!granted.contains(table)) {
      return absl::InvalidArgumentError(
          base::StrCat("table ", table, " has no line in any grants.sql"));
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> ApplyGrants(Connection& connection, const std::string& schema,
                                     const std::vector<Grant>& grants) {
  std::set<Right> wanted;
  std::set<std::string> users;
  for (const Grant& grant : grants) {
    users.insert(grant.user);
    for (const std::string& privilege : grant.privileges) {
      wanted.insert(OnTable(grant.user, schema, grant.table, privilege));
    }
  }
  std::set<Right> present;
  for (const std::string& user : users) ReadRights(connection, schema, user, present);

  std::vector<std::string> done;
  const auto run = [&](bool give, const std::set<Right>& rights, const std::set<Right>& except) {
    for (const Right& right : rights) {
      if (except.contains(right)) continue;
      done.push_back(Statement(give, right));
      connection.ExecText(done.back());
    }
  };
  run(/*give=*/true, wanted, present);
  run(/*give=*/false, present, wanted);
  return done;
}

}  // namespace alliance::db
