#!/usr/bin/env python3
"""Every rule of law.py finds the mistake planted for it, and says nothing about its honest twin."""

import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import law  # noqa: E402
import page  # noqa: E402
import sources  # noqa: E402


def r(number):
    """A requirement's number; put together here, so that no list takes this file for a proof."""
    return f"R-{number:03d}"


NOTICE = "某厅\n\n关于申报的通知\n\n1. 于4月25日前完成填报。\n\n第十条 最高不超过50万元，望周知。\n"
ARTICLES = f"""# A small law.
part 通知 | The notice

clause N 标题 | Title
N-1 某厅
  needs {r(1)}
  quote round.issuer 发文机关
N-2 关于申报的通知
  also {r(1)}

clause N1 第1条 | Item 1
N1-1 1. 于4月25日前完成填报。
  needs {r(2)}
  reading Q1
  value round.deadline 截止

clause A10 第十条 | Article 10
A10-1 第十条 最高不超过50万元，
  needs {r(3)} {r(4)}
  value subsidy.cap_wan 上限
A10-2 望周知。
  none 结束语。

readings
Q1 含当日。

steps
DRAFT submit SENT  {r(2)}
SENT pay PAID      {r(3)}

roles
applicant 企业
clock 系统

missing
{r(4)} 尚无。
"""
REQUIREMENTS = f"""# Requirements

- {r(1)} (N) It has a title.
- {r(2)} (N1) By 25 April.
- {r(3)} (A10) At most so much.
- {r(4)} (A10) Known to all.
"""
STATUS = f"""# Status

| requirement | what | status | proof |
|---|---|---|---|
| {r(1)} | (N) It has a title. | works | `x_test.cc` |
| {r(2)} | (N1) By 25 April. | thin | |
| {r(3)} | (A10) At most so much. | works | |
| {r(4)} | (A10) Known to all. | missing | |
"""
PACK = """# A pack.

round {
  basis { clause: "N, Q1" }
  issuer: "某厅"  # N
  deadline: "2023-04-26T00:00:00+08:00"  # N1, Q1
}

subsidy {
  basis { clause: "细则10" sample: true }
  cap_wan: "50"  # 细则10
}
"""
WORKFLOW = """stateDiagram-v2
    [*] --> DRAFT
    DRAFT --> SENT: submit (applicant)
    SENT --> PAID: pay (applicant/clock)
    PAID --> [*]
"""
LABELS = """{State::kDraft, F, Owner::kFiling, false, "DRAFT", "草稿", "Draft"},
{State::kSent, F, Owner::kFiling, false, "SENT", "已提交", "Sent"},
{State::kPaid, F, Owner::kFiling, true, "PAID", "已拨付", "Paid"},
{Action::kSubmit, "submit", "提交", "Submit"},
{Action::kPay, "pay", "拨付", "Pay"},
"""
TEST = f"""// Of the title ({r(1)}).

#include "x.h"

// {r(2)}: both sides.
TEST(Window, Closes) {{
  EXPECT_TRUE(Closed("{r(4)}"));
}}

TEST_F(MoneyTest, IsCapped) {{
  const int rows[] = {{
      1,  // {r(3)}
  }};
}}
"""
GOOD = {sources.NOTICE: NOTICE, sources.ARTICLES: ARTICLES, sources.REQUIREMENTS: REQUIREMENTS, sources.PACK: PACK,
        sources.WORKFLOW: WORKFLOW, "common/domain/state.h": LABELS, "common/domain/x_test.cc": TEST}


class LawTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def tree(self, *changes, **files):
        """A folder of the small law; a change is (path, what stands there, what shall)."""
        folder = tempfile.mkdtemp(dir=self.root)
        texts = {**GOOD, **files}
        for path, old, new in changes:
            self.assertEqual(texts[path].count(old), 1, f"{old} in {path}")
            texts[path] = texts[path].replace(old, new)
        for path, text in texts.items():
            if text is not None:
                os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
                with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                    file.write(text)
        return folder

    def rules(self, *changes, none=1, missing=1, **files):
        return sorted({f.rule for f in law.Law(self.tree(*changes, **files), none, missing).findings()})

    def refused(self, rules, *changes, **more):
        self.assertEqual(self.rules(*changes, **more), sorted(rules.split()), changes)

    def test_the_honest_twin(self):
        self.assertEqual(self.rules(), [])

    # The text ------------------------------------------------------------------------------------

    def test_the_sentences_are_the_notice(self):
        self.refused("text", (sources.ARTICLES, "最高不超过50万元，", "最高不超过60万元，"))
        self.refused("text", (sources.NOTICE, "望周知", "盼周知"))
        self.refused("text", (sources.NOTICE, "望周知。\n", "望周知。\n\n附件\n"))
        self.refused("text", (sources.ARTICLES, "N-1 某厅\n", "N-1 某\n"))

    def test_the_form_of_the_source(self):
        for old, new in [("N-1 某厅", "N-1"), ("N-2 关于", "N-1 关于"), ("N-2 关于", "N1-2 关于"),
                         ("  reading Q1", "  raeding Q1"), ("value subsidy.cap_wan 上限", "value subsidy.cap_wan"),
                         (f"needs {r(2)}", f"needs {r(2)},{r(3)}"), (f"DRAFT submit SENT  {r(2)}", "DRAFT submit SENT"),
                         ("clause A10 第十条 | Article 10", "clause A10 第十条"), ("applicant 企业", "applicant")]:
            self.assertIn("form", self.rules((sources.ARTICLES, old, new)), new)

    # Requirements --------------------------------------------------------------------------------

    def test_a_sentence_without_a_requirement(self):
        self.refused("no-requirement", (sources.ARTICLES, f"  also {r(1)}\n", ""))
        self.refused("shorter no-requirement", (sources.ARTICLES, "  none 结束语。\n", ""))
        self.refused("no-requirement", (sources.ARTICLES, "  none 结束语。\n", f"  none 结束语。\n  needs {r(3)}\n"))

    def test_the_list_of_sentences_without_one_only_gets_shorter(self):
        self.refused("grown", (sources.ARTICLES, f"  also {r(1)}\n", "  none 标题。\n"))
        self.refused("shorter", (sources.ARTICLES, "  none 结束语。\n", f"  needs {r(4)}\n"))

    def test_an_unknown_requirement(self):
        self.refused("unknown-requirement", (sources.ARTICLES, f"also {r(1)}", f"also {r(999)}"))
        self.refused("unknown-requirement", (sources.ARTICLES, f"PAID      {r(3)}", f"PAID      {r(999)}"))
        self.refused("unknown-requirement grown", (sources.ARTICLES, f"{r(4)} 尚无", f"{r(4)} 尚无。\n{r(999)} 尚无"))

    def test_a_requirement_beside_no_sentence(self):
        self.refused("no-sentence", (sources.ARTICLES, f"needs {r(3)} {r(4)}", f"needs {r(3)}"))
        self.refused("no-sentence", (sources.REQUIREMENTS, f"{r(4)} (A10)", f"{r(4)} (N1, A10)"))

    def test_an_unknown_clause(self):
        self.refused("unknown-clause", (sources.REQUIREMENTS, f"{r(4)} (A10)", f"{r(4)} (A10, A17)"))
        self.refused("clause unknown-clause", (sources.REQUIREMENTS, f"{r(4)} (A10) ", f"{r(4)} "))
        # A1 is not A10.
        self.refused("clause unknown-clause", (sources.REQUIREMENTS, f"{r(4)} (A10)", f"{r(4)} (A1)"))

    def test_a_requirement_beside_a_sentence_of_another_clause(self):
        self.refused("clause", (sources.ARTICLES, f"needs {r(2)}\n", f"needs {r(2)} {r(3)}\n"))

    # Tests ---------------------------------------------------------------------------------------

    def test_a_requirement_without_a_test(self):
        test = "common/domain/x_test.cc"
        self.refused("no-test", (test, f"// {r(2)}: both", "// Both"))
        self.refused("no-test", (test, f"  // {r(3)}", ""))
        self.refused("no-test", (test, f"({r(1)})", ""))
        self.refused("no-test shorter", (sources.ARTICLES, f"\nmissing\n{r(4)} 尚无。\n", ""))
        self.refused("grown", (sources.ARTICLES, f"{r(4)} 尚无。", f"{r(4)} 尚无。\n{r(2)} 尚无。"),
                     (test, f"// {r(2)}: both", "// Both"))

    def test_missing_and_yet_proven(self):
        self.refused("missing", ("common/domain/x_test.cc", f"1,  // {r(3)}", f"1,  // {r(3)}, {r(4)}"))

    def test_the_status_list_comes_first(self):
        files = {sources.STATUS: STATUS, sources.REQUIREMENTS: None}
        own = (sources.ARTICLES, f"\nmissing\n{r(4)} 尚无。\n", "")
        self.refused("", own, **files)
        self.refused("missing", **files)  # two lists
        self.refused("no-test shorter", own, (sources.STATUS, "missing |", "works |"), **files)
        self.refused("missing grown", own, (sources.STATUS, "thin |", "missing |"), **files)
        cell = STATUS.replace("| (A10) Known", "| A10 | Known")
        self.refused("", own, **{**files, sources.STATUS: cell})
        found = sources.read_requirements(sources.Files(self.tree(own, **{**files, sources.STATUS: cell})))
        self.assertEqual([(one.clauses, one.text, one.status) for one in found.values()][2:],
                         [(["A10"], "At most so much.", "works"), (["A10"], "Known to all.", "missing")])

    def test_which_test_a_number_stands_at(self):
        self.assertEqual(set(sources.tests_of_cpp(TEST)), {
            (r(1), "Window.*"), (r(1), "MoneyTest.*"), (r(2), "Window.Closes"), (r(3), "MoneyTest.IsCapped")})
        python = f'"""A file ({r(4)})."""\n\n\nclass Deadline(Base):\n    """All of it: {r(1)}."""\n\n' \
                 f'    def test_in_time(self):\n        """{r(2)}"""\n\n    # {r(3)}\n    def test_late(self):\n' \
                 f'        self.say("{r(5)}")\n'
        self.assertEqual(set(sources.tests_of_python(python)), {
            (r(4), "Deadline.*"), (r(1), "Deadline.*"), (r(2), "Deadline.test_in_time"), (r(3), "Deadline.test_late")})

    # Readings, values, steps ---------------------------------------------------------------------

    def test_readings(self):
        self.refused("unknown-reading", (sources.ARTICLES, "  reading Q1\n", "  reading Q1 Q7\n"))
        self.refused("reading", (sources.ARTICLES, "Q1 含当日。\n", "Q1 含当日。\nQ7 其他。\n"))
        self.refused("unknown-reading", **{"services/x/x.cc": "// Q7\n"})
        self.refused("unknown-reading", **{sources.READINGS: "| Q1 | a |\n| Q7 | b |\n"})
        self.refused("", **{sources.READINGS: "| Q1 | a |\n", "services/x/x.cc": "// Q1\n"})
        self.assertEqual(sources.readings_in("Q4, Q15-Q17, Q7 … Q9"), "Q4 Q15 Q16 Q17 Q7 Q8 Q9".split())

    def test_values(self):
        self.refused("unknown-value no-sentence", (sources.ARTICLES, "subsidy.cap_wan", "subsidy.cap"))
        self.refused("no-sentence", (sources.PACK, '  cap_wan: "50"', '  floor_bp: 1000\n  cap_wan: "50"'))
        self.refused("no-sentence", (sources.ARTICLES, "  value round.deadline 截止\n", ""))
        self.refused("clause", (sources.PACK, "# 细则10\n", "# 细则9\n"))
        self.refused("clause unknown-reading", (sources.PACK, "# N1, Q1", "# N1, Q2"))
        self.refused("clause", (sources.PACK, '"细则10" sample', '"细则9" sample'), (sources.PACK, "  # 细则10\n", "\n"))
        self.refused("", (sources.PACK, "  # 细则10\n", "\n"))
        self.refused("text", (sources.PACK, '"某厅"', '"某局"'))
        self.refused("text", (sources.PACK, 'cap_wan: "50"', f'cap_wan: "{"不在通知中的话" * 7}"'))

    def test_values_of_every_shape(self):
        pack = ('# 附件3, in its order.\noffices { place: "沈阳市" phone: "1" }  # N\noffices { place: "大连市" }\n\n'
                'a {  # sample\n  b: "x"\n    "y"  # 细则6(1)\n  c: 2\n}\n')
        root = sources.read_pack(sources.Files(self.tree(**{sources.PACK: pack})))
        nodes = sources.find_nodes
        self.assertEqual([node.value for node in nodes(root, "offices[大连市].place")], ["大连市"])
        self.assertEqual([node.value for node in nodes(root, "offices.phone")], ["1"])
        self.assertEqual([node.basis()[0] for node in nodes(root, "offices")], ["N", "附件3, in its order."])
        self.assertEqual([node.value for node in nodes(root, "a.b")], ["xy"])
        self.assertEqual([nodes(root, "a.b")[0].sample(), nodes(root, "a.c")[0].sample()], [False, True])
        self.assertEqual(sources.clauses_of("N1, 细则6(1), 表 填表说明4, 附件3, 申请表"), "N1 A6.1 FN P".split())

    def test_steps(self):
        self.refused("no-requirement", (sources.ARTICLES, f"SENT pay PAID      {r(3)}\n", ""))
        self.refused("unknown-step", (sources.ARTICLES, f"SENT pay PAID      {r(3)}\n",
                                      f"SENT pay PAID {r(3)}\nPAID pay SENT {r(3)}\n"))
        self.refused("label", (sources.ARTICLES, "clock 系统\n", ""))
        self.refused("label", ("common/domain/state.h", '"pay", "拨付"', '"pays", "拨付"'))

    # The page ------------------------------------------------------------------------------------

    def run_in(self, folder, check):
        said = []
        code = law.run(folder, check, {"none": 1, "missing": 1}, said.append)
        return code, "\n".join(said)

    def test_a_stale_page(self):
        folder = self.tree()
        code, said = self.run_in(folder, check=True)
        self.assertEqual(code, 1)
        self.assertIn("[stale]", said)
        self.assertIn("run tests/law/law.py", said)
        self.assertEqual(self.run_in(folder, check=False)[0], 0)
        self.assertEqual(self.run_in(folder, check=True)[0], 0)
        with open(os.path.join(folder, sources.PACK), "a", encoding="utf-8") as file:
            file.write('subsidy { cap_wan: "60" }  # 细则10\n')
        code, said = self.run_in(folder, check=True)
        self.assertEqual(code, 1)
        self.assertIn("+- **取值** 上限：50万元、60万元", said)

    def test_nothing_is_written_over_a_mistake(self):
        folder = self.tree((sources.ARTICLES, "  none 结束语。\n", ""))
        self.assertEqual(self.run_in(folder, check=False)[0], 1)
        self.assertFalse(os.path.exists(os.path.join(folder, law.PAGE)))

    def test_what_the_page_says(self):
        text = page.render(law.Law(self.tree(), 1, 1))
        for part in ["### 第十条 · Article 10", "> **A10-1** 第十条 最高不超过50万元，",
                     f"- **要求** [{r(3)}](#{r(3).lower()}) At most so much.", "  - 流程：已提交 → 已拨付：拨付（企业、系统）",
                     "  - 测试：`MoneyTest.IsCapped`（x_test.cc）", "- **取值** 上限：50万元 `subsidy.cap_wan`",
                     "- **取值** 发文机关：与原文一致 `round.issuer`", "- **解读** [Q1](#q1) 含当日。",
                     "Known to all.（未实现）\n  - 测试：没有", "- **无要求** 结束语。"]:
            self.assertIn(part, text)
        self.assertNotIn("/x_test.cc", text)  # a move of a file changes nothing


if __name__ == "__main__":
    unittest.main()
