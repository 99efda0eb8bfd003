#!/usr/bin/env python3
"""clang_tidy.py [FILE…]: clang-tidy 14 with the house's .clang-tidy over the given .cc files, or all.

Takes the compile commands of build/release without what only GCC understands (its precompiled
headers and some warning names). A file that sees gRPC takes some ten seconds, so it is run by hand
on what one changes. Ends 1 when anything is found.
"""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GCC_ONLY = re.compile(r"\s-include \S*cmake_pch\S*|\s-Winvalid-pch|\s-Wno-(restrict|stringop-\w+)\b")


def main():
    if not shutil.which("clang-tidy"):
        sys.exit("clang_tidy.py: install clang-tidy first (Debian package clang-tidy)")
    commands_file = os.path.join(ROOT, "build/release/compile_commands.json")
    if not os.path.exists(commands_file):
        sys.exit("clang_tidy.py: build first (tests/run)")
    with open(commands_file, encoding="utf-8") as file:
        commands = [c for c in json.load(file) if not c["file"].startswith(os.path.join(ROOT, "build"))]
    for command in commands:
        command["command"] = GCC_ONLY.sub("", command["command"])
    wanted = [os.path.abspath(f) for f in sys.argv[1:]]
    unknown = set(wanted) - {c["file"] for c in commands}
    if unknown:
        sys.exit(f"clang_tidy.py: not part of the build: {' '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(commands, file)

        def check(path):
            return subprocess.run(["clang-tidy", "--quiet", "-p", folder, path], cwd=ROOT,
                                  capture_output=True, text=True, check=False)

        failed = False
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for done in pool.map(check, wanted or sorted({c["file"] for c in commands})):
                if done.returncode != 0:
                    failed = True
                    print(done.stdout.strip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
