"""The demonstration's story: plays both halves, checks that every state and every row of the workflow
was seen, verifies the audit chains and prints the box. Started by deploy/demo; tests/e2e plays it too.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "e2e"))

import filing_part  # noqa: E402
import yearly_part  # noqa: E402
from alliance_client import ApiError  # noqa: E402
from stage import Stage, StoryFailed  # noqa: E402
from suite import ROOT, Suite  # noqa: E402

# Who holds a case in which state; the other services note a hand-over under their own last view of it.
REVIEW = ("SUBMITTED", "REVIEWING", "PASSED", "IN_NOTICE", "OBJECTED", "NOTICE_CLOSED")
EVALUATION = ("REPORTED", "REPORT_MISSED", "EVALUATING", "PRELIMINARY", "APPEALED")
SUBSIDY = ("EVALUATED", "PROPOSED", "SUBSIDY_NOTICE", "SUBSIDY_OBJECTED", "WITHHELD", "APPROVED",
           "PAYING", "PAID", "PAYMENT_FAILED", "RECOVERING")
HOLDERS = {**dict.fromkeys(REVIEW, "review"), **dict.fromkeys(EVALUATION, "evaluation"),
           **dict.fromkeys(SUBSIDY, "subsidy")}


def play(suite):
    """The whole story; StoryFailed or ApiError when anything is not as it should be."""
    stage = Stage(suite)
    filing_part.play(stage)
    yearly_part.play(stage)
    coverage(stage)
    audit(stage)
    return stage


def workflow():
    """(from, action, to) of every row of both tables, as tests/golden/workflow.mmd shows them."""
    text = (ROOT / "tests/golden/workflow.mmd").read_text()
    rows = set()
    for source, target, action in re.findall(r"^\s*(\w+) --> (\w+): (\w+) \(", text, re.MULTILINE):
        rows.add((source, action, target))
    if not rows:
        raise StoryFailed("tests/golden/workflow.mmd: no rows found")
    return rows


def coverage(stage):
    """Every state and every act of the workflow stands in the histories of this round's cases."""
    stage.chapter("核对", "Was everything seen? From the histories of all services")
    rows = workflow()
    seen = set()
    for case in stage.cases.values():
        names = [f"applications/{case.id}"]
        if case.firm.key in yearly_part.yearly(stage):
            names.append(f"{case.alliance_name}/years/{yearly_part.YEAR}")
        for name in names:
            for entry in stage.suite.timeline(name):
                if entry["service"] == HOLDERS.get(entry["from"], "filing"):
                    seen.add((entry["from"], entry["action"], entry["to"]))
    moves = {row for row in seen if row[0] and row[0] != row[2]}
    stage.expect("moves outside the workflow", sorted(moves - rows), [])
    stage.expect("rows of the workflow that nobody walked", sorted(rows - seen), [])
    states = {row[0] for row in rows} | {row[2] for row in rows}
    stage.tell("全部", f"{len(states)} 个状态、{len(rows)} 条流程行全部走过",
               f"all {len(states)} states and all {len(rows)} rows of the workflow were walked")


def audit(stage):
    output = stage.suite.ctl("audit", "verify")
    stage.expect("alliancectl audit verify", output.strip().splitlines()[-1], "clean")
    stage.tell("审计", "审计链完整", "alliancectl audit verify: clean")


# The box ------------------------------------------------------------------------------------------

LOGINS = (("盟主企业 applicant", "lead-shenyang, lead-dalian, … (deploy/config/accounts.textproto)"),
          ("推荐单位 recommender", "officer-shenyang, …, officer-zone, officer-zone-dalian, officer-district"),
          ("主管业务处室 province", "province"), ("会议记录 recorder", "recorder"),
          ("财务 finance", "finance"), ("审批人 approver", "approver, approver-2"),
          ("评价机构 firm", "firm-01, firm-02, firm-03"), ("审计 auditor", "auditor"),
          ("运维 operator", "operator"))


def curl_calls(stage):
    """Three calls to try; each is run as it is printed."""
    suite = stage.suite
    url = f"http://{suite.http_address}"
    send = "-H 'Content-Type: application/json' -d"
    password = suite.password()
    hero = stage.years["shenyang"]
    return (
        ("Annex 3, no login", f"curl -s {url}/alliance.gateway.v1.DirectoryService/ListOffices "
         f"{send} '{{\"pageSize\":1}}'"),
        ("log in, then read one's subsidy with its trace",
         f"TOKEN=$(curl -s {url}/alliance.gateway.v1.AccountService/Login {send} "
         f"'{{\"login\":\"lead-shenyang\",\"password\":\"{password}\"}}' | "
         "sed -E 's/.*\"accessToken\": ?\"([^\"]+)\".*/\\1/')\n"
         f"curl -s {url}/alliance.subsidy.v1.SubsidyService/GetSubsidyCase "
         f"-H \"Authorization: Bearer $TOKEN\" {send} '{{\"name\":\"{hero.subsidy_name}\"}}'"),
        ("a refusal says why, in both languages",
         f"curl -s {url}/alliance.subsidy.v1.SubsidyService/GetSubsidyCase {send} '{{}}'"),
    )


def box(stage, seconds):
    suite = stage.suite
    line = "═" * 100
    print(f"\n╔{line}\n║ 演示完成 · done: {stage.checks} checks, {stage.refusals} refusals, "
          f"{seconds:.1f} s for the story\n╠{line}")
    print(f"║ HTTP (Connect, JSON)  http://{suite.http_address}\n║ gRPC (mutual TLS)     "
          f"{suite.grpc_address}   certificates: {shown(suite.run / 'ca')}/LNPJ-01.crt, .key, ca.crt")
    print(f"║ password of all       {suite.password()}   ({shown(suite.run / 'secrets/demo_password')})")
    for role, logins in LOGINS:
        print(f"║   {role:24}{logins}" if role.isascii() else f"║   {role}: {logins}")
    print(f"║ logs                  {shown(suite.run / 'log')}/*.jsonl\n"
          f"║ one case, all steps   build/release/bin/alliancectl --config {shown(suite.run)}"
          f"/config/ctl.textproto case {stage.cases['shenyang'].name}\n"
          f"║ the demo's clock      … clock show, … clock set 2023-04-20T09:00:00+08:00\n"
          f"║ stop                  deploy/down   (deploy/down --reset removes the data)\n╠{line}")
    for i, (what, command) in enumerate(curl_calls(stage), 1):
        done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "no_proxy": "127.0.0.1"})
        answer = done.stdout.strip()
        if done.returncode != 0 or not answer.startswith("{"):
            raise StoryFailed(f"curl call {i} ended {done.returncode}: {answer!r}")
        print(f"║ {i}. {what}")
        for text in command.split("\n"):
            print(f"    {text}")
        print(f"    → {answer if len(answer) <= 600 else answer[:600] + ' …'}")
    print(f"╚{line}", flush=True)


def shown(path):
    """A path as one would type it from the checkout."""
    try:
        return shlex.quote(str(path.relative_to(ROOT)))
    except ValueError:
        return shlex.quote(str(path))


def main():
    suite = Suite()
    begin = time.monotonic()
    try:
        stage = play(suite)
        box(stage, time.monotonic() - begin)
    except (StoryFailed, ApiError, AssertionError) as failure:
        print(f"\n✘ {failure}\n  The suite is left running for a look; logs in {shown(suite.run / 'log')}.",
              file=sys.stderr, flush=True)
        if "-v" in sys.argv:
            raise
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
