"""Rules over C++ and SQL: who may include whom, banned calls, long files, guards and banners."""

import re

from tree import Finding

# Views of a file ---------------------------------------------------------------------------------

_TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<delim>[^()\s\\]{0,16})\(.*?\)(?P=delim)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![\w])'(?:\\.|[^'\\\n])+'", re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """Comments blanked, line numbers kept."""
    return _TOKENS.sub(lambda m: _blank(m[0]) if m[0][:2] in ("//", "/*") else m[0], text)


def code_only(text):
    """Comments and the insides of strings blanked, line numbers kept."""
    def blank(match):
        token = match[0]
        if token[:2] in ("//", "/*"):
            return _blank(token)
        return '"' + _blank(token[1:-1]) + '"' if token[0] == '"' else _blank(token)
    return _TOKENS.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def sources(tree):
    return [p for p in tree.with_suffix(".cc", ".h") if p.startswith(("common/", "services/", "tests/"))]


def is_test(path):
    """Tests and what only they include: x_test.cc, test_x.h, x_fixture.h, x_testing.h."""
    return path.startswith(("tests/", "common/testing/")) or \
        re.search(r"(_test|(/|_)fixture|_testing|/test_\w+)\.(cc|h)$", path) is not None


# Includes ----------------------------------------------------------------------------------------

# What is included from outside, by the kind that the table below speaks of.
OUTSIDE = [
    ("stub", r".*\.grpc\.pb\.h"),
    ("grpc", r"grpc(pp|\+\+)?/.*"),
    ("proto", r"google/(protobuf|rpc|api)/.*|alliance/.*\.pb\.h"),
    ("sql", r"mysql.*|cppconn/.*|jdbc/.*|mariadb.*"),
    ("prometheus", r"prometheus/.*|Civet.*|civetweb.*"),
    ("boost", r"boost/.*"),
    ("sodium", r"sodium.*"),
    ("openssl", r"openssl/.*"),
    ("pango", r"(pango|cairo|fontconfig)/.*|cairo.*\.h|qrencode\.h"),
    ("xlsx", r"xlsxwriter\.h"),
    ("zlib", r"zlib\.h"),
    ("utf8proc", r"utf8proc\.h"),
    ("gtest", r"gtest/.*|gmock/.*"),
    ("system", r"fstream|filesystem|cstdio|thread|mutex|chrono|ctime|csignal|unistd\.h|fcntl\.h|"
               r"signal\.h|netdb\.h|(sys|netinet|arpa)/.*"),
    ("absl", r"absl/.*"),
]

# folder: (our folders it may include, kinds from outside); absl and plain std are everybody's.
# The table of the architecture, extended by the folders that it does not name.
EVERY = {"base", "domain", "crypto", "rules", "obs", "db", "audit", "outbox", "rpc", "act", "case", "process"}
LAYERS = {
    "common/base": ({"base"}, {"system", "utf8proc"}),
    "common/domain": ({"base", "domain"}, set()),
    "common/crypto": ({"base", "crypto"}, {"openssl", "proto", "sodium", "system"}),
    "common/rules": ({"base", "domain", "crypto", "rules"}, {"proto", "system"}),
    "common/obs": ({"base", "obs"}, {"prometheus", "system"}),
    "common/print": ({"base", "domain", "crypto", "print"}, {"pango", "system", "xlsx"}),
    "common/db": ({"base", "crypto", "db"}, {"sql", "system"}),
    "common/audit": ({"base", "crypto", "db", "audit"}, {"system"}),
    "common/outbox": ({"base", "crypto", "db", "outbox"}, {"system"}),
    "common/rpc": ({"base", "domain", "crypto", "obs", "rpc"}, {"grpc", "proto", "openssl", "system"}),
    "common/act": (EVERY - {"process", "case"}, {"proto"}),
    "common/case": (EVERY - {"process", "rpc"}, {"proto"}),
    "common/process": (EVERY - {"case"}, {"grpc", "stub", "proto", "system"}),
    "common/testing": (EVERY | {"testing"}, {"gtest", "grpc", "proto", "openssl", "sql", "system"}),
    "store": (EVERY - {"rpc", "process"}, {"system"}),
    # Handlers stay without gRPC, which costs more to parse than they do; service.cc binds them.
    "wire": (EVERY, {"stub"}),
    "service": (EVERY | {"print"}, {"proto", "system"}),
    "services/filing": (EVERY | {"print"}, {"proto", "system", "zlib"}),
    "services/gateway": (EVERY, {"grpc", "proto", "system", "boost", "sodium", "zlib", "openssl"}),
    "services/ctl": (EVERY, {"proto", "system"}),
}
# What a test may include beyond its folder.
TEST_OUTSIDE = {"gtest", "proto", "stub", "system"}

_INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]', re.M)


def layer_of(path):
    folder = "/".join(path.split("/")[:2])
    if re.search(r"_store(_test)?\.(cc|h)$", path) and folder.startswith("services/"):
        return "store"
    if re.fullmatch(r"services/\w+/service\.cc", path):
        return "wire"
    if folder in LAYERS:
        return folder
    return "service" if folder.startswith("services/") else folder


def kind_of(name):
    for kind, pattern in OUTSIDE:
        if re.fullmatch(pattern, name):
            return kind
    return "std"


def check_includes(tree):
    """Who may include whom: the table of the architecture."""
    for path in sources(tree):
        if path.startswith("tests/"):
            continue
        layer = layer_of(path)
        if layer not in LAYERS:
            yield Finding(path, 1, "includes", f"{layer} has no row in the include table of tests/tidy/cpp.py")
            continue
        own, outside = LAYERS[layer]
        own_folder = "/".join(path.split("/")[:2])
        test = is_test(path)
        text = tree.text(path)
        for match in _INCLUDE.finditer(tree.made(path, without_comments)):
            name, line = match[1], line_of(text, match.start(1))

            def bad(why):
                return Finding(path, line, "includes", f"{name}: {why}")

            if name.startswith("common/"):
                target = name.split("/")[1]
                if target == "testing" and not test:
                    yield bad("only tests may use common/testing")
                elif target not in own and not (test and target in ("testing", "base")):
                    yield bad(f"{layer} may not use common/{target}")
                elif layer == "common/domain" and name == "common/base/clock.h":
                    yield bad("the law is told the time, it never asks")
            elif name.startswith("services/"):
                if "/".join(name.split("/")[:2]) != own_folder:
                    yield bad("a service never includes another")
            else:
                kind = kind_of(name)
                if kind in ("std", "absl"):
                    continue
                if kind == "gtest" and not test:
                    yield bad("only tests may use it")
                elif kind not in outside and not (test and kind in TEST_OUTSIDE) and \
                        not (test and kind == "grpc" and "proto" in outside):
                    yield bad(f"{layer} may not use {kind} headers")


# Calls -------------------------------------------------------------------------------------------

def _everywhere(_path):
    return True


def _in_tests(path):
    return path.endswith("_test.cc")


def _legal_time(path):
    """Where only the injected clock may tell the time: windows, receipts and decisions. Checkpoints
    (common/audit) and what keeps machines going (base, db, obs, rpc, gateway) take the system's."""
    return not is_test(path) and path.startswith(
        ("common/domain/", "common/rules/", "common/act/", "services/filing/",
         "services/review/", "services/evaluation/", "services/subsidy/"))


# Code that acts on cases. A store fills a row from the database; nobody else but common/case moves one.
def _acts(path):
    return path.startswith("services/") and not is_test(path) and not path.endswith("_store.cc")


BANNED = [
    # rule, pattern, view, where, why
    ("system", r"(?<![\w.>:])(?:std::|::)?(?:system|popen)\s*\(", code_only, _everywhere, "starts a shell"),
    ("unsafe-c", r"\b(?:sprintf|vsprintf|strcpy|strcat|strtok|gets|atoi|atol|atof)\s*\(", code_only, _everywhere,
     "no bounds or no errors: use absl/strings"),
    ("rand", r"(?<![\w.>:])(?:std::)?s?rand\s*\(", code_only, _everywhere,
     "not seeded, not secret: common/crypto/random.h, or absl::BitGen"),
    ("regex", r"std::regex|<regex>", code_only, _everywhere, "slow to compile and can overflow the stack"),
    ("iostream", r"<iostream>", code_only, _everywhere, "costs every binary its static start-up"),
    # `absl::Now() + limit` is the deadline of a call, no legal time.
    ("clock", r"absl::Now\s*\(\s*\)(?!\s*\+)|\bsystem_clock\b|\bgettimeofday\b|\bclock_gettime\b|(?<![\w.>:])(?:std::)?time\s*\(",
     code_only, _legal_time, "legal time comes from the injected base::Clock"),
    ("insecure", r"\bInsecure(?:Server|Channel)Credentials\b", code_only, _everywhere, "mutual TLS everywhere"),
    ("select-star", r"\bSELECT\s+(?:\w+\.)?\*", without_comments, lambda p: not is_test(p),
     "a cached statement fails after DDL (2057): name the columns"),
    ("float", r"\b(?:double|float)\b", code_only,
     lambda p: p.startswith(("common/domain/", "services/subsidy/")), "money is integer fen"),
    ("sleep", r"\b(?:sleep_for|sleep_until|SleepFor|usleep|nanosleep)\b|(?<![\w.>:])(?:::)?sleep\s*\(\s*\d", code_only, _in_tests,
     "a test waits for the event, not for time"),
    ("skipped", r"\bGTEST_SKIP\b|\bDISABLED_\w+", code_only, _in_tests, "a skipped test proves nothing"),
    ("catch-all", r"\bcatch\s*\(\s*\.\.\.\s*\)", code_only, lambda p: p.startswith("services/"),
     "rpc::Serve is the one exception barrier"),
    ("kernel", r"(?:\.|->)Emit\s*\(", code_only, _acts, "cases::Move and cases::Announce tell the others"),
    ("kernel", r"(?:\+\+|--)[\w.>()-]*\bhandoff_seq\b|(?<=[\w)\]])(?:\.|->)handoff_seq\s*(?:\+\+|--|[-+]?=(?!=))",
     code_only, _acts, "cases::Move and cases::Land count the hand-overs"),
    ("kernel", r"(?<=[\w)\]])(?<!\bfacts)(?:\.|->)state\s*=(?!=)", code_only, _acts,
     "a case moves by cases::Move, Land or Edit"),
]


# `while (!done) absl::SleepFor(…)` waits for an event.
_POLLS = re.compile(r"\bwhile\s*\([^;]*\)\s*\{?\s*(?:absl::|std::this_thread::)?\Z")


def check_banned(tree):
    """Calls that the house does without."""
    compiled = [(rule, re.compile(p), v, where, why) for rule, p, v, where, why in BANNED]
    for path in sources(tree):
        for rule, pattern, make, where, why in compiled:
            if not where(path):
                continue
            text = tree.made(path, make)
            for match in pattern.finditer(text):
                if rule == "sleep" and _POLLS.search(text, max(0, match.start() - 300), match.start()):
                    continue
                yield Finding(path, line_of(text, match.start()), rule, f"{match[0].strip()}: {why}")
    star = re.compile(r"\bSELECT\s+(?:\w+\.)?\*", re.I)
    for path in tree.with_suffix(".sql"):
        for match in star.finditer(tree.text(path)):
            yield Finding(path, line_of(tree.text(path), match.start()), "select-star", "name the columns")


# Files that must build SQL from names; each checks them itself.
SQL_BUILDERS = {
    "common/db/migrate.cc": "applies migrations; schema and table names are checked",
    "common/db/grants.cc": "applies grants; names are checked",
    "common/audit/verify.cc": "re-reads any sealed table; names are checked against [a-z0-9_]+",
}
_SQL_START = re.compile(r'"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|GRANT|REVOKE|TRUNCATE)\s')
_BUILDS = re.compile(r"\b(?:StrCat|StrAppend|StrFormat|StrJoin|Substitute|append|format)\s*\([^;{}]*$|\+=?\s*$")
_GOES_ON = re.compile(r'(?:"(?:\\.|[^"\\\n])*"\s*)+\+')


def check_sql(tree):
    """SQL stands whole, inline and constant: no statement is put together from strings."""
    for path in sources(tree):
        if is_test(path) or path in SQL_BUILDERS:
            continue
        text = tree.made(path, without_comments)
        for match in _SQL_START.finditer(text):
            before = text[max(0, match.start() - 300):match.start()]
            if _BUILDS.search(before) or _GOES_ON.match(text, match.start()):
                yield Finding(path, line_of(text, match.start()), "sql", "SQL put together from strings")


# Shape -------------------------------------------------------------------------------------------

MOST_LINES = 600
MOST_COLUMNS = 100


def check_shape(tree):
    """Files of at most 600 lines, lines of at most 100 columns, a banner and a guard in each header."""
    for path in sources(tree):
        lines = tree.lines(path)
        if len(lines) - 1 > MOST_LINES:
            yield Finding(path, MOST_LINES + 1, "long-file", f"{len(lines) - 1} lines: is it still one thing?")
        table = False  # inside clang-format off a table row may be longer
        for number, line in enumerate(lines, 1):
            table = "clang-format off" in line or (table and "clang-format on" not in line)
            if not table and len(line) > MOST_COLUMNS and not re.search(r'#include|"[^"]{60,}"|https?://', line):
                yield Finding(path, number, "long-line", f"{len(line)} columns")
        if path.endswith(".h"):
            if not lines[0].startswith("//"):
                yield Finding(path, 1, "banner", "a header begins with what it is for")
            guard = "ALLIANCE_" + re.sub(r"[^A-Za-z0-9]", "_", path).upper() + "_"
            if f"#ifndef {guard}\n#define {guard}\n" not in tree.text(path):
                yield Finding(path, 1, "guard", f"include guard {guard}")


CHECKS = [check_includes, check_banned, check_sql, check_shape]
