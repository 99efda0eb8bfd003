"""Faults on real processes: nothing acknowledged is lost, nothing happens twice.

docs/threats.md I1, I2, I6, I11.
"""

import random
import signal
import subprocess
import threading
import time

import filing_part
from alliance_client import ApiError
from suite import BIN, ROOT, wait_for
from world import WorldTest, new_id


class LockedTable:
    """Holds a write lock on a table over a connection of its own: whoever writes there waits."""

    def __init__(self, suite, schema, table):
        self.suite, self.schema, self.table = suite, f"alliance_{schema}", table

    def __enter__(self):
        self.client = subprocess.Popen(
            ["mariadb", "--no-defaults", "--socket=db/mysql.sock", "--user=root", "--batch",
             "--skip-column-names", "--unbuffered", self.schema],
            cwd=self.suite.run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"MYSQL_PWD": (self.suite.run / "secrets/db_root").read_text().strip(),
                 "PATH": "/usr/bin:/bin"})
        self.client.stdin.write(f"LOCK TABLES {self.table} WRITE; SELECT 'locked';\n")
        self.client.stdin.flush()
        assert self.client.stdout.readline().strip() == "locked"
        return self

    def waiting(self):
        """How many statements of others wait for the lock."""
        return int(self.suite.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE "
                                  "state LIKE 'Waiting for table%lock'")[0][0])

    def __exit__(self, *_):
        self.client.stdin.close()
        self.client.wait(timeout=10)
        self.client.stdout.close()


class FaultTest(WorldTest):

    def restart(self):
        """Starts what is missing."""
        self.suite.up("--no-install", "--no-build")

    def stop_quietly(self, service):
        """Ends a service in order, as an operator would."""
        self.suite.kill(service, signal.SIGTERM)
        wait_for(f"the end of {service}", lambda: self.suite.pid(service) is None, seconds=45)

    def arrivals(self, case):
        """How often review took the case in: entries of its history there that lead to SUBMITTED."""
        return [(entry["service"], entry["action"]) for entry in self.suite.timeline(case.name)
                if entry["service"] == "review" and entry["to"] == "SUBMITTED"]

    def arrives_exactly_once(self, case):
        case.is_now("SUBMITTED")
        rows = self.suite.sql(f"SELECT COUNT(*) FROM review_case WHERE id = '{case.id}'",
                              "alliance_review")
        self.assertEqual(rows, [["1"]])
        self.assertLessEqual(len(self.arrivals(case)), 1, self.arrivals(case))
        submits = [e for e in self.suite.timeline(case.name)
                   if e["service"] == "filing" and e["action"] == "submit"]
        self.assertEqual(len(submits), 1)


class Delivery(FaultTest):
    """Hands change exactly once, whoever dies on the way (docs/decisions/0004-one-owner.md)."""

    def test_filing_dies_between_commit_and_relay(self):
        case = self.complete_draft()
        self.stop_quietly("review")
        request = dict(name=case.name, etag=case.application()["etag"], requestId=new_id())
        answer = case.lead().act("filing.SubmitApplication", request)
        self.assertEqual(answer["state"], "SUBMITTED", "a peer that is down does not stop the firm")
        self.suite.kill("filing")
        self.restart()
        self.arrives_exactly_once(case)
        # The firm repeats what it is not sure about: the first answer, no second effect.
        self.assertEqual(case.lead().act("filing.SubmitApplication", request)["receipt"],
                         answer["receipt"])
        self.arrives_exactly_once(case)

    def test_review_dies_before_its_inbox_commit(self):
        case = self.complete_draft()
        with LockedTable(self.suite, "review", "history") as lock:
            answer = case.by_lead("SubmitApplication")
            self.assertEqual(answer["state"], "SUBMITTED")
            wait_for("review to be inside its transaction", lock.waiting)
            self.suite.kill("review")
        rows = self.suite.sql(f"SELECT COUNT(*) FROM review_case WHERE id = '{case.id}'",
                              "alliance_review")
        self.assertEqual(rows, [["0"]], "what was not committed is not there")
        self.restart()
        self.arrives_exactly_once(case)

    def test_review_dies_at_random_moments(self):
        dice = random.Random(20230403)
        for _ in range(4):
            case = self.complete_draft()
            delay = dice.uniform(0, 0.03)
            killer = threading.Timer(delay, self.suite.kill, ["review"])
            killer.start()
            answer = case.by_lead("SubmitApplication")
            killer.join()
            self.assertEqual(answer["state"], "SUBMITTED", f"killed after {delay:.4f} s")
            self.restart()
            self.arrives_exactly_once(case)

    def test_filing_dies_at_random_moments(self):
        dice = random.Random(20230426)
        for _ in range(4):
            case = self.complete_draft()
            request = dict(name=case.name, etag=case.application()["etag"], requestId=new_id())
            delay = dice.uniform(0, 0.02)
            killer = threading.Timer(delay, self.suite.kill, ["filing"])
            killer.start()
            try:
                case.lead().act("filing.SubmitApplication", request)
            except ApiError as error:
                self.assertEqual(error.code, "unavailable", str(error))
            killer.join()
            self.restart()
            # Unknown outcome: the same request again gives the one answer.
            answer = self.until_available(case.lead().act, "filing.SubmitApplication", request)
            self.assertEqual(answer["state"], "SUBMITTED", f"killed after {delay:.4f} s")
            self.arrives_exactly_once(case)

    def until_available(self, act, *arguments, seconds=10, **fields):
        def attempt():
            try:
                return act(*arguments, **fields)
            except ApiError as error:
                if error.code != "unavailable":
                    raise
                return None
        return wait_for("an answer", attempt, seconds=seconds, every=0.1)


class Gateway(FaultTest):

    def test_gateway_dies_and_sessions_survive(self):
        case = self.complete_draft()
        lead = case.lead().another()
        request = dict(name=case.name, etag=case.application()["etag"], requestId=new_id())
        killer = threading.Timer(0.004, self.suite.kill, ["gateway"])
        killer.start()
        try:
            lead.act("filing.SubmitApplication", request)
        except ApiError as error:
            self.assertEqual(error.code, "unavailable", str(error))
        killer.join()
        self.restart()
        answer = lead.act("filing.SubmitApplication", request)  # the old token, the same request
        self.assertEqual(answer["state"], "SUBMITTED")
        self.arrives_exactly_once(case)


class Database(FaultTest):
    """An outage is a clear UNAVAILABLE, no empty endpoint (docs/decisions/0013-liveness.md)."""

    def test_database_dies_and_comes_back(self):
        case = self.complete_draft()
        lead = case.lead()
        etag = case.application()["etag"]
        self.suite.kill("mariadb")
        try:
            error = None
            for _ in range(3):
                error = self.refused_any(lead.call, "filing.GetApplication", {"name": case.name})
                self.assertEqual(error.code, "unavailable", str(error))
            self.assertEqual(error.reason, "DATABASE_UNAVAILABLE")
            self.assertTrue(error.text_zh)
            for service in ("filing", "review", "evaluation", "subsidy", "gateway"):
                wait_for(f"{service} to be not ready", lambda: self.suite.admin(service, "/readyz")[0]
                         == 503, seconds=10)
                self.assertEqual(self.suite.admin(service, "/healthz")[0], 200, f"{service} is alive")
        finally:
            self.restart()
        began = time.monotonic()
        answer = wait_for("recovery", lambda: self.try_call(lead, "filing.GetApplication",
                                                            {"name": case.name}), seconds=10)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(answer["etag"], etag)
        filing_part.submit(self.stage, case)
        self.arrives_exactly_once(case)

    def refused_any(self, act, *arguments):
        try:
            act(*arguments)
        except ApiError as error:
            return error
        raise AssertionError("answered without a database")

    def try_call(self, client, method, request):
        try:
            return client.call(method, request)
        except ApiError:
            return None


class TwoOfficers(FaultTest):
    """Two at once on one case: one wins, the other hears why."""

    def race(self, first, second):
        """Runs both at the same moment; (winners, refusals)."""
        barrier, results = threading.Barrier(2), []

        def run(act):
            barrier.wait()
            try:
                results.append(act())
            except ApiError as error:
                results.append(error)
        threads = [threading.Thread(target=run, args=[act]) for act in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [one for one in results if isinstance(one, ApiError)]
        return [one for one in results if not isinstance(one, ApiError)], refused

    def test_both_claim(self):
        officers = [self.session(login).another() for login in ("officer-shenyang", "officer-shenyang-2")]
        for _ in range(3):
            case = self.submitted("210100")
            etag = case.review_case()["etag"]
            claims = [lambda who=who: who.act("review.ClaimCase", name=case.review_name, etag=etag,
                                              noConflictOfInterest=True) for who in officers]
            won, refused = self.race(*claims)
            self.assertEqual((len(won), len(refused)), (1, 1), refused)
            self.assertIn(refused[0].reason, ("ETAG_STALE", "WRONG_STATE"))
            claims_made = [e for e in self.suite.timeline(case.name) if e["action"] == "claim"]
            self.assertEqual(len(claims_made), 1)
            self.assertEqual(case.review_case()["reviewer"], won[0]["reviewer"])

    def test_withdraw_against_pass(self):
        case = self.submitted("210100")
        filing_part.claim(self.stage, case)
        filing_part.record(case)
        etag = case.review_case()["etag"]
        officer, lead = self.session("officer-shenyang").another(), case.lead().another()
        won, refused = self.race(
            lambda: officer.act("review.PassCase", name=case.review_name, etag=etag),
            lambda: lead.act("filing.WithdrawApplication", name=case.name))
        # A passed case can still be withdrawn: either both in this order, or the withdrawal alone.
        case.is_now("WITHDRAWN" if len(won) == 2 or "reviewer" not in won[0] else "PASSED")
        for error in refused:
            self.assertIn(error.reason, ("ETAG_STALE", "WRONG_STATE", "HELD_ELSEWHERE"))
        self.assertEqual(self.suite.ctl("audit", "verify", "--case", case.name).strip()
                         .splitlines()[-1], "clean")


class StartRefusals(FaultTest):
    """A process that cannot start says why in one line and ends non-zero."""

    at = None

    def start(self, service, change, *extra):
        """Starts a second one with a changed copy of its configuration; (exit code, its words)."""
        text = (self.suite.run / "config" / f"{service}.textproto").read_text()
        for old, new in change:
            self.assertIn(old, text)
            text = text.replace(old, new)
        path = self.suite.run / "config" / "broken.textproto"
        path.write_text(text)
        return self.start_with(service, "--config", path, *extra)

    def start_with(self, service, *arguments):
        done = subprocess.run([BIN / service, *arguments], cwd=self.suite.run,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        return done.returncode, done.stderr.strip()

    def assert_refuses(self, result, *words):
        code, said = result
        self.assertNotEqual(code, 0)
        self.assertGreater(code, 0, "ended by itself, not by a signal")
        last = said.splitlines()
        self.assertEqual(len(last), 1, f"one line, not:\n{said}")
        for word in words:
            self.assertIn(word, said)

    def test_missing_configuration(self):
        self.assert_refuses(self.start_with("filing", "--config", "nowhere.textproto"),
                            "nowhere.textproto")

    def test_no_configuration_named(self):
        code, said = self.start_with("filing")
        self.assertEqual(code, 2, said)

    def test_unknown_key(self):
        self.assert_refuses(self.start("filing", [("environment: DEMO", "environment: DEMO\nport: 5")]),
                            "port")

    def test_missing_pack(self):
        self.assert_refuses(self.start("review", [("2023.textproto", "1999.textproto")]),
                            "1999.textproto")

    def test_bad_pack(self):
        pack = self.suite.run / "config" / "pack.textproto"
        text = (ROOT / "common/rules/2023.textproto").read_text()
        pack.write_text(text.replace('cap_wan: "50"', 'cap_wan: "fifty"'))
        self.assert_refuses(self.start("subsidy", [(str(ROOT / "common/rules/2023.textproto"),
                                                    str(pack))]), "pack.textproto", "cap_wan")

    def test_another_pack_for_a_known_round(self):
        pack = self.suite.run / "config" / "pack.textproto"
        text = (ROOT / "common/rules/2023.textproto").read_text()
        pack.write_text(text.replace("goals_limit: 500", "goals_limit: 501"))
        self.assert_refuses(self.start("filing", [(str(ROOT / "common/rules/2023.textproto"),
                                                   str(pack))]), "2023-tsl")

    def test_bad_certificate(self):
        bad = self.suite.run / "config" / "bad.crt"
        bad.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        self.assert_refuses(self.start("filing", [(f"{self.suite.run}/ca/filing.crt", str(bad))]),
                            "bad.crt")

    def test_missing_key(self):
        self.assert_refuses(self.start("review", [("ca/review.key", "ca/nobody.key")]), "nobody.key")

    def test_wrong_database_password(self):
        wrong = self.suite.run / "config" / "wrong_password"
        wrong.write_text("wrong\n")
        self.assert_refuses(self.start("filing", [
            (f"{self.suite.run}/secrets/db_alliance_filing", str(wrong))]), "alliance_filing")

    def test_no_database(self):
        self.assert_refuses(self.start("evaluation", [("mysql.sock", "nobody.sock")]), "nobody.sock")

    def test_production_with_a_settable_clock(self):
        self.assert_refuses(self.start("filing", [("environment: DEMO", "environment: PRODUCTION")]),
                            "clock_file")

    def test_production_with_demo_accounts(self):
        self.assert_refuses(self.start("gateway", [
            ("environment: DEMO", "environment: PRODUCTION"),
            (f'clock_file: "{self.suite.run}/clock"', "")]), "demo_accounts_file")

    def test_environment_not_said(self):
        self.assert_refuses(self.start("review", [("environment: DEMO", "")]), "environment")

    def test_taken_port(self):
        # Everything is right but another process has the port: the running service itself.
        self.assert_refuses(self.start("filing", []), self.suite.config("filing", "grpc_address"))

    def test_check_config(self):
        code, said = self.start("subsidy", [], "--check-config")
        self.assertEqual(code, 0, said)


class Aftermath(FaultTest):
    """After all that: nothing waits, nothing was given up, every chain holds."""

    at = None

    def test_outboxes_are_empty(self):
        for schema in ("filing", "review", "evaluation", "subsidy"):
            def pending():
                rows = self.suite.sql("SELECT COUNT(*) FROM outbox WHERE status <> 1",
                                      f"alliance_{schema}")
                return rows == [["0"]]
            wait_for(f"{schema}'s outbox to be empty", pending, seconds=10)

    def test_audit_is_clean(self):
        self.assertEqual(self.suite.ctl("audit", "verify").strip().splitlines()[-1], "clean")
