#include "common/audit/verify.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/audit/checkpoint.h"
#include "common/audit/history.h"
#include "common/audit/outside.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"

namespace alliance::audit {
namespace {

constexpr int kHistoryPage = 1000;
constexpr int kRowPage = 1000;
// Between the commit of a checkpoint and its line in the file lies a moment, per replica; what is
// further behind is no moment.
constexpr int32_t kOutsideLag = 2;

constexpr db::Sql kCheckpoints = {"audit.verify_checkpoints",
                                  "SELECT n, at_us, line FROM audit_checkpoint WHERE n>? "
                                  "ORDER BY n LIMIT ?"};
constexpr db::Sql kColumns = {"audit.verify_columns",
                              "SELECT column_name FROM information_schema.columns "
                              "WHERE table_schema=DATABASE() AND table_name=?"};

struct KindName {
  FindingKind kind;
  std::string_view name;
};
constexpr std::array kKindNames = std::to_array<KindName>({
    {FindingKind::kHistoryEdited, "HISTORY_EDITED"},
    {FindingKind::kHistoryGap, "HISTORY_GAP"},
    {FindingKind::kHistoryChain, "HISTORY_CHAIN"},
    {FindingKind::kHistoryCut, "HISTORY_CUT"},
    {FindingKind::kHistoryRewritten, "HISTORY_REWRITTEN"},
    {FindingKind::kSealUnreadable, "SEAL_UNREADABLE"},
    {FindingKind::kRowChanged, "ROW_CHANGED"},
    {FindingKind::kRowMissing, "ROW_MISSING"},
    {FindingKind::kRowUnsealed, "ROW_UNSEALED"},
    {FindingKind::kCheckpointBroken, "CHECKPOINT_BROKEN"},
    {FindingKind::kCheckpointMissing, "CHECKPOINT_MISSING"},
    {FindingKind::kOutsideBroken, "OUTSIDE_BROKEN"},
    {FindingKind::kOutsideMissing, "OUTSIDE_MISSING"},
    {FindingKind::kOutsideDiffers, "OUTSIDE_DIFFERS"},
    {FindingKind::kDatabaseRolledBack, "DATABASE_ROLLED_BACK"},
});

constexpr bool InOrder() {
  for (size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i].kind != static_cast<FindingKind>(i)) return false;
  }
  return true;
}
static_assert(InOrder());

// The latest seal of one row, per case that sealed it. Normally there is one case.
struct RowSeals {
  struct Latest {
    absl::Time at;
    SealedRow seal;
  };
  std::map<std::string, Latest> by_case;
};

// A column list, as one seal names it, and the rows whose latest seal names it.
using Columns = std::vector<std::string>;

class Verification {
 public:
  Verification(db::Txn& txn, const crypto::Verifier& verifier, const VerifyOptions& options,
               const OutsideFile& outside, VerifyReport& report)
      : txn_(txn), verifier_(verifier), options_(options), outside_(outside), report_(report) {}

  void Run() {
    ReadCheckpoints();
    if (!options_.outside_path.empty()) CompareOutside();
    ReadHistory();
    for (const auto& [table, rows] : seals_) CheckTable(table, rows);
    for (const std::string& table : options_.sealed_tables) {
      if (!seals_.contains(table)) CheckTable(table, {});
    }
  }

 private:
  struct Named {  // a head as a checkpoint names it
    int32_t seq = 0;
    std::string hash;
    int32_t n = 0;
  };

  void Add(FindingKind kind, std::string row, std::string text) {
    report_.findings.push_back({kind, std::move(row), std::move(text)});
  }

  static std::string HistoryName(std::string_view case_id, int32_t seq) {
    return base::StrCat("history case=", case_id, " seq=", seq);
  }
  static std::string CheckpointName(int32_t n) { return base::StrCat("audit_checkpoint n=", n); }

  void NameHeads(const Checkpoint& checkpoint) {
    for (const CheckpointHead& head : checkpoint.heads) {
      if (!options_.case_id.empty() && head.case_id != options_.case_id) continue;
      named_[head.case_id].push_back({head.seq, head.hash, checkpoint.n});
    }
  }

  void ReadCheckpoints() {
    int32_t n = 0;
    std::optional<std::string> digest = std::string(crypto::kSha256Bytes, '\0');
    std::vector<db::Row> page;
    do {
      page = txn_.Query(kCheckpoints, n, kCheckpointPage);
      for (const db::Row& row : page) {
        const int32_t expected = n + 1;
        n = row.Get<int32_t>(0);
        const std::string line = row.Get<std::string>(2);
        lines_[n] = line;
        ++report_.checkpoints;
        if (n > expected) {
          Add(FindingKind::kCheckpointMissing, CheckpointName(expected),
              base::StrCat("checkpoints ", expected, " to ", n - 1, " are missing"));
          digest.reset();
        }
        const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(line, verifier_);
        if (!checkpoint.ok()) {
          Add(FindingKind::kCheckpointBroken, CheckpointName(n),
              std::string(checkpoint.status().message()));
          digest.reset();
          continue;
        }
        if (checkpoint->n != n || checkpoint->at != row.Get<absl::Time>(1) ||
            (digest.has_value() && checkpoint->prev != *digest)) {
          Add(FindingKind::kCheckpointBroken, CheckpointName(n),
              "it is signed, but stands in a place that is not its own");
        }
        digest = checkpoint->digest;
        NameHeads(*checkpoint);
      }
    } while (static_cast<int>(page.size()) == kCheckpointPage);
    last_n_ = n;
  }

  void CompareOutside() {
    const std::string& path = options_.outside_path;
    int32_t n = 0;
    std::string digest(crypto::kSha256Bytes, '\0');
    std::set<int32_t> later;
    for (size_t i = 0; i < outside_.lines.size(); ++i) {
      const std::string where = base::StrCat(path, ":", i + 1);
      ++report_.outside_checkpoints;
      const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(outside_.lines[i], verifier_);
      if (!checkpoint.ok()) {
        Add(FindingKind::kOutsideBroken, where, std::string(checkpoint.status().message()));
        ++n;  // it stood for one
        digest.clear();
        continue;
      }
      if (checkpoint->n != n + 1 || (!digest.empty() && checkpoint->prev != digest)) {
        Add(FindingKind::kOutsideBroken, where,
            base::StrCat("checkpoint ", checkpoint->n, " does not follow the line before"));
      }
      n = checkpoint->n;
      digest = checkpoint->digest;
      const auto line = lines_.find(n);
      if (line == lines_.end()) {
        if (n > last_n_) {
          later.insert(n);
        } else {
          Add(FindingKind::kCheckpointMissing, CheckpointName(n),
              base::StrCat(where, " has it, the table has not"));
        }
        NameHeads(*checkpoint);
      } else if (line->second != outside_.lines[i]) {
        Add(FindingKind::kOutsideDiffers, CheckpointName(n),
            base::StrCat("the table's differs from ", where));
        NameHeads(*checkpoint);
      }
    }
    if (!later.empty()) {
      Add(FindingKind::kDatabaseRolledBack, CheckpointName(*later.begin()),
          base::StrCat("the database ends at checkpoint ", last_n_, ", ", path, " at ",
                       *later.rbegin(), ": it was set back to an older state"));
    }
    if (last_n_ > n + kOutsideLag) {
      Add(FindingKind::kOutsideMissing, base::StrCat(path, ":", outside_.lines.size() + 1),
          base::StrCat("the file ends at checkpoint ", n, ", the table at ", last_n_));
    }
  }

  // One case at a time, in order.
  void ReadHistory() {
    std::string after_case = options_.case_id;
    int32_t after_seq = 0;
    std::vector<HistoryRow> page;
    bool more = true;
    while (more) {
      page = options_.case_id.empty()
                 ? ReadHistoryPage(txn_, after_case, after_seq, kHistoryPage)
                 : audit::ReadHistory(txn_, options_.case_id, after_seq, kHistoryPage);
      more = static_cast<int>(page.size()) == kHistoryPage;
      for (const HistoryRow& row : page) {
        if (!before_.has_value() || before_->case_id != row.act.case_id) {
          EndCase();
          before_ = Before{.case_id = row.act.case_id};
          ++report_.cases;
        }
        CheckRow(row);
        after_case = row.act.case_id;
        after_seq = row.seq;
      }
    }
    EndCase();
    // Cases that checkpoints name and that have no row at all.
    for (const auto& [case_id, heads] : named_) {
      const auto last = std::max_element(
          heads.begin(), heads.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
      Add(FindingKind::kHistoryCut, HistoryName(case_id, 1),
          base::StrCat("the whole history is gone; ", CheckpointName(last->n),
                       " names seq=", last->seq));
    }
  }

  void CheckRow(const HistoryRow& row) {
    ++report_.history_rows;
    const std::string name = HistoryName(row.act.case_id, row.seq);
    const std::string computed = HashOf(row);
    if (computed != row.hash) {
      Add(FindingKind::kHistoryEdited, name, "its hash does not fit its content");
    }
    if (row.seq != before_->seq + 1) {
      Add(FindingKind::kHistoryGap, HistoryName(row.act.case_id, before_->seq + 1),
          base::StrCat("rows ", before_->seq + 1, " to ", row.seq - 1, " are missing"));
    } else if (row.prev_hash != before_->hash && row.prev_hash != before_->computed) {
      Add(FindingKind::kHistoryChain, name,
          base::StrCat("it does not follow seq=", before_->seq,
                       ": one of the two was replaced or inserted"));
    }
    const auto heads = named_.find(row.act.case_id);
    if (heads != named_.end()) {
      for (const Named& head : heads->second) {
        if (head.seq == row.seq && head.hash != row.hash) {
          Add(FindingKind::kHistoryRewritten, name,
              base::StrCat("its hash differs from the one that ", CheckpointName(head.n),
                           " signed"));
        }
      }
    }
    before_->seq = row.seq;
    before_->hash = row.hash;
    before_->computed = computed;
    CollectSeals(row);
  }

  void EndCase() {
    if (!before_.has_value()) return;
    const auto heads = named_.find(before_->case_id);
    if (heads == named_.end()) return;
    const Named* last = nullptr;
    for (const Named& head : heads->second) {
      if (head.seq > before_->seq && (last == nullptr || head.seq > last->seq)) last = &head;
    }
    if (last != nullptr) {
      Add(FindingKind::kHistoryCut, HistoryName(before_->case_id, before_->seq + 1),
          base::StrCat("the history ends at seq=", before_->seq, ", ", CheckpointName(last->n),
                       " names seq=", last->seq));
    }
    named_.erase(heads);
  }

  void CollectSeals(const HistoryRow& row) {
    std::optional<std::vector<SealedRow>> seals = ParseSeals(row.sealed);
    if (!seals.has_value()) {
      Add(FindingKind::kSealUnreadable, HistoryName(row.act.case_id, row.seq),
          "its seals cannot be read");
      return;
    }
    for (SealedRow& seal : *seals) {
      RowSeals& rows = seals_[seal.table][seal.id];
      rows.by_case[row.act.case_id] = {row.act.at, std::move(seal)};
    }
  }

  // The seals that count: the latest; of several cases at the same instant, any.
  static std::vector<const SealedRow*> Counting(const RowSeals& seals) {
    absl::Time latest = absl::InfinitePast();
    for (const auto& [case_id, seal] : seals.by_case) latest = std::max(latest, seal.at);
    std::vector<const SealedRow*> counting;
    for (const auto& [case_id, seal] : seals.by_case) {
      if (seal.at == latest) counting.push_back(&seal.seal);
    }
    return counting;
  }

  void CheckTable(const std::string& table, const std::map<std::string, RowSeals>& rows) {
    std::set<std::string> columns;
    for (const db::Row& row : txn_.Query(kColumns, table)) columns.insert(row.Get<std::string>(0));
    if (!columns.contains("id")) {
      Add(FindingKind::kRowMissing, table, "the sealed table is gone, or has no column id");
      return;
    }
    // Which rows to read with which columns: those that some counting seal names.
    std::map<Columns, std::set<std::string>> wanted;
    std::map<std::string, std::vector<const SealedRow*>> counting;
    for (const auto& [id, seals] : rows) {
      counting[id] = Counting(seals);
      for (const SealedRow* seal : counting[id]) {
        if (!seal->digest.empty()) wanted[seal->columns].insert(id);
      }
    }
    std::set<std::string> present;
    ReadRows(table, {}, [&](const std::string& id, const db::Row&) { present.insert(id); });
    std::map<std::string, std::set<std::string>> digests;  // id -> digests as the table stands
    for (const auto& entry : wanted) {
      const Columns& list = entry.first;
      const std::set<std::string>& ids = entry.second;
      const auto gone = std::find_if(list.begin(), list.end(),
                                     [&](const auto& name) { return !columns.contains(name); });
      if (gone != list.end()) {
        Add(FindingKind::kRowChanged, table, base::StrCat("the sealed column ", *gone, " is gone"));
        continue;
      }
      ReadRows(table, list, [&](const std::string& id, const db::Row& row) {
        if (!ids.contains(id)) return;
        std::vector<std::optional<std::string>> values;
        for (size_t i = 0; i < list.size(); ++i) values.push_back(row.AsText(i + 1));
        digests[id].insert(SealDigest(table, id, list, values));
      });
    }
    for (const auto& [id, seals] : counting) CheckSealed(table, id, seals, present, digests[id]);
    if (!options_.case_id.empty()) return;  // the other cases' rows are not known
    for (const std::string& id : present) {
      if (!counting.contains(id)) {
        Add(FindingKind::kRowUnsealed, base::StrCat(table, " id=", id),
            "no act in any history wrote this row");
      }
    }
  }

  void CheckSealed(const std::string& table, const std::string& id,
                   const std::vector<const SealedRow*>& seals, const std::set<std::string>& present,
                   const std::set<std::string>& digests) {
    ++report_.sealed_rows;
    const std::string name = base::StrCat(table, " id=", id);
    const bool is_present = present.contains(id);
    bool fits = false;
    for (const SealedRow* seal : seals) {
      fits |= seal->digest.empty() ? !is_present : digests.contains(seal->digest);
    }
    if (fits) return;
    if (!is_present) {
      Add(FindingKind::kRowMissing, name, "the row was deleted without an act in the history");
    } else if (seals.front()->digest.empty()) {
      Add(FindingKind::kRowUnsealed, name,
          "the row was removed by an act and came back without one");
    } else {
      Add(FindingKind::kRowChanged, name,
          "its columns are not as the last act in the history wrote them");
    }
  }

  // All rows in the order of their id. Names come from ParseSeals, which lets only [a-z0-9_]+
  // through, or from information_schema.
  template <typename Use>
  void ReadRows(const std::string& table, const Columns& columns, Use use) {
    std::string text = "SELECT id";
    for (const std::string& column : columns) base::StrAppend(&text, ", `", column, "`");
    base::StrAppend(&text, " FROM `", table, "` WHERE id>? ORDER BY id LIMIT ?");
    std::string after;
    std::vector<db::Row> page;
    do {
      page = txn_.Query({"audit.verify_rows", text.c_str()}, after, kRowPage);
      for (const db::Row& row : page) {
        after = row.AsText(0).value_or("");
        use(after, row);
      }
    } while (static_cast<int>(page.size()) == kRowPage);
  }

  struct Before {
    std::string case_id;
    int32_t seq = 0;
    std::string hash = std::string(crypto::kSha256Bytes, '\0');
    std::string computed = hash;  // what the hash should have been
  };

  db::Txn& txn_;
  const crypto::Verifier& verifier_;
  const VerifyOptions& options_;
  const OutsideFile& outside_;
  VerifyReport& report_;
  std::map<int32_t, std::string> lines_;
  int32_t last_n_ = 0;
  std::map<std::string, std::vector<Named>> named_;
  std::optional<Before> before_;
  std::map<std::string, std::map<std::string, RowSeals>> seals_;
};

}  // namespace

std::string_view Name(FindingKind kind) { return kKindNames[static_cast<size_t>(kind)].name; }

absl::StatusOr<VerifyReport> Verify(db::Pool& pool, const crypto::Verifier& verifier,
                                    const VerifyOptions& options, absl::Time deadline) {
  // The file first: what is added meanwhile is then in the table only, and that is no finding.
  OutsideFile outside;
  if (!options.outside_path.empty()) {
    ASSIGN_OR_RETURN(outside, ReadOutside(options.outside_path));
  }
  VerifyReport report;
  RETURN_IF_ERROR(pool.Snapshot(deadline, [&](db::Txn& txn) -> absl::Status {
    report = VerifyReport();
    Verification(txn, verifier, options, outside, report).Run();
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace alliance::audit
