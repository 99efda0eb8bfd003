"""What the end-to-end and the fault tests share: a suite of their own and the demonstration's steps,
without its printing."""

import fcntl
import pathlib
import socket
import sys
import unittest
import uuid

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("tests/e2e", "deploy/demo.d"):
    sys.path.insert(0, str(ROOT / folder))

import cast  # noqa: E402
import filing_part  # noqa: E402
from alliance_client import ApiError  # noqa: E402
from stage import Stage  # noqa: E402
from suite import Suite  # noqa: E402

FIRMS = {**cast.CAST, **cast.SUPPORT}


class QuietStage(Stage):
    def chapter(self, zh, en):
        pass

    def tell(self, who, zh, en, mark="·"):
        pass


class World:
    """The running suite of this test run; set by run_all before any test."""

    suite = None
    stage = None
    lock = None

    @classmethod
    def fresh(cls, name, port_base):
        """A suite with nothing in it, in build/<name>, beside any other that runs here. A second run
        of the same tests in this checkout waits until the first has ended."""
        run = ROOT / "build" / name
        if cls.lock is None:
            run.parent.mkdir(exist_ok=True)
            cls.lock = open(f"{run}.lock", "w")
            fcntl.flock(cls.lock, fcntl.LOCK_EX)
        cls.suite = Suite(run, {"ALLIANCE_PORT_BASE": str(free_ports(port_base))})
        cls.suite.down("--reset")
        cls.suite.up("--no-install", "--no-build")
        cls.stage = QuietStage(cls.suite)
        return cls.suite


def free_ports(base):
    """The first base from `base` on whose ports nobody has; deploy/lib.sh takes up to 25 of them."""
    for candidate in range(base, base + 2000, 50):
        try:
            for port in range(candidate, candidate + 25):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))
            return candidate
        except OSError:
            continue
    raise AssertionError(f"no free ports between {base} and {base + 2000}")


class WorldTest(unittest.TestCase):
    """A test against the running suite. `at` is the legal time at which each of its tests begins."""

    at = "2023-04-10 09:00"
    maxDiff = None

    def setUp(self):
        if self.at:
            World.suite.set_clock(self.at)

    @property
    def suite(self):
        return World.suite

    @property
    def stage(self):
        return World.stage

    def session(self, login):
        return World.suite.session(login)

    def refused(self, code, reason, act, /, *arguments, **fields):
        """The act is refused with this code and this reason word; returns the refusal."""
        with self.assertRaises(ApiError) as caught:
            act(*arguments, **fields)
        self.assertEqual((caught.exception.code, caught.exception.reason), (code, reason),
                         str(caught.exception))
        return caught.exception

    # Cases that tests begin with. Each takes the next enterprise that has no application yet.

    _unused = list(FIRMS.values())

    @classmethod
    def next_firm(cls, region=None):
        for i, firm in enumerate(WorldTest._unused):
            if region is None or firm.region == region:
                return WorldTest._unused.pop(i)
        raise AssertionError(f"no enterprise of region {region} is left")

    @classmethod
    def forget_firms(cls):
        WorldTest._unused[:] = FIRMS.values()

    def draft(self, region=None):
        return filing_part.open_draft(self.stage, self.next_firm(region))

    def complete_draft(self, region=None):
        case = self.draft(region)
        filing_part.fill_in(case)
        filing_part.attach_all(case)
        return case

    def submitted(self, region=None):
        case = self.complete_draft(region)
        filing_part.submit(self.stage, case)
        case.is_now("SUBMITTED")
        return case

    def passed(self, region=None):
        case = self.submitted(region)
        filing_part.claim(self.stage, case)
        filing_part.pass_case(self.stage, case)
        return case


def new_id():
    return str(uuid.uuid4())


def run_all(*classes):
    """Runs the tests of each class in the order written; True when all passed."""
    loader = unittest.TestLoader()
    loader.sortTestMethodsUsing = None
    tests = unittest.TestSuite()
    for one in classes:
        names = [name for name in vars(one) if name.startswith("test")]
        tests.addTests(one(name) for name in names)
    return unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful()
