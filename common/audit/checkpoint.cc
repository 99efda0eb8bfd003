#include "common/audit/checkpoint.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/clock.h"
#include "common/audit/outside.h"
#include "common/audit/scan.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/crypto/digest.h"

namespace alliance::audit {
namespace {

constexpr size_t kMaxHeads = 20'000;  // per checkpoint: about 2.5 MB
constexpr int kHeadsPage = 5'000;
constexpr absl::Duration kFirstAfter = absl::Seconds(30);
constexpr absl::Duration kFinalRun = absl::Seconds(5);
constexpr absl::Duration kShortestLimit = absl::Seconds(10);  // for one run

constexpr db::Sql kAfter = {"audit.checkpoints_after",
                            "SELECT n, line FROM audit_checkpoint WHERE n>? ORDER BY n LIMIT ?"};
constexpr db::Sql kLast = {"audit.checkpoint_last", "SELECT MAX(n) FROM audit_checkpoint"};
constexpr db::Sql kHeads = {"audit.heads",
                            "SELECT case_id, MAX(seq) FROM history WHERE case_id>? "
                            "GROUP BY case_id ORDER BY case_id LIMIT ?"};
constexpr db::Sql kHash = {"audit.head_hash", "SELECT hash FROM history WHERE case_id=? AND seq=?"};
constexpr db::Sql kInsertCheckpoint = {
    "audit.checkpoint", "INSERT INTO audit_checkpoint (n, at_us, line) VALUES (?, ?, ?)"};

const std::string& NoDigest() {
  static const auto* const none = new std::string(crypto::kSha256Bytes, '\0');
  return *none;
}

std::string Body(const Checkpoint& checkpoint) {
  std::string body =
      base::StrCat("{\"n\":", checkpoint.n, ",\"at\":", absl::ToUnixMicros(checkpoint.at),
                   ",\"service\":\"", checkpoint.service, "\",\"heads\":[");
  for (size_t i = 0; i < checkpoint.heads.size(); ++i) {
    const CheckpointHead& head = checkpoint.heads[i];
    base::StrAppend(&body, i == 0 ? "[\"" : ",[\"", head.case_id, "\",", head.seq, ",\"",
                    crypto::Hex(head.hash), "\"]");
  }
  base::StrAppend(&body, "],\"prev\":\"", crypto::Hex(checkpoint.prev), "\"");
  return body;
}

// What is signed: never the same bytes as another kind of message.
std::string Signed(std::string_view digest) {
  return base::StrCat("alliance-checkpoint-1:", digest);
}

absl::Status Loss(std::string_view what) { return absl::DataLossError(base::Absl(what)); }

}  // namespace

std::string SignCheckpoint(Checkpoint& checkpoint, const crypto::Signer& signer) {
  const std::string body = Body(checkpoint);
  checkpoint.digest = crypto::Sha256(body);
  checkpoint.key_id = signer.key_id();
  checkpoint.signature = signer.Sign(Signed(checkpoint.digest));
  return base::StrCat(body, ",\"digest\":\"", crypto::Hex(checkpoint.digest), "\",\"key\":\"",
                      checkpoint.key_id, "\",\"sig\":\"", crypto::Hex(checkpoint.signature), "\"}");
}

absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view line,
                                           const crypto::Verifier& verifier) {
  Checkpoint c;
  int64_t at_us = 0;
  Scanner scan(line);
  bool ok = scan.Literal("{\"n\":") && scan.Number(&c.n) && scan.Literal(",\"at\":") &&
            scan.Number(&at_us) && scan.Literal(",\"service\":") && scan.Quoted(&c.service) &&
            scan.Literal(",\"heads\":[");
  while (ok && scan.Literal(c.heads.empty() ? "[" : ",[")) {
    CheckpointHead head;
    ok = scan.Quoted(&head.case_id) && scan.Literal(",") && scan.Number(&head.seq) &&
         scan.Literal(",") && scan.QuotedHex(crypto::kSha256Bytes, &head.hash) && scan.Literal("]");
    c.heads.push_back(std::move(head));
  }
  ok = ok && scan.Literal("],\"prev\":") && scan.QuotedHex(crypto::kSha256Bytes, &c.prev) &&
       scan.Literal(",\"digest\":") && scan.QuotedHex(crypto::kSha256Bytes, &c.digest) &&
       scan.Literal(",\"key\":") && scan.Quoted(&c.key_id) && scan.Literal(",\"sig\":") &&
       scan.QuotedHex(crypto::kSignatureBytes, &c.signature) && scan.Literal("}") && scan.AtEnd();
  if (!ok) return Loss("it is not written as a checkpoint");
  c.at = absl::FromUnixMicros(at_us);
  if (crypto::Sha256(Body(c)) != c.digest) return Loss("its digest does not fit");
  if (!verifier.Verify(c.key_id, Signed(c.digest), c.signature)) {
    return Loss("its signature does not fit");
  }
  return c;
}

Checkpointer::Checkpointer(db::Pool& pool, const crypto::Signer& signer,
                           const crypto::Verifier& verifier, Options options)
    : pool_(pool),
      signer_(signer),
      verifier_(verifier),
      options_(std::move(options)),
      digest_(NoDigest()) {}

Checkpointer::~Checkpointer() { Stop(); }

void Checkpointer::Start() {
  thread_ = std::thread([this] {
    absl::Time next = absl::Now() + std::min(options_.interval, kFirstAfter);
    while (true) {
      {
        absl::MutexLock lock(&stop_mutex_);
        stop_mutex_.AwaitWithDeadline(absl::Condition(&stopping_), next);
        if (stopping_) return;
      }
      const absl::Time limit = absl::Now() + std::max(options_.interval, kShortestLimit);
      const absl::Status status = RunOnce(limit).status();
      if (options_.on_run) options_.on_run(status);
      next = absl::Now() + options_.interval;
    }
  });
}

void Checkpointer::Stop() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&stop_mutex_);
    stopping_ = true;
  }
  thread_.join();
  const absl::Status status = RunOnce(absl::Now() + kFinalRun).status();
  if (options_.on_run) options_.on_run(status);
}

absl::StatusOr<int> Checkpointer::RunOnce(absl::Time deadline) {
  absl::MutexLock lock(&run_mutex_);
  int written = 0;
  while (true) {
    RETURN_IF_ERROR(CatchUp(deadline));
    ASSIGN_OR_RETURN(std::vector<CheckpointHead> changed, ChangedHeads(deadline));
    if (changed.empty()) return written;
    const bool more = changed.size() > kMaxHeads;
    if (more) changed.resize(kMaxHeads);
    Checkpoint checkpoint;
    checkpoint.n = n_ + 1;
    checkpoint.at = options_.clock == nullptr ? absl::Now() : options_.clock->Now();
    checkpoint.service = options_.service;
    checkpoint.heads = std::move(changed);
    checkpoint.prev = digest_;
    const std::string line = SignCheckpoint(checkpoint, signer_);
    bool won = false;
    RETURN_IF_ERROR(pool_.Run(deadline, [&](db::Txn& txn) -> absl::Status {
      won = txn.InsertIfAbsent(kInsertCheckpoint, checkpoint.n, checkpoint.at, line);
      return absl::OkStatus();
    }));
    // Another replica took this number: copy its line and leave the rest to the next run.
    RETURN_IF_ERROR(CatchUp(deadline));
    if (won) written += static_cast<int>(checkpoint.heads.size());
    if (!won || !more) return written;
  }
}

absl::Status Checkpointer::ReadFile() {
  ASSIGN_OR_RETURN(const OutsideFile file, ReadOutside(options_.outside_path));
  int32_t n = 0;
  std::string digest = NoDigest();
  size_t bytes = 0;
  for (const std::string& line : file.lines) {
    const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(line, verifier_);
    if (!checkpoint.ok() || checkpoint->n != n + 1 || checkpoint->prev != digest) {
      return Loss(base::StrCat("line ", n + 1, " of ", options_.outside_path,
                               " is not the checkpoint that was written"));
    }
    n = checkpoint->n;
    digest = checkpoint->digest;
    bytes += line.size() + 1;
  }
  if (!file.torn.empty()) RETURN_IF_ERROR(TruncateOutside(options_.outside_path, bytes));
  file_n_ = n;
  file_digest_ = digest;
  file_read_ = true;
  return absl::OkStatus();
}

absl::Status Checkpointer::Accept(const Checkpoint& checkpoint, std::string_view line) {
  if (checkpoint.n != n_ + 1 || checkpoint.prev != digest_ ||
      checkpoint.service != options_.service) {
    return Loss(base::StrCat("audit_checkpoint n=", checkpoint.n, " does not follow n=", n_));
  }
  if (checkpoint.n == file_n_ && checkpoint.digest != file_digest_) {
    return Loss(base::StrCat("audit_checkpoint n=", checkpoint.n, " is not the one in ",
                             options_.outside_path));
  }
  if (checkpoint.n > file_n_) {
    absl::Status written = AppendOutside(options_.outside_path, line);
    if (!written.ok()) {
      file_read_ = false;  // part of the line may be there
      return written;
    }
    file_n_ = checkpoint.n;
    file_digest_ = checkpoint.digest;
  }
  n_ = checkpoint.n;
  digest_ = checkpoint.digest;
  for (const CheckpointHead& head : checkpoint.heads) heads_[head.case_id] = head.seq;
  return absl::OkStatus();
}

absl::Status Checkpointer::CatchUp(absl::Time deadline) {
  if (!file_read_) RETURN_IF_ERROR(ReadFile());
  std::vector<std::pair<int32_t, std::string>> page;
  int32_t last = 0;
  do {
    page.clear();
    RETURN_IF_ERROR(pool_.Read(deadline, [&](db::Txn& txn) -> absl::Status {
      page.clear();
      for (const db::Row& row : txn.Query(kAfter, n_, kCheckpointPage)) {
        page.emplace_back(row.Get<int32_t>(0), row.Get<std::string>(1));
      }
      last = txn.QueryOne(kLast)->Get<std::optional<int32_t>>(0).value_or(0);
      return absl::OkStatus();
    }));
    for (const auto& [n, line] : page) {
      const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(line, verifier_);
      if (!checkpoint.ok()) {
        return Loss(
            base::StrCat("audit_checkpoint n=", n, ": ", base::Std(checkpoint.status().message())));
      }
      RETURN_IF_ERROR(Accept(*checkpoint, line));
    }
  } while (static_cast<int>(page.size()) == kCheckpointPage);
  if (last < std::max(n_, file_n_)) {
    return Loss(base::StrCat("the database ends at checkpoint ", last, " but ",
                             options_.outside_path, " at ", std::max(n_, file_n_),
                             ": it was set back to an older state"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CheckpointHead>> Checkpointer::ChangedHeads(absl::Time deadline) {
  std::vector<CheckpointHead> changed;
  size_t known_seen = 0;
  std::string after;
  bool more = true;
  while (more) {
    std::vector<CheckpointHead> page;
    RETURN_IF_ERROR(pool_.Read(deadline, [&](db::Txn& txn) -> absl::Status {
      page.clear();
      for (const db::Row& row : txn.Query(kHeads, after, kHeadsPage)) {
        page.push_back({row.Get<std::string>(0), row.Get<int32_t>(1), ""});
      }
      return absl::OkStatus();
    }));
    more = static_cast<int>(page.size()) == kHeadsPage;
    if (!page.empty()) after = page.back().case_id;
    for (CheckpointHead& head : page) {
      const auto known = heads_.find(head.case_id);
      if (known != heads_.end()) {
        ++known_seen;
        if (head.seq < known->second) {
          return Loss(base::StrCat("history case=", head.case_id, " ends at seq=", head.seq,
                                   ", a checkpoint names seq=", known->second));
        }
        if (head.seq == known->second) continue;
      }
      changed.push_back(std::move(head));
    }
  }
  if (known_seen < heads_.size()) {
    return Loss(base::StrCat(heads_.size() - known_seen,
                             " cases that checkpoints name have no history any more"));
  }
  if (changed.size() > kMaxHeads) changed.resize(kMaxHeads + 1);
  RETURN_IF_ERROR(pool_.Read(deadline, [&](db::Txn& txn) -> absl::Status {
    for (CheckpointHead& head : changed) {
      const std::optional<db::Row> row = txn.QueryOne(kHash, head.case_id, head.seq);
      if (!row.has_value()) {
        return Loss(base::StrCat("history case=", head.case_id, " seq=", head.seq, " is gone"));
      }
      head.hash = row->Get<std::string>(0);
    }
    return absl::OkStatus();
  }));
  return changed;
}

}  // namespace alliance::audit
