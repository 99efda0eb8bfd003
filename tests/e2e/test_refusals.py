"""Bad input through the gateway: each gets one clear error and leaves nothing behind."""

import base64
import gzip
import json
import subprocess
import uuid

import cast
import filing_part
from world import World, WorldTest, new_id

CREATE = "/alliance.filing.v1.FilingService/CreateApplication"
GET_ROUND = "/alliance.filing.v1.FilingService/GetRound"
OFFICES = "/alliance.gateway.v1.DirectoryService/ListOffices"


def error_of(body):
    """(code, reason, fields) of an error body."""
    answer = json.loads(body)
    reason, fields = "", []
    for detail in answer.get("details", ()):
        debug = detail.get("debug", {})
        if detail["type"] == "google.rpc.ErrorInfo":
            reason = debug["reason"]
        if detail["type"] == "alliance.errors.v1.Problems":
            fields = [field.get("field") for field in debug.get("fields", ())]
    return answer["code"], reason, fields


class HttpEdge(WorldTest):
    """The wire: what is not a well-formed call."""

    def post(self, path, body, **headers):
        client = self.session("province").another()
        return client.raw(path, body, {name.replace("_", "-"): v for name, v in headers.items()})

    def assert_refused(self, answer, http, code, reason, field=None):
        status, _, body = answer
        self.assertEqual((status, *error_of(body)[:2]), (http, code, reason), body)
        if field:
            self.assertTrue(any(field in (name or "") for name in error_of(body)[2])
                            or field in body.decode(), body)

    def test_malformed_json(self):
        for body in (b"{", b"{\"name\":}", b"[]", b"\"x\"", b"{\"name\":\"a\"} trailing", b"nul"):
            with self.subTest(body=body):
                self.assert_refused(self.post(GET_ROUND, body), 400, "invalid_argument",
                                    "INVALID_REQUEST")

    def test_unknown_field_is_named(self):
        self.assert_refused(self.post(GET_ROUND, b'{"name":"rounds/2023-tsl","nome":1}'), 400,
                            "invalid_argument", "INVALID_REQUEST", "nome")

    def test_wrong_type(self):
        self.assert_refused(self.post(OFFICES, b'{"pageSize":"many"}'), 400, "invalid_argument",
                            "INVALID_REQUEST")
        self.assert_refused(self.post(OFFICES, b'{"pageSize":3000000000}'), 400, "invalid_argument",
                            "INVALID_REQUEST")

    def test_invalid_text(self):
        self.assert_refused(self.post(GET_ROUND, b'{"name":"\xff\xfe"}'), 400, "invalid_argument",
                            "INVALID_REQUEST")

    def test_too_deep(self):
        deep = b'{"application":' + b'{"form":' * 2000 + b"{}" + b"}" * 2000 + b"}"
        self.assert_refused(self.post(CREATE, deep), 403, "permission_denied", "NOT_PERMITTED")
        lead = self.session("lead-shenyang").another()
        self.assert_refused(lead.raw(CREATE, deep), 400, "invalid_argument", "INVALID_REQUEST")

    def test_oversized(self):
        lead = self.session("lead-shenyang").another()
        body = b'{"round":"' + b"x" * (5 << 20) + b'"}'
        status, _, answer = lead.raw(CREATE, body)
        self.assertEqual(error_of(answer)[:2], ("invalid_argument", "TOO_LARGE"), answer)
        self.assertIn(status, (400, 413))

    def test_content_type(self):
        status, _, _ = self.post(GET_ROUND, b"{}", Content_Type="text/plain")
        self.assertEqual(status, 415)

    def test_encodings(self):
        good = gzip.compress(b'{"pageSize":1}')
        status, _, body = self.post(OFFICES, good, Content_Encoding="gzip")
        self.assertEqual(status, 200, body)
        self.assert_refused(self.post(OFFICES, good[:-9], Content_Encoding="gzip"), 400,
                            "invalid_argument", "INVALID_REQUEST")
        status, _, body = self.post(OFFICES, b"{}", Content_Encoding="br")
        self.assertEqual(error_of(body)[0], "unimplemented", body)

    def test_protocol_version(self):
        self.assert_refused(self.post(OFFICES, b"{}", Connect_Protocol_Version="2"), 400,
                            "invalid_argument", "INVALID_REQUEST")
        status, _, _ = self.post(OFFICES, b"{}", Connect_Protocol_Version=None)
        self.assertEqual(status, 200, "curl without the header must work")

    def test_unknown_method(self):
        for path in ("/alliance.filing.v1.FilingService/Approve", "/nowhere", "/", "/../etc/passwd",
                     "/alliance.events.v1.EventService/Deliver",
                     "/alliance.review.v1.ReviewService/WithdrawApplication"):
            with self.subTest(path=path):
                status, _, body = self.post(path, b"{}")
                self.assertEqual(status, 404, body)

    def test_only_post(self):
        client = self.suite.anybody()
        for verb in ("GET", "PUT", "DELETE"):
            status, _, _ = client.raw(OFFICES, None if verb == "GET" else b"{}", verb=verb)
            self.assertIn(status, (404, 405, 415, 501), verb)

    def test_readme_style_curl(self):
        url = f"http://{self.suite.http_address}"
        done = subprocess.run(["curl", "-sS", "--noproxy", "*", f"{url}{OFFICES}", "-H",
                               "Content-Type: application/json", "-d", "{}"],
                              stdout=subprocess.PIPE, text=True, check=True)
        offices = json.loads(done.stdout)["offices"]
        self.assertEqual(len(offices), 15)
        self.assertEqual(offices[0]["officeName"], "沈阳市科技局")
        self.assertEqual(offices[14]["phone"], "152****4131", "a person's mobile is masked")


class Identity(WorldTest):
    """Who are you? docs/threats.md B1-S1, R-018."""

    def test_no_login(self):
        self.refused("unauthenticated", "LOGIN_REQUIRED", self.suite.anybody().call,
                     "filing.ListApplications")

    def test_forged_token(self):
        stranger = self.suite.anybody()
        for token in ("x", "A" * 43, str(uuid.uuid4())):
            stranger.token = token
            self.refused("unauthenticated", "TOKEN_INVALID", stranger.call, "filing.ListApplications")

    def test_forged_caller_header_is_dropped(self):
        status, _, body = self.suite.anybody().raw(
            "/alliance.filing.v1.FilingService/ListApplications", b"{}",
            {"alliance-caller-bin": base64.b64encode(b"\x0a\x08province").decode()})
        self.assertEqual((status, error_of(body)[1]), (401, "LOGIN_REQUIRED"), body)

    def test_wrong_password_and_unknown_login_look_the_same(self):
        for login in ("firm-02", "nobody-here"):
            error = self.refused("unauthenticated", "BAD_CREDENTIALS", self.suite.anybody().login,
                                 login, "wrong")
            self.assertEqual(error.fields, [])

    def test_five_failures_lock_even_the_right_password(self):
        for _ in range(5):
            self.refused("unauthenticated", "BAD_CREDENTIALS", self.suite.anybody().login,
                         "firm-03", "wrong")
        self.refused("resource_exhausted", "LOCKED_OUT", self.suite.anybody().login, "firm-03",
                     self.suite.password())

    def test_logout_ends_the_session(self):
        once = self.suite.anybody().login("auditor", self.suite.password())
        self.assertEqual(once.call("account.GetSession")["role"], "auditor")
        once.call("account.Logout")
        self.refused("unauthenticated", "TOKEN_INVALID", once.call, "account.GetSession")


class Scope(WorldTest):
    """May you? Another's case and one that does not exist look the same (AIP-211)."""

    @classmethod
    def setUpClass(cls):
        World.suite.set_clock(cls.at)
        cls.case = cls().submitted("210100")

    def test_wrong_role(self):
        case = self.case
        lead = case.lead()
        for method in ("filing.AcceptApplication", "filing.GiveOpinion", "review.ClaimCase",
                       "subsidy.CreatePlan", "evaluation.PushScores"):
            self.refused("permission_denied", "NOT_PERMITTED", lead.act, method)
        self.refused("permission_denied", "NOT_PERMITTED", self.session("operator").call,
                     "filing.GetApplication", {"name": case.name})
        self.refused("permission_denied", "NOT_PERMITTED", self.session("finance").act,
                     "filing.RecordDecision", round=cast.ROUND)

    def test_wrong_region(self):
        etag = self.case.review_case()["etag"]
        officer = self.session("officer-dalian")
        self.refused("permission_denied", "NOT_PERMITTED", officer.call, "review.GetReviewCase",
                     {"name": self.case.review_name})
        self.refused("permission_denied", "NOT_PERMITTED", officer.act, "review.ClaimCase",
                     name=self.case.review_name, etag=etag, noConflictOfInterest=True)
        self.assertEqual(self.case.state(), "SUBMITTED")

    def test_unknown_looks_like_foreign(self):
        unknown = f"reviewCases/{uuid.uuid4()}"
        foreign = self.refused("permission_denied", "NOT_PERMITTED",
                               self.session("officer-dalian").call, "review.GetReviewCase",
                               {"name": self.case.review_name})
        missing = self.refused("permission_denied", "NOT_PERMITTED",
                               self.session("officer-dalian").call, "review.GetReviewCase",
                               {"name": unknown})
        self.assertEqual(foreign.message, missing.message)

    def test_another_lead(self):
        other = self.session("lead-dalian")
        self.refused("permission_denied", "NOT_PERMITTED", other.call, "filing.GetApplication",
                     {"name": self.case.name})
        self.refused("permission_denied", "NOT_PERMITTED", other.act, "filing.WithdrawApplication",
                     name=self.case.name)
        listed = other.call("filing.ListApplications").get("applications", [])
        self.assertNotIn(self.case.name, [one["name"] for one in listed])

    def test_wrong_state(self):
        error = self.refused("failed_precondition", "WRONG_STATE", self.case.by_officer, "PassCase")
        self.assertTrue(error.metadata)
        self.refused("failed_precondition", "WRONG_STATE", self.case.by_province, "AcceptApplication")
        self.assertEqual(self.case.state(), "SUBMITTED")

    def test_one_application_per_lead_and_round(self):
        self.refused("failed_precondition", "ALREADY_APPLIED", self.case.lead().act,
                     "filing.CreateApplication", round=cast.ROUND,
                     application={"recommenderRegion": "210100"})

    def test_unknown_round(self):
        self.refused("permission_denied", "ROUND_UNKNOWN", self.session("lead-dalian").call,
                     "filing.GetRound", {"name": "rounds/1999"})

    def test_conflict_of_interest_must_be_declared(self):
        self.refused("failed_precondition", "CONFLICT_OF_INTEREST", self.case.by_officer, "ClaimCase")


class Freshness(WorldTest):
    """etag and request_id (AIP-154, AIP-155)."""

    @classmethod
    def setUpClass(cls):
        World.suite.set_clock(cls.at)
        cls.case = cls().draft()

    def save(self, goals, etag, request_id):
        return self.case.lead().act(
            "filing.UpdateApplication", requestId=request_id, updateMask="form.alliance.goals",
            application={"name": self.case.name, "etag": etag, "form": {"alliance": {"goals": goals}}})

    def acts(self):
        return len(self.suite.timeline(self.case.name))

    def test_etag(self):
        etag = self.case.application()["etag"]
        self.save("先写的", etag, new_id())
        self.refused("aborted", "ETAG_STALE", self.save, "后写的", etag, new_id())
        self.refused("invalid_argument", "ETAG_REQUIRED", self.save, "没有 etag", "", new_id())
        self.assertEqual(self.case.application()["form"]["alliance"]["goals"], "先写的")

    def test_request_id_is_a_uuid(self):
        etag = self.case.application()["etag"]
        for wrong in ("", "1", "not-a-uuid-at-all"):
            self.refused("invalid_argument", "REQUEST_ID_REQUIRED", self.save, "目标", etag, wrong)

    def test_replay_gets_the_first_answer(self):
        etag, again = self.case.application()["etag"], new_id()
        first = self.save("重放", etag, again)
        before = self.acts()
        # The etag is stale by now; a repeat is looked up before freshness is judged.
        self.assertEqual(self.save("重放", etag, again), first)
        self.assertEqual(self.acts(), before, "one effect")

    def test_reused_with_another_body(self):
        etag, again = self.case.application()["etag"], new_id()
        self.save("第一个", etag, again)
        self.refused("invalid_argument", "REQUEST_ID_REUSED", self.save, "第二个", etag, again)
        self.assertEqual(self.case.application()["form"]["alliance"]["goals"], "第一个")

    def test_another_caller_may_use_the_same_request_id(self):
        etag, again = self.case.application()["etag"], new_id()
        self.save("甲", etag, again)
        firm = self.next_firm()
        made = self.session(firm.login).act("filing.CreateApplication", requestId=again,
                                            round=cast.ROUND,
                                            application={"recommenderRegion": firm.region})
        self.assertEqual(made["state"], "DRAFT")

    def test_refused_submission_leaves_nothing(self):
        before = (self.acts(), self.case.application()["etag"])
        error = self.refused("failed_precondition", "FORM_HAS_ERRORS", self.case.by_lead,
                             "SubmitApplication")
        self.assertGreater(len(error.fields), 10, "every wrong field at once")
        for field in error.fields:
            self.assertTrue(field["field"] and field["reason"] and field["textZh"] and field["textEn"])
        self.assertEqual((self.acts(), self.case.application()["etag"]), before)

    def test_a_paper_that_is_no_pdf(self):
        etag = self.case.application()["etag"]
        self.refused("invalid_argument", "FILE_REFUSED", self.case.lead().act, "filing.AttachPaper",
                     name=self.case.name, etag=etag,
                     paper={"slot": "A2_AGREEMENT", "fileName": "协议.pdf"},
                     content=base64.b64encode(b"MZ\x90\x00 not a pdf").decode())
        self.assertEqual(self.case.application().get("papers", []), [])


class Deadlines(WorldTest):
    """Half-open windows (R-009, R-010, Q1): the last second counts, the next does not."""

    at = None

    def test_enterprise_deadline(self):
        self.suite.set_clock("2023-04-25 20:00")
        punctual, late = self.complete_draft(), self.complete_draft()
        self.suite.set_clock("2023-04-25 23:59:58")
        receipt = punctual.by_lead("SubmitApplication")["receipt"]["receiveTime"]
        self.assertTrue(receipt.startswith("2023-04-25T15:59:5"), receipt)
        etag = late.application()["etag"]
        self.suite.set_clock("2023-04-26 00:00:00")
        # Applied at the next read or act: the draft has lapsed at the instant of the deadline.
        error = self.refused_any(late.lead().act, "filing.SubmitApplication", name=late.name, etag=etag)
        self.assertIn(error.reason, ("WINDOW_CLOSED", "WRONG_STATE"))
        late.is_now("LAPSED")
        lapse = [entry for entry in self.suite.timeline(late.name) if entry["action"] == "lapse"]
        self.assertEqual([entry["at"][:26] for entry in lapse], ["2023-04-26T00:00:00.000000"])
        self.assertEqual(lapse[0]["role"], "clock")

    def refused_any(self, act, *arguments, **fields):
        try:
            act(*arguments, **fields)
        except Exception as error:  # noqa: BLE001 - the caller looks at its reason
            return error
        raise AssertionError("it was done")

    def test_window_opens(self):
        firm = self.next_firm()
        create = dict(round=cast.ROUND, application={"recommenderRegion": firm.region})
        self.suite.set_clock("2023-04-02 23:59:57")
        self.refused("failed_precondition", "WINDOW_NOT_OPEN", self.session(firm.login).act,
                     "filing.CreateApplication", create)
        self.suite.set_clock("2023-04-03 00:00:00")
        made = self.session(firm.login).act("filing.CreateApplication", create)
        self.assertEqual(made["state"], "DRAFT")

    def test_correction_and_recommendation_deadline(self):
        self.suite.set_clock("2023-04-20 09:00")
        corrected, slow = self.submitted(), self.submitted()
        for case in (corrected, slow):
            filing_part.claim(self.stage, case)
            case.by_officer("ReturnCase", marks=[{"field": "alliance.goals", "reason": "请写明指标"}])
            case.is_now("RETURNED")
        self.suite.set_clock("2023-04-30 23:59:57")
        # Resubmitted after the enterprises' deadline: first submission was in time (Q1).
        self.assertEqual(corrected.by_lead("SubmitApplication")["state"], "SUBMITTED")
        etag = slow.application()["etag"]
        self.suite.set_clock("2023-05-01 00:00:00")
        error = self.refused_any(slow.lead().act, "filing.SubmitApplication", name=slow.name, etag=etag)
        self.assertIn(error.reason, ("CORRECTION_TIME_OVER", "WRONG_STATE"))
        slow.is_now("LAPSED")

    def test_recommendation_closes(self):
        self.suite.set_clock("2023-04-10 09:00")
        first, second = self.passed(), self.passed()
        for case in (first, second):
            filing_part.open_notice(self.stage, case)
        self.suite.set_clock("2023-04-30 23:59:56")
        self.suite.sweep()
        for case in (first, second):
            case.is_now("NOTICE_CLOSED")
        self.suite.set_clock("2023-04-30 23:59:57")
        filing_part.recommend(self.stage, first)
        self.suite.set_clock("2023-05-01 00:00:00")
        self.refused("failed_precondition", "RECOMMEND_CLOSED", filing_part.recommend, self.stage,
                     second)
        self.assertEqual(second.state(), "NOTICE_CLOSED")

    def test_objection_period(self):
        self.suite.set_clock("2023-04-10 09:00")
        case, other = self.passed(), self.passed()
        for one in (case, other):
            answer = filing_part.open_notice(self.stage, one)
            self.assertEqual(answer["lastDate"], "2023-04-14")
        self.suite.set_clock("2023-04-14 23:59:57")
        filing_part.object_to(self.stage, case)
        self.assertEqual(case.state(), "OBJECTED")
        self.suite.set_clock("2023-04-15 00:00:00")
        self.refused("failed_precondition", "OBJECTION_LATE", filing_part.object_to, self.stage, other)
        self.assertEqual(other.state(), "NOTICE_CLOSED")
