"""The golden path through the gateway, the audit of what it left, and the firms' native gRPC."""

import io
import pathlib
import subprocess
import sys
from contextlib import redirect_stdout

import story
from world import World, WorldTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PUSH = ROOT / "tests/clients/python/push_scores.py"


class GoldenPath(WorldTest):
    """The whole demonstration: every state, every row of the workflow, every amount."""

    at = None

    def test_the_story(self):
        told = io.StringIO()
        try:
            with redirect_stdout(told):
                World.stage = story.play(self.suite)
                story.box(World.stage, 0)
        except BaseException:
            sys.stderr.write("\n" + told.getvalue())
            raise


class NativeGrpc(WorldTest):
    """Mutual TLS on the firms' port; who the caller is comes from the certificate."""

    at = None

    def push(self, cert, key, scores='{"scores": []}'):
        folder = self.suite.run / "python"
        folder.mkdir(exist_ok=True)
        (folder / "try.json").write_text(scores)
        return subprocess.run(
            ["/usr/bin/python3", PUSH, "--address", self.suite.grpc_address, "--ca",
             self.suite.run / "ca/ca.crt", "--cert", cert, "--key", key, "--deadline", "3", "--stubs",
             folder / "stubs", folder / "try.json"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)

    def test_an_empty_push_is_refused(self):
        ca = self.suite.run / "ca"
        done = self.push(ca / "LNPJ-01.crt", ca / "LNPJ-01.key")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("INVALID_REQUEST", done.stdout)

    def test_a_certificate_of_our_own_without_account(self):
        ca = self.suite.run / "ca"
        done = self.push(ca / "ctl.crt", ca / "ctl.key")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("LOGIN_REQUIRED", done.stdout)

    def test_a_certificate_of_another_authority(self):
        folder = self.suite.run / "python"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=LNPJ-01",
                        "-addext", "subjectAltName=URI:alliance://firms/LNPJ-01", "-keyout",
                        folder / "own.key", "-out", folder / "own.crt"], check=True,
                       stderr=subprocess.DEVNULL)
        done = self.push(folder / "own.crt", folder / "own.key")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("UNAVAILABLE", done.stdout)


class Audit(WorldTest):
    """A row changed by hand in any schema is found and named; put back, all is clean again."""

    at = None

    # A statement that an administrator of the database could type, one per kind and schema. The
    # table, and what to do with its first row in the order given.
    EDITS = (
        ("filing", "application", "SET alliance_name = '改名联盟'"),
        ("filing", "history", "SET reason = '改写的理由'"),
        ("review", "review_case", "SET lead_name = '改名企业'"),
        ("review", "history", "SET actor = 'somebody'"),
        ("evaluation", "evaluation_score", "SET total_hundredths = total_hundredths + 100"),
        ("evaluation", "history", "SET at_us = at_us + 1"),
        ("subsidy", "subsidy_case", "SET verified_rd_fen = verified_rd_fen + 100"),
        ("subsidy", "history", "SET to_state = 'PAID'"),
        ("gateway", "account", "SET role = 'auditor'"),
        ("gateway", "history", "SET actor = 'somebody'"),
    )

    def verify(self, expect):
        return self.suite.ctl("audit", "verify", expect=expect)

    def test_1_clean(self):
        self.assertTrue(self.verify(0).strip().endswith("clean"))

    def changed_by_hand(self, schema, table, change, last=False):
        """Makes the change to the table's first (last) row, verifies, puts the row back, and returns
        what the verifier said."""
        name = f"alliance_{schema}"
        key = [row[0] for row in self.suite.sql(
            f"SELECT column_name FROM information_schema.columns WHERE table_schema='{name}' AND "
            f"table_name='{table}' AND column_key='PRI' ORDER BY ordinal_position")]
        self.assertTrue(key, f"{name}.{table} has no primary key")
        row = "ORDER BY " + ", ".join(f"{column}{' DESC' if last else ''}" for column in key) + " LIMIT 1"
        self.suite.sql(f"CREATE TABLE kept AS SELECT * FROM {table} {row}", name)
        try:
            self.suite.sql(f"{change} {row}", name)
            return self.verify(1)
        finally:
            self.suite.sql(f"REPLACE INTO {table} SELECT * FROM kept; DROP TABLE kept", name)

    def test_2_an_edited_row_is_found_and_named(self):
        for schema, table, change in self.EDITS:
            with self.subTest(table=f"{schema}.{table}"):
                output = self.changed_by_hand(schema, table, f"UPDATE {table} {change}")
                self.assertIn(f"{schema}: ", output)
                self.assertIn(table, output)

    def test_3_a_deleted_row_is_found(self):
        for schema in ("filing", "review", "evaluation", "subsidy", "gateway"):
            with self.subTest(schema=schema):
                output = self.changed_by_hand(schema, "history", "DELETE FROM history")
                self.assertIn(f"{schema}: ", output)

    def test_3b_a_cut_off_end_is_found(self):
        # The signed checkpoints know how long each chain was; every orderly end writes one.
        self.suite.down()
        self.suite.up("--no-install", "--no-build")
        for schema in ("filing", "review", "evaluation", "subsidy", "gateway"):
            with self.subTest(schema=schema):
                output = self.changed_by_hand(schema, "history", "DELETE FROM history", last=True)
                self.assertIn(f"{schema}: ", output)

    def test_4_clean_again(self):
        self.assertTrue(self.verify(0).strip().endswith("clean"))

    def test_5_services_may_not_rewrite_history(self):
        for schema in ("filing", "review", "evaluation", "subsidy", "gateway"):
            for statement in ("UPDATE history SET reason = 'x'", "DELETE FROM history",
                              "UPDATE audit_checkpoint SET at_us = 0", "DROP TABLE history"):
                done = subprocess.run(
                    ["mariadb", "--no-defaults", "--socket=db/mysql.sock", f"--user=alliance_{schema}",
                     f"--password={(self.suite.run / f'secrets/db_alliance_{schema}').read_text().strip()}",
                     f"alliance_{schema}", "-e", statement],
                    cwd=self.suite.run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                self.assertNotEqual(done.returncode, 0, f"{schema}: {statement}")
                self.assertIn("denied", done.stderr)
