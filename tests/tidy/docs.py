"""Rules over the documents: names in them exist, and requirement numbers are known and proven."""

import fnmatch
import os
import re

from cpp import line_of
from tree import Finding

REQUIREMENTS = "tests/requirements.md"
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


def check_proofs(tree):
    """A document that names `file_test.cc` `Suite.Test` names tests that are there."""
    for path in tree.with_suffix(".md"):
        for number, line in enumerate(tree.lines(path), 1):
            file = None
            for word in re.findall(r"`([^`]+)`", line):
                if word.endswith("_test.cc"):
                    file = word if word in tree.paths else None  # a missing file is a finding of names
                elif file and re.fullmatch(r"\w+\.\w+", word):
                    suite, test = word.split(".")
                    if not re.search(rf"\bTEST(?:_F|_P)?\({suite},\s*{test}\)", tree.text(file)):
                        yield Finding(path, number, "proofs", f"`{word}` is not in {file}")


def known_requirements(tree):
    if REQUIREMENTS not in tree.paths:
        return set()
    return set(_NUMBER.findall(tree.text(REQUIREMENTS)))


def _readers(tree):
    return [p for p in tree.paths if p != REQUIREMENTS and not p.startswith("tests/tidy/") and
            p.endswith((".cc", ".h", ".proto", ".py", ".sh", ".sql", ".textproto", ".md", ".js", ".go", ".java"))]


def check_requirements(tree):
    """A requirement number that is named anywhere is in tests/requirements.md, each once."""
    if REQUIREMENTS not in tree.paths:
        yield Finding(REQUIREMENTS, 0, "requirements", "is missing: every R-number with one line")
        return
    known = known_requirements(tree)
    seen = {}
    for number, line in enumerate(tree.lines(REQUIREMENTS), 1):
        heads = re.match(r"\W*(?:\|\s*)?R-(\d{3})", line)
        if heads and seen.setdefault(heads[1], number) != number:
            yield Finding(REQUIREMENTS, number, "requirements", f"R-{heads[1]} stands twice")
    for path in _readers(tree):
        text = tree.text(path)
        for match in _NUMBER.finditer(text):
            if match[1] not in known:
                yield Finding(path, line_of(text, match.start()), "requirements", f"there is no {match[0]}")
        if is_test(path):
            for match in _RANGE.finditer(text):
                yield Finding(path, line_of(text, match.start()), "requirements",
                              f"{match[0]} proves nothing: name each number at the test that proves it")


def is_test(path):
    return path.endswith("_test.cc") or path.startswith("tests/")


def unproven(tree):
    """Known numbers that no test names, each by itself."""
    named = set()
    for path in _readers(tree):
        if is_test(path):
            named |= set(_NUMBER.findall(_RANGE.sub("", tree.text(path))))
    return sorted(known_requirements(tree) - named)


def notes(tree):
    """Said, but no finding."""
    missing = unproven(tree)
    if missing:
        yield "requirements that no test names yet: " + " ".join(f"R-{n}" for n in missing)


CHECKS = [check_names, check_proofs, check_requirements]
