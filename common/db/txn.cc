#include "common/db/txn.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/base/str.h"
#include "common/db/connection.h"
#include "common/db/error.h"

namespace alliance::db {
namespace {

Error Internal(std::string message) { return Error(Error::Kind::kInternal, 0, std::move(message)); }

// Rows per statement of InsertMany. Few sizes, so that few statements are prepared.
constexpr size_t kRowSteps[] = {64, 16, 4, 1};

}  // namespace

void Param::CheckRange(uint64_t value) {
  if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    throw Internal("a number above 2^63 - 1 cannot be stored");
  }
}

const Row::Cell& Row::CellAt(size_t column) const {
  if (column >= cells_.size()) {
    throw Internal(base::StrCat("column ", column, " of a row with ", cells_.size()));
  }
  return cells_[column];
}

int64_t Row::IntegerAt(size_t column, int64_t min, int64_t max) const {
  const auto* value = std::get_if<int64_t>(&CellAt(column));
  if (value == nullptr) {
    throw Internal(base::StrCat("column ", column, " is ", IsNull(column) ? "NULL" : "text",
                                ", not a number"));
  }
  if (*value < min || *value > max) {
    throw Internal(base::StrCat("column ", column, " is out of range: ", *value));
  }
  return *value;
}

const std::string& Row::TextAt(size_t column) const {
  const auto* value = std::get_if<std::string>(&CellAt(column));
  if (value == nullptr) {
    throw Internal(base::StrCat("column ", column, " is ", IsNull(column) ? "NULL" : "a number",
                                ", not text"));
  }
  return *value;
}

std::optional<std::string> Row::AsText(size_t column) const {
  const Cell& cell = CellAt(column);
  if (const auto* number = std::get_if<int64_t>(&cell)) return base::StrCat(*number);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return std::nullopt;
}

// Times one statement for the metrics and refuses to begin it after the deadline.
class Txn::Timed {
 public:
  Timed(Txn& txn, const Sql& sql) : txn_(txn), name_(sql.name), began_(absl::Now()) {
    if (began_ >= txn.deadline_) {
      throw Error(Error::Kind::kDeadline, 0, base::StrCat(sql.name, ": the deadline has passed"));
    }
    txn_.used_ = true;
  }
  ~Timed() {
    if (txn_.hook_ != nullptr && *txn_.hook_) (*txn_.hook_)(name_, absl::Now() - began_, ok_);
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

  template <typename T>
  T Done(T value) {
    ok_ = true;
    return value;
  }

 private:
  Txn& txn_;
  const std::string_view name_;
  const absl::Time began_;
  bool ok_ = false;
};

int64_t Txn::ExecValues(const Sql& sql, absl::Span<const Param> values) {
  if (read_only_) throw Internal(base::StrCat(sql.name, ": a change in a transaction that reads"));
  Timed timed(*this, sql);
  return timed.Done(connection_.Exec(sql, values));
}

bool Txn::InsertIfAbsentValues(const Sql& sql, absl::Span<const Param> values) {
  if (read_only_) throw Internal(base::StrCat(sql.name, ": a change in a transaction that reads"));
  Timed timed(*this, sql);
  try {
    connection_.Exec(sql, values);
    return timed.Done(true);
  } catch (const Error& e) {
    if (e.kind() != Error::Kind::kDuplicate) throw;
    return timed.Done(false);
  }
}

std::vector<Row> Txn::QueryValues(const Sql& sql, absl::Span<const Param> values) {
  Timed timed(*this, sql);
  return timed.Done(connection_.Query(sql, values));
}

std::optional<Row> Txn::QueryOneValues(const Sql& sql, absl::Span<const Param> values) {
  std::vector<Row> rows = QueryValues(sql, values);
  if (rows.empty()) return std::nullopt;
  if (rows.size() > 1) {
    throw Internal(base::StrCat(sql.name, ": ", rows.size(), " rows where one at most may be"));
  }
  return std::move(rows.front());
}

int64_t Txn::InsertMany(const Sql& sql, size_t columns, absl::Span<const Param> values) {
  if (columns == 0 || values.size() % columns != 0) {
    throw Internal(base::StrCat(sql.name, ": ", values.size(), " values for rows of ", columns));
  }
  std::string one = "(";
  for (size_t i = 0; i < columns; ++i) one += i == 0 ? "?" : ",?";
  one += ")";
  int64_t inserted = 0;
  size_t left = values.size() / columns;
  size_t at = 0;
  for (const size_t step : kRowSteps) {
    if (left < step) continue;
    std::string text = base::StrCat(sql.text, " ", one);
    for (size_t i = 1; i < step; ++i) base::StrAppend(&text, ",", one);
    for (; left >= step; left -= step, at += step * columns) {
      inserted += ExecValues({sql.name, text.c_str()}, values.subspan(at, step * columns));
    }
  }
  return inserted;
}

void Txn::RetryWhole(std::string_view why) {
  throw Error(Error::Kind::kRetry, 0, std::string(why));
}

}  // namespace alliance::db
