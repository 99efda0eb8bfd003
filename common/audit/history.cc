#include "common/audit/history.h"

#include <algorithm>

#include "common/audit/scan.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/db/error.h"

namespace alliance::audit {
namespace {

// The method stands in what is hashed: another one gets another tag, and old rows still verify.
constexpr std::string_view kHistoryTag = "alliance-history-sha256-1";
constexpr std::string_view kSealTag = "alliance-seal-sha256-1";

constexpr size_t kMaxCaseId = 80;
constexpr size_t kMaxRowId = 200;

constexpr db::Sql kHead = {"audit.head",
                           "SELECT seq, hash FROM history WHERE case_id=? "
                           "ORDER BY seq DESC LIMIT 1"};

constexpr db::Sql kInsertRow = {
    "audit.append",
    "INSERT INTO history (case_id, seq, at_us, actor, role, region, organisation, action, "
    "from_state, to_state, reason, paper_digest, rules_digest, trace_id, sealed, prev_hash, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};

constexpr db::Sql kOfCase = {
    "audit.history_of_case",
    "SELECT case_id, seq, at_us, actor, role, region, organisation, action, from_state, to_state, "
    "reason, paper_digest, rules_digest, trace_id, sealed, prev_hash, hash "
    "FROM history WHERE case_id=? AND seq>? ORDER BY seq LIMIT ?"};

// Without seals, which are the greater part of a row.
constexpr db::Sql kTimeline = {
    "audit.timeline_of_case",
    "SELECT seq, at_us, actor, role, action, from_state, to_state, reason, hash "
    "FROM history WHERE case_id=? ORDER BY seq DESC LIMIT ?"};

// By the service's own index on (region, at_us, case_id, seq).
constexpr db::Sql kOfRegion = {
    "audit.acts_of_region",
    "SELECT case_id, seq, at_us, actor, role, region, organisation, action, from_state, to_state, "
    "reason, paper_digest, rules_digest, trace_id, '', prev_hash, hash "
    "FROM history WHERE region=? AND at_us>=? AND at_us<? AND "
    "(at_us>? OR (at_us=? AND (case_id>? OR (case_id=? AND seq>?)))) "
    "ORDER BY at_us, case_id, seq LIMIT ?"};

constexpr db::Sql kPageOfRows = {
    "audit.history_page",
    "SELECT case_id, seq, at_us, actor, role, region, organisation, action, from_state, to_state, "
    "reason, paper_digest, rules_digest, trace_id, sealed, prev_hash, hash "
    "FROM history WHERE case_id>=? AND (case_id>? OR seq>?) ORDER BY case_id, seq LIMIT ?"};

[[noreturn]] void Refuse(std::string_view why) {
  throw db::Error(db::Error::Kind::kInternal, 0, base::StrCat("audit: ", why));
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void CheckDigest(const std::optional<std::string>& digest, std::string_view name) {
  if (digest.has_value() && digest->size() != crypto::kSha256Bytes) {
    Refuse(base::StrCat(name, " must have 32 bytes"));
  }
}

std::vector<HistoryRow> ToHistory(const std::vector<db::Row>& rows) {
  std::vector<HistoryRow> history;
  history.reserve(rows.size());
  for (const db::Row& row : rows) {
    HistoryRow entry;
    entry.act.case_id = row.Get<std::string>(0);
    entry.seq = row.Get<int32_t>(1);
    entry.act.at = row.Get<absl::Time>(2);
    entry.act.actor = row.Get<std::string>(3);
    entry.act.role = row.Get<std::string>(4);
    entry.act.region = row.Get<std::string>(5);
    entry.act.organisation = row.Get<std::string>(6);
    entry.act.action = row.Get<std::string>(7);
    entry.act.from_state = row.Get<std::string>(8);
    entry.act.to_state = row.Get<std::string>(9);
    entry.act.reason = row.Get<std::string>(10);
    entry.act.paper_digest = row.Get<std::optional<std::string>>(11);
    entry.act.rules_digest = row.Get<std::optional<std::string>>(12);
    entry.act.trace_id = row.Get<std::string>(13);
    entry.sealed = row.Get<std::string>(14);
    entry.prev_hash = row.Get<std::string>(15);
    entry.hash = row.Get<std::string>(16);
    history.push_back(std::move(entry));
  }
  return history;
}

std::optional<std::string> AsText(const db::Param& value) {
  if (const auto* number = std::get_if<int64_t>(&value.value())) return base::StrCat(*number);
  if (const auto* text = std::get_if<std::string_view>(&value.value())) return std::string(*text);
  return std::nullopt;
}

void CheckRowName(std::string_view table, std::string_view id) {
  if (!IsName(table)) Refuse(base::StrCat("cannot seal in a table named ", table));
  if (!IsPlainText(id, kMaxRowId)) Refuse(base::StrCat("cannot seal the row ", id, " of ", table));
}

}  // namespace

std::string SealDigest(std::string_view table, std::string_view id,
                       absl::Span<const std::string> columns,
                       absl::Span<const std::optional<std::string>> values) {
  crypto::Sha256Hasher hasher;
  hasher.AddField(kSealTag);
  hasher.AddField(table);
  hasher.AddField(id);
  for (size_t i = 0; i < columns.size(); ++i) {
    hasher.AddField(columns[i]);
    hasher.AddNumber(values[i].has_value() ? 1 : 0);
    if (values[i].has_value()) hasher.AddField(*values[i]);
  }
  return hasher.Finish();
}

SealedRow Seal(std::string_view table, std::string_view id,
               std::initializer_list<SealedColumn> columns) {
  return Seal(table, id, absl::Span<const SealedColumn>(columns.begin(), columns.size()));
}

SealedRow Seal(std::string_view table, std::string_view id,
               absl::Span<const SealedColumn> columns) {
  CheckRowName(table, id);
  if (columns.empty()) Refuse(base::StrCat("a seal of ", table, " without columns"));
  SealedRow seal;
  seal.table = std::string(table);
  seal.id = std::string(id);
  std::vector<std::optional<std::string>> values;
  for (const auto& [name, value] : columns) {
    if (!IsName(name)) Refuse(base::StrCat("cannot seal a column named ", name));
    seal.columns.emplace_back(name);
    values.push_back(AsText(value));
  }
  seal.digest = SealDigest(table, id, seal.columns, values);
  return seal;
}

SealedRow SealRemoved(std::string_view table, std::string_view id) {
  CheckRowName(table, id);
  SealedRow seal;
  seal.table = std::string(table);
  seal.id = std::string(id);
  return seal;
}

std::string FormatSeals(const std::vector<SealedRow>& seals) {
  std::string text;
  for (const SealedRow& seal : seals) {
    if (!text.empty()) text += "\n";
    base::StrAppend(&text, "{\"t\":\"", seal.table, "\",\"id\":\"", seal.id, "\"");
    if (seal.digest.empty()) {
      text += ",\"gone\":true}";
      continue;
    }
    text += ",\"c\":[";
    for (size_t i = 0; i < seal.columns.size(); ++i) {
      base::StrAppend(&text, i == 0 ? "\"" : ",\"", seal.columns[i], "\"");
    }
    base::StrAppend(&text, "],\"d\":\"", crypto::Hex(seal.digest), "\"}");
  }
  return text;
}

std::optional<std::vector<SealedRow>> ParseSeals(std::string_view text) {
  std::vector<SealedRow> seals;
  Scanner scan(text);
  while (!scan.AtEnd()) {
    SealedRow seal;
    if (!seals.empty() && !scan.Literal("\n")) return std::nullopt;
    if (!scan.Literal("{\"t\":") || !scan.Quoted(&seal.table) || !IsName(seal.table) ||
        !scan.Literal(",\"id\":") || !scan.Quoted(&seal.id)) {
      return std::nullopt;
    }
    if (!scan.Literal(",\"gone\":true}")) {
      if (!scan.Literal(",\"c\":[")) return std::nullopt;
      do {
        std::string column;
        if (!scan.Quoted(&column) || !IsName(column)) return std::nullopt;
        seal.columns.push_back(std::move(column));
      } while (scan.Literal(","));
      if (!scan.Literal("],\"d\":") || !scan.QuotedHex(crypto::kSha256Bytes, &seal.digest) ||
          !scan.Literal("}")) {
        return std::nullopt;
      }
    }
    seals.push_back(std::move(seal));
  }
  return seals;
}

std::string HashOf(const HistoryRow& row) {
  const Act& act = row.act;
  crypto::Sha256Hasher hasher;
  hasher.AddField(kHistoryTag);
  hasher.AddField(row.prev_hash);
  hasher.AddField(act.case_id);
  hasher.AddNumber(row.seq);
  hasher.AddNumber(absl::ToUnixMicros(act.at));
  for (const std::string* field : {&act.actor, &act.role, &act.region, &act.organisation,
                                   &act.action, &act.from_state, &act.to_state, &act.reason}) {
    hasher.AddField(*field);
  }
  for (const std::optional<std::string>* digest : {&act.paper_digest, &act.rules_digest}) {
    hasher.AddField(digest->value_or(""));
  }
  hasher.AddField(act.trace_id);
  hasher.AddField(row.sealed);
  return hasher.Finish();
}

Head ReadHead(db::Txn& txn, std::string_view case_id) {
  const std::optional<db::Row> row = txn.QueryOne(kHead, case_id);
  if (!row.has_value()) return {0, std::string(crypto::kSha256Bytes, '\0')};
  return {row->Get<int32_t>(0), row->Get<std::string>(1)};
}

Head Append(db::Txn& txn, const Act& act, const Head* known) {
  if (!IsPlainText(act.case_id, kMaxCaseId)) Refuse(base::StrCat("case id ", act.case_id));
  if (act.actor.empty() || act.role.empty() || act.action.empty() || act.trace_id.empty()) {
    Refuse("an act without actor, role, action or trace id");
  }
  CheckDigest(act.paper_digest, "paper_digest");
  CheckDigest(act.rules_digest, "rules_digest");
  const Head head = known != nullptr ? *known : ReadHead(txn, act.case_id);
  HistoryRow row;
  row.act = act;
  row.sealed = FormatSeals(act.sealed);
  row.seq = head.seq + 1;
  row.prev_hash = head.seq == 0 ? std::string(crypto::kSha256Bytes, '\0') : head.hash;
  if (row.prev_hash.size() != crypto::kSha256Bytes) Refuse("the known head has no hash");
  row.hash = HashOf(row);
  const bool inserted = txn.InsertIfAbsent(
      kInsertRow, act.case_id, row.seq, act.at, act.actor, act.role, act.region, act.organisation,
      act.action, act.from_state, act.to_state, act.reason, act.paper_digest, act.rules_digest,
      act.trace_id, row.sealed, row.prev_hash, row.hash);
  if (!inserted) txn.RetryWhole("another act of the case came first");
  return {row.seq, row.hash};
}

std::vector<HistoryRow> ReadHistory(db::Txn& txn, std::string_view case_id, int32_t after_seq,
                                    int limit) {
  return ToHistory(txn.Query(kOfCase, case_id, after_seq, limit));
}

std::vector<HistoryRow> ReadTimeline(db::Txn& txn, std::string_view case_id, int limit) {
  const std::vector<db::Row> rows = txn.Query(kTimeline, case_id, limit);
  std::vector<HistoryRow> timeline;
  timeline.reserve(rows.size());
  for (const db::Row& row : rows) {
    HistoryRow& entry = timeline.emplace_back();
    entry.seq = row.Get<int32_t>(0);
    entry.act.at = row.Get<absl::Time>(1);
    entry.act.actor = row.Get<std::string>(2);
    entry.act.role = row.Get<std::string>(3);
    entry.act.action = row.Get<std::string>(4);
    entry.act.from_state = row.Get<std::string>(5);
    entry.act.to_state = row.Get<std::string>(6);
    entry.act.reason = row.Get<std::string>(7);
    entry.hash = row.Get<std::string>(8);
  }
  std::reverse(timeline.begin(), timeline.end());
  return timeline;
}

std::vector<HistoryRow> ReadActsOfRegion(db::Txn& txn, std::string_view region,
                                         const RegionPage& page) {
  return ToHistory(txn.Query(kOfRegion, region, std::max(page.from, page.after_at), page.until,
                             page.after_at, page.after_at, page.after_case, page.after_case,
                             page.after_seq, page.limit));
}

std::vector<HistoryRow> ReadHistoryPage(db::Txn& txn, std::string_view after_case,
                                        int32_t after_seq, int limit) {
  return ToHistory(txn.Query(kPageOfRows, after_case, after_case, after_seq, limit));
}

}  // namespace alliance::audit
