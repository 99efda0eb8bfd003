"""Second half of the story: reports, evaluation, subsidy and its payment (articles 7 to 10)."""

import datetime
import json
import subprocess

import cast
from cast import document, in_wan, list_digest, wan
from stage import CHINA, StoryFailed, local
from suite import ROOT

YEAR = 2023
# The scoring items of the 2023 pack in its order: 20 + 25 + 40 + 15 points.
ITEMS = (10, 5, 5, 10, 8, 7, 12, 10, 10, 4, 4, 8, 4, 3)
# Firm id and credit code; the certificate's files bear the id in capitals.
FIRMS = {"lnpj-01": "91210100PDY001119X", "lnpj-02": "52210100PDY000220J"}

# key: (declared R&D of 2023, evidenced), 万元. Jinzhou hands in nothing, see missed_report.
REPORTS = {"shenyang": ("350", "345.60"), "dalian": ("125", "123.45"), "anshan": ("260", "260"),
           "shenfu": ("66.66", "66.66"), "benxi": ("45", "45"), "dandong": ("88.80", "88.80"),
           "yingkou": ("150", "150")}
# key: points of three experts, in hundredths: two of LNPJ-01, one of LNPJ-02.
SCORES = {"shenyang": (9500, 9400, 9600), "dalian": (8800, 8700, 8900), "anshan": (9250, 9150, 9300),
          "shenfu": (8600, 8600, 8600), "benxi": (8400, 8350, 8450), "dandong": (7200, 7500, 5000),
          "yingkou": (8100, 8050, 8000)}
# What must come out: total and grade, and the subsidy in 万元 before and after the budget of 135.
RESULTS = {"shenyang": (9500, "优秀"), "dalian": (8800, "良好"), "anshan": (9233, "优秀"),
           "shenfu": (8600, "良好"), "benxi": (8400, "良好"), "dandong": (6566, "合格"),
           "yingkou": (8050, "良好")}
BUDGET = "135"
COMPUTED = {"shenyang": "50.00", "dalian": "25.00", "anshan": "35.00", "shenfu": "15.00",
            "benxi": "8.00", "dandong": "0.00", "yingkou": "25.00"}
AMOUNTS = {**COMPUTED, "yingkou": "0.00"}


def play(stage):
    reports(stage)
    evaluation(stage)
    subsidy_run(stage)
    approval(stage)
    payment(stage)
    missed_report(stage)
    recovery(stage)
    the_end(stage)


class YearlyCase:
    """One registered alliance in 2023."""

    def __init__(self, stage, filed):
        self.stage, self.firm, self.id, self.filed = stage, filed.firm, filed.id, filed
        self.year_name = f"alliances/{self.id}/years/{YEAR}"
        self.evaluation_name = f"evaluations/{self.id}-{YEAR}"
        self.subsidy_name = f"subsidyCases/{self.id}-{YEAR}"

    def tell(self, zh, en, mark="·"):
        self.stage.tell(self.firm.label, zh, en, mark)

    def year(self):
        return self.stage.session(self.firm.login).call("filing.GetAllianceYear",
                                                        {"name": self.year_name})

    def evaluation(self, login="province"):
        return self.stage.session(login).call("evaluation.GetEvaluation",
                                              {"name": self.evaluation_name})

    def subsidy(self, login="finance"):
        return self.stage.session(login).call("subsidy.GetSubsidyCase", {"name": self.subsidy_name})

    def evaluation_is(self, want):
        self.stage.becomes(f"{self.firm.label}: evaluation", lambda: self.evaluation()["state"], want)

    def subsidy_is(self, want):
        self.stage.becomes(f"{self.firm.label}: subsidy", lambda: self.subsidy()["state"], want)

    def evaluate(self, method, login="province", **fields):
        etag = self.evaluation(login)["etag"]
        return self.stage.session(login).act(f"evaluation.{method}", name=self.evaluation_name,
                                             etag=etag, **fields)

    def subsidise(self, method, login, **fields):
        return self.stage.session(login).act(f"subsidy.{method}", name=self.subsidy_name,
                                             etag=self.subsidy(login)["etag"], **fields)

    def report(self, declared, evidenced):
        return self.stage.session(self.firm.login).act(
            "filing.SubmitAnnualReport", name=self.year_name, etag=self.year()["etag"], report={
                "summary": "全年联合攻关三项，举办盟员活动四次。", "nextYearPlan": "2024年完成中试并申报两项发明专利。",
                "activityCount": 4, "rdSpendFen": str(wan(declared)),
                "evidencedRdFen": str(wan(evidenced)), "rdEvidenceKind": "audit_report",
                "rdEvidence": document("2023年度研发投入专项审计报告", "演审〔2023〕88号", "演示会计师事务所",
                                       "2023-12-01")})


def yearly(stage):
    if not hasattr(stage, "years"):
        stage.years = {key: YearlyCase(stage, stage.cases[key]) for key in (*RESULTS, "jinzhou")}
    return stage.years


def items_for(points):
    """An expert's items that add up to `points` hundredths, each within its weight."""
    items = [weight * points // 100 for weight in ITEMS]
    for i in range(len(items)):
        if sum(items) < points and items[i] < ITEMS[i] * 100:
            items[i] += min(points - sum(items), ITEMS[i] * 100 - items[i])
    assert sum(items) == points
    return items


# Chapters -----------------------------------------------------------------------------------------

def reports(stage):
    stage.chapter("八、年度总结与计划", "8 Annual summary and plan (article 7)")
    cases = yearly(stage)
    stage.at("2023-12-01 10:00")
    for key, case in cases.items():
        stage.expect(f"{key}: report due", case.year()["state"], "REPORT_DUE")
    for key, (declared, evidenced) in REPORTS.items():
        # Yingkou slips by one digit; the province notices.
        slip = key == "yingkou"
        cases[key].report("1500" if slip else declared, "1500" if slip else evidenced)
        cases[key].evaluation_is("REPORTED")
    stage.tell("各地", "七家提交2023年总结和2024年计划", "seven reports handed in: REPORTED")
    yingkou = cases["yingkou"]
    yingkou.evaluate("ReopenReport", reason="研发投入金额疑似单位错误，请核对")
    stage.becomes("营口市: 2023", lambda: yingkou.year()["state"], "REPORT_DUE")
    yingkou.tell("省厅退回年度总结", "report reopened: REPORT_DUE")
    yingkou.report(*REPORTS["yingkou"])
    yingkou.evaluation_is("REPORTED")
    yingkou.tell("更正为 150.00 万元后再次提交", "corrected to 1,500,000 yuan: REPORTED")


def push(stage, firm, scores):
    """The firm's own program pushes over native gRPC with the firm's certificate."""
    folder = stage.suite.run / "python"
    folder.mkdir(exist_ok=True)
    file = folder / f"scores_{firm}.json"
    file.write_text(json.dumps({"scores": scores}, ensure_ascii=False))
    ca = stage.suite.run / "ca"
    done = subprocess.run(
        ["/usr/bin/python3", ROOT / "tests/clients/python/push_scores.py", "--address",
         stage.suite.grpc_address, "--ca", ca / "ca.crt", "--cert", ca / f"{firm.upper()}.crt", "--key",
         ca / f"{firm.upper()}.key", "--stubs", folder / "stubs", file],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def must_push(stage, firm, scores):
    status, output = push(stage, firm, scores)
    if status != 0:
        raise StoryFailed(f"push_scores.py of {firm} ended {status}: {output}")
    stage.checks += 1
    stage.tell(firm, f"原生 gRPC 推送 {len(scores)} 份评分", output.strip().splitlines()[-1])


def score(case, expert, points):
    return {"evaluation": case.evaluation_name, "expert": expert, "itemHundredths": items_for(points),
            "comment": "依据年度总结和佐证材料"}


def evaluation(stage):
    stage.chapter("九、绩效评价", "9 Evaluation by third parties (article 8)")
    cases = {key: yearly(stage)[key] for key in RESULTS}
    province = stage.session("province")
    stage.at("2023-12-04 09:00")
    names = [case.evaluation_name for case in cases.values()]
    campaign = province.act("evaluation.CreateCampaign", year=YEAR)
    stage.expect("campaign", campaign["name"], f"campaigns/{YEAR}")
    start = dict(campaign=campaign["name"], evaluations=names)
    stage.refused("NOT_ASSIGNED", province.act, "evaluation.StartEvaluations", start, who="省厅",
                  zh="未指派机构就开始评价", en="starting without firms")
    stage.refused("CONFLICT_OF_INTEREST", province.act, "evaluation.AssignFirm", firm="lnpj-03",
                  firmCreditCode=cast.INSTITUTE[1], evaluations=names, who="lnpj-03",
                  zh="评价机构是联盟成员", en="a firm that is a member")
    for firm, code in FIRMS.items():
        answer = province.act("evaluation.AssignFirm", firm=firm, firmCreditCode=code,
                              evaluations=names)
        stage.expect(f"{firm}: assigned", answer["assigned"], len(names))
    started = province.act("evaluation.StartEvaluations", start)
    stage.expect("started", {e["state"] for e in started["evaluations"]}, {"EVALUATING"})
    stage.tell("省厅", "委托两家第三方机构，开始评价", "two firms commissioned: EVALUATING")

    hero = cases["shenyang"]
    stage.refused("SCORES_INCOMPLETE", hero.evaluate, "PublishPreliminary", who="省厅",
                  zh="评分不齐即公布", en="publishing without scores")
    bad = score(hero, "Z-1", 9500)
    bad["itemHundredths"][1] = 501
    status, output = push(stage, "lnpj-01", [bad])
    stage.expect("a score above its weight is refused", (status != 0, "SCORE_OUT_OF_RANGE" in output,
                                                         "item_hundredths[1]" in output),
                 (True, True, True))
    stage.tell("lnpj-01", "超出分值的评分被拒", "a score above its weight: SCORE_OUT_OF_RANGE", mark="✗")
    status, output = push(stage, "lnpj-03", [score(hero, "Z-9", 9500)])
    stage.expect("a firm that is not assigned", (status != 0, "NOT_PERMITTED" in output
                                                 or "NOT_ASSIGNED" in output), (True, True))
    must_push(stage, "lnpj-01", [score(cases[key], expert, points[i]) for key, points in SCORES.items()
                                 for i, expert in enumerate(("Z-1", "Z-2"))])
    must_push(stage, "lnpj-02", [score(cases[key], "Z-3", points[2] - 100)
                                 for key, points in SCORES.items()])
    must_push(stage, "lnpj-02", [score(cases[key], "Z-3", points[2])   # a correction: revision 2
                                 for key, points in SCORES.items()])
    seen = hero.evaluation("firm-02")
    stage.expect("a firm sees its own scores only", {s["firm"] for s in seen["scores"]}, {"lnpj-02"})

    stage.refused("OUTLIERS_OPEN", cases["dandong"].evaluate, "PublishPreliminary", who="丹东市",
                  zh="评分差异过大", en="scores far apart")
    for key, case in cases.items():
        answer = case.evaluate("PublishPreliminary", outlierAnswer="专家Z-3说明：活动佐证不足"
                               if key == "dandong" else "")
        stage.expect(f"{key}: total and grade",
                     (answer["totalHundredths"], answer["grade"]), RESULTS[key])
        case.tell(f"{answer['totalHundredths'] / 100:.2f} 分 {answer['grade']}", "PRELIMINARY")

    dandong = cases["dandong"]
    answer = dandong.evaluate("FileAppeal", dandong.firm.login, grounds="活动佐证已补充，请复核",
                              evidence=document("申诉材料", issuer=dandong.firm.name))
    stage.expect("丹东市: appealed", answer["state"], "APPEALED")
    dandong.tell("提出申诉", "appeals: APPEALED")
    stage.at("2023-12-06 09:00")
    dandong.evaluate("AnswerAppeal", reason="复核后维持原评分", answer=document("申诉答复", issuer="演示科技厅"))
    dandong.evaluation_is("PRELIMINARY")
    dandong.tell("复核后维持", "answered, result kept: PRELIMINARY")

    publish = dict(campaign=campaign["name"], evaluations=names, listDigest=list_digest(
        f"{cases[key].evaluation_name}\t{RESULTS[key][0]}\t{RESULTS[key][1]}" for key in cases))
    stage.refused("APPEAL_TIME_LEFT", province.act, "evaluation.PublishEvaluations", publish,
                  who="省厅", zh="申诉期内公布结果", en="publishing inside the appeal time")
    stage.at(local(latest(case.evaluation()["appealDeadlineTime"] for case in cases.values()), 1))
    stage.refused("LIST_MISMATCH", province.act, "evaluation.PublishEvaluations",
                  {**publish, "listDigest": "0" * 64}, who="省厅", zh="与清单摘要不符",
                  en="a digest that is not the list's")
    province.act("evaluation.PublishEvaluations", publish)
    for case in cases.values():
        case.subsidy_is("EVALUATED")
    stage.tell("省厅", "公布评价结果，七家", "seven results published: EVALUATED")


def latest(timestamps):
    return max(timestamps, key=lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")))


def total(run):
    return in_wan(run.get("totalFen", 0))


def by_key(stage, run):
    names = {case.subsidy_name: key for key, case in yearly(stage).items()}
    return {names[line["subsidyCase"]]: line for line in run["lines"]}


def subsidy_run(stage):
    stage.chapter("十、后补助测算", "10 The subsidy: trial, run, freeze (articles 9 and 10)")
    cases = {key: yearly(stage)[key] for key in RESULTS}
    finance, approver = stage.session("finance"), stage.session("approver")
    stage.at("2023-12-12 09:00")
    plan = finance.act("subsidy.CreatePlan", year=YEAR, budgetFen=str(wan(BUDGET)),
                       budgetDocument=document("预算批复", "演财〔2023〕71号", "演示财政厅", "2023-12-08"))
    what_if = {"NONE": "158.00", "RANK_CUTOFF": "133.00", "PRO_RATA": "135.00", "GRADE_PRIORITY": "135.00"}
    for policy, want in what_if.items():
        trial = finance.call("subsidy.TrialRun", {"plan": plan["name"],
                                                  "budgetPolicies": [{"kind": policy}]})
        stage.expect(f"trial with {policy}", total(trial), want)
        stage.tell("财务", f"试算 {policy}：合计 {total(trial)} 万元", f"trial, budget {BUDGET}")
    trial = finance.call("subsidy.TrialRun", {"plan": plan["name"],
                                              "budgetPolicies": [{"kind": "LOWER_CAP"}]})
    stage.expect("LOWER_CAP fits", int(trial["totalFen"]) <= wan(BUDGET), True)

    run = finance.act("subsidy.PrepareRun", plan=plan["name"], budgetPolicies=[{"kind": "RANK_CUTOFF"}])
    lines = by_key(stage, run)
    for key in cases:
        stage.expect(f"{key}: computed", in_wan(lines[key].get("computedFen", 0)), COMPUTED[key])
        stage.expect(f"{key}: amount", in_wan(lines[key].get("amountFen", 0)), AMOUNTS[key])
    again = finance.call("subsidy.TrialRun", {"plan": plan["name"],
                                              "budgetPolicies": [{"kind": "RANK_CUTOFF"}]})
    stage.expect("the same inputs give the same lines", by_key(stage, again), lines)
    freeze = dict(name=run["name"], runDigest=run["digest"],
                  approval=document("后补助测算审批", "演科财〔2023〕53号", "演示科技厅", "2023-12-12"))
    stage.refused("SAME_PERSON", finance.act, "subsidy.FreezeRun", freeze, who="财务",
                  zh="同一人测算又审定", en="freezing one's own run")
    stage.refused("LIST_MISMATCH", approver.act, "subsidy.FreezeRun", {**freeze, "runDigest": "0" * 64},
                  who="审批人", zh="摘要不符", en="another digest")
    frozen = approver.act("subsidy.FreezeRun", freeze)
    stage.expect("frozen", (frozen["state"], total(frozen)), ("FROZEN", "133.00"))
    stage.expect("reserved in the guard row",
                 in_wan(finance.call("subsidy.GetPlan", {"name": plan["name"]})["usedFen"]), "133.00")
    for key, case in cases.items():
        proposed = AMOUNTS[key] != "0.00"
        case.subsidy_is("PROPOSED" if proposed else "NOT_PROPOSED")
        case.tell(f"研发投入 {in_wan(lines[key].get('verifiedRdFen', 0))}，{lines[key]['grade']}，"
                  f"{AMOUNTS[key]} 万元", "PROPOSED" if proposed else "NOT_PROPOSED")
    stage.run = run


def decide(case, method, login, reason, title):
    return case.subsidise(method, login, reason=reason, document=document(title, issuer="演示科技厅"))


def object_to(stage, case):
    return stage.suite.anybody().act(
        "subsidy.FileSubsidyObjection", subsidyCase=case.subsidy_name, objectorName="演示群众丙",
        objectorContact="024-00000002", grounds="研发投入归集范围存疑", evidence=document("异议证据材料"))


def approval(stage):
    stage.chapter("十一、补助公示与审批", "11 Notice, objections, approval")
    cases = yearly(stage)
    stage.at("2023-12-13 09:00")
    opened = stage.session("finance").act("subsidy.OpenSubsidyNotice", run=stage.run["name"],
                                          notice=document("拟补助名单公示", issuer="演示科技厅"))
    stage.expect("on notice", len(opened["subsidyCases"]), 5)
    ends = opened["subsidyCases"][0]["noticeEndTime"]
    stage.expect("5 working days", local(ends), "2023-12-20T00:00:00+08:00")
    stage.tell("省厅", f"五家公示至 {local(ends)[:10]} 零时", "five on notice: SUBSIDY_NOTICE")
    stage.refused("NOTICE_NOT_OVER", decide, cases["shenyang"], "ApproveSubsidy", "approver-2", "",
                  "拨付审批", who="审批人", zh="公示期内批准", en="approving before the end")
    stage.at("2023-12-14 10:00")
    for key in ("anshan", "shenfu", "benxi", "benxi"):
        object_to(stage, cases[key])
        cases[key].subsidy_is("SUBSIDY_OBJECTED")
    stage.tell("群众", "三家收到实名异议", "three are objected to: SUBSIDY_OBJECTED")
    decide(cases["anshan"], "DismissSubsidyObjection", "finance", "归集范围符合规定", "异议处理记录")
    cases["anshan"].subsidy_is("SUBSIDY_NOTICE")
    for key in ("shenfu", "benxi"):
        decide(cases[key], "UpholdSubsidyObjection", "finance", "需进一步核实", "异议处理记录")
        cases[key].subsidy_is("WITHHELD")
    stage.tell("财务", "鞍山异议不成立；沈抚、本溪暂缓", "one dismissed, two upheld: WITHHELD")

    stage.at(local(ends, 1))
    stage.refused("SAME_PERSON", decide, cases["shenyang"], "ApproveSubsidy", "approver", "", "拨付审批",
                  who="审批人", zh="审定测算的人再批准", en="approving what one froze")
    for key in ("shenyang", "dalian", "anshan"):
        decide(cases[key], "ApproveSubsidy", "approver-2", "", "拨付审批")
        cases[key].subsidy_is("APPROVED")
    decide(cases["shenfu"], "ReleaseWithheld", "approver-2", "核实无误", "解除暂缓决定")
    cases["shenfu"].subsidy_is("APPROVED")
    decide(cases["benxi"], "RefuseWithheld", "approver-2", "研发投入不实", "不予发放决定")
    cases["benxi"].subsidy_is("REFUSED")
    plan = stage.session("finance").call("subsidy.GetPlan", {"name": f"plans/{YEAR}"})
    stage.expect("the refused 8 are given back to the budget", in_wan(plan["usedFen"]), "125.00")
    stage.tell("审批人", "批准四家，本溪不予发放，额度退回", "four APPROVED, one REFUSED, budget given back")


def payment(stage):
    stage.chapter("十二、拨付", "12 Payment")
    cases = yearly(stage)
    finance, approver = stage.session("finance"), stage.session("approver-2")
    stage.at("2023-12-21 09:00")
    paid = ("shenyang", "dalian", "anshan", "shenfu")

    def items(holder=None):
        return [{"subsidyCase": cases[key].subsidy_name, "bankAccount": f"62220000000000{i:04d}",
                 "accountHolder": holder or cases[key].firm.name} for i, key in enumerate(paid)]
    stage.refused("ACCOUNT_NOT_CHECKED", finance.act, "subsidy.PreparePayment", plan=f"plans/{YEAR}",
                  items=items("演示个人账户"), who="财务", zh="账户户名不是盟主企业", en="another holder's account")
    prepared = finance.act("subsidy.PreparePayment", plan=f"plans/{YEAR}", items=items())
    stage.expect("the list", in_wan(prepared["totalFen"]), "125.00")
    stage.expect("bank accounts are masked", "62220000000000" in json.dumps(prepared), False)
    release = dict(name=prepared["name"], listDigest=prepared["digest"])
    stage.refused("SAME_PERSON", finance.act, "subsidy.ReleasePayment", release,
                  who="财务", zh="一人办理拨付", en="paying alone")
    approver.act("subsidy.ReleasePayment", release)
    for key in paid:
        cases[key].subsidy_is("PAYING")
    stage.tell("审批人", "拨付清单 125.00 万元交银行", "the list goes to the bank: PAYING")

    stage.at("2023-12-25 09:00")

    def bank(key, reference, ok=True):
        return cases[key].subsidise("RecordPayment", "finance", paid=ok, bankReference=reference,
                                    receipt=document("银行回单", reference, "演示银行"),
                                    reason="" if ok else "账户状态异常")
    bank("dalian", "BANK-0002", ok=False)
    cases["dalian"].subsidy_is("PAYMENT_FAILED")
    cases["dalian"].tell("银行退回", "sent back by the bank: PAYMENT_FAILED")
    cases["dalian"].subsidise("RetryPayment", "finance", reason="账户已恢复")
    cases["dalian"].subsidy_is("PAYING")
    for i, key in enumerate(paid):
        bank(key, f"BANK-1{i:03d}")
        cases[key].subsidy_is("PAID")
        case = cases[key]
        stage.becomes(f"{key}: filing's timeline knows",
                      lambda: (case.year()["state"], in_wan(case.year().get("paidFen", 0))),
                      ("PAID", AMOUNTS[key]))
        case.tell(f"已拨付 {AMOUNTS[key]} 万元", "PAID")

    hero = cases["shenyang"].subsidy(cases["shenyang"].firm.login)
    stage.expect("the lead sees its amount", in_wan(hero["amountFen"]), "50.00")
    print("        盟主看到的测算过程 · the trace that the lead sees")
    for step in hero["trace"]:
        print(f"          {step['rule']:11} {in_wan(step.get('amountFen', 0)):>8} 万元  {step['textZh']}"
              f"（{step.get('clause', '')}）")


def missed_report(stage):
    stage.chapter("十三、逾期未总结", "13 No annual report (article 7, reading Q22)")
    jinzhou = yearly(stage)["jinzhou"]
    province, finance = stage.session("province"), stage.session("finance")
    stage.at("2024-01-01 00:00:01")
    stage.suite.sweep()
    jinzhou.evaluation_is("REPORT_MISSED")
    jinzhou.tell("12月31日24时已过，未提交年度总结", "no report in time: REPORT_MISSED")
    stage.refused("WRONG_STATE", jinzhou.report, "150", "150", who="锦州市",
                  zh="逾期补交总结", en="a report after the deadline")
    stage.at("2024-01-08 09:00")
    campaign, names = f"campaigns/{YEAR}", [jinzhou.evaluation_name]
    province.act("evaluation.AssignFirm", firm="lnpj-01", firmCreditCode=FIRMS["lnpj-01"],
                 evaluations=names)
    province.act("evaluation.StartEvaluations", campaign=campaign, evaluations=names)
    answer = jinzhou.evaluate("PublishPreliminary")
    stage.expect("锦州市: veto", (answer.get("veto"), answer["grade"]), ("V2", "不合格"))
    jinzhou.tell("一票否决 V2，不合格", "vetoed: PRELIMINARY")
    stage.at(local(answer["appealDeadlineTime"], 1))
    province.act("evaluation.PublishEvaluations", campaign=campaign, evaluations=names,
                 listDigest=list_digest([f"{names[0]}\t{answer.get('totalHundredths', 0)}\t不合格"]))
    jinzhou.subsidy_is("EVALUATED")
    run = finance.act("subsidy.PrepareRun", plan=f"plans/{YEAR}")
    stage.expect("only Jinzhou is left", [line["subsidyCase"] for line in run["lines"]],
                 [jinzhou.subsidy_name])
    stage.session("approver").act("subsidy.FreezeRun", name=run["name"], runDigest=run["digest"],
                                  approval=document("后补助测算审批", "演科财〔2024〕1号"))
    jinzhou.subsidy_is("NOT_PROPOSED")
    jinzhou.tell("不予补助", "nothing is proposed: NOT_PROPOSED")


def recovery(stage):
    stage.chapter("十四、追回", "14 Recovery")
    stage.at("2024-06-03 09:00")
    anshan = yearly(stage)["anshan"]
    stage.refused("NOTHING_TO_CLAIM_BACK", anshan.subsidise, "ClaimBack", "approver-2",
                  correctedRdFen=str(wan("255")), reason="复核", decision=document("追回决定"),
                  who="鞍山市", zh="更正后金额不变", en="a correction that changes nothing")
    answer = anshan.subsidise("ClaimBack", "approver-2", correctedRdFen=str(wan("180")),
                              reason="审计核减研发投入", decision=document("追回决定", "演科财〔2024〕9号"))
    stage.expect("claimed back", (answer["state"], in_wan(answer["claimFen"])), ("RECOVERING", "10.00"))
    anshan.tell("研发投入核减为 180.00，追回 10.00 万元", "RECOVERING")
    anshan.subsidise("RecordRecovery", "finance", bankReference="BANK-9001",
                     receipt=document("银行回单", "BANK-9001", "演示银行"))
    anshan.subsidy_is("RECOVERED")
    anshan.tell("已追回", "recovered: RECOVERED")


def the_end(stage):
    stage.chapter("十五、出库与期满", "15 Leaving the registry")
    stage.at("2024-09-02 09:00")
    yingkou = stage.cases["yingkou"]
    recorder = stage.session("recorder")
    etag = recorder.call("filing.GetAlliance", {"name": yingkou.alliance_name})["etag"]
    recorder.act("filing.DeregisterAlliance", name=yingkou.alliance_name, etag=etag,
                 reason="盟主企业迁出辽宁省", decision=document("取消备案决定", "演科〔2024〕20号"))
    yingkou.is_now("DEREGISTERED")
    yingkou.tell("取消备案", "deregistered: DEREGISTERED")
    registered = [stage.cases[key] for key in yearly(stage) if key != "yingkou"]
    ends = max(case.lead().call("filing.GetAlliance", {"name": case.alliance_name})
               ["constructionEndDate"] for case in registered)
    day_after = datetime.date.fromisoformat(ends) + datetime.timedelta(days=1)
    instant = datetime.datetime.combine(day_after, datetime.time(0, 0, 1), CHINA)
    stage.at(instant.isoformat())
    stage.suite.sweep()
    for case in registered:
        case.is_now("COMPLETED")
    stage.tell("各地", f"建设期至 {ends}，七家期满", "construction periods over: COMPLETED")
