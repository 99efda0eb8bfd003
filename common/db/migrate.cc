#include "common/db/migrate.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/db/connection.h"
#include "common/db/error.h"
#include "common/db/grants.h"

namespace alliance::db {
namespace {

constexpr absl::Duration kLockWait = absl::Minutes(2);      // for another run to end
constexpr absl::Duration kStatementLimit = absl::Hours(1);  // a large table may take its time

constexpr const char* kMigrationTable =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "folder VARCHAR(80) NOT NULL, name VARCHAR(120) NOT NULL, sha256 BINARY(32) NOT NULL, "
    "started_us BIGINT NOT NULL, applied_us BIGINT NULL, PRIMARY KEY (folder, name)) ENGINE=InnoDB";
constexpr const char* kLockTable =
    "CREATE TABLE IF NOT EXISTS schema_migration_lock (id TINYINT NOT NULL PRIMARY KEY) "
    "ENGINE=InnoDB";
constexpr const char* kLockRow = "INSERT IGNORE INTO schema_migration_lock (id) VALUES (1)";
constexpr const char* kLock = "SELECT id FROM schema_migration_lock WHERE id=1 FOR UPDATE";

constexpr Sql kApplied = {"db.migrations",
                          "SELECT folder, name, sha256, applied_us FROM schema_migration "
                          "ORDER BY folder, name"};
constexpr Sql kStart = {"db.migration_start",
                        "INSERT INTO schema_migration (folder, name, sha256, started_us) "
                        "VALUES (?, ?, ?, ?)"};
constexpr Sql kRestart = {"db.migration_restart",
                          "UPDATE schema_migration SET sha256=?, started_us=? "
                          "WHERE folder=? AND name=? AND applied_us IS NULL"};
constexpr Sql kDone = {"db.migration_done",
                       "UPDATE schema_migration SET applied_us=? WHERE folder=? AND name=?"};

struct File {
  std::string folder;  // the part that names it: "db", "filing"
  std::string name;    // "0001_history.sql"
  std::string path;
  std::string sql;
  std::string sha256;
  std::string version;  // that it was released with; empty = it stands in no DIGESTS yet
};

struct Applied {
  std::string sha256;
  bool done = false;
  absl::Time at;  // when it was done
};
using AppliedFiles = std::map<std::pair<std::string, std::string>, Applied>;

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(base::StrCat("cannot read ", path));
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

// "services/filing/migrations" -> "filing": the same wherever the tree is installed.
std::string FolderName(const std::string& folder) {
  std::filesystem::path path(folder);
  if (path.filename().empty()) path = path.parent_path();
  if (path.filename() == "migrations") path = path.parent_path();
  return path.filename().string();
}

bool IsMigrationName(const std::string& name) {
  return name.size() > 9 && std::all_of(name.begin(), name.begin() + 4, absl::ascii_isdigit) &&
         name[4] == '_' && absl::EndsWith(name, ".sql") &&
         IsPlainName(name.substr(0, name.size() - 4));
}

// What a folder's DIGESTS says of its released files: name -> digest in hex, version.
using Digests = std::map<std::string, std::pair<std::string, std::string>>;

absl::StatusOr<Digests> ReadDigests(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  Digests digests;
  std::string version;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() != 2 || (version.empty() && words[0] != "#")) {
      return absl::InvalidArgumentError(
          base::StrCat(path, ": \"", base::Std(line), "\" is neither a version nor a digest"));
    }
    if (words[0] == "#") {
      version = words[1];
    } else {
      digests[words[1]] = {words[0], version};
    }
  }
  return digests;
}

absl::StatusOr<std::vector<File>> ReadFolder(const std::string& folder) {
  std::vector<File> files;
  Digests digests;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename() == "DIGESTS") {
      ASSIGN_OR_RETURN(digests, ReadDigests(entry.path().string()));
      continue;
    }
    File file;
    file.folder = FolderName(folder);
    file.name = entry.path().filename().string();
    file.path = entry.path().string();
    if (!IsMigrationName(file.name)) {
      return absl::InvalidArgumentError(
          base::StrCat(file.path, ": a migration is named NNNN_what_it_does.sql"));
    }
    ASSIGN_OR_RETURN(const std::string text, ReadText(file.path));
    file.sha256 = crypto::Sha256(text);
    absl::string_view sql = absl::StripAsciiWhitespace(text);
    while (absl::EndsWith(sql, ";"))
      sql = absl::StripTrailingAsciiWhitespace(sql.substr(0, sql.size() - 1));
    if (sql.empty()) return absl::InvalidArgumentError(base::StrCat(file.path, " is empty"));
    file.sql = std::string(sql);
    files.push_back(std::move(file));
  }
  if (error) {
    return absl::NotFoundError(base::StrCat("migrations ", folder, ": ", error.message()));
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.name < b.name; });
  for (size_t i = 1; i < files.size(); ++i) {
    if (files[i].name.substr(0, 4) == files[i - 1].name.substr(0, 4)) {
      return absl::InvalidArgumentError(
          base::StrCat(files[i].path, " has the number of ", files[i - 1].name));
    }
  }
  for (File& file : files) {
    const auto released = digests.find(file.name);
    if (released == digests.end()) continue;
    if (released->second.first != crypto::Hex(file.sha256)) {
      return absl::FailedPreconditionError(
          base::StrCat(file.path, " was changed after its release; write a new migration"));
    }
    file.version = released->second.second;
    digests.erase(released);
  }
  if (!digests.empty()) {
    return absl::FailedPreconditionError(
        base::StrCat(folder, " lacks ", digests.begin()->first, ", which was released"));
  }
  return files;
}

absl::StatusOr<std::vector<File>> ReadFolders(const std::vector<std::string>& folders) {
  std::vector<File> files;
  std::set<std::string> names;
  for (const std::string& folder : folders) {
    if (!names.insert(FolderName(folder)).second) {
      return absl::InvalidArgumentError(base::StrCat("two folders are named ", FolderName(folder)));
    }
    ASSIGN_OR_RETURN(std::vector<File> more, ReadFolder(folder));
    std::move(more.begin(), more.end(), std::back_inserter(files));
  }
  return files;
}

AppliedFiles ToApplied(const std::vector<Row>& rows) {
  AppliedFiles applied;
  for (const Row& row : rows) {
    const auto at = row.Get<std::optional<absl::Time>>(3);
    applied[{row.Get<std::string>(0), row.Get<std::string>(1)}] = {
        row.Get<std::string>(2), at.has_value(), at.value_or(absl::InfinitePast())};
  }
  return applied;
}

// No version has led to what this database is: it was made before that version.
absl::Status Older(const std::string& version, const std::pair<std::string, std::string>& key,
                   std::string_view finding, absl::Time at) {
  return absl::FailedPreconditionError(base::StrCat(
      "the database is older than ", version, ": its ", key.first, "/", key.second, finding, " (",
      absl::FormatTime("%Y-%m-%d", at, absl::UTCTimeZone()),
      "). Make a new database, or go on with the programs that made this one; it was not changed"));
}

// Files that were applied must still be there as they were, and in the order of their numbers.
absl::Status CheckUnchanged(const std::vector<File>& files, const AppliedFiles& applied) {
  std::set<std::pair<std::string, std::string>> present;
  std::set<std::string> folders;
  std::map<std::string, AppliedFiles::const_iterator> last_applied;  // per folder
  for (auto it = applied.begin(); it != applied.end(); ++it) {
    if (it->second.done) last_applied[it->first.first] = it;
  }
  for (const File& file : files) {
    present.emplace(file.folder, file.name);
    folders.insert(file.folder);
    const auto before = applied.find({file.folder, file.name});
    if (before == applied.end() || !before->second.done) {
      const auto later = last_applied.find(file.folder);
      if (later == last_applied.end() || later->second->first.second < file.name) continue;
      const auto& [key, done] = *later->second;
      if (!file.version.empty()) {
        return Older(file.version, key, base::StrCat(" came without ", file.name), done.at);
      }
      return absl::FailedPreconditionError(base::StrCat(file.path, " comes before ", key.second,
                                                        ", which is applied already; give it a "
                                                        "later number"));
    }
    if (before->second.sha256 != file.sha256) {
      if (!file.version.empty()) {
        return Older(file.version, before->first, " is another", before->second.at);
      }
      return absl::FailedPreconditionError(
          base::StrCat(file.path, " was changed after it was applied; write a new migration"));
    }
  }
  for (const auto& [key, file] : applied) {
    if (!file.done || !folders.contains(key.first) || present.contains(key)) continue;
    const auto released = std::find_if(files.begin(), files.end(), [&key = key](const File& f) {
      return f.folder == key.first && f.name > key.second && !f.version.empty();
    });
    if (released != files.end()) {
      return Older(released->version, key, " is of no release", file.at);
    }
    return absl::FailedPreconditionError(
        base::StrCat("migration ", key.first, "/", key.second,
                     " was applied but is gone: are these programs older than the database?"));
  }
  return absl::OkStatus();
}

// What a statement says when an interrupted run has done it already.
bool IsDoneAlready(const Error& e) {
  switch (e.code()) {
    case 1007:  // schema exists
    case 1050:  // table exists
    case 1051:  // no such table to drop
    case 1060:  // column exists
    case 1061:  // key exists
    case 1068:  // primary key exists
    case 1091:  // no such column or key to drop
    case 1826:  // foreign key exists
      return true;
    default:
      return false;
  }
}

// `connection` is in transaction mode: a statement that changes rows commits together with its
// mark; DDL commits by itself.
void ApplyFile(Connection& connection, const File& file, bool started) {
  if (started) {
    connection.Exec(kRestart, {file.sha256, absl::Now(), file.folder, file.name});
  } else {
    connection.Exec(kStart, {file.folder, file.name, file.sha256, absl::Now()});
  }
  connection.Commit();
  try {
    connection.ExecText(file.sql);
  } catch (const Error& e) {
    if (!started || !IsDoneAlready(e)) {
      throw Error(e.kind(), e.code(), base::StrCat(file.path, ": ", e.what()));
    }
  }
  connection.Exec(kDone, {absl::Now(), file.folder, file.name});
  connection.Commit();
}

std::vector<std::string> Tables(Connection& connection, const std::string& schema) {
  std::vector<std::string> tables;
  for (const Row& row : connection.QueryText(
           base::StrCat("SELECT table_name FROM information_schema.tables WHERE table_schema='",
                        schema, "' AND table_name <> 'schema_migration_lock' ORDER BY 1"))) {
    tables.push_back(row.Get<std::string>(0));
  }
  return tables;
}

absl::StatusOr<MigrateReport> MigrateOrThrow(const MigrateOptions& options,
                                             const std::vector<File>& files,
                                             const std::vector<Grant>& grants) {
  Options server = options.server;
  server.schema.clear();
  server.lock_wait = kLockWait;
  server.statement_limit = kStatementLimit;
  Connection::Dial(server)->ExecText(base::StrCat("CREATE DATABASE IF NOT EXISTS `", options.schema,
                                                  "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
  server.schema = options.schema;
  const std::unique_ptr<Connection> connection = Connection::Dial(server);
  connection->ExecText(kLockTable);
  connection->ExecText(kLockRow);
  // A second connection holds the lock: DDL on the first one would commit it away.
  const std::unique_ptr<Connection> lock = Connection::Dial(server);
  lock->SetAutocommit(false);
  lock->QueryText(kLock);

  connection->ExecText(kMigrationTable);
  const AppliedFiles applied = ToApplied(connection->Query(kApplied, {}));
  RETURN_IF_ERROR(CheckUnchanged(files, applied));
  MigrateReport report;
  connection->SetAutocommit(false);
  for (const File& file : files) {
    const auto before = applied.find({file.folder, file.name});
    if (before != applied.end() && before->second.done) {
      ++report.already;
      continue;
    }
    ApplyFile(*connection, file, /*started=*/before != applied.end());
    report.applied.push_back(file.path);
  }
  connection->SetAutocommit(true);
  if (!options.grants_files.empty()) {
    RETURN_IF_ERROR(CheckGrants(grants, Tables(*connection, options.schema)));
    report.granted = ApplyGrants(*connection, options.schema, grants);
  }
  lock->Rollback();
  return report;
}

absl::Status Explain(const Error& e, std::string_view doing) {
  const ErrorWord word =
      e.kind() == Error::Kind::kLost ? ErrorWord::kDatabaseUnavailable : ErrorWord::kInternal;
  return MakeStatus(word, base::StrCat(doing, ": ", e.what()));
}

}  // namespace

absl::StatusOr<MigrateReport> Migrate(const MigrateOptions& options) {
  const std::string user = options.user.empty() ? options.schema : options.user;
  if (!IsPlainName(options.schema) || !IsPlainName(user)) {
    return absl::InvalidArgumentError(
        base::StrCat("schema ", options.schema, ": names are made of a-z, 0-9 and _"));
  }
  ASSIGN_OR_RETURN(const std::vector<File> files, ReadFolders(options.folders));
  std::vector<Grant> grants;
  for (const std::string& path : options.grants_files) {
    ASSIGN_OR_RETURN(const std::string text, ReadText(path));
    ASSIGN_OR_RETURN(const std::vector<Grant> more, ParseGrants(text, path, options.schema, user));
    grants.insert(grants.end(), more.begin(), more.end());
  }
  try {
    return MigrateOrThrow(options, files, grants);
  } catch (const Error& e) {
    return Explain(e, base::StrCat("migrating ", options.schema));
  }
}

absl::Status CheckMigrated(Pool& pool, const std::vector<std::string>& folders) {
  ASSIGN_OR_RETURN(const std::vector<File> files, ReadFolders(folders));
  AppliedFiles applied;
  RETURN_IF_ERROR(pool.Read(absl::Now() + absl::Seconds(10), [&](Txn& txn) -> absl::Status {
    applied = ToApplied(txn.Query(kApplied));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(CheckUnchanged(files, applied));
  for (const File& file : files) {
    const auto before = applied.find({file.folder, file.name});
    if (before == applied.end() || !before->second.done) {
      return absl::FailedPreconditionError(
          base::StrCat("the schema lacks ", file.path, ": run alliancectl migrate"));
    }
  }
  return absl::OkStatus();
}

absl::Status EnsureUser(const Options& server, std::string_view user,
                        const std::string& password_file, bool require_tls) {
  if (!IsPlainName(user)) {
    return absl::InvalidArgumentError(
        base::StrCat("user ", user, ": names are made of a-z, 0-9 and _"));
  }
  ASSIGN_OR_RETURN(const std::string text, ReadText(password_file));
  const std::string password = text.substr(0, text.find('\n'));
  const bool plain = std::all_of(password.begin(), password.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_';
  });
  if (!plain || password.size() < 16 || password.size() > 128) {
    return absl::InvalidArgumentError(
        base::StrCat(password_file, ": a password has 16 to 128 letters, digits, - and _"));
  }
  const std::string account = base::StrCat("'", user, "'@'%'");
  const std::string how = base::StrCat(account, " IDENTIFIED BY '", password, "' REQUIRE ",
                                       require_tls ? "SSL" : "NONE");
  try {
    const std::unique_ptr<Connection> connection = Connection::Dial(server);
    connection->ExecText(base::StrCat("CREATE USER IF NOT EXISTS ", how));
    connection->ExecText(base::StrCat("ALTER USER ", how));
  } catch (const Error& e) {
    // The server's message may quote the statement, and with it the password.
    return MakeStatus(ErrorWord::kInternal,
                      base::StrCat("cannot make database user ", user, ": error ", e.code()));
  }
  return absl::OkStatus();
}

}  // namespace alliance::db
