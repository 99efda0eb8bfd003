// PrintAnnex: the annexes of a round's notice, for everybody. What a pack says never changes, so
// each annex is drawn once: a crowd of readers costs no more than one.

#include <optional>
#include <string>
#include <utility>

#include "common/act/shape.h"
#include "common/base/recent.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/domain/mask.h"
#include "services/filing/convert.h"
#include "services/filing/filing_service.h"
#include "services/filing/prints.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

constexpr size_t kMostKept = 12;  // four rounds; about half a megabyte each round

absl::StatusOr<std::string> DrawRules(const rules::Pack& pack) {
  const rules::v1::Annexes& annexes = pack.proto().annexes();
  return print::PrintRules({.title = annexes.rules_title(),
                            .articles = {annexes.articles().begin(), annexes.articles().end()},
                            .source = SourceOf(pack),
                            .released = ReleasedOf(pack)});
}

// As the notice prints it, but for a person's own number.
absl::StatusOr<std::string> DrawDirectory(const rules::Pack& pack) {
  print::Directory directory{.title = pack.proto().annexes().directory_title(),
                             .source = SourceOf(pack),
                             .released = ReleasedOf(pack)};
  for (const rules::v1::Office& office : pack.proto().offices()) {
    directory.offices.push_back(
        {.name = office.office_name(),
         .place = office.place(),
         .contact = office.contact(),
         .phone = office.mobile() ? domain::MaskPhone(office.phone()) : office.phone()});
  }
  return print::PrintDirectory(directory);
}

absl::StatusOr<std::string> Draw(const rules::Pack& pack, int annex) {
  if (annex == 1) return DrawRules(pack);
  if (annex == 2) return print::PrintBlankForm(TextsOf(pack));
  return DrawDirectory(pack);
}

}  // namespace

absl::Status FilingService::PrintAnnex(const rpc::Call&, const v1::PrintAnnexRequest& request,
                                       v1::Print* answer) {
  static base::Recent<std::string> drawn(kMostKept);
  act::Shape shape;
  const std::string id = shape.Slug("round", kRounds, request.round());
  shape.Between("annex", request.annex(), 1, 3);
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, id));
  const std::string key = base::StrCat(pack->digest_hex(), request.annex());
  std::optional<std::string> pdf = drawn.Find(key);
  if (!pdf) {
    ASSIGN_OR_RETURN(pdf, Draw(*pack, request.annex()));
    drawn.Put(key, *pdf);
  }
  return Answer(*std::move(pdf), base::StrCat(id, "-annex-", request.annex(), ".pdf"), nullptr,
                answer);
}

}  // namespace alliance::filing
