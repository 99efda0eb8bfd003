#include "services/filing/paper_intake.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/act/wire_time.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"
#include "common/base/uuid.h"
#include "common/crypto/digest.h"
#include "common/domain/credit_code.h"
#include "common/domain/papers.h"
#include "common/obs/log.h"
#include "services/filing/applicant_view.h"
#include "services/filing/case_times.h"
#include "services/filing/convert.h"
#include "services/filing/draft.h"
#include "services/filing/paper_check.h"
#include "services/filing/rounds.h"

namespace alliance::filing {
namespace {

using domain::Action;
using domain::Reason;
using domain::Refuse;

constexpr int64_t kFileNameCharacters = 200;
constexpr absl::Duration kScanTime = absl::Seconds(20);
constexpr absl::Duration kOrphanAge = absl::Hours(24);
constexpr int kSweepBatch = 200;

// Data only, never a path; but a download will carry it in a header.
void CheckFileName(std::string_view name, act::Shape* shape) {
  if (name.find_first_of("\r\n\t/\\") != std::string_view::npos) {
    shape->Check(false, "paper.file_name", domain::WordOf(domain::Problem::kForbiddenCharacter),
                 "含有不允许的字符", "has a character that is not allowed");
    return;
  }
  shape->Text("paper.file_name", name, kFileNameCharacters);
}

// The slot is one of the pack's, and a member's paper names a row of the member table.
absl::Status CheckSlot(const rules::Pack& pack, const v1::ApplicationForm& form,
                       const PaperPlan& plan) {
  act::Shape shape;
  const bool known = domain::KnowsSlot(pack.paper_rules(), plan.slot);
  shape.Check(known, "paper.slot", domain::WordOf(domain::Problem::kPaperSlotUnknown),
              "没有此类材料", "there is no such paper");
  if (known && domain::IsPerMember(pack.paper_rules(), plan.slot)) {
    const bool member =
        std::any_of(form.members().begin(), form.members().end(), [&](const v1::Member& row) {
          return !plan.member_code.empty() && row.credit_code() == plan.member_code;
        });
    shape.Check(member && plan.member_code.size() <= 18, "paper.member_credit_code", "NOT_IN_LIST",
                "须为成员表中某一成员的代码", "must be the code of a row of the member table");
  } else {
    shape.Check(plan.member_code.empty(), "paper.member_credit_code", "NOT_IN_LIST",
                "此类材料不按成员提交", "this paper is not given per member");
  }
  return shape.Done();
}

PaperPlan PlanOf(const UploadRow& upload) {
  return {.application_id = upload.application_id,
          .slot = upload.slot,
          .member_code = upload.member_code,
          .file_name = upload.file_name,
          .sha256 = upload.sha256};
}

}  // namespace

PaperPlan ReadPlan(const v1::Paper& paper, act::Shape* shape) {
  shape->Text("paper.slot", paper.slot(), 40);
  CheckFileName(paper.file_name(), shape);
  PaperPlan plan{.slot = paper.slot(),
                 .member_code = domain::NormaliseCode(paper.member_credit_code()),
                 .file_name = paper.file_name()};
  if (!paper.sha256().empty()) plan.sha256 = paper.sha256();
  shape->Check(!plan.sha256 || plan.sha256->size() == crypto::kSha256Bytes, "paper.sha256",
               "DIGEST", "须为 32 字节摘要", "must be 32 bytes");
  return plan;
}

void FillUpload(const UploadRow& row, v1::Upload* out) {
  out->set_name(base::StrCat(kUploads, row.id));
  out->set_offset(row.offset_bytes);
  out->set_size_bytes(row.size_bytes);
  act::SetTime(row.expire, out->mutable_expire_time());
}

// Where a paper goes: the case, locked, with the papers that it has.
struct PaperIntake::Place {
  DraftedApplication drafted;
  domain::Decision decision;
  v1::ApplicationForm form;
  const rules::Pack* pack;
  domain::CaseTimes times;
  std::vector<PaperRow> papers;
  std::optional<size_t> replaced;  // of `papers`
};

// What a content is.
struct PaperIntake::Content {
  std::string media_type;
  std::string sha256;
  std::string sm3;
  int64_t size_bytes;
};

absl::StatusOr<PaperIntake::Place> PaperIntake::FindPlace(act::Step& step, const PaperPlan& plan,
                                                          std::optional<std::string_view> etag) {
  ASSIGN_OR_RETURN(DraftedApplication drafted,
                   cases::Lock<DraftCase>(step, Action::kSave, plan.application_id, etag));
  ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, drafted.round_id));
  domain::CaseTimes times;
  const auto gather = [&](const DraftedApplication& now, domain::Facts& facts) {
    times = TimesOf(step.txn(), *pack, now);
    GatherTimes(times, &facts);
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const domain::Decision decision,
                   cases::Decide<DraftCase>(step, Action::kSave, drafted, gather));
  ASSIGN_OR_RETURN(v1::ApplicationForm form, ReadForm(drafted.draft));
  RETURN_IF_ERROR(CheckSlot(*pack, form, plan));
  Place place{.drafted = std::move(drafted),
              .decision = decision,
              .form = std::move(form),
              .pack = pack,
              .times = times,
              .papers = ListPapers(step.txn(), plan.application_id)};
  for (size_t i = 0; i < place.papers.size(); ++i) {
    if (place.papers[i].slot == plan.slot && place.papers[i].member_code == plan.member_code) {
      place.replaced = i;
    }
  }
  return place;
}

// Counted before anything is stored; the case is locked, so that two at once do not both fit.
absl::Status PaperIntake::CheckQuota(act::Step& step, const Place& place, int64_t size_bytes,
                                     std::string_view without_upload) {
  Weight weight = WeighUploads(step.txn(), place.drafted.id, step.now(), without_upload);
  for (size_t i = 0; i < place.papers.size(); ++i) {
    if (place.replaced == i) continue;
    ++weight.files;
    weight.bytes += place.papers[i].size_bytes;
  }
  const domain::PaperLimits& limits = place.pack->paper_rules().limits;
  if (weight.files + 1 > limits.files) {
    return Refuse(Reason::kQuotaExceeded,
                  {{"limit", base::StrCat(limits.files, " 份文件 (files)")}});
  }
  if (size_bytes > limits.bytes - weight.bytes) {
    return Refuse(Reason::kQuotaExceeded, {{"limit", base::StrCat(limits.bytes >> 20, " MiB")}});
  }
  return absl::OkStatus();
}

absl::StatusOr<PaperIntake::Content> PaperIntake::CheckContent(const PaperPlan& plan,
                                                               std::string_view content,
                                                               const rules::Pack& pack) {
  Content checked{.sha256 = crypto::Sha256(content),
                  .sm3 = crypto::Sm3(content),
                  .size_bytes = static_cast<int64_t>(content.size())};
  if (plan.sha256 && *plan.sha256 != checked.sha256) return Refuse(Reason::kFileDigestMismatch);
  ASSIGN_OR_RETURN(const std::string_view media_type,
                   CheckPaper(content, plan.file_name, pack.paper_rules().limits));
  checked.media_type = std::string(media_type);
  if (scanner_ != nullptr) RETURN_IF_ERROR(scanner_->Scan(content, kScanTime));
  return checked;
}

absl::StatusOr<UploadRow> PaperIntake::Begin(act::Step& step, const PaperPlan& plan,
                                             int64_t size_bytes) {
  ASSIGN_OR_RETURN(const Place place, FindPlace(step, plan, std::nullopt));
  const domain::PaperLimits& limits = place.pack->paper_rules().limits;
  const std::optional<int64_t> largest = LargestUnder(plan.file_name, limits);
  if (!largest) return RefuseFile(FileProblem::kUnknownType);
  if (size_bytes == 0) return RefuseFile(FileProblem::kEmpty);
  if (size_bytes > *largest) {
    return RefuseFile(FileProblem::kTooLarge, base::StrCat(*largest >> 20, " MiB"));
  }
  RETURN_IF_ERROR(CheckQuota(step, place, size_bytes, ""));
  UploadRow row{.id = base::NewUuid7(),
                .application_id = plan.application_id,
                .lead_code = place.drafted.lead_code,
                .slot = plan.slot,
                .member_code = plan.member_code,
                .file_name = plan.file_name,
                .sha256 = plan.sha256,
                .size_bytes = size_bytes,
                .create = step.now(),
                .expire = step.now() + absl::Hours(limits.upload_hours)};
  InsertUpload(step.txn(), row);
  return row;
}

absl::StatusOr<UploadRow> PaperIntake::Find(const rpc::Call& call, const std::string& id) {
  std::optional<UploadRow> row;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    row = FindUpload(txn, id, LeadCodeOf(call.caller));
    return absl::OkStatus();
  }));
  if (!row) return Refuse(Reason::kNotPermitted);
  if (row->expire <= deps_.clock.Now()) return Refuse(Reason::kUploadExpired);
  return *std::move(row);
}

absl::StatusOr<UploadRow> PaperIntake::Write(const rpc::Call& call, const std::string& id,
                                             int64_t offset, std::string_view content) {
  const auto size = static_cast<int64_t>(content.size());
  const absl::Time now = deps_.clock.Now();
  UploadRow written;
  RETURN_IF_ERROR(deps_.pool.Run(call.deadline, [&](db::Txn& txn) -> absl::Status {
    std::optional<UploadRow> row = LockUpload(txn, id, LeadCodeOf(call.caller));
    if (!row) return Refuse(Reason::kNotPermitted);
    if (row->expire <= now) return Refuse(Reason::kUploadExpired);
    written = *std::move(row);
    if (offset + size <= written.offset_bytes) return absl::OkStatus();  // a repeat
    if (offset != written.offset_bytes) {
      return Refuse(Reason::kUploadOffsetWrong, {{"offset", base::StrCat(written.offset_bytes)}});
    }
    if (size > written.size_bytes - offset) {
      return Refuse(Reason::kTooLarge, {{"limit", base::StrCat(written.size_bytes, " B")}});
    }
    RETURN_IF_ERROR(papers_.Append(id, offset, content));
    if (!MoveUpload(txn, id, offset, offset + size)) {
      return absl::InternalError("an upload moved under its lock");
    }
    written.offset_bytes += size;
    return absl::OkStatus();
  }));
  return written;
}

absl::Status PaperIntake::Abandon(const std::string& id, absl::Time deadline) {
  bool was_there = false;
  RETURN_IF_ERROR(deps_.pool.Run(deadline, [&](db::Txn& txn) {
    was_there = DeleteUpload(txn, id);
    return absl::OkStatus();
  }));
  return was_there ? papers_.Drop(id) : absl::OkStatus();
}

absl::Status PaperIntake::Store(act::Step& step, const rpc::Call& call, const PaperPlan& plan,
                                Place place, const Content& content, v1::Application* answer) {
  DraftedApplication& row = place.drafted;
  PaperRow paper{.id = place.replaced ? place.papers[*place.replaced].id : base::NewUuid7(),
                 .slot = plan.slot,
                 .member_code = plan.member_code,
                 .file_name = plan.file_name,
                 .media_type = content.media_type,
                 .sha256 = content.sha256,
                 .sm3 = content.sm3,
                 .size_bytes = content.size_bytes,
                 .verdict = std::string(kClean),
                 .attach = step.now()};
  cases::Note note{.paper_digest = content.sha256};
  note.sealed.push_back(PutPaper(step.txn(), row.id, paper, place.replaced.has_value()));
  if (place.replaced) {
    place.papers[*place.replaced] = std::move(paper);
  } else {
    place.papers.push_back(std::move(paper));
  }
  RETURN_IF_ERROR(cases::Move<DraftCase>(step, place.decision, row, std::move(note)).status());
  FillApplication(row, call.caller, answer);
  FillForm(row, place.form, place.papers, call.caller, answer);
  FillNextStep(row, *place.pack, place.times, step.now(), answer);
  return absl::OkStatus();
}

absl::Status PaperIntake::Attach(const rpc::Call& call, const google::protobuf::Message& request,
                                 std::string_view etag, PaperPlan plan, std::string_view content,
                                 v1::Application* answer) {
  // Looked at before the case is locked, but only for who sees the case at all. Whether he may act
  // is then asked under the lock, and a request that was answered before gets its answer there.
  const std::optional<Scope> scope = ScopeOf(call.caller);
  std::optional<DraftedApplication> seen;
  if (scope) {
    RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
      seen = FindDrafted(txn, plan.application_id, *scope);
      return absl::OkStatus();
    }));
  }
  std::optional<Content> checked;
  if (seen) {
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, seen->round_id));
    ASSIGN_OR_RETURN(checked, CheckContent(plan, content, *pack));
  }
  return act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    ASSIGN_OR_RETURN(Place place, FindPlace(step, plan, etag));
    if (!checked) return Refuse(Reason::kNotPermitted);
    RETURN_IF_ERROR(CheckQuota(step, place, checked->size_bytes, ""));
    // File first, row second: a row always finds its file. Storing the same content again changes
    // nothing, so a body that runs twice does no harm.
    RETURN_IF_ERROR(papers_.Put(content).status());
    return Store(step, call, plan, std::move(place), *checked, answer);
  });
}

absl::Status PaperIntake::AttachUpload(const rpc::Call& call,
                                       const google::protobuf::Message& request,
                                       std::string_view etag, std::string_view application_id,
                                       const std::string& upload_id, v1::Application* answer) {
  // Found and looked at before the case is locked: reading and scanning it takes its time. One that
  // is gone may have been attached by this very request; then its answer is found below.
  const std::string lead_code = LeadCodeOf(call.caller);
  std::optional<UploadRow> upload;
  std::optional<DraftedApplication> seen;
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    upload = FindUpload(txn, upload_id, lead_code);
    if (upload) seen = FindDrafted(txn, upload->application_id, {.lead_code = lead_code});
    return absl::OkStatus();
  }));
  PaperPlan plan{.application_id = std::string(application_id)};
  std::optional<Content> checked;
  if (upload && seen && upload->application_id == application_id) {
    plan = PlanOf(*upload);
    if (upload->expire <= deps_.clock.Now()) return Refuse(Reason::kUploadExpired);
    if (upload->offset_bytes != upload->size_bytes) {
      return Refuse(Reason::kUploadIncomplete, {{"offset", base::StrCat(upload->offset_bytes)},
                                                {"size", base::StrCat(upload->size_bytes)}});
    }
    ASSIGN_OR_RETURN(const rules::Pack* pack, PackOf(deps_, seen->round_id));
    ASSIGN_OR_RETURN(const auto view, papers_.Open(upload_id, upload->size_bytes));
    ASSIGN_OR_RETURN(checked, CheckContent(plan, view->content(), *pack));
  }
  RETURN_IF_ERROR(act::Once(deps_, call, request, answer, [&](act::Step& step) -> absl::Status {
    if (!checked) return Refuse(Reason::kNotPermitted);
    ASSIGN_OR_RETURN(Place place, FindPlace(step, plan, etag));
    if (!LockUpload(step.txn(), upload_id, lead_code)) return Refuse(Reason::kNotPermitted);
    RETURN_IF_ERROR(CheckQuota(step, place, checked->size_bytes, upload_id));
    RETURN_IF_ERROR(papers_.Keep(upload_id, checked->sha256));
    DeleteUpload(step.txn(), upload_id);
    return Store(step, call, plan, std::move(place), *checked, answer);
  }));
  // The paper is attached; a temporary that stays behind is the sweeper's.
  if (const absl::Status dropped = papers_.Drop(upload_id); !dropped.ok()) {
    obs::Log(obs::Level::kWarning, "upload_not_dropped",
             {{"upload", upload_id}, {"status", dropped.ToString()}});
  }
  return absl::OkStatus();
}

absl::Status PaperIntake::Sweep(const rpc::Call& call) {
  std::vector<std::string> gone;
  const absl::Time now = deps_.clock.Now();
  RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
    gone = ExpiredUploads(txn, now, kSweepBatch);
    return absl::OkStatus();
  }));
  for (const std::string& id : gone) RETURN_IF_ERROR(Abandon(id, call.deadline));
  for (const std::string& id : papers_.Idle(kOrphanAge)) {
    bool known = false;
    RETURN_IF_ERROR(deps_.pool.Read(call.deadline, [&](db::Txn& txn) {
      known = HasUpload(txn, id);
      return absl::OkStatus();
    }));
    if (!known) RETURN_IF_ERROR(papers_.Drop(id));
  }
  return absl::OkStatus();
}

}  // namespace alliance::filing
