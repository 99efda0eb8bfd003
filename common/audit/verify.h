// The auditor's question: is everything as it was written? `alliancectl audit verify`.
//
// Needs only SELECT. Reads one frozen snapshot of the schema and the outside file and reports every
// row that is not as it was written:
//
//   history      edited, deleted, inserted, reordered, cut off at the end, chained anew
//   sealed rows  changed, deleted, inserted by hand in any table that the history seals
//   checkpoints  edited, missing, wrongly signed, in the table or in the outside file
//   database     set back to an older state (the outside file is ahead of it)

#ifndef ALLIANCE_COMMON_AUDIT_VERIFY_H_
#define ALLIANCE_COMMON_AUDIT_VERIFY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/signing.h"
#include "common/db/pool.h"

namespace alliance::audit {

enum class FindingKind {
  kHistoryEdited,     // a row's hash does not fit its fields
  kHistoryGap,        // a row is missing before this one
  kHistoryChain,      // prev_hash is not the row before: inserted, reordered or chained anew
  kHistoryCut,        // rows that a checkpoint names are gone
  kHistoryRewritten,  // a row differs from what a checkpoint names
  kSealUnreadable,
  kRowChanged,
  kRowMissing,
  kRowUnsealed,         // in a sealed table, but no act wrote it
  kCheckpointBroken,    // in the table: text, digest, signature or chain
  kCheckpointMissing,   // in the table
  kOutsideBroken,       // in the file
  kOutsideMissing,      // the file lacks checkpoints that the table has
  kOutsideDiffers,      // the file and the table have different checkpoints of one number
  kDatabaseRolledBack,  // the file has later checkpoints than the table
};

// "HISTORY_EDITED", …
std::string_view Name(FindingKind kind);

struct Finding {
  FindingKind kind;
  std::string row;   // "history case=<id> seq=4", "application id=<id>", "audit_checkpoint n=7"
  std::string text;  // one sentence
};

struct VerifyReport {
  int64_t cases = 0;
  int64_t history_rows = 0;
  int64_t sealed_rows = 0;
  int64_t checkpoints = 0;
  int64_t outside_checkpoints = 0;
  std::vector<Finding> findings;

  bool clean() const { return findings.empty(); }
};

struct VerifyOptions {
  std::string outside_path;  // empty: the file is not looked at
  std::string case_id;       // not empty: only this case's chain and seals
  // Tables to read even if no act sealed a row in them: every row there is then a finding.
  std::vector<std::string> sealed_tables;
};

// An error is a failure to look, not a finding.
absl::StatusOr<VerifyReport> Verify(db::Pool& pool, const crypto::Verifier& verifier,
                                    const VerifyOptions& options, absl::Time deadline);

}  // namespace alliance::audit

#endif  // ALLIANCE_COMMON_AUDIT_VERIFY_H_
