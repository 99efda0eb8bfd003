#!/usr/bin/python3
"""tests/alerts/coverage.py ROOT   every alert has a test in which it fires and one in which it does
not, and a paragraph in deploy/runbook.md; every paragraph named after an alert has its alert."""
import pathlib
import re
import sys

import yaml

root = pathlib.Path(sys.argv[1])
rules = yaml.safe_load((root / "deploy/alerts.yaml").read_text(encoding="utf-8"))
alerts = {rule["alert"]: rule for group in rules["groups"] for rule in group["rules"]}
tests = yaml.safe_load((root / "tests/alerts/alerts_test.yaml").read_text(encoding="utf-8"))["tests"]
outcomes = {(one["alertname"], bool(one.get("exp_alerts")))
            for test in tests for one in test["alert_rule_test"]}
runbook = (root / "deploy/runbook.md").read_text(encoding="utf-8")
section = runbook.split("## Alerts", 1)[1].split("\n## ", 1)[0]
paragraphs = set(re.findall(r"^### (\w+)$", section, re.MULTILINE))

findings = []
for name, rule in alerts.items():
    for fires, word in ((True, "fires"), (False, "is silent")):
        if (name, fires) not in outcomes:
            findings.append(f"{name}: no test in which it {word}")
    if rule["annotations"].get("runbook") != f"deploy/runbook.md#{name.lower()}":
        findings.append(f"{name}: its runbook annotation does not name its paragraph")
findings += [f"{name}: no paragraph in deploy/runbook.md" for name in sorted(alerts.keys() - paragraphs)]
findings += [f"{name}: a paragraph without an alert" for name in sorted(paragraphs - alerts.keys())]
for finding in findings:
    print(finding)
print(f"alerts: {len(findings)} findings for {len(alerts)} alerts, {len(tests)} tests")
sys.exit(1 if findings or not alerts else 0)
