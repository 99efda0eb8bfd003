#include "services/ctl/commands.h"

#include <array>

namespace alliance::ctl {
namespace {

// clang-format off
constexpr auto kCommands = std::to_array<Command>({
    {"credit-code", "[CODE…]", "checks unified social credit codes, from the arguments or one a line from standard input",
     "", -1, CreditCode},
    {"working-days", "--from DAY (--days N [--exclude-start] | --to DAY) [--pack PACK]", "the day on which N working days are over, or how many lie between two days, both counted",
     "--from= --days= --exclude-start --to= --pack=", 0, WorkingDays},
    {"quote", "--rd 万元 [--grade 优秀] [--score 85] [--method METHOD] [--pack 2023]", "what the post-subsidy would be before grade gate and budget, with its trace",
     "--rd= --grade= --score= --method= --pack=", 0, Quote},
    {"round check", "PACK", "every problem of a rule pack, or what the calendar leaves of its round; exit code 1 when the pack is wrong",
     "", 1, RoundCheck},
    {"round publish", "FILE --gateway HOST:PORT --login NAME --password-file FILE [--supersedes DIGEST] [--check]", "publishes a round from its rule pack, as that person; --check asks whether it may be",
     "--gateway= --login= --password-file= --supersedes= --check", 1, RoundPublish},
    {"keys make", "PRIVATE-FILE [PUBLIC-FILE]", "makes an Ed25519 key pair; never overwrites a file",
     "", 2, KeysMake},
    {"migrate", "", "brings every schema and its rights up to date",
     "", 0, Migrate},
    {"status", "", "readiness, version, outbox and checkpoints of every service; exit code 1 unless all is well",
     "", 0, Status},
    {"case", "NAME", "what happened to a case, over all services, in order",
     "", 1, CaseTimeline},
    {"audit verify", "[--case NAME]", "checks history, sealed rows and checkpoints; exit code 1 when a row is not as it was written",
     "--case=", 0, AuditVerify},
    {"clock show", "", "the suite's legal time",
     "", 0, ClockShow},
    {"clock set", "INSTANT | real", "demo only: sets the legal time, e.g. 2023-04-20T09:00:00+08:00",
     "", 1, ClockSet},
    {"outbox dead", "", "events that were given up; each stops its case",
     "", 0, OutboxDead},
    {"outbox requeue", "EVENT-ID", "sends a given-up event again, and what waits behind it",
     "", 1, OutboxRequeue},
    {"version", "", "which build this is",
     "", 0, PrintVersion},
});
// clang-format on

}  // namespace

std::span<const Command> AllCommands() { return kCommands; }

}  // namespace alliance::ctl
