#include "common/testing/reach.h"

#include <algorithm>
#include <utility>

#include "common/base/str.h"
#include "common/domain/errors.h"
#include "common/rpc/status.h"
#include "common/testing/service_fixture.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace alliance::service_testing {
namespace {

using domain::Role;

constexpr std::string_view kElsewhere = "211400";
constexpr std::string_view kStranger = "91211400MA0XX00031";

std::string_view NameOf(Standing standing) {
  switch (standing) {
    case Standing::kOwn:
      return "own";
    case Standing::kCity:
      return "the city above";
    case Standing::kOther:
      return "another";
    case Standing::kNowhere:
      return "none";
  }
  return "";
}

// Roles whose reach is their region or their enterprise.
bool IsScoped(Role role) { return role == Role::kApplicant || role == Role::kRecommender; }

bool MayReach(const ReachRow& row, const Asker& asker) {
  if (row.touches == Touches::kPublic) return true;
  const Role role = asker.call.caller.role;
  if (!row.who.Has(role)) return false;
  if (!IsScoped(role)) return true;
  if (row.touches == Touches::kOffice) return asker.standing != Standing::kNowhere;
  return asker.standing == Standing::kOwn ||
         (asker.standing == Standing::kCity && row.city && role == Role::kRecommender);
}

// All that a caller hears of a refusal.
std::string Heard(const absl::Status& status) {
  const absl::Status told = rpc::WithDetails(status);
  std::string text = base::StrCat(told.ToString(), "\n");
  if (const auto details = domain::DetailsOf(told)) {
    base::StrAppend(&text, details->reason, "\n", details->zh, "\n", details->en, "\n");
    for (const auto& [key, value] : details->metadata) {
      base::StrAppend(&text, key, "=", value, "\n");
    }
    for (const domain::FieldProblem& field : details->fields) {
      base::StrAppend(&text, field.field, ":", field.reason, "\n");
    }
  }
  return text;
}

std::string Of(const ReachRow& row, const Asker& asker) {
  return base::StrCat(row.method, " by ", asker.name);
}

void ExpectEveryMethodHasARow(std::string_view service, const std::vector<ReachRow>& rows) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(service));
  ASSERT_NE(descriptor, nullptr) << service;
  for (int i = 0; i < descriptor->method_count(); ++i) {
    const auto* method = descriptor->method(i);
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(),
                            [&](const ReachRow& row) { return row.method == method->name(); }))
        << "say in the test who reaches " << method->full_name();
  }
  for (const ReachRow& row : rows) {
    EXPECT_NE(descriptor->FindMethodByName(std::string(row.method)), nullptr) << row.method;
  }
}

void ExpectShut(const ReachRow& row, const Asker& asker, const std::vector<Target>& known,
                const Target& unknown) {
  const absl::Status nothing = row.ask(asker.call, unknown);
  EXPECT_EQ(WordOf(nothing), "NOT_PERMITTED") << Of(row, asker);
  for (const Target& target : known) {
    EXPECT_EQ(Heard(row.ask(asker.call, target)), Heard(nothing)) << Of(row, asker);
  }
}

void ExpectOpen(const ReachRow& row, const Asker& asker, const std::vector<Target>& known,
                const Target& unknown) {
  const bool reached = std::any_of(known.begin(), known.end(), [&](const Target& target) {
    return WordOf(row.ask(asker.call, target)) != "NOT_PERMITTED";
  });
  EXPECT_TRUE(reached) << Of(row, asker);
  if (row.touches == Touches::kCase) {
    EXPECT_EQ(WordOf(row.ask(asker.call, unknown)), "NOT_PERMITTED") << Of(row, asker);
  }
}

}  // namespace

std::vector<Asker> AskersOf(std::string_view region, std::string_view city,
                            std::string_view lead_code) {
  std::vector<Asker> askers;
  for (int i = 0; i < domain::kRoleCount; ++i) {
    const Role role = static_cast<Role>(i);
    for (const Standing standing :
         {Standing::kOwn, Standing::kCity, Standing::kOther, Standing::kNowhere}) {
      if (standing == Standing::kCity && city.empty()) continue;
      // Region and code together, whatever the role: only what the role stands for may count.
      std::string_view where = kElsewhere;
      std::string_view firm = kStranger;
      if (standing == Standing::kOwn) {
        where = region;
        firm = lead_code;
      } else if (standing == Standing::kCity) {
        where = city;
      } else if (standing == Standing::kNowhere) {
        where = firm = "";
      }
      const std::string name(domain::WordOf(role));
      askers.push_back({CallOf(role, base::StrCat(name, "-", i, "-", static_cast<int>(standing)),
                               std::string(where), std::string(firm)),
                        standing, base::StrCat(name, " of ", NameOf(standing))});
    }
  }
  return askers;
}

absl::Status Shown(bool shown) {
  return shown ? absl::OkStatus() : domain::Refuse(domain::Reason::kNotPermitted);
}

void ExpectReach(std::string_view service, const std::vector<ReachRow>& rows,
                 const std::vector<Asker>& askers, const std::vector<Target>& known,
                 const Target& unknown) {
  ExpectEveryMethodHasARow(service, rows);
  for (const ReachRow& row : rows) {
    for (const Asker& asker : askers) {
      if (!MayReach(row, asker)) ExpectShut(row, asker, known, unknown);
    }
  }
  for (const ReachRow& row : rows) {
    for (const Asker& asker : askers) {
      if (MayReach(row, asker)) ExpectOpen(row, asker, known, unknown);
    }
  }
}

}  // namespace alliance::service_testing
