#!/usr/bin/env python3
"""law.py [--check] [--root FOLDER]: weaves docs/law.md, the notice sentence by sentence with what the
program makes of each: requirements, readings, values of the pack, steps of the workflow, tests.

Writes the page, or with --check compares it. Either way it prints `path:line: [rule] what is wrong` and
ends 1 when the law and the program do not fit together; law_test.py plants a mistake for each rule.
"""

import argparse
import difflib
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import page  # noqa: E402
import sources  # noqa: E402
from sources import (ARTICLES, NOTICE, PACK, READINGS, STATUS, WORKFLOW, Finding,  # noqa: E402
                     clauses_of, covers, readings_in, without_blanks)

PAGE = "docs/law.md"
# Sentences that ask nothing of a program, and requirements that no test names: exactly so many. A number
# here only ever goes down.
NONE = 7
MISSING = 1


class Law:
    """Everything that is woven together, and what does not fit."""

    def __init__(self, root, none=NONE, missing=MISSING):
        self.files = sources.Files(root)
        self.limits = {"none": none, "missing": missing}
        self.text = without_blanks(self.files.text(NOTICE))
        self.articles = sources.Articles(self.files)
        self.requirements = sources.read_requirements(self.files)
        self.pack = sources.read_pack(self.files)
        self.workflow = sources.read_workflow(self.files)
        self.labels = sources.read_labels(self.files)
        self.tests = sources.read_tests(self.files)
        self.cited = sources.read_cited_readings(self.files)

    @staticmethod
    def is_quotation(text):
        """A long Chinese text of the pack is the notice's own."""
        return len(text) > 40 and re.search("[一-鿿]", text) is not None

    @staticmethod
    def is_text(leaf):
        """Words or a number to call, which can be compared with the notice; its clause is neither."""
        return leaf.name != "clause" and re.search("[一-鿿]|^[-0-9]{7,}$", leaf.value) is not None

    def nodes(self, path):
        return sources.find_nodes(self.pack, path)

    def missing(self):
        """Requirements that are known to be missing: by docs/status.md, else by the list in articles.txt."""
        if self.files.has(STATUS):
            return [number for number, one in self.requirements.items() if one.status == "missing"]
        return list(self.articles.missing)

    def findings(self):
        checks = [self.check_text, self.check_sentences, self.check_clauses, self.check_proofs,
                  self.check_readings, self.check_values, self.check_steps]
        return sorted({*self.articles.findings, *(found for check in checks for found in check())})

    # Each yields findings ------------------------------------------------------------------------

    def check_text(self):
        """The sentences, one after the other, are the notice."""
        at = 0
        for one in self.articles.sentences():
            text = without_blanks(one.text)
            if not self.text.startswith(text, at):
                yield Finding(ARTICLES, one.line, "text",
                              f"{one.id} is not what follows in {NOTICE}: “{self.text[at:at + 20]}…”")
                return
            at += len(text)
        if at < len(self.text):
            yield Finding(ARTICLES, 0, "text", f"the notice goes on: “{self.text[at:at + 20]}…”")

    def check_sentences(self):
        """A sentence has a requirement, or a reason why it has none."""
        for one in self.articles.sentences():
            if not one.needs and not one.also and not one.none:
                yield Finding(ARTICLES, one.line, "no-requirement",
                              f"{one.id} has no requirement: `needs R-nnn`, or `none` and why")
            if one.none and (one.needs or one.also):
                yield Finding(ARTICLES, one.line, "no-requirement", f"{one.id} has both requirements and `none`")
            for number in [*one.needs, *one.also]:
                if number not in self.requirements:
                    yield Finding(ARTICLES, one.line, "unknown-requirement", f"there is no {number}")
        yield from self._counted("none", ARTICLES, sum(1 for one in self.articles.sentences() if one.none),
                                 "sentences that ask nothing of a program")

    def _counted(self, name, path, count, what):
        limit = self.limits[name]
        if count > limit:
            yield Finding(path, 0, "grown", f"{count} {what}, {limit} before: this list only gets shorter")
        elif count < limit:
            yield Finding(path, 0, "shorter", f"{count} {what}: write {name.upper()} = {count} in tests/law/law.py")

    def check_clauses(self):
        """A requirement stands beside a sentence of each clause that it names, and of no other."""
        sentences = self.articles.sentences()
        for number, requirement in self.requirements.items():
            here = (requirement.path, requirement.line)
            places = [one for one in sentences if number in one.needs]
            if not requirement.clauses:
                yield Finding(*here, "unknown-clause", f"{number} names no clause of the notice")
            for clause in requirement.clauses:
                if not any(covers(clause, one.clause) for one in sentences):
                    yield Finding(*here, "unknown-clause", f"{number}: the notice has no {clause}")
                elif not any(covers(clause, one.clause) for one in places):
                    yield Finding(*here, "no-sentence", f"{number} stands beside no sentence of {clause}")
            for one in places:
                if not any(covers(clause, one.clause) for clause in requirement.clauses):
                    yield Finding(ARTICLES, one.line, "clause",
                                  f"{number} is of {', '.join(requirement.clauses)}, not of {one.id}: "
                                  "`also`, or mend its clauses")

    def check_proofs(self):
        """A requirement has a test that names it in a comment, or is known to be missing."""
        missing = self.missing()
        if self.files.has(STATUS) and self.articles.missing:
            yield Finding(ARTICLES, next(iter(self.articles.missing.values()))[1], "missing",
                          f"{STATUS} says what is missing: take this list away")
        for number in missing:
            if number not in self.requirements:
                yield Finding(ARTICLES, self.articles.missing[number][1], "unknown-requirement", f"there is no {number}")
            elif self.tests.get(number):
                file, name = min(self.tests[number])
                yield Finding(ARTICLES, 0, "missing", f"{number} is said to be missing, but {name} ({file}) names it")
        for number, one in self.requirements.items():
            if number not in missing and not self.tests.get(number):
                yield Finding(one.path, one.line, "no-test", f"no test names {number}, and no list says it is missing")
        yield from self._counted("missing", STATUS if self.files.has(STATUS) else ARTICLES, len(missing),
                                 "missing requirements")

    def check_readings(self):
        """Readings that the program cites are told here, beside a sentence."""
        known = self.articles.readings
        for number, path in self.cited.items():
            if number not in known:
                yield Finding(path, 0, "unknown-reading", f"{number} is not among the readings of {ARTICLES}")
        if self.files.has(READINGS):
            for number in readings_in(self.files.text(READINGS)):
                if number not in known:
                    yield Finding(READINGS, 0, "unknown-reading", f"{number} is not among the readings of {ARTICLES}")
        placed = set()
        for one in self.articles.sentences():
            placed.update(one.readings)
            for number in one.readings:
                if number not in known:
                    yield Finding(ARTICLES, one.line, "unknown-reading", f"there is no {number} below")
        for number, (_, line) in known.items():
            if number not in placed:
                yield Finding(ARTICLES, line, "reading", f"{number} stands beside no sentence")

    def check_values(self):
        """Every value of the pack stands beside a sentence of its clause."""
        beside = {}
        for one in self.articles.sentences():
            for value in one.values:
                nodes = self.nodes(value.path)
                if not nodes:
                    yield Finding(ARTICLES, value.line, "unknown-value", f"{PACK} has no {value.path}")
                for leaf in (leaf for node in nodes for leaf in node.leaves()):
                    beside.setdefault(leaf, []).append(one)
                    if value.quoted and self.is_text(leaf) and without_blanks(leaf.value) not in without_blanks(one.text):
                        yield Finding(PACK, leaf.line, "text", f"{leaf.path()} is not what {one.id} says")
        for leaf in self.pack.leaves():
            if leaf not in beside:
                yield Finding(PACK, leaf.line, "no-sentence", f"{leaf.path()} stands beside no sentence")
                continue
            yield from self._clause_of(leaf, beside[leaf])
            if self.is_quotation(leaf.value) and without_blanks(leaf.value) not in self.text:
                yield Finding(PACK, leaf.line, "text", f"{leaf.path()} is not the notice's text")

    def _clause_of(self, leaf, sentences):
        basis, own = leaf.basis()
        clauses, readings = clauses_of(basis), readings_in(basis)
        fits = [any(covers(clause, one.clause) for one in sentences) for clause in clauses]
        fits_reading = [any(number in one.readings for one in sentences) for number in readings]
        names = [one.id for one in sentences]
        if own and not all(fits + fits_reading):
            wrong = [what for what, fit in zip(clauses + readings, fits + fits_reading) if not fit]
            yield Finding(PACK, leaf.line, "clause",
                          f"{leaf.path()} is of {', '.join(wrong)}, but stands beside {', '.join(names)}")
        elif not own and not any(fits or fits_reading or [True]):
            yield Finding(PACK, leaf.line, "clause", f"{leaf.path()} is of {basis}, but stands beside {', '.join(names)}")

    def check_steps(self):
        """Every row of the workflow serves a requirement, and has its names in Chinese."""
        steps = self.articles.steps
        for key, roles in self.workflow.items():
            if key not in steps:
                yield Finding(WORKFLOW, 0, "no-requirement", f"{' '.join(key)} is not among the steps of {ARTICLES}")
            for word in key:
                if word not in self.labels:
                    yield Finding(WORKFLOW, 0, "label", f"nothing in common says what {word} is called")
            for role in roles:
                if role not in self.articles.roles:
                    yield Finding(WORKFLOW, 0, "label", f"{role} is not among the roles of {ARTICLES}")
        for key, (needs, line) in steps.items():
            if key not in self.workflow:
                yield Finding(ARTICLES, line, "unknown-step", f"the workflow has no {' '.join(key)}")
            for number in needs:
                if number not in self.requirements:
                    yield Finding(ARTICLES, line, "unknown-requirement", f"there is no {number}")


def stale(law):
    """What docs/law.md says otherwise than it should."""
    path = os.path.join(law.files.root, PAGE)
    now = law.files.text(PAGE) if os.path.isfile(path) else ""
    return list(difflib.unified_diff(now.splitlines(), page.render(law).splitlines(), PAGE, "as it should be",
                                     lineterm="", n=0))


def run(root, check, limits=None, out=print):
    law = Law(root, **(limits or {}))
    findings = law.findings()
    for finding in findings:
        out(f"{finding.path}:{finding.line}: [{finding.rule}] {finding.text}")
    if findings:
        out(f"law: {len(findings)} findings")
        return 1
    difference = stale(law)
    if not check and difference:
        with open(os.path.join(root, PAGE), "w", encoding="utf-8", newline="\n") as file:
            file.write(page.render(law))
        out(f"law: {PAGE} is written")
    elif difference:
        for line in difference[:40]:
            out(line)
        out(f"{PAGE}:0: [stale] {len(difference)} lines differ: run tests/law/law.py and commit {PAGE}")
        return 1
    out(f"law: {len(law.articles.sentences())} sentences, {len(law.requirements)} requirements, "
        f"{len(law.workflow)} steps, {sum(map(len, law.tests.values()))} proofs")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    args = parser.parse_args()
    return run(args.root, args.check)


if __name__ == "__main__":
    sys.exit(main())
