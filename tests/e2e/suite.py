"""A suite on this machine, as deploy/up starts it: its folders, processes, clock and database.

The folder is .run/ of the checkout, or the one named by ALLIANCE_RUN. Addresses are read from the
configuration files in it, so that nothing here knows a port.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.request

from alliance_client import ApiError, Client

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Whose programs are run: build/<preset>/bin.
PRESET = os.environ.get("ALLIANCE_PRESET", "release")
BIN = ROOT / "build" / PRESET / "bin"
SERVICES = ("filing", "review", "evaluation", "subsidy", "gateway")


def wait_for(what, probe, seconds=15, every=0.03):
    """Asks `probe` again and again until it answers something true, and returns that."""
    end = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s (last answer: {answer!r})")
        time.sleep(every)


class Suite:
    """A run folder and what runs in it. `environment` is added for deploy/up and deploy/down."""

    def __init__(self, run=None, environment=None):
        self.run = pathlib.Path(run or os.environ.get("ALLIANCE_RUN") or ROOT / ".run")
        self.environment = {**os.environ, **(environment or {}), "ALLIANCE_RUN": str(self.run)}
        self._sessions = {}

    # Start and stop -----------------------------------------------------------------------------

    def up(self, *arguments):
        self._deploy("up", "--preset", PRESET, *arguments)

    def down(self, *arguments):
        self._deploy("down", *arguments)
        self._sessions.clear()

    def _deploy(self, script, *arguments):
        done = subprocess.run([ROOT / "deploy" / script, *arguments], env=self.environment,
                              cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise AssertionError(f"deploy/{script} {' '.join(arguments)} ended {done.returncode}:\n"
                                 f"{done.stdout}")

    # Addresses ----------------------------------------------------------------------------------

    def config(self, name, key):
        """The first value of `key` in .run/config/<name>.textproto."""
        text = (self.run / "config" / f"{name}.textproto").read_text()
        found = re.search(rf"^\s*{key}: \"([^\"]*)\"", text, re.MULTILINE)
        if not found:
            raise KeyError(f"{name}.textproto has no {key}")
        return found.group(1)

    @property
    def http_address(self):
        return self.config("gateway", "http_address")

    @property
    def grpc_address(self):
        return self.config("gateway", "grpc_address")

    def admin(self, service, path):
        """(status, text) of the admin port, or (0, why) when nothing answers."""
        url = f"http://{self.config(service, 'admin_address')}{path}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    # Callers ------------------------------------------------------------------------------------

    def anybody(self):
        host, port = self.http_address.rsplit(":", 1)
        return Client(host, int(port))

    def password(self):
        return (self.run / "secrets" / "demo_password").read_text().splitlines()[0]

    def session(self, login):
        """A logged-in caller; one login per account, then kept."""
        if login not in self._sessions:
            def attempt():
                try:
                    return self.anybody().login(login, self.password())
                except ApiError as error:
                    if error.reason not in ("RATE_LIMITED", "OVERLOADED"):
                        raise
                    time.sleep(min(2.0, float(error.headers.get("Retry-After", "1"))))
                    return None
            self._sessions[login] = wait_for(f"login of {login}", attempt, seconds=60)
        return self._sessions[login]

    # The operator -------------------------------------------------------------------------------

    def ctl(self, *arguments, expect=0):
        """Runs alliancectl and returns what it printed; `expect=None` returns the whole process."""
        done = subprocess.run([BIN / "alliancectl",
                               "--config", self.run / "config/ctl.textproto", *arguments],
                              cwd=self.run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if expect is None:
            return done
        if done.returncode != expect:
            raise AssertionError(f"alliancectl {' '.join(map(str, arguments))} ended "
                                 f"{done.returncode}, not {expect}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def set_clock(self, instant):
        """ "2023-04-03T09:00:00+08:00" or, in local time, "2023-04-03 09:00"."""
        if "T" not in instant:
            day, hour = instant.split(" ")
            instant = f"{day}T{hour}{':00' if hour.count(':') == 1 else ''}+08:00"
        self.ctl("clock", "set", instant)

    def sweep(self):
        """Applies at once what the clock demands; the services do the same by themselves."""
        operator = self.session("operator")
        operator.call("review.SweepNotices")
        operator.call("filing.SweepDeadlines")

    def timeline(self, case):
        """Every act of a case over all services, oldest first."""
        answer = json.loads(self.ctl("--json", "case", case))
        return answer["timeline"] if isinstance(answer, dict) else answer

    # Processes ----------------------------------------------------------------------------------

    def pid(self, name):
        """Pid of a process of this suite, or None. Only ever one that this suite started."""
        try:
            pid = int((self.run / "pid" / f"{name}.pid").read_text())
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except (OSError, ValueError):
            return None
        return pid if any(f"{self.run}/" in word for word in command) else None

    def kill(self, name, how=signal.SIGKILL):
        """Sends a signal; after SIGKILL waits until the process is gone."""
        pid = self.pid(name)
        if pid is None:
            raise AssertionError(f"{name} is not running")
        os.kill(pid, how)
        if how == signal.SIGKILL:
            wait_for(f"the end of {name}", lambda: self.pid(name) is None)

    # The database, as its administrator ---------------------------------------------------------

    def sql(self, statement, schema=None):
        """Rows as lists of text. For tests that look at, or break, what is stored."""
        socket = self.run / "db" / "mysql.sock"
        done = subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={os.path.relpath(socket, self.run)}",
             "--user=root", "--batch", "--skip-column-names", "--default-character-set=utf8mb4",
             *([schema] if schema else [])],
            input=statement, cwd=self.run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "MYSQL_PWD": (self.run / "secrets/db_root").read_text().strip()})
        if done.returncode != 0:
            raise AssertionError(f"{statement}: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]
