#include "common/testing/mariadb.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/db/migrate.h"

namespace alliance::testdb {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kStartLimit = absl::Seconds(60);
constexpr char kAuditor[] = "alliance_audit";
constexpr char kPassword[] = "for-tests-only-0123456789";
constexpr char kLogFileSize[] = "--innodb-log-file-size=16M";

[[noreturn]] void Die(std::string_view why) {
  std::fprintf(stderr, "common/testing: %.*s\n", static_cast<int>(why.size()), why.data());
  std::_Exit(1);
}

std::string Slurp(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string FindProgram(std::string_view name) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/"}) {
    std::string path = base::StrCat(folder, name);
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  Die(base::StrCat(name, " is not installed: package mariadb-server-core"));
}

// Starts a program with its output in a file. It is killed when this process dies.
pid_t Spawn(const std::vector<std::string>& words, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) Die("fork failed");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  return pid;
}

// An installed, empty data folder, made once per build tree.
std::string Template() {
  const fs::path root = fs::path(ALLIANCE_BINARY_DIR) / "testing";
  fs::create_directories(root);
  const fs::path ready = root / "mariadb-empty";
  const int lock = open((root / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) Die("cannot lock the template of the data folder");
  if (!fs::exists(ready)) {
    const fs::path making = root / "mariadb-making";
    fs::remove_all(making);
    const std::string log = (root / "install.log").string();
    std::vector<std::string> words = {FindProgram("mariadb-install-db"),
                                      "--no-defaults",
                                      "--datadir=" + making.string(),
                                      "--skip-test-db",
                                      "--auth-root-authentication-method=normal",
                                      kLogFileSize};
    if (geteuid() == 0) words.push_back("--user=root");
    const pid_t pid = Spawn(words, log);
    int status = 0;
    if (waitpid(pid, &status, 0) != pid || status != 0) {
      Die(base::StrCat("mariadb-install-db failed:\n", Slurp(log)));
    }
    fs::rename(making, ready);
  }
  close(lock);
  return ready.string();
}

void Must(const absl::Status& status, std::string_view doing) {
  if (!status.ok()) Die(base::StrCat(doing, ": ", status.ToString()));
}

}  // namespace

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

MariaDb& MariaDb::Shared() {
  static MariaDb server;
  return server;
}

MariaDb::MariaDb(const ServerOptions& options) {
  std::string pattern = ::testing::TempDir() + "/alliance-db-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) Die("cannot make a folder for the database");
  folder_ = pattern;
  socket_ = folder_ + "/sock";
  if (socket_.size() > 106) Die(base::StrCat("socket path too long: ", socket_));
  fs::copy(Template(), folder_ + "/data", fs::copy_options::recursive);
  std::ofstream(folder_ + "/password") << kPassword << "\n";
  flags_ = {
      FindProgram("mariadbd"), "--no-defaults", "--datadir=" + folder_ + "/data",
      "--socket=" + socket_, "--pid-file=" + folder_ + "/pid",
      // A server that starts removes what it takes for leftovers of its own in the shared /tmp.
      "--tmpdir=" + folder_, kLogFileSize, "--innodb-buffer-pool-size=64M",
      "--innodb-flush-log-at-trx-commit=2", "--innodb-use-native-aio=0", "--performance-schema=OFF",
      "--skip-name-resolve", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin",
      "--max-connections=300"};
  if (geteuid() == 0) flags_.push_back("--user=root");
  const auto is_port = [](const std::string& flag) { return absl::StartsWith(flag, "--port"); };
  if (std::none_of(options.extra_flags.begin(), options.extra_flags.end(), is_port)) {
    flags_.push_back("--skip-networking");
  }
  flags_.insert(flags_.end(), options.extra_flags.begin(), options.extra_flags.end());
  Start();
}

MariaDb::~MariaDb() {
  Kill();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void MariaDb::Start() {
  if (pid_ > 0) return;
  const std::string log = folder_ + "/log";
  pid_ = Spawn(flags_, log);
  const absl::Time until = absl::Now() + kStartLimit;
  while (true) {
    db::Options options = Root();
    options.connections = 1;
    const absl::Status status = db::Pool::Open(options).status();
    if (status.ok()) return;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      Die(base::StrCat("mariadbd ended at once:\n", Slurp(log)));
    }
    if (absl::Now() > until) {
      Die(base::StrCat("mariadbd does not start: ", status.ToString(), "\n", Slurp(log)));
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
}

void MariaDb::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void MariaDb::Freeze() {
  kill(pid_, SIGSTOP);
  // Its threads stop one by one: on a busy machine one may still answer.
  int status = 0;
  waitpid(pid_, &status, WUNTRACED);
}
void MariaDb::Thaw() { kill(pid_, SIGCONT); }

db::Options MariaDb::Root(std::string_view schema) const {
  db::Options options;
  options.socket = socket_;
  options.user = "root";
  options.schema = std::string(schema);
  options.connections = 4;
  return options;
}

std::unique_ptr<Schema> Schema::Make(std::string_view service_schema,
                                     const std::vector<std::string>& service_folders,
                                     int connections) {
  static std::atomic<int> made = 0;
  MariaDb& server = MariaDb::Shared();
  std::unique_ptr<Schema> schema(new Schema());
  schema->name_ = base::StrCat(service_schema, "_", ++made);
  schema->user_ = schema->name_;

  const std::string source = ALLIANCE_SOURCE_DIR;
  const std::string password = server.folder() + "/password";
  for (const std::string& user : {schema->user_, std::string(kAuditor)}) {
    Must(db::EnsureUser(server.Root(), user, password, /*require_tls=*/false), "making users");
  }
  db::MigrateOptions migrate;
  migrate.server = server.Root();
  migrate.schema = schema->name_;
  migrate.folders = {source + "/common/db/migrations"};
  migrate.grants_files = {source + "/deploy/db/grants.sql"};
  for (const std::string& folder : service_folders) {
    migrate.folders.push_back(base::StrCat(source, "/", folder, "/migrations"));
    migrate.grants_files.push_back(base::StrCat(source, "/", folder, "/grants.sql"));
  }
  Must(db::Migrate(migrate).status(), "migrating");

  absl::StatusOr<std::unique_ptr<db::Pool>> root = db::Pool::Open(server.Root(schema->name_));
  Must(root.status(), "connecting as administrator");
  schema->root_ = *std::move(root);
  db::Options as_service = schema->ServiceOptions();
  as_service.connections = connections;
  absl::StatusOr<std::unique_ptr<db::Pool>> pool = db::Pool::Open(as_service);
  Must(pool.status(), "connecting as the service");
  schema->pool_ = *std::move(pool);

  return schema;
}

Schema::~Schema() {
  pool_.reset();
  if (root_ == nullptr) return;
  Execute(base::StrCat("DROP DATABASE `", name_, "`"));
  Execute(base::StrCat("DROP USER '", user_, "'@'%'"));
}

db::Options Schema::ServiceOptions() const {
  db::Options options = MariaDb::Shared().Root(name_);
  options.user = user_;
  options.password_file = MariaDb::Shared().folder() + "/password";
  return options;
}

db::Options Schema::AuditOptions() const {
  db::Options options = ServiceOptions();
  options.user = kAuditor;
  return options;
}

void Schema::Clear() {
  constexpr db::Sql kTables = {"testing.tables",
                               "SELECT table_name FROM information_schema.tables "
                               "WHERE table_schema=DATABASE()"};
  const absl::Status status = root_->Run(Soon(), [&](db::Txn& txn) -> absl::Status {
    txn.Exec({"testing.no_keys", "SET foreign_key_checks=0"});
    for (const db::Row& row : txn.Query(kTables)) {
      const auto table = row.Get<std::string>(0);
      if (table.starts_with("schema_migration")) continue;
      txn.Exec({"testing.clear", base::StrCat("DELETE FROM `", table, "`").c_str()});
    }
    txn.Exec({"testing.keys", "SET foreign_key_checks=1"});
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
}

void Schema::Execute(const std::string& sql) {
  const absl::Status status = root_->Run(Soon(), [&](db::Txn& txn) -> absl::Status {
    txn.Exec({"testing.execute", sql.c_str()});
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << sql << ": " << status;
}

std::string Schema::Value(const std::string& sql) {
  std::string value = "(no row)";
  const absl::Status status = root_->Read(Soon(), [&](db::Txn& txn) -> absl::Status {
    const std::vector<db::Row> rows = txn.Query({"testing.value", sql.c_str()});
    if (!rows.empty()) value = rows[0].AsText(0).value_or("NULL");
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << sql << ": " << status;
  return value;
}

int64_t Schema::Count(const std::string& sql) {
  const std::string value = Value(sql);
  int64_t count = -1;
  EXPECT_TRUE(absl::SimpleAtoi(value, &count)) << sql << ": " << value;
  return count;
}

}  // namespace alliance::testdb
