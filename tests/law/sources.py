"""Reads what docs/law.md is woven from: the cut notice, the requirements, the pack, the workflow, the tests."""

import ast
import collections
import dataclasses
import io
import os
import re
import tokenize

Finding = collections.namedtuple("Finding", "path line rule text")

NOTICE = "docs/law/notice.txt"
ARTICLES = "docs/law/articles.txt"
STATUS = "docs/status.md"
REQUIREMENTS = "requirements"  # a list instead of the table, as the planted laws of law_test.py have
READINGS = "docs/readings.md"
PACK = "common/rules/2023.textproto"
WORKFLOW = "tests/golden/workflow.mmd"

_NUMBER = re.compile(r"\bR-(\d{3})[a-z]?\b")
_READING = re.compile(r"\bQ(\d+)\b(?:\s*(?:…|\.\.\.|–|—|-|to)\s*Q?(\d+)\b)?")


def without_blanks(text):
    return re.sub(r"\s+", "", text)


def numbers_in(text):
    """Requirement numbers, each once, in their order."""
    return list(dict.fromkeys("R-" + number for number in _NUMBER.findall(text)))


def readings_in(text):
    """Q4, Q15-Q17 → Q4 Q15 Q16 Q17"""
    found = {}
    for first, last in _READING.findall(text):
        for number in range(int(first), int(last or first) + 1):
            found[f"Q{number}"] = None
    return list(found)


def covers(clause, of):
    """Whether a clause as the requirements and the pack name it takes in the clause of a sentence:
    A6 takes in A6.1, N all of the covering notice, F the whole form."""
    return of == clause or of.startswith(clause + ".") or (clause in ("N", "A", "F", "P") and of[0] == clause)


class Files:
    """The files of a checkout, by path."""

    def __init__(self, root):
        self.root = root

    def has(self, path):
        return os.path.isfile(os.path.join(self.root, path))

    def text(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8") as file:
            return file.read()

    def under(self, *folders, suffixes):
        found = []
        for folder in folders:
            for here, inner, names in os.walk(os.path.join(self.root, folder)):
                inner[:] = [name for name in inner if name not in ("node_modules", "__pycache__")]
                found += [os.path.relpath(os.path.join(here, name), self.root)
                          for name in names if name.endswith(suffixes)]
        return sorted(found)


# The cut notice ----------------------------------------------------------------------------------


@dataclasses.dataclass
class Value:
    path: str  # in the pack
    label: str
    quoted: bool  # its texts stand in the sentence, word for word
    line: int


@dataclasses.dataclass
class Sentence:
    id: str
    text: str
    line: int
    needs: list = dataclasses.field(default_factory=list)
    also: list = dataclasses.field(default_factory=list)
    none: str = ""
    readings: list = dataclasses.field(default_factory=list)
    values: list = dataclasses.field(default_factory=list)  # of Value

    @property
    def clause(self):
        return self.id.split("-", 1)[0]


@dataclasses.dataclass
class Heading:
    level: str  # "part" or "clause"
    clause: str
    zh: str
    en: str


class Articles:
    """docs/law/articles.txt: headings and sentences in their order, and the lists below them."""

    def __init__(self, files):
        self.items = []
        self.readings = {}  # Q2 → (text, line)
        self.steps = {}  # (from, action, to) → (requirements, line)
        self.roles = {}
        self.missing = {}  # R-nnn → (reason, line)
        self.findings = []
        self._ids = set()
        section = clause = sentence = None
        for number, line in enumerate(files.text(ARTICLES).split("\n"), 1):
            words = line.strip()
            if not words or line.startswith("#"):
                continue
            if line in ("readings", "steps", "roles", "missing"):
                section = line
            elif section:
                self._list_line(section, words, number)
            elif re.match(r"(part|clause) ", line):
                heading = self._heading(words, number)
                if heading:
                    clause = heading.clause
                    self.items.append(heading)
            elif line[0] != " ":
                sentence = self._sentence(words, clause, number)
                self.items.append(sentence)
            else:
                self._property(sentence, words, number)

    def sentences(self):
        return [item for item in self.items if isinstance(item, Sentence)]

    def _say(self, line, rule, text):
        self.findings.append(Finding(ARTICLES, line, rule, text))

    def _heading(self, words, number):
        found = re.fullmatch(r"(part|clause) (?:(?<=clause )([NAFP][N\d.]*) )?(\S.*?) \| (\S.*)", words)
        if not found or (found[1] == "clause") != bool(found[2]):
            self._say(number, "form", "a heading is `part 中文 | English` or `clause A10 中文 | English`")
            return None
        return Heading(found[1], found[2] or "", found[3], found[4])

    def _sentence(self, words, clause, number):
        name, _, text = words.partition(" ")
        if not re.fullmatch(r"[NAFP][N\d.]*-\d+", name) or not text:
            self._say(number, "form", f"`{name}` is no number of a sentence with its text")
        elif name.split("-")[0] != clause:
            self._say(number, "form", f"{name} stands under the heading of {clause}")
        elif name in self._ids:
            self._say(number, "form", f"{name} stands twice")
        self._ids.add(name)
        return Sentence(name, text.strip(), number)

    def _property(self, sentence, words, number):
        key, _, rest = words.partition(" ")
        rest = rest.strip()
        if sentence is None or not rest or key not in ("needs", "also", "none", "reading", "value", "quote"):
            self._say(number, "form", f"`{words}` says nothing that this file knows")
        elif key in ("needs", "also"):
            given = rest.split()
            if not all(re.fullmatch(r"R-\d{3}", one) for one in given):
                self._say(number, "form", f"`{rest}` is no list of requirement numbers")
            getattr(sentence, key).extend(given)
        elif key == "none":
            sentence.none = rest
        elif key == "reading":
            sentence.readings += rest.split()
        else:
            path, _, label = rest.partition(" ")
            if not label:
                self._say(number, "form", f"`{path}` has no label")
            sentence.values.append(Value(path, label.strip(), key == "quote", number))

    def _list_line(self, section, words, number):
        parts = words.split()
        if section == "steps":
            key = tuple(parts[:3])
            needs = parts[3:]
            if not needs or not all(re.fullmatch(r"R-\d{3}", one) for one in needs):
                self._say(number, "form", "a row is FROM action TO and the numbers of requirements")
            elif key in self.steps:
                self._say(number, "form", f"{' '.join(key)} stands twice")
            else:
                self.steps[key] = (needs, number)
            return
        key, _, text = words.partition(" ")
        place = {"readings": self.readings, "roles": self.roles, "missing": self.missing}[section]
        if not text or key in place:
            self._say(number, "form", f"{key} stands twice, or without a text")
        place[key] = text.strip() if section == "roles" else (text.strip(), number)


# Requirements ------------------------------------------------------------------------------------


@dataclasses.dataclass
class Requirement:
    id: str
    clauses: list
    text: str
    status: str  # "works", "thin", "missing"; empty where the list has none
    path: str
    line: int


_CLAUSE = r"[NAFP][\d.]*"
_CLAUSES = re.compile(rf"\(?({_CLAUSE}(?:\s*[,;]\s*{_CLAUSE})*)\)?")


def read_requirements(files):
    """docs/status.md; a tree without it has a plain list."""
    path = STATUS if files.has(STATUS) else REQUIREMENTS
    found = {}
    for number, line in enumerate(files.text(path).split("\n"), 1):
        head = re.match(r"\W*R-(\d{3})\b", line)
        if not head or "R-" + head[1] in found:
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.lstrip().startswith("|"):
            cells = [line.strip()]
        cells[0] = re.sub(r"^\W*R-\d{3}\W?\s*(?=\(|\w|$)", "", cells[0]).strip()
        status, clauses, text = "", [], ""
        for cell in cells:
            word = cell.strip("*_` ").lower()
            if word in ("works", "thin", "missing"):
                status = word
            elif cell and not clauses and (whole := _CLAUSES.fullmatch(cell)):
                clauses = re.split(r"\s*[,;]\s*", whole[1])
            elif cell and not text:
                begin = re.match(rf"\(({_CLAUSES.pattern})\)\s*", cell)
                if begin and not clauses:
                    clauses = re.split(r"\s*[,;]\s*", begin[2])
                    cell = cell[begin.end():]
                text = cell
        requirement = Requirement("R-" + head[1], clauses, text, status, path, number)
        found[requirement.id] = requirement
    return found


# The pack ----------------------------------------------------------------------------------------


class Node:
    """A field of a textproto file: a scalar has `value`, a message has `children`."""

    def __init__(self, name, line, parent, leading):
        self.name = name
        self.line = line
        self.parent = parent
        self.leading = leading  # the comment above
        self.trailing = ""  # the comment on its line
        self.value = None
        self.children = []

    def leaves(self):
        if self.value is not None:
            yield self
        for child in self.children:
            if child.name != "basis":
                yield from child.leaves()

    def child(self, name):
        return next((child for child in self.children if child.name == name), None)

    def path(self):
        above = self.parent.path() if self.parent else ""
        return f"{above}.{self.name}" if above else self.name

    def own_basis(self):
        """What it says itself about where it comes from: its clause, or the comments beside it."""
        clause = self.child("clause")
        basis = self.child("basis")
        if clause is not None:
            return clause.value
        if basis is not None and basis.child("clause") is not None:
            return basis.child("clause").value
        for text in (self.trailing, self.leading):
            if clauses_of(text) or readings_in(text):
                return text
        return ""

    def basis(self):
        """(text, whether it is its own): of itself, or of what it stands in."""
        node = self
        while node is not None:
            if node.own_basis():
                return node.own_basis(), node is self
            node = node.parent
        return "", False

    def sample(self):
        """True when the number is not the notice's: the department confirms or replaces it."""
        node = self
        while node is not None:
            basis = node.child("basis")
            if basis is not None:
                sample = basis.child("sample")
                return sample is not None and sample.value == "true"
            if re.search(r"\bsamples?\b", node.trailing + " " + node.leading):
                return True
            if clauses_of(node.own_basis()):
                return False
            node = node.parent
        return False


def clauses_of(text):
    """细则6(1), N2, 表 填表说明4, 附件3 → A6.1, N2, FN, P"""
    found = []
    for match in re.finditer(r"\bN\d?\b|细则(\d+)(?:\((\d)\))?|表 填表说明|表|附件([123])", text):
        if match[0].startswith("N"):
            found.append(match[0])
        elif match[1]:
            found.append(f"A{match[1]}" + (f".{match[2]}" if match[2] else ""))
        elif match[3]:
            found.append({"1": "A", "2": "F", "3": "P"}[match[3]])
        elif not re.match(r"\w", text[match.start() - 1:match.start()] or " "):
            found.append("FN" if "填表说明" in match[0] else "F")
    return found


_TOKENS = re.compile(r'(?P<comment>#[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*")|(?P<mark>[{}:])|(?P<word>[^\s{}:"#]+)')


def read_pack(files):
    """The tree of the pack's textproto, comments kept."""
    text = files.text(PACK)
    lines = text.split("\n")
    root = Node("", 0, None, "")
    here, last, leading, name = root, None, "", None
    line = 0
    for token in _TOKENS.finditer(text):
        before, line = line, text.count("\n", 0, token.start()) + 1
        if any(not one.strip() for one in lines[before:line - 1]):
            leading = ""
        if token["comment"]:
            if lines[line - 1].lstrip().startswith("#"):
                above = line > 1 and lines[line - 2].lstrip().startswith("#")
                leading = (leading + " " if above else "") + token[0][1:].strip()
            elif last is not None:
                last.trailing = token[0][1:].strip()
        elif token[0] == "{":
            last = here = _field(here, name, line, leading)
            name, leading = None, ""
        elif token[0] == "}":
            last, here, leading = here, here.parent, here.leading
        elif token["string"] or (token["word"] and name is not None):
            value = token[0]
            if token["string"]:
                value = value[1:-1].replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")
            if name is None and last is not None and last.value is not None:
                last.value += value  # strings in a row are one
            else:
                last = _field(here, name, line, leading)
                last.value = value
                name = None
        elif token["word"]:
            name = token[0]
    return root


def _field(parent, name, line, leading):
    node = Node(name, line, parent, leading)
    parent.children.append(node)
    return node


def find_nodes(root, path):
    """The fields at a.b[key].c: key is a text inside the element, or how a text of a list begins."""
    nodes = [root]
    for part in re.findall(r"[^.\[\]]+(?:\[[^\]]*\])?", path):
        name, _, key = part.rstrip("]").partition("[")
        nodes = [child for node in nodes for child in node.children if child.name == name]
        if key:
            nodes = [node for node in nodes
                     if any(child.value == key for child in node.children) or
                     (node.value or "").split(" ")[0] == key]
    return nodes


# The workflow ------------------------------------------------------------------------------------


def read_workflow(files):
    """(from, action, to) → roles, in the table's order; from the drawing that a test keeps equal to the table."""
    found = {}
    for line in files.text(WORKFLOW).split("\n"):
        row = re.fullmatch(r"\s*(\w+) --> (\w+): (\w+) \(([\w/]*)\)", line)
        if row:
            found[(row[1], row[3], row[2])] = row[4].split("/")
    return found


def read_labels(files):
    """What officials call a state or an action: DRAFT → 草稿, submit → 提交."""
    found = {}
    for path in files.under("common", suffixes=(".h", ".cc")):
        if path.endswith("_test.cc"):
            continue
        for word, zh in re.findall(r'\b(?:State|Action)::k\w+,[^"\n}]*"(\w+)",\s*"([^"\n]*)"', files.text(path)):
            found.setdefault(word, zh)
    return found


# Tests -------------------------------------------------------------------------------------------

_CPP = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<delim>[^()\s\\]{0,16})\(.*?\)(?P=delim)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![\w])'(?:\\.|[^'\\\n])+'", re.S)
_TEST = re.compile(r"^\s*(?:TYPED_)?TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\s*\)", re.M)


def tests_of_cpp(text):
    """(requirement, "Suite.Test") of each number in a comment: the test that the comment is in, or the
    next one below it. What the head of a file names is proven by the file's suites: "Suite.*"."""
    code = _CPP.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    tests = []
    for match in _TEST.finditer(code):
        end = re.compile(r"^}", re.M).search(code, match.end())
        tests.append((end.end() if end else len(code), f"{match[1]}.{match[2]}"))
    suites = list(dict.fromkeys(name.split(".")[0] + ".*" for _, name in tests))
    for match in _CPP.finditer(text):
        if match[0][:2] not in ("//", "/*"):
            continue
        for number in numbers_in(match[0]):
            if not code[:match.start()].strip():
                yield from ((number, suite) for suite in suites)
                continue
            name = next((name for end, name in tests if match.start() < end), None)
            yield from ((number, one) for one in ([name] if name else suites))


def tests_of_python(text):
    """The same for unittest: docstrings and comments; what a class or a file says is "Class.*"."""
    tests, said = [], []
    tree = ast.parse(text)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for one in classes:
        tests.append((one.lineno, one.end_lineno, [one.name + ".*"]))
        tests += [(node.lineno, node.end_lineno, [f"{one.name}.{node.name}"]) for node in one.body
                  if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]
    everything = [f"{one.name}.*" for one in classes]
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            said.append((node.body[0].lineno, ast.get_docstring(node)))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            if token.line.lstrip().startswith("#"):  # it speaks of what follows it
                line = next((at for at, one in enumerate(text.split("\n")[line:], line + 1)
                             if one.strip() and not one.lstrip().startswith("#")), line)
            said.append((line, token.string))
    for line, words in said:
        around = [(end - begin, names) for begin, end, names in tests if begin <= line <= end]
        for number in numbers_in(words):
            yield from ((number, name) for name in (min(around)[1] if around else everything))


def read_tests(files):
    """R-nnn → {(file, "Suite.Test")}; files by their last name, so that a move changes nothing."""
    found = collections.defaultdict(set)
    for path in files.under("common", "services", "tests", suffixes=("_test.cc",)):
        for number, name in tests_of_cpp(files.text(path)):
            found[number].add((os.path.basename(path), name))
    for path in files.under("tests", suffixes=(".py",)):
        if not path.startswith(("tests/tidy/", "tests/law/")):
            for number, name in tests_of_python(files.text(path)):
                found[number].add((os.path.basename(path), name))
    return found


def read_cited_readings(files):
    """Q-numbers that the program, its pack or its tests cite → the first file that does."""
    found = {}
    for path in files.under("common", "services", "proto", suffixes=(".cc", ".h", ".proto", ".sql", ".textproto")):
        for number in readings_in(files.text(path)):
            found.setdefault(number, path)
    return found
