// The registry of alliances, their years and reports: rows and SQL. See filing_store.h for how a
// row is changed.

#ifndef ALLIANCE_SERVICES_FILING_REGISTRY_STORE_H_
#define ALLIANCE_SERVICES_FILING_REGISTRY_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/audit/history.h"
#include "common/db/txn.h"
#include "common/domain/workflow.h"
#include "services/filing/filing_store.h"

namespace alliance::filing {

// What was entered in the registry; never changed.
struct AllianceRow {
  std::string id;  // the application's
  std::string registry_number;
  std::string round_id;
  std::string decision_id;
  std::string alliance_name;
  std::string lead_name;
  std::string lead_code;
  std::string region;
  std::string city;
  absl::Time registered;
  std::string register_day;      // "2023-05-20"
  std::string construction_day;  // last day of the construction period
};

// With where it stands now, which is its application's state.
struct RegisteredAlliance {
  AllianceRow row;
  domain::State state = domain::State::kRegistered;
  int64_t version = 1;            // of the application: the alliance's etag
  std::optional<absl::Time> due;  // when the clock acts on it
};

std::vector<audit::SealedRow> InsertAlliances(db::Txn& txn, const std::vector<AllianceRow>& rows);
std::optional<RegisteredAlliance> FindAlliance(db::Txn& txn, std::string_view id,
                                               const Scope& scope);
// In registry-number order, numbers above `after`.
std::vector<RegisteredAlliance> ListAlliances(db::Txn& txn, const Scope& scope,
                                              std::string_view after, int limit);
// Alliances that were registered before `before` and still are, and have no row for `year`.
std::vector<AllianceRow> AlliancesWithoutYear(db::Txn& txn, int year, absl::Time before, int limit);
audit::SealedRow InsertDeregistration(db::Txn& txn, std::string_view alliance_id,
                                      std::string_view reason, std::string_view document,
                                      absl::Time now);

struct YearRow {
  std::string id;  // "{alliance}-{yyyy}"
  std::string alliance_id;
  int year = 0;
  std::string lead_code;
  std::string region;
  std::string city;
  domain::State state = domain::State::kReportDue;
  domain::Owner holder = domain::Owner::kFiling;
  int64_t version = 1;
  int32_t handoff_seq = 0;
  int32_t report_number = 0;  // of the last report handed in
  absl::Time report_opens;
  absl::Time report_until;  // exclusive
  std::optional<absl::Time> due;
  std::optional<int64_t> verified_rd_fen;
  std::optional<int64_t> paid_fen;
  std::optional<std::string> bank_reference;
  absl::Time update;

  domain::CaseView View() const {
    return {.state = state,
            .holder = holder,
            .region = region,
            .lead_code = lead_code,
            .asked = domain::Owner::kFiling};
  }
};

std::string YearId(std::string_view alliance_id, int year);
std::vector<audit::SealedRow> InsertYears(db::Txn& txn, const std::vector<YearRow>& rows);
std::optional<YearRow> FindYear(db::Txn& txn, std::string_view id, const Scope& scope);
std::optional<YearRow> LockYear(db::Txn& txn, std::string_view id, const Scope& scope);
std::vector<std::string> DueYears(db::Txn& txn, absl::Time now, int limit);
// False: somebody else changed it. Else `version` is the new one.
bool SaveYear(db::Txn& txn, YearRow& row);
audit::SealedRow SealYear(const YearRow& row);

audit::SealedRow InsertReport(db::Txn& txn, const YearRow& of, std::string_view digest,
                              std::string_view content, absl::Time now);
std::optional<std::string> FindReport(db::Txn& txn, const YearRow& of);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_REGISTRY_STORE_H_
