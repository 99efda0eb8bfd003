// AttachPaper: one paper into its slot (R-030 … R-035). What it is, its first bytes say.

#include <algorithm>
#include <optional>

#include "common/act/shape.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/domain/credit_code.h"
#include "common/domain/papers.h"
#include "services/filing/case_acts.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/filing_service.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

constexpr size_t kLargestPaper = 1 << 20;
constexpr int64_t kFileNameCharacters = 200;

absl::Status Refused(std::string_view problem) {
  return Refuse(Reason::kFileRefused, {{"problem", problem}});
}

// Data only, never a path; but a download will carry it in a header.
void CheckFileName(std::string_view name, act::Shape* shape) {
  if (name.find_first_of("\r\n\t/\\") != std::string_view::npos) {
    shape->Check(false, "paper.file_name", domain::WordOf(domain::Problem::kForbiddenCharacter),
                 "含有不允许的字符", "has a character that is not allowed");
    return;
  }
  shape->Text("paper.file_name", name, kFileNameCharacters);
}

absl::StatusOr<std::string_view> CheckContent(const v1::AttachPaperRequest& request) {
  if (request.content().empty()) return Refused("空文件 (empty)");
  if (request.content().size() > kLargestPaper) {
    return Refuse(Reason::kTooLarge, {{"limit", "1 MiB"}});
  }
  const auto media_type = MediaTypeOf(request.content());
  if (!media_type) return Refused("须为 PDF、JPEG 或 PNG (must be PDF, JPEG or PNG)");
  if (!EndingFits(request.paper().file_name(), *media_type)) {
    return Refused(
        base::StrCat("文件名后缀与内容不符 (the name does not end as ", *media_type, ")"));
  }
  return *media_type;
}

bool IsPerMember(const domain::PaperRules& rules, std::string_view slot) {
  for (const domain::PaperRequirement& requirement : rules.requirements) {
    if (requirement.need != domain::PaperNeed::kPerMember) continue;
    for (const auto& alternative : requirement.any_of) {
      if (std::find(alternative.begin(), alternative.end(), slot) != alternative.end()) return true;
    }
  }
  return false;
}

// The slot is one of the pack's, and a member's paper names a row of the member table.
absl::Status CheckSlot(const rules::Pack& pack, const v1::ApplicationForm& form,
                       const std::string& slot, const std::string& member_code) {
  act::Shape shape;
  const bool known = domain::KnowsSlot(pack.paper_rules(), slot);
  shape.Check(known, "paper.slot", domain::WordOf(domain::Problem::kPaperSlotUnknown),
              "没有此类材料", "there is no such paper");
  if (known && IsPerMember(pack.paper_rules(), slot)) {
    const bool member =
        std::any_of(form.members().begin(), form.members().end(), [&](const v1::Member& row) {
          return !member_code.empty() && row.credit_code() == member_code;
        });
    shape.Check(member && member_code.size() <= 18, "paper.member_credit_code", "NOT_IN_LIST",
                "须为成员表中某一成员的代码", "must be the code of a row of the member table");
  } else {
    shape.Check(member_code.empty(), "paper.member_credit_code", "NOT_IN_LIST",
                "此类材料不按成员提交", "this paper is not given per member");
  }
  return shape.Done();
}

}  // namespace

absl::Status FilingService::AttachPaper(const rpc::Call& call,
                                        const v1::AttachPaperRequest& request,
                                        v1::Application* answer) {
  act::Shape shape;
  const std::string id = shape.Name("name", kApplications, request.name());
  shape.Etag(request.etag());
  shape.Text("paper.slot", request.paper().slot(), 40);
  CheckFileName(request.paper().file_name(), &shape);
  RETURN_IF_ERROR(shape.Done());
  ASSIGN_OR_RETURN(const std::string_view media_type, CheckContent(request));
  const std::string member_code = domain::NormaliseCode(request.paper().member_credit_code());

  return ActOnCase(deps_, call, request, answer, [&](act::Step& step, Due& due) -> absl::Status {
    ASSIGN_OR_RETURN(DraftedApplication drafted,
                     LoadDraftToAct(step, call, id, Action::kSave, request.etag(), due));
    Application& row = drafted.application;
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, row.round_id));
    domain::Facts facts{.now = step.now(),
                        .correction_until = row.correction_until.value_or(absl::InfiniteFuture())};
    GatherWindow(*pack, &facts);
    ASSIGN_OR_RETURN(const domain::Decision decision,
                     DecideAct(row.View(), Action::kSave, call.caller, facts, due));
    ASSIGN_OR_RETURN(const v1::ApplicationForm form, ReadForm(drafted.draft));
    RETURN_IF_ERROR(CheckSlot(*pack, form, request.paper().slot(), member_code));

    // File first, row second: a row always finds its file. Only who may attach reaches this line,
    // and storing the same content again changes nothing, so a body that runs twice does no harm.
    ASSIGN_OR_RETURN(const std::string digest, papers_.Put(request.content()));
    if (!request.paper().sha256().empty() && request.paper().sha256() != digest) {
      return Refuse(Reason::kFileDigestMismatch);
    }
    std::vector<PaperRow> papers = ListPapers(step.txn(), row.id);
    const auto old = std::find_if(papers.begin(), papers.end(), [&](const PaperRow& paper) {
      return paper.slot == request.paper().slot() && paper.member_code == member_code;
    });
    const bool replace = old != papers.end();
    const PaperRow paper{.id = replace ? old->id : base::NewUuid7(),
                         .slot = request.paper().slot(),
                         .member_code = member_code,
                         .file_name = request.paper().file_name(),
                         .media_type = std::string(media_type),
                         .sha256 = digest,
                         .size_bytes = static_cast<int64_t>(request.content().size()),
                         .verdict = std::string(kClean),
                         .attach = step.now()};
    Note note{.paper_digest = digest};
    note.sealed.push_back(PutPaper(step.txn(), row.id, paper, replace));
    if (replace) {
      *old = paper;
    } else {
      papers.push_back(paper);
    }
    RETURN_IF_ERROR(Move(step, decision, &row, std::move(note)).status());

    FillApplication(row, call.caller, answer);
    FillForm(row, form, papers, call.caller, answer);
    return absl::OkStatus();
  });
}

}  // namespace alliance::filing
