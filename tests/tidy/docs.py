"""Rules over the documents: what they name exists, what cites them is right, requirements are proven,
and both READMEs say the same."""

import fnmatch
import os
import re

from cpp import line_of
from tree import Finding

REQUIREMENTS = "docs/status.md"
READINGS = "docs/readings.md"
THREATS = "docs/threats.md"
BAD_INPUT = "tests/bad-input.md"
README, README_ZH, README_LINES = "README.md", "README.zh-CN.md", 150
_NUMBER = re.compile(r"\bR-(\d{3})[a-z]?\b")
# "R-080 … R-083", "R-080..083", "R-080-R-083": who names ten at once has looked at none.
_RANGE = re.compile(r"\bR-\d{3}[a-z]?\s*(?:…|\.\.\.?|–|—|-|to|through)\s*(?:R-)?\d{3}\b")

# Made at run time: a document may name them, git does not have them.
_MADE = (".run/", "build/")


def _expand(name):
    """deploy/{up,down} → deploy/up, deploy/down"""
    braces = re.search(r"\{([^{}]*)\}", name)
    if not braces:
        return [name]
    return [more for part in braces[1].split(",")
            for more in _expand(name[:braces.start()] + part.strip() + name[braces.end():])]


def _names_in(text):
    """(offset, name) of every back-quoted word and every link that may be a path of ours."""
    for match in re.finditer(r"`([^`\n]+)`", text):
        for word in match[1].split():
            yield match.start(1), word.strip("'\",;:()").removeprefix("./")
    for match in re.finditer(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in match[1] and not match[1].startswith("mailto:"):
            yield match.start(1), match[1].removeprefix("./")


def check_names(tree):
    """A path in back quotes or a link of a document exists. What begins with a folder of ours, or
    looks like a file at the top, is taken for a path."""
    folders = {p.split("/")[0] for p in tree.paths if "/" in p}
    every_folder = {os.path.dirname(p) for p in tree.paths}
    for folder in list(every_folder):
        while folder:
            every_folder.add(folder)
            folder = os.path.dirname(folder)
    for path in tree.with_suffix(".md"):
        text = tree.text(path)
        here = os.path.dirname(path)
        for offset, name in _names_in(text):
            if name.startswith(("/", "-", "@", "$", "<")) or re.search(r"[<>$=…|\\]", name):
                continue
            first = name.split("/")[0]
            is_path = ("/" in name and first in folders) or \
                re.fullmatch(r"[A-Z][\w-]*\.(md|txt|json)|\.[\w-]+\.ya?ml", name)
            if not is_path or name.startswith(_MADE):
                continue
            for one in _expand(name):
                one = one.rstrip("/").rstrip(".")
                tries = {one, os.path.normpath(os.path.join(here, one))}
                if "*" in one:
                    known = any(fnmatch.filter([*tree.paths, *every_folder], t) for t in tries)
                else:
                    known = any(t in every_folder or t in tree.paths for t in tries)
                if not known:
                    yield Finding(path, line_of(text, offset), "names", f"`{one}` is not in the tree")


def proofs_of(tree, line):
    """(file, test, found) of every test that a line names as `x_test.cc` `Suite.Test` or `test_x.py` `test_y`."""
    file = None
    for word in re.findall(r"`([^`]+)`", line):
        if re.search(r"_test\.cc$|(^|/)test_\w+\.py$", word):
            file = word if word in tree.paths else None  # a missing file is a finding of names
        elif file and file.endswith(".cc") and re.fullmatch(r"\w+\.\w+", word):
            suite, test = word.split(".")
            yield file, word, bool(re.search(rf"\bTEST(?:_F|_P)?\({suite},\s*{test}\)", tree.text(file)))
        elif file and file.endswith(".py") and re.fullmatch(r"test_\w+", word):
            yield file, word, f"def {word}(" in tree.text(file)


def check_proofs(tree):
    """A document that names `file_test.cc` `Suite.Test` names tests that are there."""
    for path in tree.with_suffix(".md"):
        for number, line in enumerate(tree.lines(path), 1):
            for file, test, found in proofs_of(tree, line):
                if not found:
                    yield Finding(path, number, "proofs", f"`{test}` is not in {file}")


# Citations ---------------------------------------------------------------------------------------

_PATH = re.compile(r"(?<![\w/.*@-])((?:[\w.-]+/)*[\w-][\w.-]*\.md)\b")
_CODE = (".cc", ".h", ".proto", ".sql", ".py", ".sh", ".textproto", ".yaml", ".yml", ".cmake", ".txt")
_GAP = r"(?:[ ,]*(?:\n[ \t]*(?://|#|--)?[ \t]*)?)"
_READING = re.compile(r"(?<![\w-])Q[1-9]\d?\b")
_READING_CITED = re.compile(rf"\b[Rr]eadings?(?:\.md)?{_GAP}(Q\d+)")
_THREAT = re.compile(r"(?<![\w-])(?:B[1-6]-[STRIDE]?\d{1,2}|F-[A-K]\d{1,2})\b")
_THREAT_CITED = re.compile(rf"\bthreats\.md((?:{_GAP}(?:and )?(?:[BF][1-6]?-[A-Z]?\d+|[MI]\d+)\b)+)")
_BAD_INPUT_CITED = re.compile(rf"\bbad-input\.md((?:{_GAP}(?:and )?\d\.\d\b)+)")


def _ids(tree, path, pattern):
    return set(re.findall(pattern, tree.text(path), re.M)) if path in tree.paths else set()


def _is_text(tree, path):
    return path.endswith((*_CODE, ".md")) or \
        ("." not in os.path.basename(path) and tree.text(path).startswith("#!"))


def check_citations(tree):
    """A document that is cited is in the tree, by its path from the root or below docs/ (in a document
    also from its own folder), and so is the id: reading Q7, docs/threats.md B1-T3, tests/bad-input.md 4.1."""
    readings = _ids(tree, READINGS, r"^\| (Q\d+) \|")
    threats = _ids(tree, THREATS, r"^\| ([A-Z0-9-]+) \|")
    groups = _ids(tree, BAD_INPUT, r"^## (\d\.\d) ")
    known = set(tree.paths)
    for path in tree.paths:
        if path.startswith("tests/tidy/") or path == "LICENSE" or not _is_text(tree, path):
            continue
        text = tree.text(path)

        def bad(offset, why):
            return Finding(path, line_of(text, offset), "citation", why)

        for match in _PATH.finditer(text):
            if "://" in re.search(r"\S*$", text[max(0, match.start() - 200):match.start()])[0]:
                continue
            tries = {match[1], f"docs/{match[1]}"}
            if path.endswith(".md"):
                tries.add(os.path.normpath(os.path.join(os.path.dirname(path), match[1])))
            if not tries & known:
                yield bad(match.start(), f"{match[1]} is not in the tree")
        cited = {m[0]: m.start() for m in (_READING.finditer(text) if path.endswith(_CODE) else ())}
        cited |= {m[1]: m.start() for m in _READING_CITED.finditer(text)}
        for name, offset in cited.items():
            if name not in readings:
                yield bad(offset, f"{READINGS} has no {name}")
        cited = {m[0]: m.start() for m in _THREAT.finditer(text)}
        if cited and path != THREATS and THREATS not in text:
            yield bad(min(cited.values()), f"threats are cited as {THREATS} B1-T3")
        for match in _THREAT_CITED.finditer(text):
            cited |= {name: match.start() for name in re.findall(r"[BF][1-6]?-[A-Z]?\d+|[MI]\d+", match[1])}
        for name, offset in cited.items():
            if name not in threats:
                yield bad(offset, f"{THREATS} has no {name}")
        for match in _BAD_INPUT_CITED.finditer(text):
            for name in re.findall(r"\d\.\d", match[1]):
                if name not in groups:
                    yield bad(match.start(), f"{BAD_INPUT} has no {name}")


# Requirements ------------------------------------------------------------------------------------

def status_rows(tree):
    """(line, number, state, cell of the proofs) of each row of docs/status.md."""
    for number, line in enumerate(tree.lines(REQUIREMENTS), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        head = re.fullmatch(r"R-(\d{3})[a-z]?", cells[0])
        if line.startswith("|") and head:
            yield number, head[1], cells[3] if len(cells) > 3 else "", cells[4] if len(cells) > 4 else ""


def _readers(tree):
    return [p for p in tree.paths if p != REQUIREMENTS and not p.startswith("tests/tidy/") and
            p.endswith((".cc", ".h", ".proto", ".py", ".sh", ".sql", ".textproto", ".md", ".js", ".go", ".java"))]


def is_test(path):
    return path.endswith("_test.cc") or path.startswith("tests/")


def _named_alone(tree, path):
    """Numbers that a file names each by itself."""
    return set(_NUMBER.findall(_RANGE.sub("", tree.text(path))))


def check_status(tree):
    """Each row of docs/status.md stands once and has a state; what works or is thin is proven by a test
    that is there and names the number; what is missing is proven by none."""
    seen = {}
    tested = set()
    for path in _readers(tree):
        if is_test(path):
            tested |= _named_alone(tree, path)
    for number, name, state, proofs in status_rows(tree):
        def bad(why):
            return Finding(REQUIREMENTS, number, "requirements", f"R-{name} {why}")
        if seen.setdefault(name, number) != number:
            yield bad("stands twice")
        if state not in ("works", "thin", "missing"):
            yield bad(f"has the state {state!r}: works, thin or missing")
            continue
        named = list(proofs_of(tree, proofs))
        if state == "missing":
            if named or name in tested:
                yield bad("is missing, and a test names it")
            continue
        if name not in tested:
            yield bad("is named by no test: it is missing, or its test must say so")
        if not named:
            yield bad("names no test that proves it")
        for file in dict.fromkeys(file for file, _, _ in named):
            if name not in _named_alone(tree, file):
                yield bad(f"is not named by {file}")


def check_requirements(tree):
    """A requirement number that is named anywhere is in docs/status.md, and its row is true."""
    if REQUIREMENTS not in tree.paths:
        yield Finding(REQUIREMENTS, 0, "requirements", "is missing: every R-number with one line")
        return
    known = {name for _, name, _, _ in status_rows(tree)}
    yield from check_status(tree)
    for path in _readers(tree):
        text = tree.text(path)
        for match in _NUMBER.finditer(text):
            if match[1] not in known:
                yield Finding(path, line_of(text, match.start()), "requirements", f"there is no {match[0]}")
        if is_test(path):
            for match in _RANGE.finditer(text):
                yield Finding(path, line_of(text, match.start()), "requirements",
                              f"{match[0]} proves nothing: name each number at the test that proves it")


def notes(tree):
    """Said, but no finding."""
    if REQUIREMENTS in tree.paths:
        states = [state for _, _, state, _ in status_rows(tree)]
        yield "requirements: " + ", ".join(f"{states.count(s)} {s}" for s in ("works", "thin", "missing"))


# The two READMEs ---------------------------------------------------------------------------------

def _commands(tree, path):
    """Lines of the ```sh blocks, without the comment behind them."""
    blocks = re.findall(r"^```sh\n(.*?)^```", tree.text(path), re.M | re.S)
    return [re.sub(r"\s+#.*", "", line).rstrip() for block in blocks for line in block.split("\n") if line.strip()]


def _tables(tree, path):
    """Of each table the back-quoted words of the first cell, row by row, head and rule left out."""
    tables, inside = [], False
    for line in tree.lines(path):
        if not line.startswith("|"):
            inside = False
            continue
        if not inside:
            tables.append([])
        inside = True
        tables[-1].append(re.findall(r"`([^`]+)`", line.split("|")[1]))
    return [table[2:] for table in tables]


def check_readmes(tree):
    """README.md is short, and README.zh-CN.md has its commands and the rows of its tables."""
    if README in tree.paths and len(tree.lines(README)) - 1 > README_LINES:
        yield Finding(README, README_LINES + 1, "readme", f"more than {README_LINES} lines: docs/ has room")
    if README not in tree.paths or README_ZH not in tree.paths:
        return
    if _commands(tree, README) != _commands(tree, README_ZH):
        yield Finding(README_ZH, 1, "readme", f"its commands are not those of {README}")
    ours, theirs = _tables(tree, README), _tables(tree, README_ZH)
    if len(ours) != len(theirs):
        yield Finding(README_ZH, 1, "readme", f"has {len(theirs)} tables, {README} has {len(ours)}")
    for number, (one, other) in enumerate(zip(ours, theirs), 1):
        if len(one) != len(other):
            yield Finding(README_ZH, 1, "readme", f"table {number}: {len(other)} rows, {README} has {len(one)}")
        for left, right in zip(one, other):
            if left != right:
                yield Finding(README_ZH, 1, "readme", f"table {number}: {right} where {README} has {left}")


CHECKS = [check_names, check_proofs, check_citations, check_requirements, check_readmes]
