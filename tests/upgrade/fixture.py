"""The suite as a release left it: what make-fixture writes and run reads, tests/upgrade/<version>.tar.xz.

    database.sql     the schemas of all services with what the demonstration's story left in them
    checkpoints/     the signed checkpoints outside the database
    keys/            the public halves of the keys that signed them
    story.json       the legal time at the end, the timeline of every case, and answers of the API
"""

import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from suite import PRESET, ROOT, SERVICES  # noqa: E402


def start_database(suite):
    """The private MariaDB alone, with users, keys and configurations as deploy/up makes them."""
    done = subprocess.run(
        ["bash", "-euc", f". deploy/lib.sh; PRESET={PRESET}; choose_ports; make_run_folder; lock_run_folder; "
         "start_database && make_keys && write_configs || { echo \"$WHY\" >&2; exit 1; }"],
        cwd=ROOT, env=suite.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise AssertionError(f"the database did not start: {done.stdout}")


def timeline(suite, case):
    """What happened to a case over all services: service, action, from, to of each act."""
    return [[entry[key] for key in ("service", "action", "from", "to")] for entry in suite.timeline(case)]


def public_keys(suite):
    return [suite.run / "keys" / f"{service}_audit.key.pub" for service in SERVICES]


def checkpoints(suite):
    return [suite.run / "checkpoints" / f"{service}.jsonl" for service in SERVICES]
