// The frozen list of a formal letter: prepared, printed, recommended.

#include <fstream>
#include <string>
#include <vector>

#include "common/base/str.h"
#include "common/crypto/digest.h"
#include "common/print/test_reader.h"
#include "services/review/convert.h"
#include "services/review/fixture_test.h"
#include "services/review/frozen_list.h"

namespace alliance::review {
namespace {

using Asked = v1::PrintRecommendationRequest;

class RecommendationTest : public ReviewTest {
 protected:
  absl::Status Prepare(const rpc::Call& by, const v1::PrepareRecommendationRequest& request) {
    return service_.PrepareRecommendation(by, request, &list_);
  }
  absl::Status Recommend(const rpc::Call& by, const v1::RecommendCasesRequest& request) {
    return service_.RecommendCases(by, request, &recommendation_);
  }
  absl::Status Get(const rpc::Call& by, const std::string& name) {
    v1::GetRecommendationListRequest request;
    request.set_name(name);
    shown_.Clear();
    return service_.GetRecommendationList(by, request, &shown_);
  }
  absl::Status Print(const rpc::Call& by, const std::string& name, Asked::Part part,
                     Asked::Format format) {
    Asked request;
    request.set_name(name);
    request.set_part(part);
    request.set_format(format);
    print_.Clear();
    return service_.PrintRecommendation(by, request, &print_);
  }
  // The letter that was drafted, stamped; bound to the list.
  v1::RecommendCasesRequest StampedOf(const v1::RecommendationList& list) {
    v1::RecommendCasesRequest request;
    for (const v1::RecommendationItem& item : list.items()) {
      request.add_review_cases(item.review_case());
    }
    request.set_request_id(NewId());
    *request.mutable_formal_letter() = DocumentOf("推荐函");
    request.set_list_digest(list.list_digest());
    request.set_recommendation_list(list.name());
    return request;
  }
  std::string PrintedText() {
    const std::string path = ::testing::TempDir() + "/recommendation_test.pdf";
    std::ofstream(path, std::ios::binary) << print_.content();
    return print_testing::TextOfFile(path);
  }
  v1::PrepareRecommendationRequest WithReason(v1::PrepareRecommendationRequest request) {
    request.set_request_id(NewId());
    request.set_reason("推荐即将截止，公示至今无异议");
    return request;
  }

  v1::RecommendationList list_;
  v1::RecommendationList shown_;
  v1::Recommendation recommendation_;
  filing::v1::Print print_;
};

// exact versions in the order of the request, the letter's number, date and issuer, and a
// text that says what was done. The cases stay where they are.
TEST_F(RecommendationTest, PreparationFreezesTheList) {
  const std::vector<std::string> ids = NoticesClosed(2);
  const int64_t history = HistoryOf(ids[0]);
  const v1::PrepareRecommendationRequest request = PreparationOf({ids[1], ids[0]});
  ASSERT_DONE(Prepare(Li(), request));
  EXPECT_TRUE(list_.name().starts_with(kListPrefix));
  EXPECT_EQ(list_.region(), "210200");
  EXPECT_EQ(list_.round(), kRound);
  ASSERT_EQ(list_.items_size(), 2);
  for (int i = 0; i < 2; ++i) {
    const v1::RecommendationItem& item = list_.items(i);
    EXPECT_EQ(item.review_case(), base::StrCat(kCasePrefix, ids[1 - i]));
    EXPECT_EQ(item.version_number(), 1);
    EXPECT_EQ(item.version_digest(), Read(ids[1 - i]).version_digest());
    EXPECT_EQ(item.lead_credit_code(), kLeadCode);
    EXPECT_EQ(item.verified_rd_fen(), 123'450'000);
    EXPECT_EQ(item.outcome(), v1::NoticeItem::NO_OBJECTION);
    EXPECT_EQ(item.outcome_label(), "无异议");
  }
  EXPECT_EQ(list_.list_digest(), RecommendationOf(ids).list_digest());
  const v1::LetterDraft& letter = list_.letter();
  EXPECT_EQ(letter.document_number(), "大科发〔2023〕12号");
  EXPECT_EQ(letter.issue_date(), "2023-04-28");
  EXPECT_EQ(letter.issuer(), "大连市科技局");
  EXPECT_EQ(letter.addressee(), "辽宁省科学技术厅");
  EXPECT_NE(letter.paragraphs(0).find("等2个联盟备案，核定研发投入合计246.90万元"),
            std::string::npos)
      << letter.paragraphs(0);
  EXPECT_EQ(letter.paragraphs(1), "公示结果：无异议2个。");
  EXPECT_NE(letter.paragraphs(2).find(list_.list_digest()), std::string::npos);
  EXPECT_EQ(letter.attachment(), "附件：推荐备案联盟汇总表（共2个）");
  for (const std::string& id : ids) EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
  EXPECT_EQ(HistoryOf(ids[0]), history);
  EXPECT_EQ(HistoryOf(list_.name()), 1);
  EXPECT_EQ(LastHistory(list_.name(), "actor"), "li");

  // The same request again is the same list.
  const std::string name = list_.name();
  ASSERT_DONE(Prepare(Li(), request));
  EXPECT_EQ(list_.name(), name);
}

// who reads a list, and who does not.
TEST_F(RecommendationTest, ListIsForItsOffice) {
  ASSERT_DONE(Prepare(Li(), PreparationOf({NoticeClosed()})));
  const std::string bytes = list_.SerializeAsString();
  for (const rpc::Call& by : {Li(), Wang(), Province(), CallOf(domain::Role::kAuditor, "a")}) {
    ASSERT_DONE(Get(by, list_.name()));
    EXPECT_EQ(shown_.SerializeAsString(), bytes) << by.caller.account;
    EXPECT_DONE(Print(by, list_.name(), Asked::SUMMARY, Asked::XLSX));
  }
  for (const rpc::Call& by : {Zhao(), Zhang(), Lead(), Public(), Operator()}) {
    EXPECT_REFUSED(Get(by, list_.name()), kNotPermitted);
    EXPECT_REFUSED(Print(by, list_.name(), Asked::SUMMARY, Asked::XLSX), kNotPermitted);
  }
  EXPECT_REFUSED(Get(Li(), base::StrCat(kListPrefix, NewId())), kNotPermitted);
  EXPECT_EQ(FieldsOf(Get(Li(), "lists/1")), "name");
}

// whoever may not recommend, or not now, may not prepare either.
TEST_F(RecommendationTest, PreparationIsRefused) {
  const std::string id = NoticeClosed();
  for (const rpc::Call& by : {Zhao(), Province(), Lead(), Public()}) {
    EXPECT_REFUSED(Prepare(by, PreparationOf({id})), kNotPermitted);
  }
  EXPECT_REFUSED(Prepare(Li(), PreparationOf({id, NewId()})), kNotPermitted);
  const absl::Status passed = Prepare(Li(), PreparationOf({id, Passed()}));
  EXPECT_REFUSED(passed, kWrongState);
  EXPECT_NE(FieldsOf(passed).find("review_cases[1]"), std::string::npos) << FieldsOf(passed);
  v1::PrepareRecommendationRequest request = PreparationOf({id, id});
  request.clear_letter_number();
  request.set_letter_date("2023-02-29");
  request.clear_letter_issuer();
  EXPECT_EQ(FieldsOf(Prepare(Li(), request)),
            "review_cases[1],letter_number,letter_date,letter_issuer");
  EXPECT_EQ(Db().Count("SELECT COUNT(*) FROM recommendation_list"), 0);

  clock_.Set(At("2023-05-01 00:00:00"));
  EXPECT_REFUSED(Prepare(Li(), PreparationOf({id})), kRecommendClosed);
  clock_.Set(At("2023-05-01 00:00:00") - absl::Microseconds(1));
  EXPECT_DONE(Prepare(Li(), PreparationOf({id})));
}

// an unfinished notice needs a written reason; it ends with the freezing, by that person.
TEST_F(RecommendationTest, UnfinishedNoticeAsksForAReason) {
  const std::string id = InNotice();
  clock_.Set(At("2023-04-24 09:00:00"));
  const absl::Status asked = Prepare(Li(), PreparationOf({id}));
  EXPECT_REFUSED(asked, kReasonRequired);
  EXPECT_NE(FieldsOf(asked).find("review_cases[0]"), std::string::npos) << FieldsOf(asked);
  v1::PrepareRecommendationRequest blank = PreparationOf({id});
  blank.set_reason(" 　");
  EXPECT_REFUSED(Prepare(Li(), blank), kReasonRequired);
  EXPECT_EQ(StateOf(id), "IN_NOTICE");
  ASSERT_DONE(Prepare(Li(), WithReason(PreparationOf({id}))));
  EXPECT_EQ(StateOf(id), "NOTICE_CLOSED");
  EXPECT_EQ(LastHistory(id, "actor"), "li");
  EXPECT_EQ(LastHistory(id, "action"), "close_notice");
  EXPECT_EQ(LastHistory(id, "reason"), "推荐即将截止，公示至今无异议");
  EXPECT_EQ(list_.items(0).outcome(), v1::NoticeItem::NO_OBJECTION);
  v1::FileObjectionResponse answer;
  EXPECT_REFUSED(service_.FileObjection(Public(), ObjectionTo(id), &answer), kObjectionLate);
  EXPECT_DONE(Recommend(Li(), StampedOf(list_)));
}

// with its last case a batch ends, and what has not begun cannot end.
TEST_F(RecommendationTest, TheBatchEndsWithItsLastCase) {
  const std::string one = Passed();
  const std::string two = Passed();
  v1::NoticeBatch batch;
  v1::OpenNoticeRequest open = NoticeRequestOf({one, two});
  open.set_start_date("2023-04-21");
  ASSERT_DONE(service_.OpenNotice(Li(), open, &batch));
  EXPECT_REFUSED(Prepare(Li(), WithReason(PreparationOf({one}))), kNoticeNotOver);
  clock_.Set(At("2023-04-24 09:00:00"));
  const auto state = [&] {
    v1::GetNoticeRequest request;
    request.set_name(batch.name());
    v1::NoticeBatch shown;
    EXPECT_DONE(service_.GetNotice(Public(), request, &shown));
    return shown.state();
  };
  ASSERT_DONE(Prepare(Li(), WithReason(PreparationOf({one}))));
  EXPECT_EQ(state(), v1::NoticeBatch::OPEN);
  ASSERT_DONE(Prepare(Li(), WithReason(PreparationOf({two}))));
  EXPECT_EQ(state(), v1::NoticeBatch::CLOSED);
}

// where the pack denies it, no reason helps; and an objection that is open never does.
TEST_F(RecommendationTest, UnfinishedNoticeBlocksWhereThePackSaysSo) {
  const std::string id = Passed(VersionFor("210200", kStrictRound), Li());
  v1::NoticeBatch batch;
  ASSERT_DONE(service_.OpenNotice(Li(), NoticeRequestOf({id}), &batch));
  EXPECT_REFUSED(Prepare(Li(), WithReason(PreparationOf({id}))), kNoticeNotOver);
  EXPECT_EQ(StateOf(id), "IN_NOTICE");
  clock_.Set(At("2023-04-25 00:00:00"));
  EXPECT_DONE(Prepare(Li(), PreparationOf({id})));
  EXPECT_REFUSED(Prepare(Li(), WithReason(PreparationOf({Objected()}))), kWrongState);
}

// exactly the frozen list and no other.
TEST_F(RecommendationTest, RecommendsTheFrozenListOnly) {
  const std::vector<std::string> ids = NoticesClosed(3);
  ASSERT_DONE(Prepare(Li(), PreparationOf({ids[0], ids[1]})));
  const v1::RecommendationList both = list_;
  ASSERT_DONE(Prepare(Li(), PreparationOf({ids[2]})));
  const v1::RecommendationList other = list_;

  v1::RecommendCasesRequest request = StampedOf(both);
  request.mutable_review_cases()->RemoveLast();
  EXPECT_REFUSED(Recommend(Li(), request), kListMismatch);
  request = StampedOf(both);
  request.add_review_cases(base::StrCat(kCasePrefix, ids[2]));
  EXPECT_REFUSED(Recommend(Li(), request), kListMismatch);
  request = StampedOf(both);
  request.set_recommendation_list(other.name());
  EXPECT_REFUSED(Recommend(Li(), request), kListMismatch);
  request.set_recommendation_list(base::StrCat(kListPrefix, NewId()));
  EXPECT_REFUSED(Recommend(Li(), Repeatable(request)), kListMismatch);
  request.clear_recommendation_list();
  EXPECT_REFUSED(Recommend(Li(), Repeatable(request)), kListMismatch);
  request = StampedOf(both);
  request.set_list_digest(other.list_digest());
  EXPECT_REFUSED(Recommend(Li(), request), kListMismatch);
  request.set_recommendation_list("x");
  EXPECT_EQ(FieldsOf(Recommend(Li(), request)), "recommendation_list");
  EXPECT_TRUE(Emitted().empty());

  // One or several letters.
  ASSERT_DONE(Recommend(Wang(), StampedOf(both)));
  EXPECT_EQ(recommendation_.recommendation_list(), both.name());
  ASSERT_DONE(Recommend(Li(), StampedOf(other)));
  EXPECT_EQ(Db().Count("SELECT COUNT(DISTINCT list_id) FROM recommendation"), 2);
  EXPECT_EQ(Emitted().size(), 3u);
}

// the stamped scan is of the letter that was drafted: number, issuer, date; its digest is
// kept, and must be there.
TEST_F(RecommendationTest, StampedLetterIsTheDraftedOne) {
  ASSERT_DONE(Prepare(Li(), PreparationOf({NoticeClosed()})));
  v1::RecommendCasesRequest request = StampedOf(list_);
  filing::v1::Document* letter = request.mutable_formal_letter();
  letter->set_document_number("大科发〔2023〕13号");
  letter->set_issuer("大连市科学技术局");
  letter->set_issue_date("2023-04-29");
  const absl::Status other = Recommend(Li(), request);
  EXPECT_REFUSED(other, kInvalidRequest);
  EXPECT_EQ(FieldsOf(other),
            "formal_letter.document_number,formal_letter.issuer,formal_letter.issue_date");
  request = StampedOf(list_);
  request.mutable_formal_letter()->clear_sha256();
  EXPECT_EQ(FieldsOf(Recommend(Li(), request)), "formal_letter.sha256");
  request = StampedOf(list_);
  ASSERT_DONE(Recommend(Li(), request));
  EXPECT_EQ(Db().Value("SELECT HEX(letter_sha256) FROM recommendation"),
            Db().Value(base::StrCat("SELECT UPPER('", crypto::Hex(request.formal_letter().sha256()),
                                    "')")));
}

// a list that was overtaken is not the list any more, even when its versions are the same:
// the verified R&D that it prints was decided anew.
TEST_F(RecommendationTest, OvertakenListIsRefused) {
  const std::string id = NoticeClosed();
  ASSERT_DONE(Prepare(Li(), PreparationOf({id})));
  const v1::RecommendationList old = list_;
  ASSERT_DONE(Recommend(Li(), StampedOf(old)));
  events::v1::Event back;
  back.set_event_id(NewId());
  back.set_source("filing");
  back.set_case_id(id);
  back.set_sequence(2);
  back.set_handoff_sequence(3);
  back.mutable_application_sent_back()->set_reason("核定数需复核");
  ASSERT_DONE(Deliver(back));
  v1::RecordConditionsRequest findings = FindingsOf(id);
  findings.set_verified_rd_fen(100'000'000);
  v1::ReviewCase answer;
  ASSERT_DONE(service_.RecordConditions(Li(), findings, &answer));
  v1::PassCaseRequest pass;
  pass.set_name(base::StrCat(kCasePrefix, id));
  pass.set_etag(EtagOf(id));
  ASSERT_DONE(service_.PassCase(Li(), Repeatable(pass), &answer));
  v1::OpenNoticeRequest open = NoticeRequestOf({id});
  open.set_reason("省厅退回后补充公示");
  v1::NoticeBatch batch;
  ASSERT_DONE(service_.OpenNotice(Li(), open, &batch));
  ASSERT_DONE(Prepare(Li(), WithReason(PreparationOf({id}))));
  EXPECT_EQ(list_.list_digest(), old.list_digest());
  EXPECT_REFUSED(Recommend(Li(), StampedOf(old)), kListMismatch);
  EXPECT_DONE(Recommend(Li(), StampedOf(list_)));
}

// letter and table are drawn from the frozen rows.
TEST_F(RecommendationTest, PrintsAreOfTheFrozenList) {
  ASSERT_DONE(Prepare(Li(), PreparationOf({NoticeClosed()})));
  ASSERT_DONE(Print(Li(), list_.name(), Asked::SUMMARY, Asked::PDF));
  EXPECT_EQ(print_.media_type(), "application/pdf");
  EXPECT_EQ(print_.sha256(), crypto::Sha256(print_.content()));
  std::string text = PrintedText();
  for (const std::string& part : {std::string("大连市智能装备联盟"), std::string("123.45"),
                                  std::string(kLeadCode), list_.list_digest()}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  ASSERT_DONE(Print(Li(), list_.name(), Asked::LETTER, Asked::PDF));
  text = PrintedText();
  EXPECT_NE(text.find("大科发〔2023〕12号"), std::string::npos) << text;
  EXPECT_NE(text.find("现推荐大连市智能装备联盟备案"), std::string::npos) << text;
  EXPECT_NE(text.find("2023年4月28日"), std::string::npos) << text;

  ASSERT_DONE(Print(Li(), list_.name(), Asked::SUMMARY, Asked::XLSX));
  EXPECT_TRUE(print_.file_name().ends_with(".xlsx"));
  EXPECT_EQ(print_.sha256(), crypto::Sha256(print_.content()));
  const std::string sheet = print_.content();
  // What becomes of the case afterwards does not reach the list.
  ASSERT_DONE(Recommend(Li(), StampedOf(list_)));
  ASSERT_DONE(Print(Province(), list_.name(), Asked::SUMMARY, Asked::XLSX));
  EXPECT_EQ(print_.content(), sheet);

  EXPECT_EQ(FieldsOf(Print(Li(), list_.name(), Asked::LETTER, Asked::XLSX)), "format");
  EXPECT_EQ(FieldsOf(Print(Li(), "x", Asked::PART_UNSPECIFIED, Asked::FORMAT_UNSPECIFIED)),
            "name,part,format");
}

}  // namespace
}  // namespace alliance::review
