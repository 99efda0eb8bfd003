"""First half of the story: from the draft to the registry (notice items 1 and 2, articles 4 to 6)."""

import base64
import hashlib
import json
import os
import uuid

import cast
import route_part
from cast import ROUND, document, list_digest, wan
from stage import FilingCase, local
from suite import ROOT

# Those that are recommended in time and decided upon.
LISTED = ("shenyang", "dalian", "anshan", "shenfu", "benxi", "dandong", "jinzhou", "yingkou", "fuxin")
# How many of them are drawn for the survey; all of them, and nothing in the story is left to chance.
DRAWN = int(os.environ.get("ALLIANCE_DEMO_DRAW", "3"))
CONDITIONS = ("A4_1", "A4_2", "A4_3", "A4_4")
REASONS = {"A4_1": "营业执照和现场照片一致", "A4_2": "合作协议和发票齐全", "A4_3": "专项审计报告",
           "A4_4": "活动签到表四份"}


def play(stage):
    the_round(stage)
    drafts_and_submissions(stage)
    review(stage)
    through_the_city = route_part.Routes(stage)
    through_the_city.forward()
    public_notice(stage)
    recommendation(stage)
    through_the_city.recommend()
    survey(stage)
    deadlines(stage)
    province(stage)


def the_round(stage):
    """What the calendar leaves, and that the round's rules are what was published."""
    stage.chapter("〇、批次", "0 The round and its rule pack (R-001, reading Q2)")
    suite = stage.suite
    checked = json.loads(suite.ctl("round", "check", "2023"))
    report = checked["feasibility"][0]
    stage.expect("working days between the deadlines", report["workdays"], 3)
    stage.expect("a notice starts at the latest", report["notices"][0]["latest_start"], "2023-04-24")
    shown = suite.anybody().call("filing.GetRound", {"name": ROUND})
    stage.expect("everybody reads the same digest", shown["rulesDigest"], checked["rules_digest"])
    publish = ("round", "publish", ROOT / "common/rules/2023.textproto", "--gateway", suite.http_address,
               "--login", "province", "--password-file", suite.run / "secrets/demo_password")
    again = json.loads(suite.ctl(*publish))
    stage.expect("published again: the same", again["rules_digest"], checked["rules_digest"])
    changed = suite.run / "another.textproto"
    changed.write_text((ROOT / "common/rules/2023.textproto").read_text().replace("min_experts: 3", "min_experts: 4"))
    refused = suite.ctl(*publish[:2], changed, *publish[3:], expect=None)
    stage.expect("other rules for the same round", (refused.returncode, "SUPERSEDES_MISMATCH" in refused.stderr),
                 (1, True))
    stage.tell("省厅", "截止之间仅3个工作日，公示最晚4月24日开始；同一批次不接受另一套规则",
               "3 working days between the deadlines, a notice starts by 24 April; one round, one set of rules")


# Steps of one case --------------------------------------------------------------------------------

def open_draft(stage, firm, round_=ROUND):
    case = FilingCase(stage, firm)
    made = case.lead().act("filing.CreateApplication", round=round_,
                           application={"recommenderRegion": firm.region})
    case.name, case.id = made["name"], made["name"].split("/")[1]
    stage.cases[firm.key] = case
    stage.expect(f"{firm.label}: new draft", made["state"], "DRAFT")
    return case


def fill_in(case, form=None):
    etag = case.application()["etag"]
    return case.lead().act("filing.UpdateApplication", application={
        "name": case.name, "etag": etag, "form": form or cast.form(case.firm)}, updateMask="form")


def attach(case, slot, member="", text=""):
    name = f"{slot.lower()}{'_' + member if member else ''}.pdf"
    return case.by_lead("AttachPaper",
                        paper={"slot": slot, "memberCreditCode": member, "fileName": name},
                        content=base64.b64encode(cast.scan(f"{name} {text}")).decode())


def attach_all(case):
    for slot, member in cast.papers(case.firm):
        answer = attach(case, slot, member)
    return answer


def type_in(case, **entries):
    """Fields as a person types them; "__" stands for a dot."""
    return case.lead().act(
        "filing.UpdateApplication", application={"name": case.name, "etag": case.application()["etag"]},
        entries=[{"field": field.replace("__", "."), "text": text} for field, text in entries.items()])


def file_call(client, verb, path, body=None, **headers):
    """One call below /files/: (status, headers, body)."""
    names = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return client.raw(f"/files/{path}", body, {"Content-Type": None, **names}, verb=verb)


def upload(stage, case, slot, content):
    """In two pieces over HTTP, the second after a look where to go on, as after a broken connection."""
    lead = case.lead()
    made = lead.act("filing.CreateUpload", application=case.name, paper={
        "slot": slot, "fileName": "联盟协议.pdf", "sizeBytes": str(len(content))})
    half = len(content) // 2
    status, _, _ = file_call(lead, "PUT", made["name"], content[:half], upload_offset="0")
    stage.expect("the first piece is taken", status, 204)
    status, headers, _ = file_call(lead, "HEAD", made["name"])
    stage.expect("where to go on", (status, headers["Upload-Offset"]), (200, str(half)))
    status, headers, _ = file_call(lead, "PUT", made["name"], content[half:], upload_offset=str(half))
    stage.expect("the upload is complete", (status, headers["Upload-Offset"]), (204, str(len(content))))
    answer = case.by_lead("AttachPaper", upload=made["name"])
    paper = next(p for p in answer["papers"] if p["slot"] == slot)
    stage.expect("its digest", base64.b64decode(paper["sha256"]).hex(), hashlib.sha256(content).hexdigest())


def download(stage, case, slot):
    """The recommender reads the beginning of a paper; another region's sees nothing."""
    paper = next(p for p in case.application("province")["papers"] if p["slot"] == slot)
    path = "papers/{1}/{3}".format(*paper["name"].split("/"))
    # The declaration that came with the claim is on its way to where the papers are.
    stage.becomes("the papers open", lambda: file_call(
        stage.session(case.firm.reviewer), "GET", path, range="bytes=0-4")[0], 206)
    status, headers, body = file_call(stage.session(case.firm.reviewer), "GET", path, range="bytes=0-4")
    stage.expect("a range of the paper", (status, body), (206, b"%PDF-"))
    stage.expect("only ever a download", headers["Content-Disposition"].split(";")[0], "attachment")
    other = next(firm for firm in cast.CAST.values() if firm.place != case.firm.place)
    status, _, _ = file_call(stage.session(other.reviewer), "GET", path)
    stage.expect("another region reads nothing", status, 403)


def print_out(stage, case):
    """Form and receipt of the last version; anybody can check the print by its code."""
    folder = stage.suite.run / "prints"
    folder.mkdir(exist_ok=True)
    lead, anybody = case.lead(), stage.suite.anybody()
    prints = {"申请表": lead.call("filing.PrintApplication", {"name": case.name, "kind": "FINAL"}),
              "回执": lead.call("filing.PrintReceipt", {"name": case.name}),
              "空白申请表": anybody.call("filing.PrintAnnex", {"round": ROUND, "annex": 2})}
    for what, answer in prints.items():
        content = base64.b64decode(answer["content"])
        stage.expect(f"{what} is a PDF", content[:5], b"%PDF-")
        stage.expect(f"{what}: its digest", hashlib.sha256(content).digest(), base64.b64decode(answer["sha256"]))
        (folder / f"{what}.pdf").write_bytes(content)
    code = prints["申请表"]["checkCode"]
    check = anybody.call("filing.CheckPrint", {"name": case.name, "checkCode": code})
    stage.expect("the print is genuine", check.get("matches"), True)
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    error = stage.refused("INVALID_REQUEST", anybody.call, "filing.CheckPrint",
                          {"name": case.name, "checkCode": wrong})
    stage.expect("a mistyped code", error.fields[0]["reason"], "CHECK_CODE_MISTYPED")
    case.tell(f"打印申请表、回执，校验码 {code}", f"form and receipt printed to {folder.name}/, check code {code}")


def submit(stage, case):
    answer = case.by_lead("SubmitApplication")
    stage.expect(f"{case.firm.label}: after submit", answer["state"], "SUBMITTED")
    stage.expect(f"{case.firm.label}: receipt names the version",
                 answer["receipt"]["versionDigest"], answer["versionDigest"])
    return answer


def claim(stage, case, officer=None):
    stage.becomes(f"{case.firm.label}: at the recommender",
                  lambda: case.review_case(officer)["state"], "SUBMITTED")
    answer = case.by_officer("ClaimCase", officer, noConflictOfInterest=True)
    stage.expect(f"{case.firm.label}: claimed", answer["state"], "REVIEWING")


def claim_together(stage, cases, held):
    """Many in one request, each done or refused by itself; a repeat does nothing again."""
    officer = stage.session(cases[0].firm.reviewer)
    request = {"requestId": str(uuid.uuid4()), "decisions": [
        {"claimCase": {"name": case.review_name, "etag": case.review_case()["etag"], "noConflictOfInterest": True}}
        for case in (*cases, held)]}
    answer = officer.call("review.DecideCases", request)
    stage.expect("claimed together", [r["reviewCase"]["state"] for r in answer["results"][:-1]],
                 ["REVIEWING"] * len(cases))
    stage.expect("what cannot be claimed is refused alone", answer["results"][-1]["refusal"]["reason"],
                 "WRONG_STATE")
    stage.expect("a repeat", officer.call("review.DecideCases", request), answer)
    stage.tell(cases[0].firm.place, f"一次受理{len(cases)}件，另一件状态不符单独说明",
               f"{len(cases)} claimed in one request, a fourth refused by itself")


def record(case, failed=(), officer=None, rd=True):
    conditions = [{"condition": c, "verdict": "FAIL" if c in failed else "PASS",
                   "reason": "未提供任何活动材料" if c in failed else REASONS[c],
                   "evidence": "A2_AGREEMENT 第3页"} for c in CONDITIONS]
    figure = {"verifiedRdFen": str(wan(case.firm.rd)), "verifiedRdEvidence": "audit_report"} if rd else {}
    return case.by_officer("RecordConditions", officer, conditions=conditions, **figure)


def pass_case(stage, case, officer=None):
    answer = record(case, officer=officer)
    stage.expect(f"{case.firm.label}: verified R&D", answer["verifiedRdFen"], str(wan(case.firm.rd)))
    answer = case.by_officer("PassCase", officer)
    stage.expect(f"{case.firm.label}: passed", answer["state"], "PASSED")


def open_notice(stage, case, **fields):
    answer = stage.session(case.firm.reviewer).act(
        "review.OpenNotice", reviewCases=[case.review_name], notice=notice_text(case), **fields)
    case.notice = answer["name"]
    return answer


def notice_text(case):
    return {"channel": f"{case.firm.place}科技局网站",
            "link": f"https://kjj.example.cn/notices/{case.firm.key}",
            "text": document(f"关于{case.firm.alliance_name}的公示", issuer=f"{case.firm.place}科技局")}


def object_to(stage, case, name="演示群众甲", grounds="成员单位未实际参与研发，附说明材料"):
    return stage.suite.anybody().act(
        "review.FileObjection", reviewCase=case.review_name, objectorName=name,
        objectorContact="024-00000001", grounds=grounds, evidence=document("异议证据材料"))


def recommend(stage, case, officer=None):
    officer = stage.session(officer or case.firm.reviewer)
    number = f"演科推〔2023〕{len(case.firm.key)}号"
    digest = list_digest([f"{case.review_name}\t{case.review_case()['versionDigest']}"])
    issuer = f"{case.firm.place}科技局"
    frozen = officer.act(
        "review.PrepareRecommendation", reviewCases=[case.review_name], letterNumber=number,
        letterDate="2023-04-14", letterIssuer=issuer)
    stage.expect(f"{case.firm.label}: the frozen list", frozen["listDigest"], digest)
    answer = officer.act(
        "review.RecommendCases", reviewCases=[case.review_name], listDigest=digest,
        recommendationList=frozen["name"],
        formalLetter=document("关于推荐备案联盟的函", number, issuer, "2023-04-14"))
    stage.expect(f"{case.firm.label}: recommended", answer["reviewCases"], [case.review_name])
    case.is_now("RECOMMENDED")
    return frozen


def give_opinion(stage, case):
    answer = case.by_province("GiveOpinion", opinion="符合条件，建议备案",
                              document=document("主管业务处室意见", issuer="演示业务处"))
    stage.expect(f"{case.firm.label}: after the opinion", answer["state"], "PENDING_DECISION")


def decide(verdicts, meeting, date):
    """verdicts: {case: (verdict, reason)}"""
    items = [{"application": case.name, "verdict": verdict, "reason": reason}
             for case, (verdict, reason) in verdicts.items()]
    lines = [f"{case.name}\t{case.application('province')['versionDigest']}\t{verdict}"
             for case, (verdict, _) in verdicts.items()]
    return dict(round=ROUND, meetingNumber=meeting, meetingDate=date,
                minutes=document("厅党组会议纪要", meeting, "演示科技厅", date), items=items,
                listDigest=list_digest(lines))


# The chapters -------------------------------------------------------------------------------------

def drafts_and_submissions(stage):
    stage.chapter("一、自主申请", "1 The enterprises apply (article 6(1))")
    stage.at("2023-04-02 23:50")
    hero = cast.CAST["shenyang"]
    stage.refused("WINDOW_NOT_OPEN", open_draft, stage, hero, who=hero.place,
                  zh="申报开始前新建申请", en="a draft before the window")
    stage.at("2023-04-03 09:00")
    round_ = stage.suite.session(hero.login).call("filing.GetRound", {"name": ROUND})
    stage.expect("the round opens", local(round_["openTime"]), "2023-04-03T00:00:00+08:00")
    firms = [*cast.CAST.values(), *cast.SUPPORT.values()]
    for firm in firms:
        open_draft(stage, firm)
    cases = stage.cases
    stage.tell("各地", f"{len(firms)} 家盟主企业新建草稿", f"{len(firms)} leads open drafts: DRAFT")

    case = cases["shenyang"]
    half = cast.form(hero)
    half["lead"]["techStaff"] = {"y1": 200, "y2": 30}      # more than all staff: X01
    half["alliance"]["rdSpendFen"] = {"y1": str(wan(1))}   # below the lead's, and one year empty: X05
    half["alliance"]["goals"] = "目" * 501                 # one character too many
    fill_in(case, half)
    found = case.lead().call("filing.ValidateApplication", {"name": case.name})
    words = {problem["field"]: problem["reason"] for problem in found["errors"]}
    for field in ("lead.tech_staff.y1", "alliance.rd_spend_fen.y1", "alliance.rd_spend_fen.y2",
                  "alliance.goals"):
        stage.expect(f"填写检查 finds {field}", field in words, True)
    error = stage.refused("FORM_HAS_ERRORS", case.by_lead, "SubmitApplication", who=hero.place,
                          zh="带着错误提交", en="submitting with errors")
    for problem in error.fields[:3]:
        case.tell(f"{problem['field']}: {problem['textZh']}", problem["reason"], mark=" ")
    fill_in(case)
    error = stage.refused("INVALID_REQUEST", type_in, case, lead__rd_spend_fen__y1="1,234.567",
                          lead__staff__y1="一百人", who=hero.place, zh="万元填了三位小数，人数填了汉字",
                          en="a third decimal, and a number in words")
    stage.expect("all wrong fields at once", sorted(f["field"] for f in error.fields),
                 ["lead.rd_spend_fen.y1", "lead.staff.y1"])
    full_width = str(hero.rd).translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    typed = type_in(case, lead__rd_spend_fen__y1=full_width)
    stage.expect("万元 as typed", typed["form"]["lead"]["rdSpendFen"]["y1"], str(wan(hero.rd)))
    error = stage.refused("PAPERS_MISSING", case.by_lead, "SubmitApplication", who=hero.place,
                          zh="材料不齐提交", en="submitting without papers")
    for key, other in cases.items():
        if key == "panjin":
            continue  # never gets further than a draft
        if other is not case:
            fill_in(other)
        attach_all(other)
    upload(stage, case, "A2_AGREEMENT", cast.scan("联盟协议" + "页" * 200_000))
    case.tell("联盟协议分两段上传，断点续传", "the agreement uploaded in two pieces, resumed")
    stage.tell("各地", "附件2表格填写完整，材料上传", "the complete Annex 2 form and all papers are in")

    stage.at("2023-04-04 09:00")
    cases["liaoyang"].withdraw()
    cases["liaoyang"].is_now("WITHDRAWN")
    cases["liaoyang"].tell("撤回草稿", "withdraws its draft: WITHDRAWN")
    for key, other in cases.items():
        if key in ("panjin", "liaoyang"):
            continue
        answer = submit(stage, other)
        if key in cast.CAST:
            other.tell(f"提交，版本{answer['versionNumber']}，回执 {answer['receipt']['versionDigest'][:12]}",
                       "submitted: SUBMITTED")
    print_out(stage, case)
    withdrawn = cases["shenyang-3"]
    withdrawn.withdraw()
    withdrawn.is_now("WITHDRAWN")
    withdrawn.tell("待初审时撤回", "withdrawn before review, by the gateway's redirect: WITHDRAWN")


def review(stage):
    stage.chapter("二、初审", "2 The recommenders review (articles 4, 6(2))")
    cases = stage.cases
    hero = cases["shenyang"]

    claim(stage, hero)
    hero.by_officer("ReturnCase", marks=[
        {"field": "lead.cooperation_spend_fen.y1", "reason": "与合作协议金额不一致，请核对"},
        {"field": "papers.A2_AGREEMENT", "reason": "缺少成员单位盖章页"}])
    hero.is_now("RETURNED")
    seen = hero.application()
    stage.expect("the lead sees the marks", len(seen.get("marks", [])), 2)
    stage.expect("the lead's label", seen["applicantLabel"], "请修改")
    hero.tell("退回修改，标注两处", "returned with two field marks: RETURNED")

    for key in ("huludao", "shenyang-2"):
        claim(stage, cases[key])
        cases[key].by_officer("ReturnCase", marks=[{"field": "lead.rd_spend_fen.y1",
                                                    "reason": "与审计报告不符"}])
        cases[key].is_now("RETURNED")
        cases[key].tell("退回修改", "returned: RETURNED")
    cases["shenyang-2"].withdraw()
    cases["shenyang-2"].is_now("WITHDRAWN")
    cases["shenyang-2"].tell("退回后撤回", "withdrawn after the return: WITHDRAWN")

    tieling = cases["tieling"]
    claim(stage, tieling)
    tieling.withdraw()
    tieling.is_now("WITHDRAWN")
    tieling.tell("初审中撤回，网关转到推荐单位", "withdrawn while in review, by the gateway's redirect: WITHDRAWN")

    chaoyang = cases["chaoyang"]
    claim(stage, chaoyang)
    record(chaoyang, failed=("A4_4",))
    stage.refused("CONDITION_FAILED", chaoyang.by_officer, "PassCase", who="朝阳市",
                  zh="条件不符仍要通过", en="passing with a failed condition")
    chaoyang.by_officer("RejectCase", reason="第四条第4项不符合")
    chaoyang.is_now("REJECTED")
    chaoyang.tell("初审不通过：未组织活动", "rejected: REJECTED")

    benxi = cases["benxi"]
    claim(stage, benxi)
    second = stage.session("officer-benxi-2")
    undeclared = benxi.review_case("officer-benxi-2")
    stage.expect("nothing of the form without a declaration", ("form" in undeclared, undeclared["formWithheld"]),
                 (False, True))
    benxi.by_officer("ReassignCase", reviewer="officer-benxi-2", reason="出差")
    stage.refused("CONFLICT_OF_INTEREST", record, benxi, officer="officer-benxi-2", who="本溪市",
                  zh="未作利益冲突声明就审核", en="reviewing without a declaration of interest")
    declared = second.act("review.DeclareInterest", name=benxi.review_name, noConflictOfInterest=True)
    stage.expect("who has it now", declared["reviewer"], "officer-benxi-2")
    benxi.tell("转交同事，声明无利益冲突后方可查看", "reassigned; the form opens with a declaration of interest")
    benxi.by_officer("ReleaseCase", "officer-benxi-2", reason="工作量调整")
    claim(stage, benxi, "officer-benxi-2")
    benxi.tell("释放后再次受理", "released and claimed again: REVIEWING")

    stage.at("2023-04-06 09:00")
    stage.refused("ETAG_STALE", hero.lead().act, "filing.SubmitApplication", name=hero.name,
                  etag='"1"', who="沈阳市", zh="用旧的 etag 提交", en="submitting with a stale etag")
    corrected = cast.form(hero.firm)
    corrected["lead"]["cooperationSpendFen"]["y1"] = str(wan("61.20"))
    fill_in(hero, corrected)
    attach(hero, "A2_AGREEMENT", text="含盖章页")
    answer = submit(stage, hero)
    stage.expect("a new version", answer["versionNumber"], 2)
    hero.tell("按标注修改后再次提交，版本2", "corrected and resubmitted: SUBMITTED, version 2")
    differences = hero.lead().call("filing.DiffVersions", {"name": hero.name, "fromNumber": 1, "toNumber": 2})
    stage.expect("what differs from version 1", [change["field"] for change in differences["changes"]],
                 ["lead.cooperation_spend_fen.y1", "papers.A2_AGREEMENT"])

    claim(stage, hero)
    seen = hero.review_case()
    stage.expect("what was asked for, with both values", sorted(c["field"] for c in seen["requestedChanges"]),
                 ["lead.cooperation_spend_fen.y1", "papers.A2_AGREEMENT"])
    stage.expect("and nothing else", seen.get("unrequestedEdits", []), [])
    download(stage, hero, "A2_AGREEMENT")
    error = stage.refused("CONDITION_OPEN", hero.by_officer, "PassCase", who="沈阳市",
                          zh="条件未逐项审核就通过", en="passing with open conditions")
    stage.expect("open conditions", error.metadata.get("count"), "4")
    for condition in CONDITIONS:
        hero.by_officer("RecordConditions", conditions=[{
            "condition": condition, "verdict": "PASS", "reason": REASONS[condition],
            "evidence": "A4B_AUDIT_REPORT 第2页"}])
        hero.tell(f"第四条第{condition[-1]}项 通过：{REASONS[condition]}", f"{condition} PASS")
    pass_case(stage, hero)
    hero.tell(f"核定研发投入 {hero.firm.rd} 万元，初审通过", "verified R&D recorded: PASSED")

    claim_together(stage, [cases[key] for key in ("shenyang-4", "shenyang-5", "shenyang-6")], hero)
    for key in ("shenyang-4", "shenyang-5", "shenyang-6"):
        pass_case(stage, cases[key])
    for key in (*LISTED[1:4], *LISTED[5:], "shenfu-2", "shenfu-3", "shenfu-4"):
        claim(stage, cases[key])
        pass_case(stage, cases[key])
    pass_case(stage, benxi, "officer-benxi-2")
    benxi.by_officer("ReopenCase", "officer-benxi-2", reason="补充核对审计报告")
    benxi.is_now("REVIEWING")
    benxi.by_officer("PassCase", "officer-benxi-2")
    benxi.tell("重新打开后再次通过", "reopened and passed again: PASSED")
    stage.tell("各地", "另有十三家初审通过", "thirteen more: PASSED")
    cases["shenyang-4"].withdraw()
    cases["shenyang-4"].is_now("WITHDRAWN")
    cases["shenyang-4"].tell("初审通过后撤回", "withdrawn after passing: WITHDRAWN")


def public_notice(stage):
    stage.chapter("三、公示", "3 Public notice, 5 working days (article 6(2))")
    cases = stage.cases
    stage.at("2023-04-07 09:00")
    for key in (*LISTED, "shenyang-5", "shenfu-4"):
        answer = open_notice(stage, cases[key])
        stage.expect(f"{key}: last day of the notice", answer["lastDate"], "2023-04-13")
        stage.expect(f"{key}: end of the notice", local(answer["endTime"]), "2023-04-14T00:00:00+08:00")
    public = stage.suite.anybody().call("review.GetNotice", {"name": cases["shenyang"].notice})
    item = public["items"][0]
    stage.expect("public fields only", sorted(set(item) - {"highTechZone"}),
                 ["allianceName", "leadName", "region", "reviewCase", "technicalField", "versionNumber"])
    running = stage.suite.anybody().call("review.ListNotices", {"state": "OPEN", "pageSize": 200})["notices"]
    stage.expect("everybody may list the running notices", len(running) >= 11, True)
    stage.expect("each with its address", all(notice["link"].startswith("https://") for notice in running), True)
    plan = stage.session(cases["shenyang"].firm.reviewer).call(
        "review.PlanNotice", {"round": ROUND, "startDate": "2023-04-25"})
    stage.expect("the planner's latest start", plan["latestStartDate"], "2023-04-24")
    stage.expect("the planner warns of the 25th", plan["endsAfterDeadline"], True)
    stage.tell("各地", "十一个联盟公示，4月7日至13日", "eleven on notice, 7 to 13 April: IN_NOTICE")

    stage.at("2023-04-10 10:00")
    stage.refused("OBJECTION_ANONYMOUS", object_to, stage, cases["dalian"], name="", who="群众",
                  zh="匿名异议", en="an anonymous objection")
    for key in ("dalian", "anshan", "shenfu"):
        object_to(stage, cases[key])
        cases[key].is_now("OBJECTED")
    object_to(stage, cases["dalian"], "演示群众乙", "同一事项的补充说明")
    stage.tell("群众", "对大连、鞍山、沈抚提出实名异议", "real-name objections to three: OBJECTED")
    stage.expect("the lead does not see the objection",
                 "异议" in cases["dalian"].application().get("applicantLabel", ""), False)

    stage.at("2023-04-11 10:00")
    handling = document("异议处理记录", issuer="演示科技局")
    listed = {"reviewCase": cases["dalian"].review_name}
    objections = stage.session(cases["dalian"].firm.reviewer).act("review.ListObjections", listed)["objections"]
    stage.expect("who handles them reads them", [o["objectorName"] for o in objections], ["演示群众甲", "演示群众乙"])
    stage.refused("NOT_PERMITTED", cases["dalian"].lead().call, "review.ListObjections", listed)
    cases["dalian"].by_officer("DismissObjection", reason="经核查，成员已参与研发", record=handling)
    cases["dalian"].is_now("IN_NOTICE")
    cases["dalian"].tell("异议不成立，继续公示", "objections dismissed: IN_NOTICE")
    cases["shenfu"].by_officer("UpholdObjection", reason="成员职责须重新核实", record=handling)
    cases["shenfu"].is_now("REVIEWING")
    cases["shenfu"].tell("异议成立，回到初审", "objection upheld: REVIEWING")
    pass_case(stage, cases["shenfu"])

    stage.at("2023-04-12 09:00")
    answer = cases["anshan"].by_officer("RenoticeCase", reason="处理后再次公示", record=handling,
                                        notice=notice_text(cases["anshan"]))
    stage.expect("a new batch", answer["noticeBatch"] != cases["anshan"].notice, True)
    cases["anshan"].notice = answer["noticeBatch"]
    cases["anshan"].is_now("IN_NOTICE")
    answer = open_notice(stage, cases["shenfu"])
    stage.expect("second notice ends", local(answer["endTime"]), "2023-04-19T00:00:00+08:00")
    stage.tell("各地", "鞍山、沈抚再次公示至18日", "second notices until 18 April: IN_NOTICE")

    stage.at("2023-04-13 15:00")
    dandong = cases["dandong"]
    stage.refused("REASON_REQUIRED", stage.session(dandong.firm.reviewer).act, "review.CloseNotice",
                  name=dandong.notice, who="丹东市", zh="未期满无理由结束公示",
                  en="closing a notice early without a reason")
    object_to(stage, dandong)
    stage.at("2023-04-14 00:00:01")
    stage.refused("OBJECTION_LATE", object_to, stage, cases["dalian"], who="群众", zh="期满后的异议",
                  en="an objection after the end")
    stage.suite.sweep()
    for key in ("shenyang", "dalian", "benxi", "jinzhou", "yingkou", "fuxin", "shenyang-5", "shenfu-4"):
        cases[key].is_now("NOTICE_CLOSED")
    dandong.by_officer("DismissObjection", reason="期满后核查，异议不成立", record=handling)
    dandong.is_now("NOTICE_CLOSED")
    stage.tell("各地", "公示期满，无异议或异议已处理", "periods over: NOTICE_CLOSED")


def recommendation(stage):
    stage.chapter("四、推荐", "4 Recommendation with a formal letter (R-036, R-083)")
    cases = stage.cases
    stage.at("2023-04-14 10:00")
    hero = cases["shenyang"]
    stage.refused("LIST_MISMATCH", stage.session(hero.firm.reviewer).act, "review.RecommendCases",
                  reviewCases=[hero.review_name], listDigest="0" * 64,
                  formalLetter=document("关于推荐备案联盟的函", "演科推〔2023〕1号", "沈阳市科技局", "2023-04-14"),
                  who="沈阳市", zh="汇总表与清单不符", en="a summary table that is not the list")
    for key in ("shenyang", "dalian", "benxi", "dandong", "jinzhou", "yingkou", "fuxin", "shenyang-5"):
        recommend(stage, cases[key])
    stage.tell("各地", "八家以正式文件推荐", "eight recommended by formal letter: RECOMMENDED")

    stage.at("2023-04-17 10:00")
    benxi = cases["benxi"]
    benxi.by_province("SendBackApplication", reason="成员资质材料需推荐单位再核实")
    benxi.is_now("REVIEWING")
    benxi.tell("省厅退回推荐单位", "sent back by the province: REVIEWING")
    pass_case(stage, benxi, "officer-benxi-2")
    shenyang5 = cases["shenyang-5"]
    shenyang5.by_province("AcceptApplication")
    shenyang5.is_now("ACCEPTED")
    shenyang5.by_province("SendBackApplication", reason="受理后发现协议过期")
    shenyang5.is_now("REVIEWING")
    shenyang5.tell("受理后退回推荐单位", "sent back after acceptance: REVIEWING")
    stage.at("2023-04-18 09:00")
    answer = open_notice(stage, benxi)
    stage.expect("Sunday 23 April is a working day", answer["lastDate"], "2023-04-23")
    stage.at("2023-04-19 00:00:01")
    stage.suite.sweep()
    stage.at("2023-04-19 09:00")
    for key in ("anshan", "shenfu"):
        cases[key].is_now("NOTICE_CLOSED")
        recommend(stage, cases[key])
    stage.at(local(answer["endTime"], 1))
    stage.suite.sweep()
    benxi.is_now("NOTICE_CLOSED")
    recommend(stage, benxi)
    stage.tell("各地", "再次公示的三家也已推荐", "the three with second notices are recommended too")


def survey(stage):
    stage.chapter("五、受理与随机调研", "5 Acceptance and the random survey (article 6(3))")
    cases = stage.cases
    listed = [cases[key] for key in LISTED]
    division = stage.session("province")
    committed = division.act("filing.CommitDraw", round=ROUND)
    stage.tell("省厅", f"公布抽取种子摘要 {committed['seedDigest'][:16]}", "the seed is committed before the list")
    stage.at("2023-04-25 09:00")
    for case in listed:
        answer = case.by_province("AcceptApplication")
        stage.expect(f"{case.firm.label}: accepted", answer["state"], "ACCEPTED")
    stage.refused("DRAW_OPEN", give_opinion, stage, cases["shenyang"], who="省厅",
                  zh="抽取前出具意见", en="an opinion before the draw")
    drawn = division.act("filing.DrawSurvey", round=ROUND, count=DRAWN)
    stage.expect("drawn", len(drawn["drawn"]), DRAWN)
    stage.expect("the seed is the committed one", drawn["seedDigest"], committed["seedDigest"])
    stage.expect("the closed list", drawn["applications"], sorted(case.name for case in listed))
    stage.expect("anybody can draw again from the seed", drawn["drawn"], redraw(drawn, DRAWN))
    visited = [case for case in listed if case.name in drawn["drawn"]]
    stage.tell("省厅", "随机抽中 " + "、".join(case.firm.label for case in visited),
               "drawn at random, drawn again here from the seed: SURVEYING")
    for case in visited:
        case.is_now("SURVEYING")

    panjin = cases["panjin"]
    stage.at("2023-04-25 23:59:50")
    panjin.is_now("DRAFT")
    stage.at("2023-04-26 00:00:01")
    stage.suite.sweep()
    panjin.is_now("LAPSED")
    panjin.tell("4月25日24时已过，草稿逾期", "the draft lapses at 24:00 on 25 April: LAPSED")

    stage.at("2023-04-27 09:00")
    for case in visited:
        case.by_province("RecordSurvey", findings="现场设备、人员与材料一致",
                         record=document("调研考察记录", issuer="演示业务处"))
        case.is_now("SURVEYED")
    back = visited[0]
    back.by_province("SendBackApplication", reason="现场发现成员名单有变，请推荐单位核实")
    back.is_now("REVIEWING")
    back.tell("调研后退回推荐单位", "sent back after the survey: REVIEWING")
    pass_case(stage, back)
    stage.refused("PLANNER_WARNING_OPEN", open_notice,
                  stage, back, who=back.firm.label, zh="公示将晚于推荐截止，未说明理由",
                  en="a notice that ends after the deadline, without a reason")
    answer = open_notice(stage, back, reason="省厅退回后补充公示")
    stage.expect("the planner warns", answer.get("endsAfterDeadline"), True)
    for key in ("shenfu-2", "shenfu-3"):
        open_notice(stage, cases[key], reason="企业提交较晚")
    object_to(stage, cases["shenfu-3"])
    cases["shenfu-3"].is_now("OBJECTED")
    stage.at("2023-04-30 10:00")
    stage.session(back.firm.reviewer).act("review.CloseNotice", name=back.notice,
                                          reason="首次公示已满五个工作日无异议，推荐即将截止")
    back.is_now("NOTICE_CLOSED")
    recommend(stage, back)
    back.tell("说明理由后提前结束公示并推荐", "notice closed early with a reason, recommended: RECOMMENDED")


def deadlines(stage):
    stage.chapter("六、截止", "6 The deadlines (reading Q1)")
    cases = stage.cases
    huludao = cases["huludao"]
    left = [cases[key] for key in ("fushun", "shenyang-5", "shenyang-6", "shenfu-2", "shenfu-3",
                                   "shenfu-4")]
    stage.refused("RECOMMEND_STILL_OPEN", stage.session("province").act, "review.CloseRound",
                  round=ROUND, validateOnly=True, who="省厅", zh="推荐截止前结束批次",
                  en="closing the round early")
    huludao.is_now("RETURNED")
    more_time(stage, huludao)
    stage.at("2023-05-01 00:00:01")
    stage.suite.sweep()
    huludao.is_now("RETURNED")
    states = {case: case.state() for case in left}
    stage.expect("what is left behind", list(states.values()),
                 ["SUBMITTED", "REVIEWING", "PASSED", "IN_NOTICE", "OBJECTED", "NOTICE_CLOSED"])
    names = sorted(case.review_name for case in left)
    close = dict(round=ROUND, reason="推荐期已过")
    shown = stage.session("province").act("review.CloseRound", close, validateOnly=True)
    stage.expect("shown before it is done", sorted(shown.get("reviewCases", [])), names)
    stage.expect("showing changes nothing", {case: case.state() for case in left}, states)
    stage.refused("LIST_MISMATCH", stage.session("province").act, "review.CloseRound", close,
                  listDigest="0" * 64, who="省厅", zh="不是展示过的清单", en="not the list that was shown")
    done = stage.session("province").act("review.CloseRound", close, listDigest=shown["listDigest"])
    stage.expect("closed", sorted(done.get("reviewCases", [])), names)
    for case in left:
        case.is_now("NOT_RECOMMENDED")
        case.tell(f"{states[case]} 时批次结束，逾期未推荐", "not recommended in time: NOT_RECOMMENDED")
    stage.at("2023-05-03 00:00:00")
    stage.suite.sweep()
    huludao.is_now("LAPSED")
    huludao.tell("延期内仍未修改，逾期", "never corrected, not even in the extension: LAPSED")


def more_time(stage, case):
    """An extension for one case: the region asks, another person approves, and only while there is time."""
    officer, province = stage.session(case.firm.reviewer), stage.session("province")
    asked = dict(round=ROUND, application=case.name, deadline="RECOMMENDER", closeTime="2023-05-02T16:00:00Z",
                 reason="企业所在地区连日停电，无法按时修改", document=document("关于延期的请示"))
    stage.refused("EXTENSION_TOO_LONG", officer.act, "filing.ProposeExtension",
                  {**asked, "closeTime": "2023-06-01T00:00:00Z"}, who=case.firm.reviewer,
                  zh="延期一个月", en="a month more")
    extension = officer.act("filing.ProposeExtension", asked)
    stage.expect("it waits", extension["state"], "PROPOSED")
    stage.refused("NOT_PERMITTED", officer.act, "filing.ApproveExtension", name=extension["name"],
                  who=case.firm.reviewer, zh="自己批准自己的延期", en="approving one's own request")
    approved = province.act("filing.ApproveExtension", name=extension["name"])
    stage.expect("it is in force", approved["state"], "APPROVED")
    stage.expect("the firm sees it", case.application()["extensions"][0]["reason"], asked["reason"])
    numbers = province.call("filing.GetRoundStatistics", {"round": ROUND})
    stage.expect("it is counted", numbers["caseExtensionCount"], 1)
    case.tell("延期至5月2日24时：地区申请，省厅批准", "until 3 May 00:00: the region asked, the province approved")


def province(stage):
    stage.chapter("七、审定与备案", "7 Opinion, collective decision, registry (article 6(3))")
    cases = stage.cases
    listed = [cases[key] for key in LISTED]
    stage.at("2023-05-04 09:00")
    for case in listed:
        if case.state() == "RECOMMENDED":  # the one that was sent back after the survey
            case.by_province("AcceptApplication")
    stage.at("2023-05-10 09:00")
    for case in listed:
        give_opinion(stage, case)
    stage.tell("省厅", "主管业务处室提出意见", "opinions of the division: PENDING_DECISION")

    stage.at("2023-05-15 15:00")
    recorder = stage.session("recorder")
    verdicts = {case: ("REGISTER", "") for case in listed}
    verdicts[cases["fuxin"]] = ("DEFER", "请业务处补充核实研发投入")
    request = decide(verdicts, "演示党组〔2023〕12号", "2023-05-15")
    stage.refused("LIST_MISMATCH", recorder.act, "filing.RecordDecision",
                  {**request, "items": request["items"][1:]}, who="省厅", zh="少一个联盟的清单",
                  en="a list with one alliance missing")
    decided = recorder.act("filing.RecordDecision", request)
    stage.expect("alliances registered", len(decided["alliances"]), 8)
    numbers = []
    for case in listed:
        case.is_now("ACCEPTED" if case.firm.key == "fuxin" else "REGISTERED")
        if case.firm.key != "fuxin":
            alliance = case.lead().call("filing.GetAlliance", {"name": case.alliance_name})
            numbers.append(alliance["registryNumber"])
            case.tell(f"备案入库 {alliance['registryNumber']}", "registered: REGISTERED")
    stage.expect("registry numbers", sorted(numbers), [f"LN-TSL-2023-{i:04d}" for i in range(1, 9)])
    fuxin = cases["fuxin"]
    fuxin.tell("缓议", "deferred: ACCEPTED")

    stage.at("2023-05-22 15:00")
    give_opinion(stage, fuxin)
    recorder.act("filing.RecordDecision", decide({fuxin: ("NOT_REGISTER", "研发投入无法核实")},
                                                 "演示党组〔2023〕13号", "2023-05-22"))
    fuxin.is_now("NOT_REGISTERED")
    fuxin.tell("不予备案", "not registered: NOT_REGISTERED")


def redraw(drawn, count):
    """The draw again, as common/domain/draw.h describes it: lowest SHA-256 of seed + LF + case."""
    ranked = sorted(drawn["applications"], key=lambda name: hashlib.sha256(
        f"{drawn['seed']}\n{name}".encode()).digest())
    return sorted(ranked[:count])
