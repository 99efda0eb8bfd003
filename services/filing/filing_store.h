// Rounds, applications, drafts, papers and locked versions: their rows and all SQL on them.
//
// A row that an act changes is loaded with its version, changed in memory and saved whole: the
// UPDATE names the version it was loaded with, and anything but one matched row is ETAG_STALE.
// Its seal belongs into the history row of the same act.

#ifndef ALLIANCE_SERVICES_FILING_FILING_STORE_H_
#define ALLIANCE_SERVICES_FILING_FILING_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/caller.h"
#include "common/domain/state.h"
#include "common/domain/workflow.h"

namespace alliance::filing {

// Which rows a caller may read. It stands in the WHERE of every read: what is outside looks
// unknown.
struct Scope {
  std::string lead_code;  // an applicant's own enterprise; empty: any
  std::string region;     // a recommender's own cases, and a city's zones; empty: any
};
// Nothing for a caller who sees no case at all (public, firm, operator).
std::optional<Scope> ScopeOf(const domain::Caller& caller);
// Which rows a caller may lock for an act: those, and every case for the clock, as which the
// services of the suite call too.
std::optional<Scope> ScopeToAct(const domain::Caller& caller);
// The system itself.
inline Scope EveryCase() { return {}; }

// Rounds -----------------------------------------------------------------------------------------

struct RoundPack {
  std::string id;            // "2023-tsl"
  std::string rules_digest;  // 32 bytes
};
std::optional<RoundPack> FindRoundPack(db::Txn& txn, std::string_view id);
// Nothing when the round is there already.
std::optional<audit::SealedRow> InsertRoundPack(db::Txn& txn, const RoundPack& round,
                                                absl::Time now);

// Applications -----------------------------------------------------------------------------------

struct Application {
  std::string id;
  std::string round_id;
  std::string lead_code;
  std::string lead_name;
  std::string alliance_name;
  std::string region;
  std::string city;  // of a zone or district; reads, never acts
  domain::State state = domain::State::kDraft;
  domain::Owner holder = domain::Owner::kFiling;
  int64_t version = 1;
  int32_t handoff_seq = 0;
  int32_t version_number = 0;
  std::optional<std::string> version_digest;  // 32 bytes
  std::optional<absl::Time> first_receive;
  std::optional<absl::Time> receive;
  std::optional<absl::Time> correction_until;
  std::optional<absl::Time> due;  // when the clock acts
  std::optional<int64_t> verified_rd_fen;
  absl::Time create;
  absl::Time update;
  std::string office;  // that returned it, when it is not the region's own

  domain::CaseView View() const {
    return {.state = state,
            .holder = holder,
            .region = region,
            .lead_code = lead_code,
            .asked = domain::Owner::kFiling};
  }
};

struct Draft {
  std::string form;   // serialised
  std::string marks;  // serialised
};

struct DraftedApplication : Application {
  Draft draft;
  std::string renews = {};  // the alliance that it continues, when read by FindDrafted
};

// Seals of both rows; nothing when the lead has an application in the round already.
std::optional<std::vector<audit::SealedRow>> InsertApplication(db::Txn& txn, const Application& row,
                                                               const Draft& draft);
std::optional<DraftedApplication> FindDrafted(db::Txn& txn, std::string_view id,
                                              const Scope& scope);
std::optional<DraftedApplication> LockDrafted(db::Txn& txn, std::string_view id,
                                              const Scope& scope);
std::optional<Application> LockApplication(db::Txn& txn, std::string_view id, const Scope& scope);
// Those of `ids` that are in the round, locked in the order of their ids.
std::vector<Application> LockApplications(db::Txn& txn, std::string_view round_id,
                                          std::vector<std::string> ids);
// All of the round in this state, locked, by id.
std::vector<Application> LockInState(db::Txn& txn, std::string_view round_id, domain::State state);
// Newest first, ids below `before` ("" = from the newest). `states` is a comma-separated list of
// words; empty: any.
std::vector<Application> ListApplications(db::Txn& txn, const Scope& scope, std::string_view states,
                                          std::string_view before, int limit);
// Ids on which the clock must act, longest overdue first.
std::vector<std::string> DueApplications(db::Txn& txn, absl::Time now, int limit);

// False: somebody else changed it. Else `version` is the new one.
bool SaveApplication(db::Txn& txn, Application& row);
audit::SealedRow SealApplication(const Application& row);
// Call it with SaveApplication, whose version guards the draft as well.
audit::SealedRow SaveDraft(db::Txn& txn, std::string_view id, const Draft& draft);

// Papers -----------------------------------------------------------------------------------------

struct PaperRow {
  std::string id;
  std::string slot;
  std::string member_code;
  std::string file_name;
  std::string media_type;
  std::string sha256;              // 32 bytes
  std::optional<std::string> sm3;  // 32 bytes; papers of an earlier release have none
  int64_t size_bytes = 0;
  std::string verdict;
  absl::Time attach;
};
// The content is of a kind that its first bytes prove. A virus scanner would set this word after
// its own look; what does not carry it is never submitted.
inline constexpr std::string_view kClean = "CLEAN";

std::vector<PaperRow> ListPapers(db::Txn& txn, std::string_view application_id);
// Adds the paper, or replaces the one with its id.
audit::SealedRow PutPaper(db::Txn& txn, std::string_view application_id, const PaperRow& row,
                          bool replace);

// Locked versions --------------------------------------------------------------------------------

audit::SealedRow InsertVersion(db::Txn& txn, const Application& of, std::string_view rules_digest,
                               std::string_view content);
// The content of one locked version.
std::optional<std::string> FindVersion(db::Txn& txn, std::string_view application_id,
                                       int32_t number);
// The contents of the last locked versions, for as many of `ids` as have one.
struct LockedVersion {
  std::string application_id;
  std::string content;
};
std::vector<LockedVersion> FindVersions(db::Txn& txn, const std::vector<Application>& of);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_FILING_STORE_H_
