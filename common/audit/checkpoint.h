// Every ten minutes: a signed statement of where every case's chain stood, also outside the
// database.
//
// A checkpoint is one line of JSON
//
//   {"n":7,"at":1682380800000000,"service":"filing","heads":[["<case>",12,"<hash>"],…],
//    "prev":"<digest of 6>","digest":"<SHA-256 of the line up to
//    here>","key":"<id>","sig":"<Ed25519>"}
//
// with the heads that changed since the one before. It is inserted in `audit_checkpoint` (insert
// only) and then appended and fsynced to a file outside. Two replicas of a service: the one that
// loses the row n copies the winner's line, so each replica's file holds all of them. A file that
// is ahead of the table means that the database was set back to an older state: RunOnce refuses to
// go on, for a new checkpoint would hide it.
//
// What was changed within the last interval and chained anew leaves no trace; that is the limit of
// the method.

#ifndef ALLIANCE_COMMON_AUDIT_CHECKPOINT_H_
#define ALLIANCE_COMMON_AUDIT_CHECKPOINT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/crypto/signing.h"
#include "common/db/pool.h"

namespace alliance::audit {

inline constexpr int kCheckpointPage = 20;  // lines read at a time

struct CheckpointHead {
  std::string case_id;
  int32_t seq = 0;
  std::string hash;  // 32 bytes
};

struct Checkpoint {
  int32_t n = 0;  // 1, 2, 3, …
  absl::Time at;
  std::string service;
  std::vector<CheckpointHead> heads;
  std::string prev;    // 32 bytes; for n = 1 all zero
  std::string digest;  // 32 bytes
  std::string key_id;
  std::string signature;
};

// The signed line, without the line end; fills digest, key id and signature.
std::string SignCheckpoint(Checkpoint& checkpoint, const crypto::Signer& signer);

// Reads a line that SignCheckpoint wrote and checks its digest and signature; the error says which
// is wrong. The chain (n, prev) is for the caller to check.
absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view line, const crypto::Verifier& verifier);

class Checkpointer {
 public:
  struct Options {
    std::string service;
    std::string outside_path;  // the file; its folder must exist
    absl::Duration interval = absl::Minutes(10);
    // The system's clock in production: this is security time, not legal time.
    const base::Clock* clock = nullptr;
    // Called after each run with its result; the error of a finding names it. For the log and the
    // alarm metric.
    std::function<void(const absl::Status&)> on_run;
  };

  // All must outlive the Checkpointer.
  Checkpointer(db::Pool& pool, const crypto::Signer& signer, const crypto::Verifier& verifier,
               Options options);
  ~Checkpointer();  // stops

  // RunOnce every interval on an own thread; first after half a minute, so that what was there at
  // the start is soon signed.
  void Start();
  void Stop();  // runs once more, so that a clean stop leaves nothing unsigned

  // Writes one checkpoint if any head changed, and brings the outside file up to the table. The
  // number of heads written. DATA_LOSS: a chain is shorter than a checkpoint says, or the file is
  // ahead of the table.
  absl::StatusOr<int> RunOnce(absl::Time deadline);

 private:
  // The outside file's last number and digest; a line that a crash cut short is removed.
  absl::Status ReadFile() ABSL_EXCLUSIVE_LOCKS_REQUIRED(run_mutex_);
  // Takes over what the table has and this object, or the file, has not.
  absl::Status CatchUp(absl::Time deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(run_mutex_);
  absl::StatusOr<std::vector<CheckpointHead>> ChangedHeads(absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(run_mutex_);
  absl::Status Accept(const Checkpoint& checkpoint, std::string_view line)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(run_mutex_);

  db::Pool& pool_;
  const crypto::Signer& signer_;
  const crypto::Verifier& verifier_;
  const Options options_;

  absl::Mutex run_mutex_;  // one run at a time
  bool file_read_ ABSL_GUARDED_BY(run_mutex_) = false;
  int32_t file_n_ ABSL_GUARDED_BY(run_mutex_) = 0;
  std::string file_digest_ ABSL_GUARDED_BY(run_mutex_);
  int32_t n_ ABSL_GUARDED_BY(run_mutex_) = 0;       // last checkpoint known
  std::string digest_ ABSL_GUARDED_BY(run_mutex_);  // and its digest
  absl::flat_hash_map<std::string, int32_t> heads_ ABSL_GUARDED_BY(run_mutex_);

  absl::Mutex stop_mutex_;
  bool stopping_ ABSL_GUARDED_BY(stop_mutex_) = false;
  std::thread thread_;
};

}  // namespace alliance::audit

#endif  // ALLIANCE_COMMON_AUDIT_CHECKPOINT_H_
