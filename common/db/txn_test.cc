// Statements and values on a real MariaDB: every type there and back, both sides of each limit.

#include "common/db/txn.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/db/pool.h"
#include "common/testing/mariadb.h"

namespace alliance::db {
namespace {

enum class Colour : int16_t { kRed = 1, kBlue = 2 };

class TxnTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    schema_ = testdb::Schema::Make("txn_test");
    schema_->Execute(
        "CREATE TABLE t (id VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY, "
        "number BIGINT NULL, tiny TINYINT NULL, "
        "big BIGINT UNSIGNED NULL, text VARCHAR(20) NULL, bytes LONGBLOB NULL, "
        "digest BINARY(32) NULL, at_us BIGINT NULL, money DECIMAL(30,2) NULL, "
        "other VARCHAR(10) NULL UNIQUE, small_text VARCHAR(3) NULL, "
        "CHECK (tiny IS NULL OR tiny < 100)) ENGINE=InnoDB");
  }
  static void TearDownTestSuite() { schema_.reset(); }
  void SetUp() override { schema_->Execute("DELETE FROM t"); }

  absl::Status Run(absl::FunctionRef<void(Txn&)> body) {
    return schema_->root().Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      body(txn);
      return absl::OkStatus();
    });
  }
  // The word of the error that `body` ends in.
  std::string WordOf(absl::FunctionRef<void(Txn&)> body) { return ErrorWordOf(Run(body)); }

  static inline std::unique_ptr<testdb::Schema> schema_;
};

TEST_F(TxnTest, EveryTypeComesBackAsItWent) {
  constexpr Sql kInsert = {
      "test.insert",
      "INSERT INTO t (id, number, tiny, big, text, bytes, digest, at_us, money) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  constexpr Sql kSelect = {"test.select",
                           "SELECT number, tiny, big, text, bytes, digest, at_us, money FROM t "
                           "WHERE id=?"};
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  const std::string digest = bytes.substr(200, 32);
  const absl::Time at = absl::FromUnixMicros(1682351999123456);
  for (const int64_t number : {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::max(),
                               std::numeric_limits<int64_t>::min()}) {
    const std::string id = base::StrCat("n", number);
    ASSERT_TRUE(Run([&](Txn& txn) {
                  EXPECT_EQ(txn.Exec(kInsert, id, number, true, uint64_t{1} << 62, "联盟😀𠮷é",
                                     bytes, digest, at, "12345678901234567890.12"),
                            1);
                }).ok());
    ASSERT_TRUE(Run([&](Txn& txn) {
                  const std::optional<Row> row = txn.QueryOne(kSelect, id);
                  ASSERT_TRUE(row.has_value());
                  EXPECT_EQ(row->Get<int64_t>(0), number);
                  EXPECT_EQ(row->Get<bool>(1), true);
                  EXPECT_EQ(row->Get<int64_t>(2), int64_t{1} << 62);
                  EXPECT_EQ(row->Get<std::string>(3), "联盟😀𠮷é");
                  EXPECT_EQ(row->Get<std::string>(4), bytes);
                  EXPECT_EQ(row->Get<std::string>(5), digest);
                  EXPECT_EQ(row->Get<absl::Time>(6), at);
                  EXPECT_EQ(row->Get<std::string>(7), "12345678901234567890.12");
                  EXPECT_EQ(row->AsText(0), base::StrCat(number));
                  EXPECT_EQ(row->AsText(3), "联盟😀𠮷é");
                }).ok());
  }
}

TEST_F(TxnTest, NullIsNeverReadAsEmptyOrZero) {
  constexpr Sql kInsert = {"test.insert_null",
                           "INSERT INTO t (id, number, text, bytes, at_us) VALUES (?, ?, ?, ?, ?)"};
  constexpr Sql kSelect = {"test.select_null",
                           "SELECT number, text, at_us, bytes FROM t WHERE id=?"};
  ASSERT_TRUE(Run([&](Txn& txn) {
                txn.Exec(kInsert, "null", std::nullopt, std::optional<std::string>(),
                         std::optional<std::string_view>(), std::optional<absl::Time>());
                txn.Exec(kInsert, "empty", 0, "", "", absl::UnixEpoch());
              }).ok());
  ASSERT_TRUE(Run([&](Txn& txn) {
                const Row null = *txn.QueryOne(kSelect, "null");
                EXPECT_TRUE(null.IsNull(0) && null.IsNull(1) && null.IsNull(3));
                EXPECT_EQ(null.Get<std::optional<int64_t>>(0), std::nullopt);
                EXPECT_EQ(null.Get<std::optional<std::string>>(1), std::nullopt);
                EXPECT_EQ(null.Get<std::optional<absl::Time>>(2), std::nullopt);
                EXPECT_EQ(null.AsText(1), std::nullopt);
                const Row empty = *txn.QueryOne(kSelect, "empty");
                EXPECT_EQ(empty.Get<std::optional<int64_t>>(0), 0);
                EXPECT_EQ(empty.Get<std::string>(1), "");
                EXPECT_EQ(empty.Get<std::string>(3), "");
                EXPECT_EQ(empty.Get<std::optional<absl::Time>>(2), absl::UnixEpoch());
              }).ok());
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.QueryOne(kSelect, "null")->Get<int64_t>(0); }), "INTERNAL");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.QueryOne(kSelect, "null")->Get<std::string>(1); }),
            "INTERNAL");
}

TEST_F(TxnTest, NumbersThatDoNotFitAreErrors) {
  constexpr Sql kNumber = {"test.number", "SELECT CAST(? AS SIGNED)"};
  const auto read = [&](int64_t number, auto get) {
    return WordOf([&](Txn& txn) { get(*txn.QueryOne(kNumber, number)); });
  };
  EXPECT_EQ(read(2147483647, [](const Row& r) { r.Get<int32_t>(0); }), "");
  EXPECT_EQ(read(2147483648, [](const Row& r) { r.Get<int32_t>(0); }), "INTERNAL");
  EXPECT_EQ(read(-1, [](const Row& r) { r.Get<uint32_t>(0); }), "INTERNAL");
  EXPECT_EQ(read(4294967295, [](const Row& r) { EXPECT_EQ(r.Get<uint32_t>(0), 4294967295u); }), "");
  EXPECT_EQ(read(2, [](const Row& r) { r.Get<bool>(0); }), "INTERNAL");
  EXPECT_EQ(read(2, [](const Row& r) { EXPECT_EQ(r.Get<Colour>(0), Colour::kBlue); }), "");
  EXPECT_EQ(read(2, [](const Row& r) { r.Get<std::string>(0); }), "INTERNAL");
  EXPECT_EQ(read(2, [](const Row& r) { r.Get<int64_t>(1); }), "INTERNAL");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.QueryOne(kNumber, uint64_t{1} << 63); }), "INTERNAL");
}

TEST_F(TxnTest, SumsOfIntegersAreIntegers) {
  ASSERT_TRUE(Run([&](Txn& txn) {
                txn.Exec({"test.two", "INSERT INTO t (id, number) VALUES ('a', 40), ('b', 2)"});
                const Row row =
                    *txn.QueryOne({"test.sum", "SELECT SUM(number), COUNT(*), MAX(number) FROM t"});
                EXPECT_EQ(row.Get<int64_t>(0), 42);
                EXPECT_EQ(row.Get<int32_t>(1), 2);
                EXPECT_EQ(row.Get<int64_t>(2), 40);
              }).ok());
}

TEST_F(TxnTest, AffectedRowsAreMatchedRows) {
  constexpr Sql kUpdate = {"test.cas", "UPDATE t SET number=? WHERE id=? AND number=?"};
  ASSERT_TRUE(Run([&](Txn& txn) {
                txn.Exec({"test.one", "INSERT INTO t (id, number) VALUES ('a', 1)"});
                EXPECT_EQ(txn.Exec(kUpdate, 1, "a", 1), 1) << "unchanged values match too";
                EXPECT_EQ(txn.Exec(kUpdate, 2, "a", 1), 1);
                EXPECT_EQ(txn.Exec(kUpdate, 3, "a", 1), 0) << "stale version";
              }).ok());
}

TEST_F(TxnTest, BrokenConstraintsHaveTheirWord) {
  constexpr Sql kTiny = {"test.tiny", "INSERT INTO t (id, tiny) VALUES (?, ?)"};
  constexpr Sql kText = {"test.text", "INSERT INTO t (id, small_text) VALUES (?, ?)"};
  constexpr Sql kId = {"test.id", "INSERT INTO t (id) VALUES (?)"};
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kTiny, "a", 99); }), "");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kTiny, "b", 100); }), "CONSTRAINT");   // CHECK
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kTiny, "c", 1000); }), "CONSTRAINT");  // range
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kText, "d", "汉汉汉"); }), "");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kText, "e", "汉汉汉汉"); }), "CONSTRAINT");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kText, "f", "\xff\xfe"); }), "CONSTRAINT");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kId, std::nullopt); }), "CONSTRAINT");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kId, "汉"); }), "CONSTRAINT");  // an ASCII column
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Exec(kId, "a"); }), "DUPLICATE");
  EXPECT_EQ(Run([&](Txn& txn) { txn.Exec(kId, "a"); }).code(), absl::StatusCode::kAlreadyExists);
}

// Ids are checked for their shape before they reach SQL; what slips through is an error, not a row.
TEST_F(TxnTest, AskingAnAsciiColumnForOtherTextIsAnError) {
  constexpr Sql kFind = {"test.find", "SELECT id FROM t WHERE id=?"};
  EXPECT_EQ(WordOf([&](Txn& txn) { EXPECT_FALSE(txn.QueryOne(kFind, "ascii").has_value()); }), "");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.QueryOne(kFind, "联盟😀"); }), "CONSTRAINT");
}

TEST_F(TxnTest, ValuesAreNeverStatements) {  // docs/threats.md B4-T1
  constexpr Sql kInsert = {"test.inject", "INSERT INTO t (id, bytes) VALUES (?, ?)"};
  constexpr Sql kCount = {"test.count", "SELECT COUNT(*) FROM t WHERE bytes=?"};
  int number = 0;
  for (const std::string& evil :
       {std::string("' OR 1=1--"), std::string("%df' OR 1=1#"), std::string("\xbf\x27 OR 1=1"),
        std::string("a\0b'", 4), std::string("/*!50000 DROP TABLE t*/"), std::string("\\")}) {
    const std::string id = base::StrCat(++number);
    ASSERT_TRUE(Run([&](Txn& txn) {
                  txn.Exec(kInsert, id, evil);
                  EXPECT_EQ(txn.QueryOne(kCount, evil)->Get<int64_t>(0), 1);
                }).ok());
  }
}

TEST_F(TxnTest, InsertIfAbsentLeavesTheTransactionAlive) {
  constexpr Sql kInsert = {"test.absent", "INSERT INTO t (id, other) VALUES (?, ?)"};
  ASSERT_TRUE(Run([&](Txn& txn) {
                EXPECT_TRUE(txn.InsertIfAbsent(kInsert, "a", "x"));
                EXPECT_FALSE(txn.InsertIfAbsent(kInsert, "a", "y")) << "primary key";
                EXPECT_FALSE(txn.InsertIfAbsent(kInsert, "b", "x")) << "another unique key";
                EXPECT_TRUE(txn.InsertIfAbsent(kInsert, "b", "y"));
              }).ok());
  EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM t"), 2);
}

TEST_F(TxnTest, InsertManyInAnyNumber) {
  constexpr Sql kMany = {"test.many", "INSERT INTO t (id, number) VALUES"};
  for (const int rows : {0, 1, 3, 4, 63, 64, 65, 200}) {
    SetUp();
    ASSERT_TRUE(Run([&](Txn& txn) {
                  std::vector<std::string> ids;
                  for (int i = 0; i < rows; ++i) ids.push_back(base::StrCat("id", i));
                  std::vector<Param> values;
                  for (int i = 0; i < rows; ++i) values.insert(values.end(), {ids[i], i});
                  EXPECT_EQ(txn.InsertMany(kMany, 2, values), rows);
                }).ok());
    EXPECT_EQ(schema_->Count("SELECT COUNT(*) FROM t"), rows);
    if (rows > 0) {
      EXPECT_EQ(schema_->Count("SELECT MAX(number) FROM t"), rows - 1);
    }
  }
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.InsertMany(kMany, 2, {1, 2, 3}); }), "INTERNAL");
}

TEST_F(TxnTest, WrongNumberOfValuesIsAnError) {
  constexpr Sql kSelect = {"test.places", "SELECT id FROM t WHERE id=? OR id=?"};
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Query(kSelect, "a"); }), "INTERNAL");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Query(kSelect, "a", "b", "c"); }), "INTERNAL");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.Query(kSelect, "a", "b"); }), "");
}

TEST_F(TxnTest, QueryOneRefusesTwoRows) {
  constexpr Sql kAll = {"test.all", "SELECT id FROM t"};
  schema_->Execute("INSERT INTO t (id) VALUES ('a'), ('b')");
  EXPECT_EQ(WordOf([&](Txn& txn) { txn.QueryOne(kAll); }), "INTERNAL");
  EXPECT_EQ(WordOf([&](Txn& txn) { EXPECT_EQ(txn.Query(kAll).size(), 2u); }), "");
}

TEST_F(TxnTest, StatementsSurviveAChangeOfTheirTable) {
  constexpr Sql kSelect = {"test.ddl_select", "SELECT * FROM d"};
  constexpr Sql kInsert = {"test.ddl_insert", "INSERT INTO d (a) VALUES (?)"};
  schema_->Execute("CREATE TABLE d (a INT) ENGINE=InnoDB");
  Options options = testdb::MariaDb::Shared().Root(schema_->name());
  options.connections = 1;
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  size_t columns = 0;
  const auto use = [&] {
    return pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
      txn.Exec(kInsert, 1);
      columns = txn.Query(kSelect).at(0).size();
      return absl::OkStatus();
    });
  };
  EXPECT_TRUE(use().ok());
  EXPECT_EQ(columns, 1u);
  schema_->Execute("ALTER TABLE d ADD COLUMN b VARCHAR(10) NULL, MODIFY a BIGINT NOT NULL");
  const absl::Status after = use();
  EXPECT_TRUE(after.ok()) << after;
  EXPECT_EQ(columns, 2u);
}

TEST_F(TxnTest, ManyStatementsStayWithinTheCache) {
  Options options = testdb::MariaDb::Shared().Root(schema_->name());
  options.connections = 1;
  const std::unique_ptr<Pool> pool = *Pool::Open(options);
  const absl::Status status = pool->Run(testdb::Soon(), [&](Txn& txn) -> absl::Status {
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < 150; ++i) {
        const std::string text = base::StrCat("SELECT ", i, " + ?");
        EXPECT_EQ(txn.QueryOne({"test.cache", text.c_str()}, 1)->Get<int64_t>(0), i + 1);
      }
    }
    EXPECT_LE(std::stoi(txn.QueryOne({"test.open",
                                      "SELECT VARIABLE_VALUE FROM information_schema.global_status "
                                      "WHERE variable_name='PREPARED_STMT_COUNT'"})
                            ->Get<std::string>(0)),
              200);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(TxnTest, LargeValues) {
  constexpr Sql kInsert = {"test.large", "INSERT INTO t (id, bytes) VALUES (?, ?)"};
  constexpr Sql kSelect = {"test.large_read", "SELECT bytes FROM t WHERE id=?"};
  const std::string large(5 << 20, '\xe6');
  ASSERT_TRUE(Run([&](Txn& txn) { txn.Exec(kInsert, "l", large); }).ok());
  ASSERT_TRUE(Run([&](Txn& txn) {
                EXPECT_EQ(txn.QueryOne(kSelect, "l")->Get<std::string>(0), large);
              }).ok());
}

}  // namespace
}  // namespace alliance::db
