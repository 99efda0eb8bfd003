"""What the rules of tests/tidy look at: the files of a checkout, and what they found."""

import collections
import os
import re
import subprocess

Finding = collections.namedtuple("Finding", "path line rule text")

ALLOW = re.compile(r"tidy-allow\((\w[\w-]*)\)(:\s*\S.*)?")


class Tree:
    """The files of one checkout: what git tracks or would track."""

    def __init__(self, root, paths=None):
        self.root = root
        self.paths = sorted(paths if paths is not None else self._list())
        self._texts = {}
        self._made = {}

    def _list(self):
        git = subprocess.run(
            ["git", "-C", self.root, "ls-files", "-co", "--exclude-standard", "-z"],
            capture_output=True, check=False)
        if git.returncode == 0:
            found = git.stdout.decode().split("\0")
            return [p for p in found if p and os.path.isfile(os.path.join(self.root, p))]
        found = []  # an unpacked archive
        for folder, folders, files in os.walk(self.root):
            folders[:] = [f for f in folders if f not in ("build", ".run", ".git", "node_modules")]
            found += [os.path.relpath(os.path.join(folder, f), self.root) for f in files]
        return found

    def text(self, path):
        if path not in self._texts:
            with open(os.path.join(self.root, path), "rb") as file:
                self._texts[path] = file.read().decode("utf-8", "replace")
        return self._texts[path]

    def lines(self, path):
        return self.text(path).split("\n")

    def made(self, path, make):
        """make(text of path), computed once."""
        key = (path, make)
        if key not in self._made:
            self._made[key] = make(self.text(path))
        return self._made[key]

    def with_suffix(self, *suffixes):
        return [p for p in self.paths if p.endswith(suffixes)]

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))


def excused(tree, finding):
    """A finding whose line, or the comment line above it, carries tidy-allow(rule): reason."""
    if not finding.line:
        return False
    lines = tree.lines(finding.path)
    for number in (finding.line, finding.line - 1):
        if 1 <= number <= len(lines):
            allow = ALLOW.search(lines[number - 1])
            if allow and allow.group(1) == finding.rule and allow.group(2):
                return True
    return False
