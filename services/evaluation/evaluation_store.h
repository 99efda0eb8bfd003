// EvaluationStore: every SQL statement of the evaluation service but those on alliances
// (alliance_store.h).
//
// A case row is locked by LockEvaluations, changed in memory and saved by SaveEvaluation, which
// writes only if the row still has the version that was locked. Everything else is insert-only.
// Each row has a seal, for the history row of the act that wrote it.

#ifndef ALLIANCE_SERVICES_EVALUATION_EVALUATION_STORE_H_
#define ALLIANCE_SERVICES_EVALUATION_EVALUATION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "common/domain/state.h"

namespace alliance::evaluation {

// Campaigns and firms --------------------------------------------------------------------------

struct Campaign {
  std::string id;  // "2023"
  std::string rules_digest;
  absl::Time open;
  std::string opened_by;
};

bool InsertCampaign(db::Txn& txn, const Campaign& campaign);
std::optional<Campaign> FindCampaign(db::Txn& txn, std::string_view id);
audit::SealedRow SealOf(const Campaign& campaign);

struct Firm {
  std::string id;
  std::string credit_code;
};

bool InsertFirm(db::Txn& txn, const Firm& firm);
std::optional<Firm> FindFirm(db::Txn& txn, std::string_view id);
audit::SealedRow SealOf(const Firm& firm);

struct Assignment {
  std::string id;
  std::string evaluation_id;
  std::string firm;
  absl::Time assign;
  std::string assigned_by;
};

void InsertAssignments(db::Txn& txn, const std::vector<Assignment>& assignments);
audit::SealedRow SealOf(const Assignment& assignment);
std::vector<std::string> ListFirms(db::Txn& txn, std::string_view evaluation_id);
// The next three pick from these evaluations. Assignments and members are never removed, so a plain
// read is enough once the evaluations are locked.
// Those that have any firm.
std::vector<std::string> ListAssigned(db::Txn& txn, const std::vector<std::string>& ids);
// Those whose alliance counts this credit code among its members.
std::vector<std::string> ListConflicts(db::Txn& txn, const std::vector<std::string>& ids,
                                       std::string_view credit_code);
// Those assigned to this firm, and whether it is a member of the alliance after all.
struct AssignedTo {
  std::string evaluation_id;
  bool conflict = true;
};
std::vector<AssignedTo> ListAssignedTo(db::Txn& txn, const std::vector<std::string>& ids,
                                       std::string_view firm);

// Evaluations ----------------------------------------------------------------------------------

struct Evaluation {
  std::string id;  // alliance-yyyy
  std::string alliance_id;
  int year = 0;
  std::string region;
  std::string city;
  std::string lead_code;
  std::string alliance_name;
  domain::State state = domain::State::kReported;
  int64_t version = 1;
  int32_t handoff_seq = 0;
  std::optional<std::string> report_id;
  bool report_missed = false;
  int64_t verified_rd_fen = 0;
  std::optional<std::string> evidence_sha256;
  std::optional<std::string> rules_digest;  // of the campaign, from the start on
  std::optional<absl::Time> start;
  std::optional<int64_t> sum_hundredths;  // total = sum ÷ experts, exactly
  std::optional<int32_t> expert_count;
  std::optional<int32_t> total_hundredths;
  std::string grade;
  std::string veto;
  std::string outlier_answer;
  std::optional<absl::Time> preliminary;
  std::optional<absl::Time> appeal_close;
  std::optional<std::string> appeal_id;  // the last one
  std::optional<absl::Time> publish;
};

void InsertEvaluation(db::Txn& txn, const Evaluation& evaluation);
// Locked until the end of the transaction, in the order of their ids: those that this caller may
// act on. The lead its own, a firm what is assigned to it, the province and the events of filing
// all, anybody else none. What is out of scope is not locked either, so nobody waits for another's.
std::vector<Evaluation> LockEvaluations(db::Txn& txn, const std::vector<std::string>& ids,
                                        const domain::Caller& caller);
// False: somebody else changed it. Else `evaluation.version` is the new one.
bool SaveEvaluation(db::Txn& txn, Evaluation& evaluation);
audit::SealedRow SealOf(const Evaluation& evaluation);

// What this reader may see: the lead its own, a recommender its region's and those of the zones in
// its city, a firm what is assigned to it, officials of the province all, anybody else nothing.
std::optional<Evaluation> FindEvaluation(db::Txn& txn, std::string_view id,
                                         const domain::Caller& reader);
// In the order of their ids, those after `after`.
std::vector<Evaluation> ListEvaluations(db::Txn& txn, const domain::Caller& reader,
                                        std::string_view after, int limit);

// Reports, scores and appeals ------------------------------------------------------------------

struct Report {
  std::string id;
  std::string evaluation_id;
  std::string report;  // serialised
  std::string report_sha256;
  int64_t verified_rd_fen = 0;
  absl::Time receive;
};

void InsertReport(db::Txn& txn, const Report& report);
std::optional<std::string> FindReport(db::Txn& txn, std::string_view id);
audit::SealedRow SealOf(const Report& report);

struct Score {
  std::string id;
  std::string evaluation_id;
  std::string firm;
  std::string expert;
  int32_t revision = 1;
  std::vector<int64_t> item_hundredths;
  int32_t total_hundredths = 0;
  std::string comment;
  absl::Time push;
  std::string pushed_by;
};

void InsertScores(db::Txn& txn, const std::vector<Score>& scores);
// The latest revision of each firm and expert, in their order; `firm` empty: of all firms.
std::vector<Score> ListScores(db::Txn& txn, std::string_view evaluation_id, std::string_view firm);
audit::SealedRow SealOf(const Score& score);

struct LatestRevision {
  std::string evaluation_id;
  std::string expert;
  int32_t revision = 0;
};
// What this firm has pushed for these evaluations so far.
std::vector<LatestRevision> ListRevisions(db::Txn& txn, const std::vector<std::string>& ids,
                                          std::string_view firm);

struct Appeal {
  std::string id;
  std::string evaluation_id;
  std::string grounds;
  std::string evidence_title;
  std::string evidence_sha256;
  absl::Time file;
  std::string filed_by;
};

struct AppealDecision {
  std::string id;  // the appeal's
  std::string evaluation_id;
  std::string answer;
  std::string paper_title;
  std::string paper_sha256;
  bool rescored = false;
  absl::Time decide;
  std::string decided_by;
};

struct AppealTexts {
  std::string grounds;
  std::string answer;  // empty while it is open
};

void InsertAppeal(db::Txn& txn, const Appeal& appeal);
void InsertAppealDecision(db::Txn& txn, const AppealDecision& decision);
std::optional<AppealTexts> FindAppeal(db::Txn& txn, std::string_view id);
// Appeals without an answer, of each of these evaluations that has any.
struct OpenAppeals {
  std::string evaluation_id;
  int count = 0;
};
std::vector<OpenAppeals> ListOpenAppeals(db::Txn& txn, const std::vector<std::string>& ids);
audit::SealedRow SealOf(const Appeal& appeal);
audit::SealedRow SealOf(const AppealDecision& decision);

}  // namespace alliance::evaluation

#endif  // ALLIANCE_SERVICES_EVALUATION_EVALUATION_STORE_H_
