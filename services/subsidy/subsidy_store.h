// SubsidyStore: the SQL of alliances, plans, cases and runs; payments are in payment_store.h.
//
// A case row is locked, changed in memory and saved by its version. Runs change once; lines,
// objections and how they were handled never. The budget is one guard row: Reserve is the only way
// to spend it, and it cannot overspend (docs/threats.md M4).

#ifndef ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_STORE_H_
#define ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_STORE_H_

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

namespace alliance::subsidy {

// Alliances ------------------------------------------------------------------------------------

struct Alliance {
  std::string id;
  std::string registry_number;
  std::string lead_name;  // the payee
  std::string lead_code;
  std::string region;
  std::string city;  // of a zone: the city that may read along; else empty
  absl::Time first_receive;
  domain::State state = domain::State::kRegistered;
  int64_t version = 1;
  int32_t handoff_seq = 0;  // its holder's, filing's; not kept
};

void InsertAlliance(db::Txn& txn, const Alliance& alliance);
std::optional<Alliance> LockAlliance(db::Txn& txn, std::string_view id);
// Every column that is sealed. False: somebody else changed it; else `version` is the new one. So
// do all Save functions of cases and alliances.
bool SaveAlliance(db::Txn& txn, Alliance& alliance);
audit::SealedRow SealOf(const Alliance& alliance);

// The plan -------------------------------------------------------------------------------------

struct Plan {
  std::string id;  // "2023"
  int64_t budget_fen = 0;
  int64_t used_fen = 0;
  std::string rules_digest;
  int64_t version = 1;
  absl::Time open;
  std::string opened_by;
  std::string document_sha256;
};

bool InsertPlan(db::Txn& txn, const Plan& plan);
std::optional<Plan> FindPlan(db::Txn& txn, std::string_view id);
// Takes `amount_fen` from the budget, or nothing and false when it would not fit. The row stays
// locked.
bool Reserve(db::Txn& txn, std::string_view plan_id, int64_t amount_fen);
// Gives back what was reserved; false when that much never was.
bool GiveBack(db::Txn& txn, std::string_view plan_id, int64_t amount_fen);
audit::SealedRow SealOf(const Plan& plan);

// Cases ----------------------------------------------------------------------------------------

struct Case {
  std::string id;  // alliance-yyyy
  std::string alliance_id;
  int year = 0;
  std::string region;
  std::string city;
  std::string lead_code;
  std::string lead_name;
  std::string registry_number;
  absl::Time first_receive;
  domain::State state = domain::State::kEvaluated;
  int64_t version = 1;
  int32_t handoff_seq = 0;
  std::string grade;
  int32_t total_hundredths = 0;
  int64_t verified_rd_fen = 0;
  std::optional<std::string> evidence_sha256;
  std::optional<std::string> run_id;  // that froze it
  int64_t amount_fen = 0;
  std::optional<absl::Time> notice_open;
  std::optional<absl::Time> notice_close;
  int64_t claim_fen = 0;
  std::optional<std::string> rules_digest;  // of the run that froze it
};

void InsertCase(db::Txn& txn, const Case& row);
// Locked until the end of the transaction.
std::optional<Case> LockCase(db::Txn& txn, std::string_view id);
// All of a year in state EVALUATED whose alliance is not deregistered, in the order of their ids.
std::vector<Case> ListEvaluated(db::Txn& txn, int year);
std::vector<Case> LockEvaluated(db::Txn& txn, int year);
// All of a run, locked, in the order of their ids.
std::vector<Case> LockCasesOfRun(db::Txn& txn, std::string_view run_id);
bool SaveCase(db::Txn& txn, Case& row);
audit::SealedRow SealOf(const Case& row);

// What this reader may see: the lead its own, a recommender its region's and those of the zones in
// its city, officials of the province all, anybody else nothing.
std::optional<Case> FindCase(db::Txn& txn, std::string_view id, const domain::Caller& reader);
// In the order of their ids, those after `after`.
std::vector<Case> ListCases(db::Txn& txn, const domain::Caller& reader, std::string_view after,
                            int limit);

// Runs -----------------------------------------------------------------------------------------

struct Run {
  std::string id;
  std::string plan_id;
  bool frozen = false;
  int64_t version = 1;
  std::string rules_digest;
  std::string method;
  std::string policies;    // words, separated by commas
  int64_t budget_fen = 0;  // what was left when it was computed
  int64_t total_fen = 0;
  std::string digest;
  std::string preparer;
  absl::Time prepare;
  std::string frozen_by;
  std::optional<absl::Time> freeze;
};

struct RunLine {
  std::string id;  // run/case
  std::string run_id;
  std::string case_id;
  int64_t case_version = 0;  // of the inputs: a case that changed since makes the run stale
  int64_t amount_fen = 0;
  std::string content;  // serialised alliance.subsidy.v1.Line
};

void InsertRun(db::Txn& txn, const Run& run, const std::vector<RunLine>& lines);
std::optional<Run> FindRun(db::Txn& txn, std::string_view id);
std::optional<Run> LockRun(db::Txn& txn, std::string_view id);
bool SaveRun(db::Txn& txn, Run& run);
// In the order of their cases.
std::vector<RunLine> ListLines(db::Txn& txn, std::string_view run_id);
std::optional<RunLine> FindLine(db::Txn& txn, std::string_view run_id, std::string_view case_id);
audit::SealedRow SealOf(const Run& run);
audit::SealedRow SealOf(const RunLine& line);

// Objections -----------------------------------------------------------------------------------

struct Objection {
  std::string id;
  std::string case_id;
  std::string objector_name;
  std::string objector_contact;
  std::string grounds;
  std::string evidence_title;
  std::string evidence_sha256;
  absl::Time receive;
};

void InsertObjection(db::Txn& txn, const Objection& objection);
// Oldest first. Never for the lead.
std::vector<Objection> ListObjections(db::Txn& txn, std::string_view case_id);
int32_t CountObjections(db::Txn& txn, std::string_view case_id);
audit::SealedRow SealOf(const Objection& objection);

// A document that an act rests on; its content is kept by digest.
struct Document {
  std::string number;
  std::string title;
  std::string issuer;
  std::string date;
  std::string sha256;  // 32 bytes
};

// How the objections to a case were handled.
struct ObjectionDecision {
  std::string id;
  std::string case_id;
  std::string action;      // dismiss, uphold
  int32_t objections = 0;  // the first so many of the case
  std::string reason;
  Document record;
  std::string account;
  absl::Time decide;
};

void InsertObjectionDecision(db::Txn& txn, const ObjectionDecision& decision);
audit::SealedRow SealOf(const ObjectionDecision& decision);

}  // namespace alliance::subsidy

#endif  // ALLIANCE_SERVICES_SUBSIDY_SUBSIDY_STORE_H_
