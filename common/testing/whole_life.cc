#include "common/testing/whole_life.h"

#include <map>
#include <optional>
#include <utility>

#include "common/audit/history.h"
#include "common/base/str.h"
#include "common/domain/workflow.h"
#include "common/testing/service_fixture.h"

namespace alliance::service_testing {
namespace {

// Of each table the row that was sealed last, with the columns that its seal names.
std::map<std::string, audit::SealedRow> LastSeals(testdb::Schema& schema) {
  constexpr db::Sql kRead = {
      "test.seals",
      "SELECT sealed FROM history WHERE sealed<>'' ORDER BY at_us, case_id, seq LIMIT 100000"};
  std::map<std::string, audit::SealedRow> last;
  EXPECT_DONE(schema.root().Read(testdb::Soon(), [&](db::Txn& txn) {
    last.clear();
    for (const db::Row& row : txn.Query(kRead)) {
      std::optional<std::vector<audit::SealedRow>> seals =
          audit::ParseSeals(row.Get<std::string>(0));
      EXPECT_TRUE(seals.has_value());
      for (audit::SealedRow& seal : *seals) last[seal.table] = std::move(seal);
    }
    return absl::OkStatus();
  }));
  return last;
}

struct Column {
  std::string name;
  std::string other;  // an expression that gives another value
};

std::vector<Column> ColumnsOf(testdb::Schema& schema, const std::string& table) {
  constexpr db::Sql kRead = {
      "test.columns",
      "SELECT column_name, data_type FROM information_schema.columns WHERE "
      "table_schema=DATABASE() AND table_name=? ORDER BY ordinal_position LIMIT 1000"};
  std::vector<Column> columns;
  EXPECT_DONE(schema.root().Read(testdb::Soon(), [&](db::Txn& txn) {
    columns.clear();
    for (const db::Row& row : txn.Query(kRead, table)) {
      const std::string name = row.Get<std::string>(0);
      const std::string type = row.Get<std::string>(1);
      std::string other = base::StrCat("IF(", name, "='x','y','x')");
      if (type.ends_with("int")) other = base::StrCat("IFNULL(", name, ",0)+1");
      if (type == "binary") other = base::StrCat("REVERSE(INSERT(", name, ",1,1,'x'))");
      columns.push_back({name, std::move(other)});
    }
    return absl::OkStatus();
  }));
  return columns;
}

bool Names(const audit::SealedRow& seal, const std::string& column) {
  for (const std::string& one : seal.columns) {
    if (one == column) return true;
  }
  return false;
}

// "ROW_CHANGED plan id=2023", when that is all that is found.
std::string OnlyFinding(testdb::Schema& schema) {
  const std::string findings = AuditFindings(schema, {});
  return findings.find('\n') + 1 == findings.size() ? findings.substr(0, findings.find(": "))
                                                    : findings;
}

}  // namespace

std::string RowsNotWalked(testdb::Schema& schema, domain::Owner owner) {
  std::string missing;
  const auto look = [&](const domain::Transition& row, domain::State to, const std::string& role) {
    const std::string from(domain::WordOf(row.from));
    if (schema.Count(
            base::StrCat("SELECT COUNT(1) FROM history WHERE from_state='", from, "' AND action='",
                         domain::WordOf(row.action), "' AND to_state='", domain::WordOf(to), "'",
                         role.empty() ? "" : base::StrCat(" AND role='", role, "'"))) == 0) {
      base::StrAppend(&missing, from, " ", domain::WordOf(row.action), " ", domain::WordOf(to),
                      role.empty() ? "" : base::StrCat(" by ", role), "\n");
    }
  };
  for (const domain::Lifecycle lifecycle :
       {domain::Lifecycle::kFiling, domain::Lifecycle::kYearly}) {
    for (const domain::Transition& row : domain::WorkflowOf(lifecycle)) {
      if (row.owner != owner) continue;
      if (row.otherwise) look(row, *row.otherwise, "");
      for (int i = 0; i < domain::kRoleCount; ++i) {
        const auto role = static_cast<domain::Role>(i);
        if (row.who.Has(role)) look(row, row.to, std::string(domain::WordOf(role)));
      }
    }
  }
  return missing;
}

std::string UnsealedColumns(testdb::Schema& schema, const std::vector<std::string>& tables) {
  const std::map<std::string, audit::SealedRow> seals = LastSeals(schema);
  std::string unsealed;
  for (const std::string& table : tables) {
    const auto seal = seals.find(table);
    for (const Column& column : ColumnsOf(schema, table)) {
      if (column.name == "id" || (seal != seals.end() && Names(seal->second, column.name)))
        continue;
      base::StrAppend(&unsealed, table, " ", column.name, "\n");
    }
  }
  return unsealed;
}

std::string ChangesNotFound(testdb::Schema& schema, const std::vector<std::string>& tables) {
  const std::map<std::string, audit::SealedRow> seals = LastSeals(schema);
  std::string wrong;
  for (const std::string& table : tables) {
    const auto seal = seals.find(table);
    if (seal == seals.end()) {
      base::StrAppend(&wrong, table, ": no row was ever sealed\n");
      continue;
    }
    const std::string row = base::StrCat(table, " id=", seal->second.id);
    const std::string where = base::StrCat(" WHERE id='", seal->second.id, "'");
    const auto expect = [&](std::string_view kind, const std::string& change) {
      const std::string found = OnlyFinding(schema);
      if (found != base::StrCat(kind, " ", row)) {
        base::StrAppend(&wrong, row, " ", change, ": ", found, "\n");
      }
    };
    schema.Execute(base::StrCat("CREATE TABLE kept AS SELECT * FROM ", table, where));
    for (const Column& column : ColumnsOf(schema, table)) {
      if (!Names(seal->second, column.name)) continue;
      // By hand means past the constraints as well.
      schema.Execute(base::StrCat("SET STATEMENT check_constraint_checks=0 FOR UPDATE ", table,
                                  " SET ", column.name, "=", column.other, where));
      expect("ROW_CHANGED", column.name);
      break;
    }
    schema.Execute(base::StrCat("DELETE FROM ", table, where));
    expect("ROW_MISSING", "deleted");
    schema.Execute(base::StrCat("INSERT INTO ", table, " SELECT * FROM kept"));
    schema.Execute("DROP TABLE kept");
  }
  return wrong + AuditFindings(schema, tables);  // each row is as it was
}

}  // namespace alliance::service_testing
