// Papers that come in pieces, and papers that are read (reliability 4.4).

#include <filesystem>
#include <fstream>
#include <thread>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "services/filing/case_fixture.h"
#include "services/filing/test_papers.h"

namespace alliance::filing {
namespace {

using domain::Reason;
using domain::Role;

constexpr int64_t kPiece = kLargestPiece;

class Uploads : public CaseFixture {
 protected:
  // Uploads that an earlier test has left are not ours: their rows are gone.
  void SetUp() override {
    CaseFixture::SetUp();
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/tmp")) {
      std::filesystem::remove(entry.path());
    }
  }

  static v1::CreateUploadRequest RequestFor(const std::string& application, int64_t size_bytes) {
    v1::CreateUploadRequest request;
    request.set_application(application);
    request.set_request_id(NewId());
    request.mutable_paper()->set_slot("A2_AGREEMENT");
    request.mutable_paper()->set_file_name("协议.pdf");
    request.mutable_paper()->set_size_bytes(size_bytes);
    return request;
  }
  absl::StatusOr<v1::Upload> Begin(const v1::CreateUploadRequest& request,
                                   const domain::Caller& caller = Lead()) {
    v1::Upload upload;
    const absl::Status status =
        service_->CreateUpload(As(caller, "CreateUpload"), request, &upload);
    if (!status.ok()) return status;
    return upload;
  }
  absl::StatusOr<int64_t> Write(const std::string& name, int64_t offset, std::string_view content,
                                const domain::Caller& caller = Lead()) {
    v1::WriteUploadRequest request;
    request.set_name(name);
    request.set_offset(offset);
    request.set_content(std::string(content));
    v1::Upload upload;
    const absl::Status status = service_->WriteUpload(As(caller, "WriteUpload"), request, &upload);
    if (!status.ok()) return status;
    return upload.offset();
  }
  absl::StatusOr<v1::Upload> Look(const std::string& name, const domain::Caller& caller = Lead()) {
    v1::GetUploadRequest request;
    request.set_name(name);
    v1::Upload upload;
    const absl::Status status = service_->GetUpload(As(caller, "GetUpload"), request, &upload);
    if (!status.ok()) return status;
    return upload;
  }
  void WriteAll(const std::string& name, std::string_view content) {
    for (size_t at = 0; at < content.size(); at += kPiece) {
      const auto offset = Write(name, static_cast<int64_t>(at), content.substr(at, kPiece));
      ASSERT_TRUE(offset.ok()) << offset.status();
    }
  }
  static v1::AttachPaperRequest AttachOf(const v1::Application& application,
                                         const std::string& upload) {
    v1::AttachPaperRequest request;
    request.set_name(application.name());
    request.set_etag(application.etag());
    request.set_request_id(NewId());
    request.set_upload(upload);
    return request;
  }
  absl::StatusOr<v1::Application> TryAttach(const v1::AttachPaperRequest& request,
                                            FilingService* service = nullptr) {
    v1::Application answer;
    const absl::Status status = (service == nullptr ? *service_ : *service)
                                    .AttachPaper(As(Lead(), "AttachPaper"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }
  // The upload of a content, complete.
  std::string Complete(const std::string& application, std::string_view content) {
    const auto upload = Begin(RequestFor(application, static_cast<int64_t>(content.size())));
    EXPECT_TRUE(upload.ok()) << upload.status();
    WriteAll(upload->name(), content);
    return upload->name();
  }
  static int Temporaries() {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/tmp")) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    return files;
  }

  absl::StatusOr<v1::ReadPaperResponse> Read(const std::string& name, const domain::Caller& caller,
                                             int64_t offset = 0, int32_t limit = kPiece,
                                             const std::string& id = NewId()) {
    v1::ReadPaperRequest request;
    request.set_name(name);
    request.set_offset(offset);
    request.set_limit(limit);
    request.set_request_id(id);
    v1::ReadPaperResponse answer;
    const absl::Status status = service_->ReadPaper(As(caller, "ReadPaper"), request, &answer);
    if (!status.ok()) return status;
    return answer;
  }
};

TEST_F(Uploads, PiecesBecomeAPaper) {
  const v1::Application draft = Create();
  const std::string content = test_papers::PdfOfSize(2 * kPiece + 1000);
  v1::CreateUploadRequest request = RequestFor(draft.name(), static_cast<int64_t>(content.size()));
  request.mutable_paper()->set_sha256(crypto::Sha256(content));
  const auto upload = Begin(request);
  ASSERT_TRUE(upload.ok()) << upload.status() << Fields(upload.status());
  EXPECT_EQ(upload->offset(), 0);
  EXPECT_EQ(upload->size_bytes(), static_cast<int64_t>(content.size()));
  EXPECT_EQ(upload->expire_time().seconds(), absl::ToUnixSeconds(clock_.Now() + absl::Hours(24)));
  EXPECT_EQ(Begin(request)->name(), upload->name()) << "a repeat gets the first answer";

  const std::string name = upload->name();
  const std::string_view bytes = content;
  EXPECT_EQ(*Write(name, 0, bytes.substr(0, kPiece)), kPiece);
  EXPECT_EQ(*Write(name, 0, bytes.substr(0, kPiece)), kPiece) << "a repeat changes nothing";
  EXPECT_EQ(Look(name)->offset(), kPiece);
  // Not yet a paper.
  EXPECT_TRUE(Refused(TryAttach(AttachOf(draft, name)).status(), Reason::kUploadIncomplete));
  EXPECT_EQ(Get(draft.name(), Lead()).papers_size(), 0);
  WriteAll(name, bytes);
  EXPECT_EQ(Look(name)->offset(), static_cast<int64_t>(content.size()));

  const v1::AttachPaperRequest attach = AttachOf(draft, name);
  const auto attached = TryAttach(attach);
  ASSERT_TRUE(attached.ok()) << attached.status() << Fields(attached.status());
  ASSERT_EQ(attached->papers_size(), 1);
  EXPECT_EQ(attached->papers(0).sha256(), crypto::Sha256(content));
  EXPECT_EQ(attached->papers(0).sm3(), crypto::Sm3(content));
  EXPECT_EQ(attached->papers(0).media_type(), "application/pdf");
  EXPECT_EQ(attached->papers(0).file_name(), "协议.pdf");
  EXPECT_EQ(TryAttach(attach)->etag(), attached->etag()) << "a repeat gets the first answer";
  EXPECT_TRUE(Refused(TryAttach(AttachOf(*attached, name)).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Look(name).status(), Reason::kNotPermitted)) << "the upload is no more";
  EXPECT_EQ(Temporaries(), 0);
  EXPECT_EQ(*papers_->Read(crypto::Sha256(content), 0, 1 << 20), content);
}

TEST_F(Uploads, APieceStandsExactlyAtTheOffset) {
  const v1::Application draft = Create();
  const std::string name = Begin(RequestFor(draft.name(), 100))->name();
  const auto wrong = [&](int64_t offset, size_t size) -> std::string {
    const auto written = Write(name, offset, std::string(size, 'x'));
    if (written.ok()) return base::StrCat("OK ", *written);
    if (!Refused(written.status(), Reason::kUploadOffsetWrong)) return Fields(written.status());
    return domain::DetailsOf(written.status())->metadata.at("offset");
  };
  EXPECT_EQ(wrong(1, 10), "0") << "a gap";
  EXPECT_EQ(wrong(0, 40), "OK 40");
  EXPECT_EQ(wrong(0, 40), "OK 40") << "a repeat";
  EXPECT_EQ(wrong(10, 30), "OK 40") << "a part of what is there";
  EXPECT_EQ(wrong(0, 41), "40") << "more than is there";
  EXPECT_EQ(wrong(39, 10), "40") << "overlap";
  EXPECT_EQ(wrong(41, 10), "40") << "a gap";
  EXPECT_EQ(wrong(INT64_MAX - 5, 1), "40");
  EXPECT_EQ(wrong(-1, 10), "offset:NEGATIVE");
  EXPECT_EQ(wrong(40, 0), "content:OUT_OF_RANGE");
  EXPECT_EQ(wrong(40, kPiece + 1), "content:OUT_OF_RANGE");
  EXPECT_TRUE(Refused(Write(name, 40, std::string(61, 'x')).status(), Reason::kTooLarge))
      << "more than was declared";
  EXPECT_EQ(wrong(40, 60), "OK 100");
}

// Two who write the same piece at once: one of them writes it, both go on from the same offset.
TEST_F(Uploads, TwoWritersDoNotMixTheirPieces) {
  const v1::Application draft = Create();
  const std::string name = Begin(RequestFor(draft.name(), 2 * kPiece))->name();
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] { EXPECT_EQ(*Write(name, 0, std::string(kPiece, 'a')), kPiece); });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Look(name)->offset(), kPiece);
}

TEST_F(Uploads, OnlyTheLeadAndOnlyInTime) {
  const v1::Application draft = Create();
  const v1::Application other = Create(2);
  const std::string content = test_papers::Pdf("x");
  // Another firm's draft and one that does not exist are the same.
  const v1::CreateUploadRequest theirs = RequestFor(other.name(), 100);
  const v1::CreateUploadRequest nobodys = RequestFor("applications/" + NewId(), 100);
  EXPECT_EQ(Begin(theirs).status(), Begin(nobodys).status());
  EXPECT_TRUE(Refused(Begin(theirs).status(), Reason::kNotPermitted));
  for (const domain::Caller& caller : {Recommender(), Official(Role::kProvince)}) {
    EXPECT_TRUE(
        Refused(Begin(RequestFor(draft.name(), 100), caller).status(), Reason::kNotPermitted));
  }
  const std::string name = Complete(draft.name(), content);
  EXPECT_TRUE(Refused(Write(name, 0, "x", Lead(2)).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Look(name, Lead(2)).status(), Reason::kNotPermitted));
  EXPECT_TRUE(Refused(Look("uploads/" + NewId()).status(), Reason::kNotPermitted));
  // An upload belongs to its application.
  v1::AttachPaperRequest elsewhere = AttachOf(other, name);
  v1::Application answer;
  EXPECT_TRUE(Refused(service_->AttachPaper(As(Lead(2), "AttachPaper"), elsewhere, &answer),
                      Reason::kNotPermitted));
  EXPECT_EQ(Fields(Begin(RequestFor("applications/../1", 100)).status()), "application:NAME");

  clock_.Set(At("2023-04-26 00:00:00") - kTick);
  EXPECT_TRUE(Refused(Look(name).status(), Reason::kUploadExpired));
  EXPECT_TRUE(Begin(RequestFor(draft.name(), 100)).ok());
  clock_.Set(At("2023-04-26 00:00:00"));
  EXPECT_TRUE(Refused(Begin(RequestFor(draft.name(), 100)).status(), Reason::kWindowClosed));
}

TEST_F(Uploads, SizesAreAskedBeforeAnythingIsStored) {
  const v1::Application draft = Create();
  const auto begin = [&](const std::string& file_name, int64_t size) {
    v1::CreateUploadRequest request = RequestFor(draft.name(), size);
    request.mutable_paper()->set_file_name(file_name);
    const auto upload = Begin(request);
    return upload.ok() ? "OK" : Fields(upload.status());
  };
  EXPECT_EQ(begin("a.pdf", 20 << 20), "OK");
  EXPECT_EQ(begin("a.pdf", (20 << 20) + 1), "content:FILE_TOO_LARGE");
  EXPECT_EQ(begin("a.pdf", 1 << 30), "content:FILE_TOO_LARGE");
  EXPECT_EQ(begin("a.pdf", INT64_MAX), "content:FILE_TOO_LARGE");
  EXPECT_EQ(begin("a.jpg", 10 << 20), "OK");
  EXPECT_EQ(begin("a.jpg", (10 << 20) + 1), "content:FILE_TOO_LARGE");
  EXPECT_EQ(begin("a.pdf", 0), "content:FILE_EMPTY");
  EXPECT_EQ(begin("a.pdf", -1), "paper.size_bytes:NEGATIVE");
  EXPECT_EQ(begin("a.docm", 100), "content:FILE_TYPE");
}

// What is wrong with the content is said when it is whole; the upload stays until its time is over.
TEST_F(Uploads, TheContentDecidesWhenItIsWhole) {
  const v1::Application draft = Create();
  const std::string zip = "PK\x03\x04 a zip named .pdf";
  EXPECT_EQ(Fields(TryAttach(AttachOf(draft, Complete(draft.name(), zip))).status()),
            "content:FILE_TYPE");
  const std::string content = test_papers::Pdf("x");
  v1::CreateUploadRequest request = RequestFor(draft.name(), static_cast<int64_t>(content.size()));
  request.mutable_paper()->set_sha256(crypto::Sha256("something else"));
  const std::string name = Begin(request)->name();
  WriteAll(name, content);
  EXPECT_TRUE(Refused(TryAttach(AttachOf(draft, name)).status(), Reason::kFileDigestMismatch));
  v1::AttachPaperRequest both = AttachOf(draft, name);
  both.set_content(content);
  both.mutable_paper()->set_slot("A2_AGREEMENT");
  EXPECT_EQ(Fields(TryAttach(both).status()), "content:NOT_BOTH paper:NOT_BOTH");
  EXPECT_EQ(Get(draft.name(), Lead()).papers_size(), 0);
}

// The same content of another firm is taken as if nobody had it: every byte is asked for, and the
// answers are those of a new content. Each has its own paper of it.
TEST_F(Uploads, TheSameContentTellsNothingOfAnotherFirm) {
  const std::string content = test_papers::PdfOfSize(kPiece + 10);
  const v1::Application first = Create(1);
  const auto theirs = TryAttach(AttachOf(first, Complete(first.name(), content)));
  ASSERT_TRUE(theirs.ok()) << theirs.status();

  const v1::Application second = Create(2);
  v1::CreateUploadRequest request = RequestFor(second.name(), static_cast<int64_t>(content.size()));
  request.mutable_paper()->set_sha256(crypto::Sha256(content));
  const auto upload = Begin(request, Lead(2));
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_EQ(upload->offset(), 0);
  v1::Application own;
  const auto attach = [&] {
    return service_->AttachPaper(As(Lead(2), "AttachPaper"), AttachOf(second, upload->name()),
                                 &own);
  };
  EXPECT_EQ(*Write(upload->name(), 0, content.substr(0, kPiece), Lead(2)), kPiece);
  EXPECT_TRUE(Refused(attach(), Reason::kUploadIncomplete)) << "the digest alone buys nothing";
  ASSERT_TRUE(Write(upload->name(), kPiece, content.substr(kPiece), Lead(2)).ok());
  ASSERT_TRUE(attach().ok());
  const std::string mine = own.papers(0).name();
  EXPECT_TRUE(Refused(Read(theirs->papers(0).name(), Lead(2)).status(), Reason::kNotPermitted));

  // When the first firm replaces its paper, the second's is still there. And twice in one
  // application is no mistake: a paper may stand in two slots.
  ASSERT_TRUE(
      TryAttach(AttachOf(*theirs, Complete(first.name(), test_papers::Pdf("another")))).ok());
  EXPECT_EQ(Read(mine, Lead(2))->content(), content.substr(0, kPiece));
  request.set_request_id(NewId());
  request.mutable_paper()->set_slot("A3_TAX_RETURN");
  const auto again = Begin(request, Lead(2));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->offset(), 0);
}

// A name is data: whatever it is, it names no file of ours.
TEST_F(Uploads, NamesAreDataOnly) {
  v1::Application draft = Create();
  const std::vector<std::string> kNames = {"%2e%2e%2fpasswd.pdf",
                                           "..pdf",
                                           "CON.pdf",
                                           "-rf.pdf",
                                           "😀.pdf",
                                           "e\xCC\x81.pdf",
                                           "\xC3\xA9.pdf",
                                           "' OR 1=1--.pdf",
                                           "\"><img onerror=x>.pdf"};
  for (const std::string& file_name : kNames) {
    const std::string content = test_papers::Pdf(file_name);
    v1::CreateUploadRequest request =
        RequestFor(draft.name(), static_cast<int64_t>(content.size()));
    request.mutable_paper()->set_file_name(file_name);
    const auto upload = Begin(request);
    ASSERT_TRUE(upload.ok()) << file_name << upload.status() << Fields(upload.status());
    WriteAll(upload->name(), content);
    const auto attached = TryAttach(AttachOf(draft, upload->name()));
    ASSERT_TRUE(attached.ok()) << file_name << attached.status();
    EXPECT_EQ(attached->papers(0).file_name(), file_name) << "as it was typed";
    draft = *attached;
  }
  for (const char* bad : {"../../etc/passwd.pdf", "..\\a.pdf", "a\r\nX: y.pdf",
                          "a\xE2\x80\xAE"
                          "fdp.pdf"}) {
    v1::CreateUploadRequest request = RequestFor(draft.name(), 100);
    request.mutable_paper()->set_file_name(bad);
    EXPECT_EQ(Fields(Begin(request).status()), "paper.file_name:FORBIDDEN_CHARACTER") << bad;
  }
  v1::CreateUploadRequest request = RequestFor(draft.name(), 100);
  request.mutable_paper()->set_file_name(std::string("a\0.pdf", 6));
  EXPECT_NE(Fields(Begin(request).status()), "");
  request.mutable_paper()->set_file_name(std::string(300, 'a') + ".pdf");
  EXPECT_EQ(Fields(Begin(request).status()), "paper.file_name:TOO_LONG");
}

TEST_F(Uploads, TheQuotaCountsPapersAndUploads) {
  const v1::Application draft = Create();
  // 50 uploads of 20 MiB and one of 24 MiB would be more than 1 GiB; 51 of 20 MiB are not.
  const v1::CreateUploadRequest large = RequestFor(draft.name(), 20 << 20);
  for (int i = 0; i < 51; ++i) {
    v1::CreateUploadRequest request = large;
    request.set_request_id(NewId());
    ASSERT_TRUE(Begin(request).ok()) << i;
  }
  EXPECT_TRUE(Begin(RequestFor(draft.name(), 4 << 20)).ok()) << "the last 4 MiB";
  const auto full = Begin(RequestFor(draft.name(), 1));
  EXPECT_TRUE(Refused(full.status(), Reason::kQuotaExceeded));
  v1::AttachPaperRequest small = AttachOf(draft, "");
  small.mutable_paper()->set_slot("A2_AGREEMENT");
  small.mutable_paper()->set_file_name("a.pdf");
  small.set_content(test_papers::Pdf("x"));
  EXPECT_TRUE(Refused(TryAttach(small).status(), Reason::kQuotaExceeded));
  EXPECT_TRUE(Begin(RequestFor(Create(2).name(), 1), Lead(2)).ok()) << "another application's";
  // What has expired does not count.
  clock_.Set(clock_.Now() + absl::Hours(24));
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Begin(RequestFor(draft.name(), 1)).ok()) << i;
  EXPECT_TRUE(Refused(Begin(RequestFor(draft.name(), 1)).status(), Reason::kQuotaExceeded))
      << "10 000 tiny files";
}

TEST_F(Uploads, TheSweeperRemovesWhatNobodyFetched) {
  const v1::Application draft = Create();
  const std::string name = Complete(draft.name(), test_papers::Pdf("left behind"));
  ASSERT_EQ(Temporaries(), 1);
  ASSERT_TRUE(papers_->Append("orphan", 0, "of a crash").ok());
  std::filesystem::last_write_time(
      folder_ + "/tmp/orphan",
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  PaperIntake intake(*deps_, *papers_, nullptr);
  ASSERT_TRUE(intake.Sweep(As(domain::ClockCaller(), "sweep")).ok());
  EXPECT_EQ(Temporaries(), 1) << "the orphan is gone, the upload stays";
  clock_.Set(clock_.Now() + absl::Hours(24) - kTick);
  ASSERT_TRUE(intake.Sweep(As(domain::ClockCaller(), "sweep")).ok());
  EXPECT_EQ(Temporaries(), 1);
  clock_.Set(clock_.Now() + kTick);
  ASSERT_TRUE(intake.Sweep(As(domain::ClockCaller(), "sweep")).ok());
  EXPECT_EQ(Temporaries(), 0);
  EXPECT_TRUE(Refused(Look(name).status(), Reason::kNotPermitted));
}

class Word final : public Scanner {
 public:
  explicit Word(absl::Status says) : says_(std::move(says)) {}
  absl::Status Scan(std::string_view, absl::Duration) const override { return says_; }

 private:
  const absl::Status says_;
};

// Pending or unsafe is never a paper; when the scanner is back, the same upload is attached.
TEST_F(Uploads, WhatIsNotCleanIsNoPaper) {
  const v1::Application draft = Create();
  const std::string name = Complete(draft.name(), test_papers::Pdf("x"));
  for (const Reason reason : {Reason::kScannerUnavailable, Reason::kMalwareFound}) {
    const Word scanner(domain::Refuse(reason));
    FilingService service(*deps_, *papers_, "", &scanner);
    EXPECT_TRUE(Refused(TryAttach(AttachOf(draft, name), &service).status(), reason));
    EXPECT_EQ(Get(draft.name(), Lead()).papers_size(), 0);
  }
  const Word clean{absl::OkStatus()};
  FilingService service(*deps_, *papers_, "", &clean);
  EXPECT_TRUE(TryAttach(AttachOf(draft, name), &service).ok());
}

// One call, many messages.
class Messages final : public rpc::Incoming<v1::UploadPaperRequest> {
 public:
  // At its end comes `end`: no more messages, or a client that is gone.
  explicit Messages(std::vector<v1::UploadPaperRequest> all, absl::StatusOr<bool> end = false)
      : all_(std::move(all)), end_(std::move(end)) {}
  absl::StatusOr<bool> Next(v1::UploadPaperRequest* message) override {
    if (next_ == all_.size()) return end_;
    *message = all_[next_++];
    return true;
  }

 private:
  std::vector<v1::UploadPaperRequest> all_;
  absl::StatusOr<bool> end_;
  size_t next_ = 0;
};

TEST_F(Uploads, AStreamIsAnUploadToo) {
  const v1::Application draft = Create();
  const std::string content = test_papers::PdfOfSize(kPiece + 1);
  v1::UploadPaperRequest header;
  header.mutable_header()->set_name(draft.name());
  header.mutable_header()->set_etag(draft.etag());
  header.mutable_header()->set_request_id(NewId());
  v1::Paper* paper = header.mutable_header()->mutable_paper();
  paper->set_slot("A2_AGREEMENT");
  paper->set_file_name("a.pdf");
  paper->set_size_bytes(static_cast<int64_t>(content.size()));
  paper->set_sha256(crypto::Sha256(content));
  v1::UploadPaperRequest first;
  first.set_content(content.substr(0, kPiece));
  v1::UploadPaperRequest last;
  last.set_content(content.substr(kPiece));
  v1::UploadPaperRequest nothing;
  v1::UploadPaperRequest undeclared = header;
  undeclared.mutable_header()->mutable_paper()->clear_sha256();

  v1::Application answer;
  const auto upload = [&](std::vector<v1::UploadPaperRequest> messages,
                          absl::StatusOr<bool> end = false) {
    Messages in(std::move(messages), std::move(end));
    answer.Clear();
    const absl::Status status = service_->UploadPaper(As(Lead(), "UploadPaper"), in, &answer);
    EXPECT_EQ(Temporaries(), 0) << "nothing is left behind";
    EXPECT_EQ(Count("SELECT COUNT(*) FROM upload"), 0);
    return status;
  };
  EXPECT_EQ(Fields(upload({})), "header:OUT_OF_PLACE");
  EXPECT_EQ(Fields(upload({first, last})), "header:OUT_OF_PLACE");
  EXPECT_EQ(Fields(upload({header, header})), "content:OUT_OF_PLACE");
  EXPECT_EQ(Fields(upload({header, nothing})), "content:OUT_OF_PLACE");
  EXPECT_EQ(Fields(upload({undeclared, first, last})), "paper.sha256:REQUIRED");
  EXPECT_TRUE(Refused(upload({header, first}), Reason::kUploadIncomplete));
  EXPECT_TRUE(Refused(upload({header, first, last, last}), Reason::kTooLarge));
  EXPECT_TRUE(Refused(upload({header, last, first}), Reason::kFileDigestMismatch));
  // The client is gone in the middle, or after the last piece: nothing of it is visible, and the
  // same request may come again.
  EXPECT_TRUE(
      Refused(upload({header, first}, domain::Refuse(Reason::kCancelled)), Reason::kCancelled));
  EXPECT_TRUE(Refused(upload({header, first, last}, domain::Refuse(Reason::kCancelled)),
                      Reason::kCancelled));
  EXPECT_EQ(Get(draft.name(), Lead()).papers_size(), 0);
  // A gigabyte is refused by what its header says, before any piece is asked for.
  v1::UploadPaperRequest gigabyte = header;
  gigabyte.mutable_header()->mutable_paper()->set_size_bytes(int64_t{1} << 30);
  EXPECT_TRUE(Refused(upload({gigabyte}, domain::Refuse(Reason::kInternal)), Reason::kFileRefused));
  const absl::Status done = upload({header, first, last});
  ASSERT_TRUE(done.ok()) << done << Fields(done);
  const std::string etag = answer.etag();
  EXPECT_EQ(answer.papers(0).sha256(), crypto::Sha256(content));
  ASSERT_TRUE(upload({header, first, last}).ok());
  EXPECT_EQ(answer.etag(), etag) << "a repeat gets the first answer";
}

// Reading -----------------------------------------------------------------------------------------

TEST_F(Uploads, APaperIsReadInPiecesAndTheDownloadIsRecordedOnce) {
  const v1::Application draft = Create();
  const std::string content = test_papers::PdfOfSize(kPiece + 100);
  const auto attached = TryAttach(AttachOf(draft, Complete(draft.name(), content)));
  ASSERT_TRUE(attached.ok());
  const std::string name = attached->papers(0).name();
  const std::string id = NewId();
  const auto what = Read(name, Lead(), 0, 0, id);
  ASSERT_TRUE(what.ok()) << what.status();
  EXPECT_EQ(what->content(), "");
  EXPECT_EQ(what->paper().sha256(), crypto::Sha256(content));
  EXPECT_EQ(what->paper().size_bytes(), static_cast<int64_t>(content.size()));
  EXPECT_EQ(Read(name, Lead(), 0, kPiece, id)->content(), content.substr(0, kPiece));
  EXPECT_EQ(Read(name, Lead(), kPiece, kPiece, id)->content(), content.substr(kPiece));
  EXPECT_EQ(Read(name, Lead(), 10, 5, id)->content(), content.substr(10, 5));
  EXPECT_EQ(Read(name, Lead(), 1 << 30, 5, id)->content(), "");
  EXPECT_EQ(Count("SELECT COUNT(*) FROM paper_access"), 1);
  EXPECT_EQ(schema_->Value("SELECT CONCAT_WS(' ', account, role, organisation, read_us, "
                           "LENGTH(trace_id), HEX(sha256)) FROM paper_access"),
            base::StrCat("lead-1 applicant ", LeadCode(), " ", absl::ToUnixMicros(clock_.Now()),
                         " 32 ", schema_->Value("SELECT HEX(sha256) FROM application_paper")));
  ASSERT_TRUE(Read(name, Lead()).ok());
  EXPECT_EQ(Count("SELECT COUNT(*) FROM paper_access"), 2) << "another download";

  EXPECT_EQ(Fields(Read(name, Lead(), -1).status()), "offset:NEGATIVE");
  EXPECT_EQ(Fields(Read(name, Lead(), 0, kPiece + 1).status()), "limit:OUT_OF_RANGE");
  EXPECT_EQ(Fields(Read(draft.name(), Lead()).status()), "name:NAME");
  EXPECT_TRUE(Refused(Read(name, Lead(), 0, 1, "x").status(), Reason::kRequestIdRequired));
  clock_.Set(clock_.Now() + absl::Hours(1) + kTick);
  EXPECT_TRUE(Refused(Read(name, Lead(), 0, 1, id).status(), Reason::kRequestIdReused));
}

TEST_F(Uploads, WhoMayReadAPaper) {
  const v1::Application draft = Create();
  v1::Application attached = draft;
  ASSERT_TRUE(Attach(draft.name(), "A2_AGREEMENT", "", Lead(), &attached).ok());
  const std::string of_draft = attached.papers(0).name();
  const std::string unknown = draft.name() + "/papers/" + NewId();
  // A draft is the lead's alone, and looks like nothing to everybody else.
  EXPECT_TRUE(Read(of_draft, Lead()).ok());
  for (const domain::Caller& caller :
       {Lead(2), Recommender(), Official(Role::kProvince), Official(Role::kAuditor)}) {
    const auto refused = Read(of_draft, caller);
    EXPECT_TRUE(Refused(refused.status(), Reason::kNotPermitted)) << caller.account;
    EXPECT_EQ(refused.status(), Read(unknown, caller).status());
  }

  const v1::Application submitted = Submitted(3);
  const std::string name = submitted.papers(0).name();
  EXPECT_TRUE(Read(name, Lead(3)).ok());
  EXPECT_TRUE(Refused(Read(name, Recommender()).status(), Reason::kConflictOfInterest));
  ASSERT_TRUE(Declare(submitted.name(), Recommender()).ok());
  for (const domain::Caller& caller :
       {Recommender(), Official(Role::kProvince), Official(Role::kAuditor)}) {
    EXPECT_TRUE(Read(name, caller).ok()) << caller.account;
  }
  for (const domain::Caller& caller :
       {Lead(), Recommender(kShenyang), Official(Role::kFinance), Official(Role::kApprover),
        Official(Role::kRecorder), Official(Role::kFirm), Official(Role::kOperator),
        Official(Role::kPublic)}) {
    const auto refused = Read(name, caller);
    EXPECT_TRUE(Refused(refused.status(), Reason::kNotPermitted)) << caller.account;
    EXPECT_EQ(refused.status(), Read(unknown, caller).status());
  }
  EXPECT_EQ(Count("SELECT COUNT(*) FROM paper_access"), 5) << "a refusal is no download";
}

// Q21: a correction on its way is not what the recommender decides on.
TEST_F(Uploads, OfficialsReadWhatWasSubmitted) {
  v1::Application returned = Returned(1, {"papers.A2_AGREEMENT"});
  const v1::Paper before = returned.papers(0);
  ASSERT_EQ(before.slot(), "A2_AGREEMENT");
  const std::string content = test_papers::Pdf("a better one");
  const std::string during = NewId();
  ASSERT_TRUE(Read(before.name(), Lead(), 0, 1, during).ok());
  const auto attached = TryAttach(AttachOf(returned, Complete(returned.name(), content)));
  ASSERT_TRUE(attached.ok()) << attached.status();
  EXPECT_EQ(Read(before.name(), Lead())->paper().sha256(), crypto::Sha256(content));
  ASSERT_TRUE(Declare(returned.name(), Recommender()).ok());
  EXPECT_EQ(Read(before.name(), Recommender())->paper().sha256(), before.sha256());
  EXPECT_TRUE(Refused(Read(before.name(), Lead(), 0, 1, during).status(), Reason::kEtagStale))
      << "half of one and half of the other is neither";
}

TEST_F(Uploads, ContentChangedOnDiskIsNotHandedOut) {
  const v1::Application draft = Create();
  const auto attached =
      TryAttach(AttachOf(draft, Complete(draft.name(), test_papers::Pdf("to be forged"))));
  ASSERT_TRUE(attached.ok()) << attached.status();
  const std::string hex = crypto::Hex(attached->papers(0).sha256());
  std::ofstream(folder_ + "/" + hex.substr(0, 2) + "/" + hex.substr(2), std::ios::trunc)
      << "forged";
  EXPECT_EQ(Read(attached->papers(0).name(), Lead()).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Uploads, AccessesAreForGood) {
  v1::Application attached = Create();
  ASSERT_TRUE(Attach(attached.name(), "A2_AGREEMENT", "", Lead(), &attached).ok());
  ASSERT_TRUE(Read(attached.papers(0).name(), Lead()).ok());
  for (const char* change : {"UPDATE paper_access SET account='x' WHERE id<>''",
                             "DELETE FROM paper_access WHERE id<>''"}) {
    const db::Sql sql = {"test.change", change};
    EXPECT_FALSE(schema_->pool()
                     .Run(testdb::Soon(),
                          [&](db::Txn& txn) {
                            txn.Exec(sql);
                            return absl::OkStatus();
                          })
                     .ok())
        << change;
  }
}

}  // namespace
}  // namespace alliance::filing
