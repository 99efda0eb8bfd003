// PaperIntake: how a paper comes in, whichever way it came (R-031 … R-035). One place asks who may
// attach what and when, one what the content is; AttachPaper, the uploads and UploadPaper are ways
// to the same two.
//
// A paper on its way is a row with an offset and a temporary of the store. The row is the truth: a
// piece is on the disk before the row counts it, so whatever crashes, the upload goes on from the
// row's offset. When it is attached, the content gets its digest's name first, then the paper its
// row, and last the temporary goes.

#ifndef ALLIANCE_SERVICES_FILING_PAPER_INTAKE_H_
#define ALLIANCE_SERVICES_FILING_PAPER_INTAKE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "alliance/filing/v1/filing.pb.h"
#include "common/act/act.h"
#include "common/act/shape.h"
#include "common/rules/pack.h"
#include "services/filing/application_case.h"
#include "services/filing/paper_store.h"
#include "services/filing/scanner.h"
#include "services/filing/upload_store.h"

namespace alliance::filing {

inline constexpr int64_t kLargestPiece = 256 << 10;

// Which paper, by whom it is known.
struct PaperPlan {
  std::string application_id;
  std::string slot;
  std::string member_code;
  std::string file_name;
  std::optional<std::string> sha256;  // as declared
};

// The plan in a request's `paper`, its shape checked.
PaperPlan ReadPlan(const v1::Paper& paper, act::Shape* shape);

class PaperIntake {
 public:
  // All outlive it. Without a scanner a paper is checked for its structure only.
  PaperIntake(const act::Deps& deps, PaperStore& papers, const Scanner* scanner)
      : deps_(deps), papers_(papers), scanner_(scanner) {}

  // Inside an act: the upload's row, within the quota.
  absl::StatusOr<UploadRow> Begin(act::Step& step, const PaperPlan& plan, int64_t size_bytes);
  // The next piece; the row as it stands then.
  absl::StatusOr<UploadRow> Write(const rpc::Call& call, const std::string& id, int64_t offset,
                                  std::string_view content);
  absl::StatusOr<UploadRow> Find(const rpc::Call& call, const std::string& id);
  // Throws it away, if it is still there.
  absl::Status Abandon(const std::string& id, absl::Time deadline);

  // The act itself. `request` carries the request id. The content is given, or is that of a
  // complete upload, which then is the plan's as well.
  absl::Status Attach(const rpc::Call& call, const google::protobuf::Message& request,
                      std::string_view etag, PaperPlan plan, std::string_view content,
                      v1::Application* answer);
  absl::Status AttachUpload(const rpc::Call& call, const google::protobuf::Message& request,
                            std::string_view etag, std::string_view application_id,
                            const std::string& upload_id, v1::Application* answer);

  // Removes expired uploads, and temporaries of a day ago that no upload knows.
  absl::Status Sweep(const rpc::Call& call);

 private:
  struct Place;
  struct Content;

  absl::StatusOr<Place> FindPlace(act::Step& step, const PaperPlan& plan,
                                  std::optional<std::string_view> etag);
  absl::Status CheckQuota(act::Step& step, const Place& place, int64_t size_bytes,
                          std::string_view without_upload);
  absl::StatusOr<Content> CheckContent(const PaperPlan& plan, std::string_view content,
                                       const rules::Pack& pack);
  absl::Status Store(act::Step& step, const rpc::Call& call, const PaperPlan& plan, Place place,
                     const Content& content, v1::Application* answer);

  const act::Deps& deps_;
  PaperStore& papers_;
  const Scanner* const scanner_;
};

// As it is answered.
void FillUpload(const UploadRow& row, v1::Upload* out);

}  // namespace alliance::filing

#endif  // ALLIANCE_SERVICES_FILING_PAPER_INTAKE_H_
