#!/usr/bin/python3 -B
"""api.py finds each kind of break planted in a copy, and says nothing about what only adds."""

import os
import shutil
import subprocess
import tempfile
import unittest

import api

PROTO = """syntax = "proto3";
package alliance.a.v1;
message Round {
  enum State { NONE = 0; OPEN = 1; }
  message Part { string text = 1; }
  string name = 1;
  State state = 2;
  repeated Part parts = 3;
  optional int64 amount_fen = 4;
  oneof kind { string word = 5; int32 number = 6; }
  map<string, int64> numbers = 7;
}
message GetRoundRequest { string name = 1; }
service Rounds { rpc GetRound(GetRoundRequest) returns (Round); }
"""
BREAKS = [
    ("  string name = 1;\n  State", "  State", "Round.name = 1 string: is gone"),
    ("string name = 1;\n  State", "string title = 1;\n  State", "Round.name = 1 string: is gone"),
    ("state = 2", "state = 8", "Round.state = 2 alliance.a.v1.Round.State: is now = 8 alliance.a.v1.Round.State"),
    ("optional int64", "optional int32", "amount_fen = 4 optional int64: is now = 4 optional int32"),
    ("optional int64", "int64", "amount_fen = 4 optional int64: is now = 4 int64"),
    ("repeated Part", "Part", "is now = 3 alliance.a.v1.Round.Part"),
    ("{ string word = 5; int32 number = 6; }", "{ string word = 5; } int32 number = 6;",
     "number = 6 int32 in kind: is now = 6 int32"),
    ("map<string, int64>", "map<string, int32>", "NumbersEntry.value = 2 int64: is now = 2 int32"),
    ("OPEN = 1", "OPEN = 2", "State.OPEN = 1: is now = 2"),
    (" OPEN = 1;", "", "State.OPEN = 1: is gone"),
    ("rpc GetRound(GetRoundRequest) returns (Round);", "", "Rounds.GetRound (alliance.a.v1.GetRoundRequest)"),
    ("returns (Round)", "returns (stream Round)", "is now (alliance.a.v1.GetRoundRequest) returns (stream"),
    ("alliance.a.v1;", "alliance.a.v2;", "alliance.a.v1.Round message: is gone"),
]
ADDITIONS = [
    ("int32 number = 6; }", "int32 number = 6; bool flag = 9; }"),
    ("OPEN = 1;", "OPEN = 1; SHUT = 2;"),
    ("message GetRoundRequest", "message New {}\nmessage GetRoundRequest"),
    ("returns (Round);", "returns (Round); rpc Other(GetRoundRequest) returns (Round);"),
    ("  string name = 1;\n  State", "  // A comment.\n  string name = 1;\n  State"),
]


class ApiTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        os.makedirs(os.path.join(self.root, "proto/alliance/a/v1"))
        self.proto(PROTO)
        self.write("CHANGELOG.md", "# Changelog\n\n- API break: an earlier one.\n")
        api.renew(self.root)

    def write(self, path, text):
        with open(os.path.join(self.root, path), "w", encoding="utf-8") as file:
            file.write(text)

    def proto(self, text):
        self.write("proto/alliance/a/v1/a.proto", text)

    def findings(self):
        return api.check(self.root)[0]

    def git(self, *words):
        subprocess.run(["git", "-C", self.root, "-c", "user.name=x", "-c", "user.email=x@example.org", *words],
                       check=True, capture_output=True)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def test_breaks(self):
        self.assertEqual(self.findings(), [])
        for old, new, finding in BREAKS:
            self.assertEqual(PROTO.count(old), 1, old)
            self.proto(PROTO.replace(old, new))
            found = self.findings()
            self.assertTrue(any(finding in line for line in found), f"{new}: {found}")
            self.assertIn("tests/api/api.py renew", found[-1])

    def test_additions(self):
        for old, new in ADDITIONS:
            self.assertEqual(PROTO.count(old), 1, old)
            self.proto(PROTO.replace(old, new))
            self.assertEqual(self.findings(), [], new)

    def test_a_renewal_that_breaks_is_named_in_its_commit(self):
        self.git("init", "-q")
        self.commit()
        self.assertEqual(self.findings(), [])
        # Not renewed; renewed but not named; named, before and after the commit.
        self.proto(PROTO.replace("state = 2", "state = 8"))
        self.assertEqual(len(self.findings()), 2)
        api.renew(self.root)
        self.assertEqual(len(self.findings()), 1)
        self.assertIn("working tree: proto/api.txt lost \"alliance.a.v1.Round.state = 2", self.findings()[0])
        self.write("CHANGELOG.md", "# Changelog\n\n- API break: `Round.state` is 8.\n- API break: an earlier one.\n")
        self.assertEqual(self.findings(), [])
        self.commit()
        self.assertEqual(self.findings(), [])
        # Named a commit too late.
        self.proto(PROTO.replace("state = 2", "state = 9"))
        api.renew(self.root)
        self.commit()
        self.write("CHANGELOG.md", "# Changelog\n\n- API break: `Round.state` is 9.\n")
        self.commit()
        self.assertEqual(len(self.findings()), 1)
        self.assertIn("in the same commit", self.findings()[0])

    def test_an_addition_is_renewed_without_a_word(self):
        self.git("init", "-q")
        self.commit()
        self.proto(PROTO.replace(*ADDITIONS[0]))
        api.renew(self.root)
        self.assertEqual(self.findings(), [])

    def test_without_git_it_says_so(self):
        self.assertIn("NOT COMPARED", api.check(self.root)[1][-1])


if __name__ == "__main__":
    unittest.main()
