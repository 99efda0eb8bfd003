#!/usr/bin/env python3
"""Every rule of tests/tidy finds a mistake planted for it, and says nothing about its honest twin."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cpp  # noqa: E402
import docs  # noqa: E402
import migrations  # noqa: E402
import tidy  # noqa: E402
from tree import Tree  # noqa: E402

PROTO_HEAD = '// Filing.\nsyntax = "proto3";\n\npackage alliance.filing.v1;\n\n'
SERVICE = """// Serves.
service FilingService {
  // Reads.
  rpc GetRound(GetRoundRequest) returns (Round);
}
"""
FILING = "proto/alliance/filing/v1/filing.proto"
ROUTES = "services/gateway/routes.h"


def header(path, body, banner="// What it is for.\n"):
    guard = "ALLIANCE_" + path.replace("/", "_").replace(".", "_").upper() + "_"
    return f"{banner}\n#ifndef {guard}\n#define {guard}\n\n{body}\n\n#endif  // {guard}\n"


class TidyTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def rules(self, files, only=None):
        """The rules broken by a tree of these files (path → text), as a sorted list."""
        folder = tempfile.mkdtemp(dir=self.root)
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)) or folder, exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(text)
        tree = Tree(folder, list(files))
        checks = [c for c in tidy.all_checks() if c is not docs.check_requirements or only == "requirements"]
        return sorted({f.rule for f in tidy.findings_of(tree, checks)})

    def both(self, rule, path, bad, good):
        """`bad` breaks exactly `rule` at `path`; `good` breaks nothing."""
        self.assertEqual(self.rules({path: bad}), [rule], bad)
        self.assertEqual(self.rules({path: good}), [], good)

    # Includes ------------------------------------------------------------------------------------

    def test_include_table(self):
        refused = [
            ("common/base/x.cc", '"common/domain/money.h"'),
            ("common/domain/x.cc", '"common/base/clock.h"'),
            ("common/domain/x.cc", "<fstream>"),
            ("common/domain/x.cc", "<google/protobuf/message.h>"),
            ("common/domain/x.cc", '"alliance/filing/v1/filing.pb.h"'),
            ("common/domain/x.cc", '"common/db/pool.h"'),
            ("common/rules/x.cc", "<grpcpp/grpcpp.h>"),
            ("common/rules/x.cc", '"common/db/pool.h"'),
            ("common/db/x.cc", '"common/domain/errors.h"'),
            ("common/db/x.cc", "<grpcpp/grpcpp.h>"),
            ("common/audit/x.cc", '"common/rpc/serve.h"'),
            ("common/rpc/x.cc", '"common/db/pool.h"'),
            ("services/filing/filing_store.cc", '"alliance/filing/v1/filing.pb.h"'),
            ("services/filing/filing_store.cc", "<grpcpp/grpcpp.h>"),
            ("services/filing/get_round.cc", '"services/review/review_store.h"'),
            ("services/filing/get_round.cc", "<mysql_connection.h>"),
            ("services/filing/get_round.cc", "<cppconn/statement.h>"),
            ("services/filing/get_round.cc", '"common/testing/mariadb.h"'),
            ("services/filing/get_round.cc", "<gtest/gtest.h>"),
            ("services/filing/latest.cc", "<gtest/gtest.h>"),
            ("services/filing/get_round.cc", "<boost/beast.hpp>"),
            ("services/ctl/quote.cc", "<grpcpp/grpcpp.h>"),
            ("common/utils/x.cc", "<string>"),
        ]
        for path, name in refused:
            self.assertEqual(self.rules({path: f"#include {name}\n"}), ["includes"], f"{path} {name}")
        allowed = [
            ("common/domain/x.cc", '"common/base/text.h"'),
            ("common/domain/x_test.cc", "<google/protobuf/util/json_util.h>"),
            ("common/domain/x_test.cc", "<fstream>"),
            ("common/db/pool.cc", "<mysql_connection.h>"),
            ("common/rpc/serve.h", "<grpcpp/grpcpp.h>"),
            ("services/filing/filing_store.cc", '"common/domain/errors.h"'),
            ("services/filing/get_round.cc", '"services/filing/filing_store.h"'),
            ("services/filing/get_round.cc", '"alliance/filing/v1/filing.pb.h"'),
            ("services/filing/get_round_test.cc", '"common/testing/mariadb.h"'),
            ("services/gateway/http.cc", "<boost/beast.hpp>"),
            ("services/gateway/test_http.h", "<gtest/gtest.h>"),
            ("services/filing/case_fixture.h", '"common/testing/mariadb.h"'),
        ]
        for path, name in allowed:
            text = f"#include {name}\n"
            text = header(path, text) if path.endswith(".h") else text
            self.assertEqual(self.rules({path: text}), [], f"{path} {name}")

    def test_include_in_a_comment_is_none(self):
        self.assertEqual(self.rules({"common/domain/x.cc": "// #include <fstream>\n"}), [])

    # Calls ---------------------------------------------------------------------------------------

    def test_banned_calls(self):
        path = "services/filing/x.cc"
        for rule, bad, good in [
            ("system", 'int a = system("ls");', 'Call("system(1)");  // system()'),
            ("system", 'auto* f = popen("ls", "r");', "clock.system(1);"),
            ("unsafe-c", "sprintf(b, s);", "snprintf(b, sizeof b, s);"),
            ("unsafe-c", "std::strcpy(a, b);", "my_strcpy(a, b);"),
            ("unsafe-c", "int a = atoi(s);", "bool a = absl::SimpleAtoi(s, &b);"),
            ("rand", "int a = rand();", "int a = operand(1);"),
            ("rand", "std::srand(1);", "x.rand(1);"),
            ("regex", "std::regex r;", "// std::regex r"),
            ("iostream", "#include <iostream>", "#include <ostream>"),
            ("clock", "auto t = absl::Now();", "auto t = clock.Now();"),
            ("clock", "auto t = absl::Now() - a;", "auto deadline = absl::Now() + limit;"),
            ("clock", "auto t = std::chrono::system_clock::now();", "auto t = std::chrono::steady_clock::now();"),
            ("clock", "auto t = time(nullptr);", "auto t = receipt_time(row);"),
            ("insecure", "auto c = grpc::InsecureServerCredentials();", "auto c = ServerCredentials(tls);"),
            ("select-star", 'Sql q{"q", "SELECT * FROM a"};', 'Sql q{"q", "SELECT COUNT(*) FROM a"};'),
            ("select-star", 'Sql q{"q", "SELECT a.* FROM a"};', 'Sql q{"q", "SELECT a.id FROM a"};'),
            ("kernel", 'step.Emit("review", id, 1, event);', "cases::Announce(step, id, event);"),
            ("kernel", "++row.handoff_seq;", "int seq = row.handoff_seq;"),
            ("kernel", "++taken->row.handoff_seq;", "if (row->handoff_seq == known) {}"),
            ("kernel", "row->handoff_seq = event.handoff_sequence();", "Row row{.handoff_seq = 1};"),
            ("kernel", "row.handoff_seq += 1;", "Use(row.handoff_seq);"),
            ("kernel", "row.state = decision.to;", "facts.state = row.state;"),
            ("kernel", "rows[i]->state = State::kPaid;", "bool paid = row.state == State::kPaid;"),
            ("catch-all", "try { a(); } catch (...) {}", "try { a(); } catch (const db::Error& e) {}"),
        ]:
            self.both(rule, path, bad + "\n", good + "\n")

    def test_where_a_call_is_banned(self):
        moved = "row.state = StateIn(row, 6);\n"
        self.both("kernel", "services/filing/x.cc", moved, "// row.state = x;\n")
        self.assertEqual(self.rules({"services/filing/filing_store.cc": moved}), [])
        self.both("float", "common/domain/x.cc", "double a;\n", "int64_t a;  // no double\n")
        self.both("float", "services/subsidy/x.cc", "float a;\n", "int64_t a;\n")
        self.assertEqual(self.rules({"services/gateway/x.cc": "double seconds;\nauto t = absl::Now();\n"}), [])
        self.assertEqual(self.rules({"common/rpc/x.cc": "auto t = absl::Now();\n"}), [])
        self.both("sleep", "common/db/x_test.cc", "absl::SleepFor(d);\n", "notification.WaitForNotification();\n")
        self.both("sleep", "common/db/x_test.cc", "if (runs < 2) absl::SleepFor(d);\n",
                  "while (runs < 2) absl::SleepFor(d);\nwhile (Count(\"a\") != 0) {\n  absl::SleepFor(d);\n}\n")
        self.assertEqual(self.rules({"common/outbox/relay.cc": "absl::SleepFor(d);\n"}), [])
        self.both("skipped", "common/db/x_test.cc", "GTEST_SKIP();\n", "SUCCEED();\n")
        self.both("skipped", "common/db/x_test.cc", "TEST(A, DISABLED_B) {}\n", "TEST(A, Disabled) {}\n")
        self.both("select-star", "deploy/db/x.sql", "CREATE VIEW v AS SELECT * FROM a\n",
                  "CREATE VIEW v AS SELECT a FROM b\n")

    def test_sql_from_strings(self):
        path = "services/filing/filing_store.cc"
        good = 'constexpr Sql kGet{"get",\n                   "SELECT a FROM b "\n                   "WHERE id=?"};\n'
        for bad in ['auto s = absl::StrCat("SELECT a FROM ", table);\n',
                    'std::string s = "DELETE FROM " + table;\n',
                    'sql += "UPDATE a SET b=1";\n',
                    'std::string s = x + "INSERT INTO a VALUES (1)";\n',
                    'auto s = "SELECT a "\n         "FROM " + table;\n']:
            self.both("sql", path, bad, good)
        self.assertEqual(self.rules({"common/db/migrate.cc": 'auto s = StrCat("CREATE TABLE ", name);\n'}), [])

    def test_an_excuse_needs_a_reason(self):
        path, call = "services/filing/filing_store.cc", 's = StrCat("SELECT ", a);'
        self.assertEqual(self.rules({path: call + "  // tidy-allow(sql): names are checked\n"}), [])
        self.assertEqual(self.rules({path: "// tidy-allow(sql): names are checked\n" + call + "\n"}), [])
        self.assertEqual(self.rules({path: call + "  // tidy-allow(sql)\n"}), ["sql"])
        self.assertEqual(self.rules({path: call + "  // tidy-allow(clock): names are checked\n"}), ["sql"])

    # Shape ---------------------------------------------------------------------------------------

    def test_shape(self):
        path = "common/base/x.cc"
        self.both("long-file", path, "int a;\n" * 601, "int a;\n" * 600)
        self.both("long-line", path, "// " + "a " * 48 + "ab\n", "// " + "a " * 48 + "a\n")
        self.assertEqual(self.rules({path: "// clang-format off\n// " + "a " * 60 + "a\n// clang-format on\n"}), [])
        path = "common/base/x.h"
        self.both("banner", path, header(path, "int f();", banner=""), header(path, "int f();"))
        self.both("guard", path, "// X.\n#pragma once\n", header(path, "int f();"))

    def test_views(self):
        text = 'a("//x"); /* "y" */ b(\'"\'); // "z"\nR"(// "raw")" 1\'000\n'
        self.assertNotIn("y", cpp.without_comments(text))
        self.assertIn("//x", cpp.without_comments(text))
        self.assertNotIn("z", cpp.without_comments(text))
        self.assertNotIn("x", cpp.code_only(text))
        self.assertNotIn("raw", cpp.code_only(text))
        self.assertIn("1'000", cpp.code_only(text))
        self.assertEqual(cpp.code_only(text).count("\n"), 2)

    # The tree ------------------------------------------------------------------------------------

    def test_files(self):
        for path in ["services/x/a.pb.h", "tests/a_pb2.py", "tests/a_pb2_grpc.py", "node_modules/a/b.js", "build/a"]:
            self.assertIn("generated", self.rules({path: "x\n"}), path)
        self.assertEqual(self.rules({"proto/a.proto.md": "x\n"}), [])
        self.both("words", "common/base/x.cc", "// TODO later\n", "// Todos are done.\n")
        self.both("words", "deploy/up", "# FIXME\n", "# fixed\n")
        self.both("whitespace", "common/base/x.cc", "int a; \n", "int a;\n")
        self.both("whitespace", "common/base/x.cc", "int a;", "int a;\n")

    @unittest.skipUnless(shutil.which("clang-format"), "no clang-format: the rule is not applied either")
    def test_format(self):
        style = {".clang-format": "BasedOnStyle: Google\n"}
        version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True, check=True).stdout
        if " 14." in version:
            self.assertEqual(self.rules({**style, "common/base/x.cc": "int  a ;\n"}), ["format"])
            self.assertEqual(self.rules({**style, "common/base/x.cc": "int a;\n"}), [])

    @unittest.skipUnless(shutil.which("shellcheck"), "no shellcheck: the rule is not applied either")
    def test_shell(self):
        self.both("shell", "deploy/x", "#!/bin/bash\nrm $1/*\n", '#!/bin/bash\nrm "$1"\n')

    # Protos --------------------------------------------------------------------------------------

    def test_proto_comments(self):
        good = ("// One.\nmessage Round {\n  // States.\n  enum State {\n    // Never.\n    NONE = 0;\n  }\n"
                "  // Required. Its name.\n  string name = 1;\n"
                "  // Required. Either.\n  oneof kind {\n    // A.\n    string a = 2;\n  }\n}\n")
        for old, new in [("// One.\n", ""), ("  // States.\n", ""), ("    // Never.\n", ""),
                         ("  // Required. Its name.\n", ""), ("  // Required. Either.\n", ""), ("    // A.\n", ""),
                         ("// Required. Its name.", "// Its name.")]:
            self.assertIn(old, good)
            self.both("proto-comment", FILING, PROTO_HEAD + good.replace(old, new), PROTO_HEAD + good)
        self.both("proto-comment", FILING, PROTO_HEAD + SERVICE.replace("  // Reads.\n", ""), PROTO_HEAD + SERVICE)
        self.both("proto-comment", FILING, PROTO_HEAD + SERVICE.replace("// Serves.\n", ""), PROTO_HEAD + SERVICE)
        self.both("proto-comment", FILING, (PROTO_HEAD + SERVICE)[len("// Filing.\n"):], PROTO_HEAD + SERVICE)

    def test_proto_names(self):
        good = PROTO_HEAD + SERVICE
        self.both("proto-name", FILING, good.replace("GetRoundRequest", "RoundQuery"), good)
        self.both("proto-name", FILING, good.replace("GetRoundRequest", "FetchRoundRequest"), good)
        self.both("proto-name", FILING, good.replace("(Round)", "(RoundResponse)"), good)
        self.both("proto-name", FILING, good.replace("filing.v1", "filings.v1"), good)
        shared = good.replace("  // Reads.\n", "  // A.\n  rpc Open(DecideRequest) returns (Round);\n"
                              "  // B.\n  rpc Shut(DecideRequest) returns (Round);\n  // Reads.\n")
        self.assertEqual(self.rules({FILING: shared}), [])

    def test_routes(self):
        handler = "absl::Status FilingService::GetRound(const Call& call) {\n}\n"
        good = {FILING: PROTO_HEAD + SERVICE, "services/filing/main.cc": "\n",
                "services/filing/get_round.cc": handler,
                "services/filing/service.cc": "  ALLIANCE_BIND(GetRound)\n",
                ROUTES: header(ROUTES, '{"/alliance.filing.v1.FilingService/GetRound", B::kFiling},')}
        self.assertEqual(self.rules(good), [])
        self.assertEqual(self.rules({**good, ROUTES: header(ROUTES, "int none;")}), ["routes"])
        self.assertEqual(self.rules({**good, ROUTES: good[ROUTES].replace("GetRound", "GetSquare")}), ["routes"])
        for missing in ["\n", "// FilingService::GetRound(\n", "  Call(FilingService::GetRound(x));\n"]:
            self.assertEqual(self.rules({**good, "services/filing/get_round.cc": missing}), ["routes"], missing)
        for unbound in ["\n", "  // ALLIANCE_BIND(GetRound)\n", "  ALLIANCE_BIND(GetRounds)\n"]:
            self.assertEqual(self.rules({**good, "services/filing/service.cc": unbound}), ["routes"], unbound)
        test = {**good, "services/filing/get_round.cc": "\n", "services/filing/get_round_test.cc": handler}
        self.assertEqual(self.rules(test), ["routes"])

    # Migrations ----------------------------------------------------------------------------------

    def tree(self, files):
        folder = tempfile.mkdtemp(dir=self.root)
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(text)
        return Tree(folder)

    def said(self, tree):
        return [(f.path.split("/")[-1], f.text) for f in migrations.check_migrations(Tree(tree.root))]

    def test_released_migrations_stay(self):
        a, b, c = "a/migrations/0001_a.sql", "a/migrations/0002_b.sql", "a/migrations/0003_c.sql"
        files = {"CMakeLists.txt": "project(alliance VERSION 0.1.0)\n", a: "CREATE a\n", b: "CREATE b\n"}
        tree = self.tree(files)
        new = "is not in DIGESTS: run tests/tidy/migrations.py"
        self.assertEqual(self.said(tree), [("0001_a.sql", new), ("0002_b.sql", new)])
        self.assertEqual(len(migrations.add(tree)), 3)
        self.assertEqual(self.said(tree), [])
        digests = Tree(tree.root).text("a/migrations/DIGESTS")
        self.assertEqual(subprocess.run(["sha256sum", "--check", "--status", "DIGESTS"], check=False,
                                        cwd=os.path.join(tree.root, "a/migrations")).returncode, 0)
        files["a/migrations/DIGESTS"] = digests

        # What is new is added below its version, and nothing else is touched.
        grown = self.tree({**files, c: "CREATE c\n", "CMakeLists.txt": "project(alliance VERSION 0.2.0)\n"})
        self.assertEqual(self.said(grown), [("0003_c.sql", new)])
        self.assertEqual([line[:19] for line in migrations.add(grown)][0], "a/migrations: # 0.2")
        self.assertEqual(self.said(grown), [])
        text = Tree(grown.root).text("a/migrations/DIGESTS")
        self.assertTrue(text.startswith(digests) and text.count("\n") == 5, text)
        self.assertEqual(migrations.add(Tree(grown.root)), [])

        # Mistakes: each is found, and the script does not paper over it.
        edited = "was changed after its release: write a new migration"
        early = "is not later than 0002_b.sql, which was released: give it a later number"
        for change, finding in [
                ({a: "CREATE TABLE a\n"}, ("0001_a.sql", edited)),
                ({a: None}, ("DIGESTS", "0001_a.sql was released and is gone")),
                ({"a/migrations/0001_0.sql": "CREATE z\n"}, ("0001_0.sql", early)),
                ({"a/migrations/0002_z.sql": "CREATE z\n"}, ("0002_z.sql", early)),
                ({"a/migrations/DIGESTS": digests.replace("# 0.1.0\n", "")}, None),
                ({"a/migrations/DIGESTS": digests + "0001_a.sql\n"}, None),
                ({"a/migrations/DIGESTS": digests + digests}, None)]:
            tree = self.tree({p: t for p, t in {**files, **change}.items() if t is not None})
            said = self.said(tree)
            self.assertTrue(said, change)
            self.assertIn(finding or said[0], said)
            before = Tree(tree.root).text("a/migrations/DIGESTS")
            with self.assertRaises(ValueError):
                migrations.add(Tree(tree.root))
            self.assertEqual(Tree(tree.root).text("a/migrations/DIGESTS"), before)

    # Documents -----------------------------------------------------------------------------------

    def test_names_in_documents(self):
        there = {"deploy/up": "#!/bin/bash\ntrue\n", "deploy/down": "#!/bin/bash\ntrue\n", "LICENSE": "x\n"}
        good = ("`deploy/up --restart filing` `./deploy/{up,down}` `deploy/*` [x](deploy/up) `.run/log` `application/json` "
                "`deploy/<name>` [web](https://example.org/deploy/none) `build/release/bin/filing`\n")
        self.assertEqual(self.rules({**there, "README.md": good}), [])
        for bad in ["`deploy/gone`", "see `deploy/{up,gone}`", "[x](deploy/gone)", "`CHANGES.txt`", "`deploy/gone*`"]:
            self.assertEqual(self.rules({**there, "README.md": bad + "\n"}), ["names"], bad)
        self.assertEqual(self.rules({**there, "README.md": "`CHANGES.md`\n"}), ["citation", "names"])

    def test_named_tests_are_there(self):
        test = {"common/base/x_test.cc": "TEST(Text, IsCounted) {}\nTEST_F(Long,\n       IsCut) {}\n"}
        good = "| a | `common/base/x_test.cc` `Text.IsCounted` `Long.IsCut` |\n"
        self.assertEqual(self.rules({**test, "README.md": good}, "proofs"), [])
        for bad in ["Text.IsCut", "Text.Gone", "Gone.IsCounted", "Text.IsCounte"]:
            line = f"`common/base/x_test.cc` `{bad}`\n"
            self.assertEqual(self.rules({**test, "README.md": line}, "proofs"), ["proofs"], bad)

    def test_named_tests_of_python_are_there(self):
        test = {"tests/e2e/test_x.py": "    def test_it(self):\n"}
        self.assertEqual(self.rules({**test, "README.md": "`tests/e2e/test_x.py` `test_it`\n"}), [])
        self.assertEqual(self.rules({**test, "README.md": "`tests/e2e/test_x.py` `test_gone`\n"}), ["proofs"])

    def test_citations(self):
        there = {"docs/readings.md": "| Q1 | a |\n| Q12 | b |\n", "docs/law.md": "x\n", "deploy/runbook.md": "x\n",
                 "docs/threats.md": "| B1-T3 | a |\n| B1-D2 | b |\n| M4 | c |\n| F-K1 | d |\n",
                 "tests/bad-input.md": "## 4.1 Text\n\n## 4.6 Wire\n"}
        code = "common/base/x.cc"
        for good in ["// docs/law.md", "// law.md", "// deploy/runbook.md", "// see https://example.org/a/gone.md", "// *.md",
                     "// reading Q12", "// readings Q1 and Q12", "// A4.1 (Q12)", "// docs/threats.md B1-T3, B1-D2, M4",
                     "// docs/threats.md\n// B1-T3 and F-K1", "// tests/bad-input.md 4.1, 4.6", "// tests/bad-input.md\n// 4.6"]:
            self.assertEqual(self.rules({**there, code: good + "\n"}), [], good)
        for bad in ["// docs/gone.md", "// gone.md", "// runbook.md", "// reading Q2", "// readings Q1 and Q2", "// A4.1 (Q2)",
                    "// docs/threats.md B1-T4", "// docs/threats.md B1-T3,\n// B1-T4", "// docs/threats.md M5", "// B1-T3",
                    "// docs/threats.md F-K2", "// tests/bad-input.md 4.2", "// tests/bad-input.md 4.1,\n// 4.2"]:
            self.assertEqual(self.rules({**there, code: bad + "\n"}), ["citation"], bad)
        for path in ["deploy/x.sh", "k8s/x.yaml", "proto/alliance/x/v1/x.textproto", "services/x/migrations/0001_x.sql"]:
            self.assertIn("citation", self.rules({**there, path: "gone.md\n"}), path)
        self.assertEqual(self.rules({**there, "deploy/README.md": "[x](runbook.md)\n"}), [])
        self.assertEqual(self.rules({**there, "deploy/README.md": "reading Q2\n"}), ["citation"])

    def test_requirements(self):
        test, row = "common/base/x_test.cc", "| R-{} | A1 | one | {} | {} | |\n"
        proof = f"`{test}` `Text.IsCounted`"
        code = "TEST(Text, IsCounted) {}\n"

        def found(status, text):
            return self.rules({"docs/status.md": status, test: text + code}, "requirements")

        list_ = "".join(row.format(name, "works", proof) for name in ("001", "002", "003"))
        self.assertEqual(found(list_, "// R-001, R-002, R-003\n"), [])
        self.assertEqual(found(list_, "// R-001, R-002, R-003, R-009\n"), ["requirements"])
        self.assertEqual(self.rules({test: "// none\n"}, "requirements"), ["requirements"])
        for good in ["R-001, R-002, R-003", "R-001 10 % to 30 %, R-002 and R-003", "R-003, R-001, R-002: 2022 and 2023"]:
            self.assertEqual(found(list_, f"// {good}\n"), [], good)
        named = "// R-001, R-002, R-003\n"
        for bad in ["R-001 … R-003", "R-001..R-003", "R-001..003", "R-001 to R-003", "R-001–R-003", "R-001-003"]:
            self.assertEqual(found(list_, f"{named}// {bad}\n"), ["requirements"], bad)
        # Outside the tests it is a pointer, no proof.
        self.assertEqual(self.rules({"docs/status.md": list_, test: named + code,
                                     "common/base/x.cc": "// R-001 … R-003\n"}, "requirements"), [])

    def test_rows_of_the_status(self):
        test, row = "common/base/x_test.cc", "| R-001 | A1 | one | {} | {} | |\n"
        proof = f"`{test}` `Text.IsCounted`"
        other = {"common/base/y_test.cc": "// R-001\n"}
        named = {test: "// R-001\nTEST(Text, IsCounted) {}\n"}
        unnamed = {test: "TEST(Text, IsCounted) {}\n"}
        for state in ("works", "thin"):
            self.assertEqual(self.rules({"docs/status.md": row.format(state, proof), **named}, "requirements"), [])
        self.assertEqual(self.rules({"docs/status.md": row.format("missing", "—"), **unnamed}, "requirements"), [])
        for status, tests in [
                (row.format("done", proof), named),                   # no such state
                (row.format("works", proof) * 2, named),              # twice
                (row.format("works", "—"), named),                    # no proof
                (row.format("thin", proof), unnamed),                 # no test names it
                (row.format("works", proof), {**unnamed, **other}),   # the named file does not
                (row.format("missing", "—"), named),                  # tested all the same
                (row.format("missing", proof), unnamed)]:
            self.assertEqual(self.rules({"docs/status.md": status, **tests}, "requirements"), ["requirements"], status)
        gone = {"docs/status.md": row.format("works", f"`{test}` `Text.Gone`"), **named}
        self.assertEqual(self.rules(gone, "requirements"), ["proofs"])

    def test_the_status_is_counted(self):
        folder = tempfile.mkdtemp(dir=self.root)
        os.makedirs(os.path.join(folder, "docs"))
        with open(os.path.join(folder, "docs/status.md"), "w", encoding="utf-8") as file:
            file.write("| R-001 | A1 | a | works | x | |\n| R-002 | A1 | b | missing | — | |\n")
        self.assertEqual(list(docs.notes(Tree(folder, ["docs/status.md"]))), ["requirements: 1 works, 0 thin, 1 missing"])

    def test_readmes(self):
        there = {"deploy/up": "#!/bin/bash\ntrue\n", "deploy/down": "#!/bin/bash\ntrue\n"}
        ours = ("Words.\n\n```sh\ndeploy/up   # starts\n```\n\n| name | what |\n|---|---|\n| `deploy/up` | starts |\n"
                "| plain | x |\n\n```\noutput\n```\n")
        good = ours.replace("Words", "字").replace("# starts", "# 启动").replace("| plain | x", "| 普通 | 甲").replace("output", "出")
        self.assertEqual(self.rules({**there, "README.md": ours, "README.zh-CN.md": good}), [])
        for old, new in [("deploy/up   #", "deploy/down #"), ("deploy/up   # 启动\n", ""), ("| 普通 | 甲 |\n", ""),
                         ("| `deploy/up` |", "| `deploy/down` |"), ("| `deploy/up` |", "| 启动 |"),
                         ("\n```\n出", "\n| a |\n|---|\n\n```\n出")]:
            self.assertIn(old, good)
            bad = {**there, "README.md": ours, "README.zh-CN.md": good.replace(old, new)}
            self.assertEqual(self.rules(bad), ["readme"], new)
        self.assertEqual(self.rules({"README.md": "x\n" * 150}), [])
        self.assertEqual(self.rules({"README.md": "x\n" * 151}), ["readme"])


if __name__ == "__main__":
    unittest.main()
