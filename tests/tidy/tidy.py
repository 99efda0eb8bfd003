#!/usr/bin/env python3
"""tidy.py [--root FOLDER]: the house rules that no compiler knows, over every file of the tree.

Prints `path:line: [rule] what is wrong` for each finding and ends 1 when there is one. The rules are
in cpp.py, proto.py, docs.py and migrations.py beside this file; tidy_test.py plants a mistake for each of them. A
line may be excused where the rule allows it, with a reason:

    txn.Exec(...);  // tidy-allow(sql): identifiers are checked against [a-z0-9_]+
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from tree import Finding, Tree, excused  # noqa: E402


def check_generated(tree):
    """Nothing that a build makes is in git."""
    generated = re.compile(
        r"\.pb\.(h|cc)$|_pb2(_grpc)?\.py$|_pb\.(js|ts)$|(^|/)node_modules/|^build/|^\.run/|"
        r"(^|/)__pycache__/|\.(o|a|so|pyc)$")
    for path in tree.paths:
        if generated.search(path):
            yield Finding(path, 0, "generated", "made by a build: not in git")


def check_words(tree):
    """No note to self is left behind."""
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    for path in tree.paths:
        if path.startswith("tests/tidy/") or not path.endswith(TEXT_SUFFIXES):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            found = words.search(line)
            if found:
                yield Finding(path, number, "words", f"{found.group(1)}: finish it or say why it stands")


def check_whitespace(tree):
    """Unix line ends, no trailing blanks, a last line end."""
    for path in tree.paths:
        if not path.endswith(TEXT_SUFFIXES) or path == "LICENSE":
            continue
        text = tree.text(path)
        if "\r" in text:
            yield Finding(path, 1, "whitespace", "has carriage returns")
        if text and not text.endswith("\n"):
            yield Finding(path, text.count("\n") + 1, "whitespace", "no line end at the end")
        if path.endswith(".md"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield Finding(path, number, "whitespace", "trailing blanks")


TEXT_SUFFIXES = (".cc", ".h", ".proto", ".cmake", ".txt", ".md", ".sql", ".py", ".sh", ".yaml", ".yml",
                 ".textproto", "/up", "/down", "/demo", "/run")


def run_tool(tree, rule, command, files):
    """A formatter or linter over many files, two processes at once; one finding per line it says."""
    if not files or not shutil.which(command[0]):
        return
    half = (len(files) + 1) // 2
    parts = [part for part in (files[:half], files[half:]) if part]
    running = [subprocess.Popen(command + part, cwd=tree.root, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True) for part in parts]
    for process, part in zip(running, parts):
        output = process.communicate()[0]
        said = re.findall(r"^([\w./-]+):(\d+):(?:\d+:)? (?:\w+: )?(.*)$", output, re.M)
        for path, line, text in said:
            yield Finding(path, int(line), rule, text)
        if process.returncode != 0 and not said:
            yield Finding(part[0], 0, rule, output.strip()[:200])


def check_format(tree):
    """clang-format 14 agrees; another version, or none, is not asked: they differ in details."""
    if not tree.exists(".clang-format") or not shutil.which("clang-format"):
        return
    version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True, check=False)
    if " 14." not in version.stdout:
        return
    yield from run_tool(tree, "format", ["clang-format", "--dry-run", "-Werror", "--ferror-limit=1"],
                        tree.with_suffix(".cc", ".h"))


def check_shell(tree):
    """shellcheck, if installed, finds nothing in our scripts."""
    scripts = [p for p in tree.paths
               if p.endswith(".sh") or (os.path.splitext(p)[1] == "" and
                                        re.match(r"#!.*\b(ba)?sh\b", tree.text(p)[:40]))]
    yield from run_tool(tree, "shell", ["shellcheck", "-e", "SC1091,SC2034", "-f", "gcc"], scripts)


def all_checks():
    import cpp
    import docs
    import migrations
    import proto
    return [check_format, check_shell, check_generated, check_words, check_whitespace,
            *cpp.CHECKS, *proto.CHECKS, *docs.CHECKS, *migrations.CHECKS]


def findings_of(tree, checks):
    # The two that wait for other programs go on while the rest is read.
    with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
        found = [f for findings in pool.map(lambda check: list(check(tree)), checks) for f in findings]
    return sorted({f for f in found if not excused(tree, f)})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__)))))
    parser.add_argument("--only", help="one rule")
    args = parser.parse_args()
    start = time.monotonic()
    tree = Tree(args.root)
    found = [f for f in findings_of(tree, all_checks()) if args.only in (None, f.rule)]
    for finding in found:
        print(f"{finding.path}:{finding.line}: [{finding.rule}] {finding.text}")
    import docs
    for note in docs.notes(tree):
        print(note)
    print(f"tidy: {len(found)} findings in {len(tree.paths)} files, {time.monotonic() - start:.1f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
