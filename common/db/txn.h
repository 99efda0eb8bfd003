// Txn: the only thing that can run SQL.
//
//   constexpr db::Sql kTake = {"filing.take_draft",
//       "UPDATE application SET state=?, version=version+1 WHERE id=? AND version=?"};
//   if (txn.Exec(kTake, "SUBMITTED", id, version) != 1) return Refuse(Reason::kStaleEtag);
//
// Statements are named, prepared, enumerate their columns and stand beside the function that uses
// them. Values are always parameters. An error is thrown as db::Error and must not be caught by the
// body: Pool::Run rolls back and turns it into a status.
//
// Never decide from a plain read (docs/threats.md M1): a change of state is an UPDATE with the old
// version in its WHERE, and exactly one affected row. Affected rows are *matched* rows
// (CLIENT_FOUND_ROWS), so an UPDATE that writes the values already there counts too.

#ifndef ALLIANCE_COMMON_DB_TXN_H_
#define ALLIANCE_COMMON_DB_TXN_H_

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace alliance::db {

class Connection;

// A statement. `name` goes into metrics and logs: "<library>.<what>", fixed at compile time. `text`
// has one ? per value. Both must outlive the call; write them as constexpr beside the function.
struct Sql {
  const char* name;
  const char* text;
};

// One value of a statement. Integers, enums and bool are stored as BIGINT, text and bytes as they
// are, a time as Unix microseconds, std::nullopt and an empty optional as NULL. Text is not copied:
// it must live until the statement has run.
// NOLINTBEGIN(google-explicit-constructor): a value turns into a Param where it is written.
class Param {
 public:
  using Value = std::variant<std::monostate, int64_t, std::string_view>;

  Param(std::nullopt_t) {}
  template <std::integral T>
  Param(T value) : value_(ToInt64(value)) {}
  template <typename T>
  requires std::is_enum_v<T> Param(T value) : value_(static_cast<int64_t>(value)) {}
  Param(std::string_view value) : value_(value) {}
  Param(const std::string& value) : value_(std::string_view(value)) {}
  Param(const char* value) : value_(std::string_view(value)) {}
  Param(absl::Time value) : value_(absl::ToUnixMicros(value)) {}
  // Not inlined: GCC 12 otherwise takes the empty optional's text for an uninitialised one.
  template <typename T>
  [[gnu::noinline]] Param(const std::optional<T>& value)
      : value_(value.has_value() ? Param(*value).value_ : Value()) {}

  const Value& value() const { return value_; }

 private:
  template <std::integral T>
  static int64_t ToInt64(T value) {
    if constexpr (std::is_same_v<T, uint64_t> || std::is_same_v<T, unsigned long long>) {
      CheckRange(value);
    }
    return static_cast<int64_t>(value);
  }
  static void CheckRange(uint64_t value);  // throws above 2^63 - 1

  Value value_;
};
// NOLINTEND(google-explicit-constructor)

// One row of an answer, columns by their place in the SELECT list. Asking for a NULL as anything
// but an optional, or for a number that does not fit, throws: NULL is never read as "" or 0.
class Row {
 public:
  using Cell = std::variant<std::monostate, int64_t, std::string>;

  Row() = default;
  explicit Row(std::vector<Cell> cells) : cells_(std::move(cells)) {}

  // T: integers, enums, bool, std::string (text, bytes, and DECIMAL as text), absl::Time (from a
  // column in microseconds), or std::optional of these.
  template <typename T>
  T Get(size_t column) const;

  size_t size() const { return cells_.size(); }
  bool IsNull(size_t column) const {
    return std::holds_alternative<std::monostate>(CellAt(column));
  }

  // Any value as text, the way the audit seals write it: integers in decimal, bytes as they are.
  std::optional<std::string> AsText(size_t column) const;

 private:
  template <typename T>
  struct IsOptional : std::false_type {};
  template <typename T>
  struct IsOptional<std::optional<T>> : std::true_type {};

  const Cell& CellAt(size_t column) const;                           // throws when out of range
  int64_t IntegerAt(size_t column, int64_t min, int64_t max) const;  // throws
  const std::string& TextAt(size_t column) const;                    // throws

  std::vector<Cell> cells_;
};

class Txn {
 public:
  Txn(const Txn&) = delete;
  Txn& operator=(const Txn&) = delete;

  // Runs a change; the number of rows it matched.
  template <typename... P>
  int64_t Exec(const Sql& sql, const P&... values) {
    return ExecValues(sql, std::array<Param, sizeof...(P)>{Param(values)...});
  }

  // As Exec for an INSERT of one row, but false, with nothing thrown, when a unique key exists
  // already. Only the statement is undone; the transaction goes on.
  template <typename... P>
  bool InsertIfAbsent(const Sql& sql, const P&... values) {
    return InsertIfAbsentValues(sql, std::array<Param, sizeof...(P)>{Param(values)...});
  }

  // Runs a SELECT. All rows are buffered: give it a LIMIT.
  template <typename... P>
  std::vector<Row> Query(const Sql& sql, const P&... values) {
    return QueryValues(sql, std::array<Param, sizeof...(P)>{Param(values)...});
  }

  // As Query, for a SELECT that finds at most one row. Two rows are an error.
  template <typename... P>
  std::optional<Row> QueryOne(const Sql& sql, const P&... values) {
    return QueryOneValues(sql, std::array<Param, sizeof...(P)>{Param(values)...});
  }

  // Inserts many rows with few round trips. `sql` ends in VALUES, without the bracketed values;
  // `values` holds `columns` values per row, row after row.
  //
  //   constexpr db::Sql kAddMembers = {"filing.add_members",
  //       "INSERT INTO application_member (application_id, position, name) VALUES"};
  //   std::vector<db::Param> values;
  //   for (const Member& m : members) values.insert(values.end(), {id, m.position, m.name});
  //   txn.InsertMany(kAddMembers, 3, values);
  int64_t InsertMany(const Sql& sql, size_t columns, absl::Span<const Param> values);

  // The same four for a number of values known only at run time.
  int64_t ExecValues(const Sql& sql, absl::Span<const Param> values);
  bool InsertIfAbsentValues(const Sql& sql, absl::Span<const Param> values);
  std::vector<Row> QueryValues(const Sql& sql, absl::Span<const Param> values);
  std::optional<Row> QueryOneValues(const Sql& sql, absl::Span<const Param> values);

  // Another transaction got there first: undo everything and run the body again. Throws.
  [[noreturn]] void RetryWhole(std::string_view why);

  // `twin` answers, in a later transaction, whether this body's work has been done by somebody else
  // meanwhile. Before Pool::Run gives up a body that refused or lost its COMMIT, it asks, and if so
  // runs the body again, which then finds the first one's answer (idempotency.h).
  void AskBeforeFailing(std::function<bool(Txn&)> twin) { twin_ = std::move(twin); }

  absl::Time deadline() const { return deadline_; }

 private:
  friend class Pool;
  class Timed;
  using Hook = std::function<void(std::string_view statement, absl::Duration took, bool ok)>;

  Txn(Connection& connection, absl::Time deadline, bool read_only, const Hook* hook)
      : connection_(connection), deadline_(deadline), read_only_(read_only), hook_(hook) {}

  Connection& connection_;
  const absl::Time deadline_;
  const bool read_only_;
  const Hook* const hook_;
  bool used_ = false;  // a statement was sent, so the transaction must be ended
  std::function<bool(Txn&)> twin_;
};

// Implementation ---------------------------------------------------------------------------------

template <typename T>
T Row::Get(size_t column) const {
  if constexpr (IsOptional<T>::value) {
    if (IsNull(column)) return std::nullopt;
    return Get<typename T::value_type>(column);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return TextAt(column);
  } else if constexpr (std::is_same_v<T, absl::Time>) {
    return absl::FromUnixMicros(IntegerAt(column, std::numeric_limits<int64_t>::min(),
                                          std::numeric_limits<int64_t>::max()));
  } else if constexpr (std::is_same_v<T, bool>) {
    return IntegerAt(column, 0, 1) == 1;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(Get<std::underlying_type_t<T>>(column));
  } else {
    static_assert(std::is_integral_v<T>, "Row::Get: no such column type");
    constexpr int64_t kMax = sizeof(T) == 8 ? std::numeric_limits<int64_t>::max()
                                            : static_cast<int64_t>(std::numeric_limits<T>::max());
    return static_cast<T>(
        IntegerAt(column, static_cast<int64_t>(std::numeric_limits<T>::min()), kMax));
  }
}

}  // namespace alliance::db

#endif  // ALLIANCE_COMMON_DB_TXN_H_
