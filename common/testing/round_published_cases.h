// What each service that keeps published rounds must do with RoundPublished: taken from filing
// alone, and only as the bytes that its digest is over.

#ifndef ALLIANCE_COMMON_TESTING_ROUND_PUBLISHED_CASES_H_
#define ALLIANCE_COMMON_TESTING_ROUND_PUBLISHED_CASES_H_

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "common/act/event_inbox.h"
#include "common/base/clock.h"
#include "common/base/uuid.h"
#include "common/rules/pack.h"
#include "common/testing/service_fixture.h"
#include "gtest/gtest.h"

namespace alliance::service_testing {

// `apply` is the service's ApplyEvents; `stranger` another peer that it listens to.
inline void ExpectPublishedRoundIsServed(std::string_view service, std::string_view stranger,
                                         testdb::Schema& db, base::Clock& clock,
                                         absl::FunctionRef<act::Apply(const act::Deps&)> apply) {
  rules::v1::Pack proto = Packs2023().Latest()->proto();
  proto.mutable_round()->set_id("2023-told");
  const rules::Pack pack = rules::ReadPack(proto.SerializeAsString()).value();
  // Packs of its own: what is told here is not for other tests.
  rules::Packs packs;
  const act::Deps deps{
      .service = std::string(service), .pool = db.pool(), .clock = clock, .packs = packs};
  act::EventInbox inbox(deps, apply(deps));
  events::v1::Event event;
  event.set_event_id(base::NewUuid7());
  event.set_source(std::string(stranger));
  event.set_case_id(pack.round_name());
  event.set_sequence(1);
  event.set_occur_time_us(absl::ToUnixMicros(clock.Now()));
  event.mutable_round_published()->set_rules_digest(pack.digest_hex());
  event.mutable_round_published()->set_number(1);
  event.mutable_round_published()->set_pack(pack.bytes());
  EXPECT_REFUSED(Deliver(inbox, event, nullptr), kNotPermitted);
  event.set_source("filing");
  event.mutable_round_published()->set_pack(pack.bytes() + "x");
  EXPECT_REFUSED(Deliver(inbox, event, nullptr), kFileDigestMismatch);
  EXPECT_EQ(packs.FindByDigest(pack.digest()), nullptr);
  event.mutable_round_published()->set_pack(pack.bytes());
  ASSERT_DONE(Deliver(inbox, event, nullptr));
  ASSERT_NE(packs.FindByDigest(pack.digest()), nullptr);
  EXPECT_EQ(packs.ForYear(2023), packs.Find("rounds/2023-told"));
  EXPECT_EQ(db.Count("SELECT COUNT(*) FROM published_pack WHERE number=1"), 1);
  EXPECT_EQ(HistoryOf(db, "rounds/2023-told"), 1);
}

}  // namespace alliance::service_testing

#endif  // ALLIANCE_COMMON_TESTING_ROUND_PUBLISHED_CASES_H_
