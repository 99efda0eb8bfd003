#!/usr/bin/env python3
"""migrations.py   adds each new migration to the DIGESTS of its folder, below this version's line

A migration that stands in DIGESTS was released: it is never edited, removed or preceded by a new one,
which tidy checks, as `alliancectl migrate` does. This script only ever adds lines; it refuses when a
listed file is not as listed. The lines are those of sha256sum: `cd FOLDER && sha256sum --check DIGESTS`.
"""

import hashlib
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from tree import Finding, Tree  # noqa: E402

_LINE = re.compile(r"# (?P<version>\d+\.\d+\.\d+)|(?P<digest>[0-9a-f]{64})  (?P<name>\d{4}_\w+\.sql)")


def folders(tree):
    """folder → names of its migrations, in their order."""
    found = {}
    for path in tree.paths:
        folder, name = os.path.split(path)
        if os.path.basename(folder) == "migrations":
            found.setdefault(folder, [])
            if name.endswith(".sql"):
                found[folder].append(name)
    return found


def digest(tree, path):
    with open(os.path.join(tree.root, path), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def check_folder(tree, folder, names):
    """(findings, names that are new and may be added)."""
    path = f"{folder}/DIGESTS"
    lines = tree.text(path).rstrip("\n").split("\n") if path in tree.paths else []
    findings, last, version = [], "", None

    def bad(where, line, text):
        findings.append(Finding(where, line, "migrations", text))

    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if not match or (match["name"] and not version):
            bad(path, number, "write \"# VERSION\", below it lines of sha256sum: tests/tidy/migrations.py does")
        elif match["version"]:
            version = match["version"]
        elif match["name"] <= last:
            bad(path, number, f"{match['name']} comes after {last}")
        else:
            last = match["name"]
            if last not in names:
                bad(path, number, f"{last} was released and is gone")
            elif digest(tree, f"{folder}/{last}") != match["digest"]:
                bad(f"{folder}/{last}", 1, "was changed after its release: write a new migration")
    listed = {m["name"] for m in map(_LINE.fullmatch, lines) if m}
    new = [name for name in names if name not in listed]
    for name in new:
        if name[:4] <= last[:4]:
            bad(f"{folder}/{name}", 1, f"is not later than {last}, which was released: give it a later number")
    return findings, new


def check_migrations(tree):
    """Released migrations stay as they are; new ones come last and are listed."""
    for folder, names in folders(tree).items():
        findings, new = check_folder(tree, folder, names)
        yield from findings
        if not findings:
            for name in new:
                yield Finding(f"{folder}/{name}", 1, "migrations",
                              "is not in DIGESTS: run tests/tidy/migrations.py")


def add(tree):
    """Adds what is new; returns the lines added, or raises ValueError when something is amiss."""
    version = re.search(r"^project\(\w+ VERSION ([\d.]+)", tree.text("CMakeLists.txt"), re.M)[1]
    todo = []
    for folder, names in folders(tree).items():
        findings, new = check_folder(tree, folder, names)
        if findings:
            raise ValueError("\n".join(f"{f.path}:{f.line}: {f.text}" for f in findings))
        todo.append((folder, new))
    added = []
    for folder, new in todo:
        path = f"{folder}/DIGESTS"
        text = tree.text(path) if path in tree.paths else ""
        versions = re.findall(r"^# (\S+)$", text, re.M)
        lines = [f"{digest(tree, f'{folder}/{name}')}  {name}" for name in new]
        if lines and versions[-1:] != [version]:
            lines.insert(0, f"# {version}")
        with open(os.path.join(tree.root, path), "a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        added += [f"{folder}: {line}" for line in lines]
    return added


def main():
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    try:
        for line in add(Tree(root)):
            print(line)
    except ValueError as amiss:
        sys.exit(str(amiss))


CHECKS = [check_migrations]

if __name__ == "__main__":
    main()
