"""A second round in which a zone and a district of Dalian review, and recommend through their city
(reading Q3): its rule pack is published here, from the one of the first round."""

import base64
import json

import cast
import filing_part
from cast import ROUTE_ROUND, document, list_digest
from suite import ROOT

CITY = "officer-dalian"


def pack_text():
    """The rules of 2023, but the zone's route and a district of Dalian."""
    text = (ROOT / "common/rules/2023.textproto").read_text()
    for old, new in (('id: "2023-tsl"', f'id: "{ROUTE_ROUND.split("/")[1]}"'),
                     ('city: "210200" national: true shenda: true',
                      'city: "210200" national: true shenda: true route: "via_city"')):
        if text.count(old) != 1:
            raise ValueError(f"{old} stands {text.count(old)} times in the pack")
        text = text.replace(old, new)
    return (text + 'districts { code: "210204" office_name: "沙河口区科技局" city: "210200" }\n'
            'desk { basis { clause: "细则6(2)" sample: true } case_workdays: 3 }\n')


class Routes:
    def __init__(self, stage):
        self.stage = stage
        self.cases = {}

    def forward(self):
        stage = self.stage
        stage.chapter("二之二、经市推荐", "2b A zone and a district recommend through their city (reading Q3)")
        self.publish()
        for key, firm in cast.ROUTES.items():
            case = self.cases[key] = filing_part.open_draft(stage, firm, ROUTE_ROUND)
            filing_part.fill_in(case)
            filing_part.attach_all(case)
            filing_part.submit(stage, case)
            filing_part.claim(stage, case)
            self.within_reach(case)
            filing_part.pass_case(stage, case)
            error = stage.refused("ROUTE_VIA_CITY", filing_part.open_notice, stage, case)
            case.tell(f"初审通过；自行公示 → {error.text_zh}", "passed; a notice of its own: ROUTE_VIA_CITY")
            self.to_the_city(case)
        self.notice = stage.session(CITY).act(
            "review.OpenNotice", reviewCases=[case.review_name for case in self.cases.values()],
            notice=filing_part.notice_text(next(iter(self.cases.values()))))
        stage.tell("大连市", f"由市公示至{self.notice['lastDate']}", "the city puts both on notice: IN_NOTICE")

    def publish(self):
        stage, suite = self.stage, self.stage.suite
        path = suite.run / "2023-dalian.textproto"
        path.write_text(pack_text())
        published = json.loads(suite.ctl(
            "round", "publish", path, "--gateway", suite.http_address, "--login", "province",
            "--password-file", suite.run / "secrets/demo_password"))
        digest = published["rules_digest"]
        stage.becomes("everybody reads the new round", lambda: suite.anybody().call(
            "filing.GetRound", {"name": ROUTE_ROUND})["rulesDigest"], digest)
        stage.tell("省厅", f"发布第二批规则 {digest[:12]}", "a second round is published")

    def within_reach(self, case):
        """The city reads what its zone or district has, and may not act; another city knows nothing."""
        stage = self.stage
        etag = case.review_case()["etag"]
        stage.expect("the city reads", case.review_case(CITY)["office"], case.firm.region)
        release = dict(name=case.review_name, etag=etag, reason="由市办理")
        stage.refused("NOT_PERMITTED", stage.session(CITY).act, "review.ReleaseCase", release)
        stage.refused("NOT_PERMITTED", case.review_case, "officer-shenyang")

    def to_the_city(self, case):
        """With a letter and a list of its own (推荐函、汇总表)."""
        stage, officer = self.stage, self.stage.session(case.firm.reviewer)
        number, issuer = f"演推〔2023〕{case.firm.key[-1]}号", case.firm.reviewer
        digest = list_digest([f"{case.review_name}\t{case.review_case()['versionDigest']}"])
        frozen = officer.act("review.PrepareRecommendation", reviewCases=[case.review_name],
                             letterNumber=number, letterDate="2023-04-06", letterIssuer=issuer)
        stage.expect("to the city", frozen["letter"]["addressee"], "大连市科技局")
        letter = document("关于报送联盟的函", number, issuer, "2023-04-06")
        request = dict(reviewCases=[case.review_name], formalLetter=letter)
        stage.refused("LIST_MISMATCH", officer.act, "review.ForwardCases", request, listDigest=digest)
        done = officer.act("review.ForwardCases", request, listDigest=digest, recommendationList=frozen["name"])
        stage.expect("the city has it", (done["city"], case.review_case()["office"]), ("210200", "210200"))
        stage.refused("NOT_PERMITTED", case.by_officer, "ReopenCase", reason="再核实")
        case.tell("以正式函和汇总表报送大连市", "forwarded to the city with letter and list")

    def recommend(self):
        stage = self.stage
        folder = stage.suite.run / "prints"
        for case in self.cases.values():
            frozen = filing_part.recommend(stage, case, CITY)
            for part, form in (("LETTER", "PDF"), ("SUMMARY", "PDF"), ("SUMMARY", "XLSX")):
                printed = stage.session(CITY).call("review.PrintRecommendation",
                                                   {"name": frozen["name"], "part": part, "format": form})
                content = base64.b64decode(printed["content"])
                stage.expect(f"{part} as {form}", content[:2], b"PK" if form == "XLSX" else b"%P")
                (folder / f"{case.firm.key}-{part.lower()}.{form.lower()}").write_bytes(content)
            case.tell("由大连市推荐；推荐函、汇总表（PDF、XLSX）已生成",
                      "recommended by the city; letter and summary table printed: RECOMMENDED")
        self.seen_by_the_auditor()

    def seen_by_the_auditor(self):
        """All that the district did, and a case as it was before it went to the city."""
        stage, auditor = self.stage, self.stage.session("auditor")
        acts = auditor.call("review.ListRegionActs", {"region": "210204", "pageSize": 200})["acts"]
        stage.expect("the district's acts", [act["action"] for act in acts],
                     ["claim", "record", "pass", "prepare_recommendation", "forward", "forward"])
        case = self.cases["dalian-3"]
        claimed = next(act["actTime"] for act in acts if act["action"] == "claim")
        then = auditor.call("review.GetReviewCase", {"name": case.review_name, "asOf": claimed})
        stage.expect("as it was then", (then["state"], then["office"]), ("REVIEWING", "210204"))
        stage.tell("审计", f"沙河口区办理记录{len(acts)}条，可按时点还原案件",
                   f"{len(acts)} acts of the district; its case as it was at any instant")
