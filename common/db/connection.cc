#include "common/db/connection.h"

#include <cppconn/connection.h>
#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <algorithm>
#include <fstream>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/db/error.h"

namespace alliance::db {
namespace {

constexpr size_t kStatementCache = 100;

// Every error is told by its number: the SQLSTATE of 1205, 2006 and 2013 is HY000 like a hundred
// others'.
Error::Kind KindOf(int code) {
  switch (code) {
    case 1062:  // duplicate key
    case 1586:
      return Error::Kind::kDuplicate;
    case 1213:  // deadlock; on Galera also a lost certification at COMMIT
    case 1205:  // lock wait
    case 1020:  // record has changed (innodb_snapshot_isolation)
    case 3572:  // NOWAIT on MySQL
      return Error::Kind::kRetry;
    case 1969:  // max_statement_time
    case 3024:  // the same on MySQL
    case 1317:  // KILL QUERY
      return Error::Kind::kDeadline;
    case 4025:  // CHECK
    case 3819:
    case 1451:  // foreign key
    case 1452:
    case 1048:  // NOT NULL
    case 1364:
    case 1406:  // too long
    case 1264:  // out of range
    case 1366:  // not text
    case 1292:
    case 1265:
    case 1267:  // a text that the column's character set cannot hold
      return Error::Kind::kConstraint;
    case 1044:  // a right is missing
    case 1142:
    case 1143:
    case 1227:
    case 1370:
      return Error::Kind::kDenied;
    case 1615:
    case 1243:
    case 2030:
    case 2057:
      return Error::Kind::kReprepare;
    case 1040:  // too many connections
    case 1047:  // Galera: this node is not in the primary component
    case 1053:  // shutting down
    case 1152:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1203:
    case 1226:
    case 1290:  // read only after a failover
    case 1836:
    case 1927:  // connection was killed
      return Error::Kind::kLost;
    default:
      return code >= 2000 && code < 3000 ? Error::Kind::kLost : Error::Kind::kInternal;
  }
}

// The driver's map of instances is not guarded; a static of our own is.
sql::mysql::MySQL_Driver* Driver() {
  static sql::mysql::MySQL_Driver* const driver = sql::mysql::get_driver_instance();
  return driver;
}

std::string ReadPassword(const std::string& path) {
  if (path.empty()) return "";
  std::ifstream file(path);
  std::string password;
  if (!file || !std::getline(file, password) || password.empty()) {
    throw Error(Error::Kind::kInternal, 0, base::StrCat("cannot read password file ", path));
  }
  return password;
}

std::string Seconds(absl::Duration duration) {
  return absl::StrCat(absl::ToDoubleSeconds(duration));
}

bool IsInteger(int type) {
  switch (type) {
    case sql::DataType::TINYINT:
    case sql::DataType::SMALLINT:
    case sql::DataType::MEDIUMINT:
    case sql::DataType::INTEGER:
    case sql::DataType::BIGINT:
    case sql::DataType::YEAR:
      return true;
    default:
      return false;
  }
}

// How a column's values are fetched.
enum class Fetch { kSigned, kUnsigned, kWholeDecimal, kText };

Fetch FetchOf(sql::ResultSetMetaData& columns, unsigned int column) {
  const int type = columns.getColumnType(column);
  if (IsInteger(type)) return columns.isSigned(column) ? Fetch::kSigned : Fetch::kUnsigned;
  const bool decimal = type == sql::DataType::DECIMAL || type == sql::DataType::NUMERIC;
  // SUM() of integers is a DECIMAL without decimals.
  if (decimal && columns.getScale(column) == 0) return Fetch::kWholeDecimal;
  return Fetch::kText;
}

Row::Cell ReadCell(sql::ResultSet& rows, unsigned int column, Fetch fetch) {
  if (rows.isNull(column)) return std::monostate();
  switch (fetch) {
    case Fetch::kSigned:
      return rows.getInt64(column);
    case Fetch::kUnsigned: {
      const uint64_t value = rows.getUInt64(column);
      if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
        throw Error(Error::Kind::kInternal, 0, "a number above 2^63 - 1 came back");
      }
      return static_cast<int64_t>(value);
    }
    case Fetch::kWholeDecimal: {
      const sql::SQLString text = rows.getString(column);
      int64_t value = 0;
      if (absl::SimpleAtoi(absl::string_view(text.c_str(), text.length()), &value)) return value;
      return std::string(text.c_str(), text.length());
    }
    case Fetch::kText:
      break;
  }
  const sql::SQLString text = rows.getString(column);
  return std::string(text.c_str(), text.length());
}

std::vector<Row> ReadAll(sql::ResultSet& rows, std::vector<Fetch>& fetch) {
  if (fetch.empty()) {
    sql::ResultSetMetaData* columns = rows.getMetaData();
    for (unsigned int i = 1; i <= columns->getColumnCount(); ++i) {
      fetch.push_back(FetchOf(*columns, i));
    }
  }
  std::vector<Row> result;
  result.reserve(rows.rowsCount());
  while (rows.next()) {
    std::vector<Row::Cell> cells;
    cells.reserve(fetch.size());
    for (unsigned int i = 0; i < fetch.size(); ++i) {
      cells.push_back(ReadCell(rows, i + 1, fetch[i]));
    }
    result.emplace_back(std::move(cells));
  }
  return result;
}

sql::ConnectOptionsMap ConnectorOptions(const Options& options) {
  sql::ConnectOptionsMap map;
  if (!options.socket.empty()) {
    map["hostName"] = sql::SQLString("unix://" + options.socket);
  } else {
    map["hostName"] = sql::SQLString(absl::StrCat("tcp://", options.host, ":", options.port));
    // OPT_SSL_MODE is ignored by this driver, in silence; these are not. What counts is the check
    // of Ssl_cipher below.
    map["sslEnforce"] = true;
    map["sslVerify"] = true;
    map["sslCA"] = sql::SQLString(options.tls_ca);
    if (!options.tls_cert.empty()) {
      map["sslCert"] = sql::SQLString(options.tls_cert);
      map["sslKey"] = sql::SQLString(options.tls_key);
    }
  }
  map["userName"] = sql::SQLString(options.user);
  map["password"] = sql::SQLString(ReadPassword(options.password_file));
  if (!options.schema.empty()) map["schema"] = sql::SQLString(options.schema);
  map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  // Whole seconds; the server's own limit on statements comes first, this is for one that hangs.
  const auto whole_seconds = [](absl::Duration d) {
    return static_cast<int>(absl::ToInt64Seconds(absl::Ceil(d, absl::Seconds(1))));
  };
  map["OPT_CONNECT_TIMEOUT"] = std::max(1, whole_seconds(options.connect_timeout));
  const int io = whole_seconds(options.statement_limit + options.lock_wait);
  map["OPT_READ_TIMEOUT"] = io;
  map["OPT_WRITE_TIMEOUT"] = io;
  map["CLIENT_FOUND_ROWS"] = true;
  return map;
}

std::string Address(const Options& options) {
  return options.socket.empty() ? absl::StrCat(options.host, ":", options.port)
                                : base::StrCat("socket ", options.socket);
}

}  // namespace

struct Connection::Statement {
  std::string text;
  std::unique_ptr<sql::PreparedStatement> prepared;
  std::vector<Fetch> fetch;
};

struct Connection::Session {
  using Cache = std::list<Statement>;

  // Declared before the cache: statements must close before their connection.
  std::unique_ptr<sql::Connection> connection;
  std::unique_ptr<sql::Statement> text;
  Cache cache;  // last used first
  absl::flat_hash_map<std::string, Cache::iterator> by_text;
};

template <typename Work>
auto Connection::Guard(std::string_view name, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const sql::SQLException& e) {
    const Error::Kind kind = KindOf(e.getErrorCode());
    if (kind == Error::Kind::kLost) broken_ = true;
    throw Error(kind, e.getErrorCode(),
                base::StrCat(name, ": ", e.what(), " (", e.getErrorCode(), ")"));
  }
}

Connection::Connection(const Options& options)
    : session_(std::make_unique<Session>()),
      full_limit_(options.statement_limit),
      limit_(options.statement_limit),
      dialled_(absl::Now()),
      last_used_(dialled_) {}

Connection::~Connection() {
  // Closing a statement or a session may fail on a broken connection; there is nothing left to do.
  try {
    session_.reset();
  } catch (const sql::SQLException&) {
  }
}

std::unique_ptr<Connection> Connection::Dial(const Options& options) {
  std::unique_ptr<Connection> connection(new Connection(options));
  const std::string what =
      base::StrCat("database ", options.schema, " at ", Address(options), " as ", options.user);
  try {
    sql::ConnectOptionsMap map = ConnectorOptions(options);
    connection->session_->connection.reset(Driver()->connect(map));
    connection->session_->text.reset(connection->session_->connection->createStatement());
  } catch (const sql::SQLException& e) {
    // An unknown schema or a wrong password is no outage, but nothing works until it is put right.
    throw Error(Error::Kind::kLost, e.getErrorCode(),
                base::StrCat(what, ": ", e.what(), " (", e.getErrorCode(), ")"));
  }
  try {
    connection->SetUp(options);
  } catch (const Error& e) {
    throw Error(e.kind(), e.code(), base::StrCat(what, ": ", e.what()));
  }
  return connection;
}

void Connection::SetUp(const Options& options) {
  if (options.socket.empty()) {
    const std::vector<Row> cipher = QueryText("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
    if (cipher.size() != 1 || cipher[0].Get<std::string>(1).empty()) {
      throw Error(Error::Kind::kLost, 0, "the connection is not encrypted, so it is not used");
    }
  }
  mysql_ =
      QueryText("SELECT VERSION()").at(0).Get<std::string>(0).find("MariaDB") == std::string::npos;
  // The driver has just forced REPEATABLE READ on the session.
  ExecText("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  ExecText(base::StrCat(
      "SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
      "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone='+00:00', autocommit=1, "
      "innodb_lock_wait_timeout=",
      std::max<int64_t>(1, absl::ToInt64Seconds(options.lock_wait))));
  limit_ = absl::ZeroDuration();
  LimitStatements(full_limit_);
}

Connection::Statement& Connection::Prepared(const Sql& sql) {
  Session& s = *session_;
  const auto found = s.by_text.find(sql.text);
  if (found != s.by_text.end()) {
    s.cache.splice(s.cache.begin(), s.cache, found->second);
    return s.cache.front();
  }
  if (s.cache.size() >= kStatementCache) {
    s.by_text.erase(s.cache.back().text);
    s.cache.pop_back();
  }
  Statement statement;
  statement.text = sql.text;
  statement.prepared.reset(s.connection->prepareStatement(statement.text));
  s.cache.push_front(std::move(statement));
  s.by_text.emplace(s.cache.front().text, s.cache.begin());
  return s.cache.front();
}

void Connection::Forget(const Sql& sql) {
  const auto found = session_->by_text.find(sql.text);
  if (found == session_->by_text.end()) return;
  const Session::Cache::iterator statement = found->second;
  session_->by_text.erase(found);
  session_->cache.erase(statement);
}

void Connection::Bind(Statement& statement, const Sql& sql, absl::Span<const Param> values) {
  const size_t wanted = std::count(statement.text.begin(), statement.text.end(), '?');
  if (wanted != values.size()) {
    throw Error(Error::Kind::kInternal, 0,
                base::StrCat(sql.name, ": ", values.size(), " values for ", wanted, " places"));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const unsigned int place = static_cast<unsigned int>(i) + 1;
    const Param::Value& value = values[i].value();
    if (const auto* number = std::get_if<int64_t>(&value)) {
      statement.prepared->setInt64(place, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      statement.prepared->setString(place, sql::SQLString(text->data(), text->size()));
    } else {
      statement.prepared->setNull(place, sql::DataType::SQLNULL);
    }
  }
}

int64_t Connection::Exec(const Sql& sql, absl::Span<const Param> values) {
  const auto run = [&] {
    return Guard(sql.name, [&]() -> int64_t {
      Statement& statement = Prepared(sql);
      Bind(statement, sql, values);
      return statement.prepared->executeUpdate();
    });
  };
  try {
    return run();
  } catch (const Error& e) {
    if (e.kind() != Error::Kind::kReprepare) throw;
  }
  // The server refused a stale statement before it did anything.
  Forget(sql);
  return run();
}

std::vector<Row> Connection::Query(const Sql& sql, absl::Span<const Param> values) {
  const auto run = [&] {
    return Guard(sql.name, [&]() -> std::vector<Row> {
      Statement& statement = Prepared(sql);
      Bind(statement, sql, values);
      // Statement and result share buffers: the result ends before the next execution.
      const std::unique_ptr<sql::ResultSet> rows(statement.prepared->executeQuery());
      return ReadAll(*rows, statement.fetch);
    });
  };
  try {
    return run();
  } catch (const Error& e) {
    if (e.kind() != Error::Kind::kReprepare) throw;
  }
  Forget(sql);
  return run();
}

void Connection::ExecText(const std::string& sql) {
  Guard(sql.substr(0, 60), [&] { session_->text->execute(sql); });
}

std::vector<Row> Connection::QueryText(const std::string& sql) {
  return Guard(sql.substr(0, 60), [&]() -> std::vector<Row> {
    const std::unique_ptr<sql::ResultSet> rows(session_->text->executeQuery(sql));
    std::vector<Fetch> fetch;
    return ReadAll(*rows, fetch);
  });
}

void Connection::Commit() {
  Guard("commit", [&] { session_->text->execute("COMMIT"); });
}

void Connection::Rollback() {
  Guard("rollback", [&] { session_->text->execute("ROLLBACK"); });
}

void Connection::SetAutocommit(bool on) {
  if (on == autocommit_) return;
  ExecText(on ? "SET autocommit=1" : "SET autocommit=0");
  autocommit_ = on;
}

void Connection::LimitStatements(absl::Duration rest) {
  // A ladder of halves below the full limit: the lowest step that still covers `rest`.
  absl::Duration step = full_limit_;
  while (step / 2 >= rest && step > absl::Milliseconds(50)) step /= 2;
  if (limit_ >= std::min(rest, full_limit_) && limit_ <= step * 4) return;
  ExecText(mysql_ ? absl::StrCat("SET SESSION max_execution_time=", absl::ToInt64Milliseconds(step))
                  : base::StrCat("SET SESSION max_statement_time=", Seconds(step)));
  limit_ = step;
}

}  // namespace alliance::db
