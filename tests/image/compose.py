#!/usr/bin/python3 -B
"""tests/image/compose.py ROOT FOLDER   starts the suite of deploy/compose.yaml from an image's files

ROOT is the unpacked image, FOLDER takes what deploy/compose-files writes. No container daemon: this
process moves to network, mount and process namespaces of its own and does there what compose.yaml says of
each container: its root (read-only), its volumes, its temporary folders, its user without capabilities,
its command, its health check, its order. Only MariaDB and Prometheus are this machine's, with the
arguments of compose.yaml. With the suite up: a login, an application, the operator's view, every target
scraped; then every process must end by itself when told to.
"""
import ctypes
import fcntl
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("tests/e2e", "deploy/demo.d"):
    sys.path.insert(0, str(ROOT / folder))

import cast  # noqa: E402
from alliance_client import ApiError, Client  # noqa: E402
from suite import wait_for  # noqa: E402

PROGRAMS = ("filing", "review", "evaluation", "subsidy", "gateway")
# Anything below a private folder is out of reach for the containers' user: FOLDER is mounted here.
RUN = pathlib.Path("/mnt")
HERE = {"database": "/usr/sbin/mariadbd", "prometheus": ROOT / "build/tools/usr/bin/prometheus"}
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin"}
NO_NEW_PRIVILEGES = 38


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


def own_network():
    """The loopback of this namespace is down at first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14s", b"lo", 1, b""))  # SIOCSIFFLAGS, IFF_UP


def words(text):
    """A value as compose reads it: $$ is $, ${NAME:?…} comes from the env file."""
    environment = dict(line.split("=", 1) for line in (RUN / "env").read_text().split())
    return re.sub(r"\$\$|\$\{(\w+):\?[^}]*\}",
                  lambda m: environment[m.group(1)] if m.group(1) else "$", str(text))


class Container:
    def __init__(self, name, spec, image):
        self.name, self.spec, self.image = name, spec, image
        self.user, self.group = map(int, words(spec["user"]).split(":"))
        self.root = RUN / "roots" / name
        self.volumes = []  # (here, there, read-only)
        for volume in spec.get("volumes", []):
            here, there, *options = volume.split(":")
            assert here.startswith("../.run/compose/"), volume
            self.volumes.append((here.replace("../.run/compose", str(RUN), 1), there, "ro" in options))
        self.process = None
        if name not in HERE:
            self._mount()

    def _mount(self):
        self.root.mkdir(parents=True)
        # A runtime makes missing mount points itself.
        for _, there, _ in self.volumes:
            (self.image / there.lstrip("/")).mkdir(parents=True, exist_ok=True)
        (self.image / "etc/hosts").touch()
        mount("--bind", self.image, self.root)
        for here, there, read_only in self.volumes:
            mount("--bind", here, f"{self.root}{there}")
            if read_only:
                mount("-o", "remount,bind,ro", f"{self.root}{there}")
        for there in self.spec.get("tmpfs", []):
            mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", f"{self.root}{there}")
        mount("-t", "proc", "proc", self.root / "proc")
        mount("--rbind", "/dev", self.root / "dev")
        mount("--bind", RUN / "hosts", self.root / "etc/hosts")
        if self.spec["read_only"]:
            mount("-o", "remount,bind,ro", self.root)

    def _enter(self):
        """In the child: the container's root and user, and no way back."""
        if self.name not in HERE:
            os.chroot(self.root)
            os.chdir("/var/lib/alliance")
        else:
            os.chdir(RUN)
        os.setgroups([])
        os.setgid(self.group)
        os.setuid(self.user)
        os.umask(0o022)
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)

    def _argv(self, command):
        command = [words(word) for word in command]
        if self.name not in HERE:
            return command
        for here, there, _ in self.volumes:  # this machine's program sees this machine's paths
            command = [word.replace(f"={there}", f"={here}") for word in command]
        return command

    def popen(self, command, **options):
        return subprocess.Popen(self._argv(command), preexec_fn=self._enter,
                                env=ENVIRONMENT, **options)

    def start(self):
        command = self.spec["command"]
        if self.name == "database":
            # What the image's entry point does: a data folder, then the files of initdb.d.
            subprocess.run(["mariadb-install-db", "--no-defaults", "--skip-test-db",
                            "--auth-root-authentication-method=normal", f"--datadir={RUN}/db"],
                           preexec_fn=self._enter, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
            (script,) = (here for here, there, _ in self.volumes if there.startswith("/docker-entrypoint-initdb.d/"))
            command = [HERE[self.name], "--no-defaults", *command[1:], f"--init-file={script}",
                       f"--socket={RUN}/db/mysql.sock", f"--pid-file={RUN}/db/pid"]
        elif self.name == "prometheus":
            command = [HERE[self.name], *command]
        with open(RUN / "log" / self.name, "w", encoding="utf-8") as log:
            self.process = self.popen(command, stdout=log, stderr=log)

    def log(self):
        return (RUN / "log" / self.name).read_text(encoding="utf-8", errors="replace")[-2000:]

    def healthy(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended {self.process.returncode}:\n{self.log()}")
        test = self.spec["healthcheck"]["test"]
        assert test[0] == "CMD", test
        return self.popen(test[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait() == 0

    def completed(self):
        if self.process.wait(timeout=60) != 0:
            raise AssertionError(f"{self.name} ended {self.process.returncode}:\n{self.log()}")

    def run(self, *arguments):
        """As `docker compose run`: the entry point with these arguments, until it ends."""
        process = self.popen([*self.spec["entrypoint"], *arguments], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = process.communicate(timeout=60)
        if process.returncode != 0:
            raise AssertionError(f"{self.name} {' '.join(arguments)} ended {process.returncode}:\n{said}")
        return said


def start_all(containers):
    """In the order of depends_on, each after its conditions."""
    started = []

    def start(name):
        if name in started:
            return
        for other, how in containers[name].spec.get("depends_on", {}).items():
            start(other)
            if how["condition"] == "service_completed_successfully":
                containers[other].completed()
            else:
                assert how["condition"] == "service_healthy", how
                wait_for(f"health of {other}", containers[other].healthy, seconds=60, every=0.2)
        containers[name].start()
        started.append(name)

    for name, container in containers.items():
        if "profiles" not in container.spec:
            start(name)
    for name in PROGRAMS:
        wait_for(f"health of {name}", containers[name].healthy, seconds=60, every=0.2)
    return started


def writes_to_its_root(container):
    """Whether the container's administrator could write there: the mount itself must say no."""
    try:
        (container.root / "usr/written").touch()
    except OSError:
        return False
    return True


def use(containers):
    """Everything is really there: a person's way in, the database, the operator's view, the metrics."""
    port = 8080
    password = (RUN / "gateway/config/demo_password").read_text().splitlines()[0]
    firm = cast.CAST["shenyang"]
    lead = Client("127.0.0.1", port).login(firm.login, password)
    try:
        Client("127.0.0.1", port).login(firm.login, "wrong")
        raise AssertionError("a wrong password is taken")
    except ApiError as error:
        assert error.code == "unauthenticated", error
    containers["ctl"].run("clock", "set", "2023-04-03T09:00:00+08:00")
    case = lead.act("filing.CreateApplication", round=cast.ROUND,
                    application={"recommenderRegion": firm.region})["name"]
    containers["ctl"].run("status")
    verified = containers["ctl"].run("audit", "verify")
    history = json.loads(containers["ctl"].run("--json", "case", case))["timeline"]
    assert [row["at"][:16] for row in history] == ["2023-04-03T09:00"], history

    def targets():
        with urllib.request.urlopen("http://127.0.0.1:9090/api/v1/targets", timeout=5) as answer:
            active = json.load(answer)["data"]["activeTargets"]
        return len(active) == len(PROGRAMS) and all(t["health"] == "up" for t in active)

    wait_for("all targets scraped", targets, seconds=60, every=0.5)
    return verified.splitlines()[-1]


def main(image):
    own_network()
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert set(PROGRAMS) <= set(services), sorted(services)
    (RUN / "hosts").write_text("".join(f"127.0.0.1 {name}\n" for name in ("localhost", *services)))
    (RUN / "hosts").chmod(0o644)
    mount("--bind", RUN / "hosts", "/etc/hosts")
    containers = {name: Container(name, spec, image) for name, spec in services.items()}
    began = time.monotonic()
    started = start_all(containers)
    seconds = time.monotonic() - began
    verified = use(containers)
    for name in PROGRAMS:
        assert not writes_to_its_root(containers[name]), f"{name}: its root may be written"
    for name in (*PROGRAMS, "database", "prometheus"):
        process = containers[name].process
        process.send_signal(signal.SIGTERM)
        limit = int(containers[name].spec.get("stop_grace_period", "10s").rstrip("s"))
        assert process.wait(timeout=limit) == 0, f"{name} ended {process.returncode}: {containers[name].log()}"
    print(f"compose: {len(started)} containers of deploy/compose.yaml in {seconds:.1f} s, roots read-only; "
          f"a login, an application, {len(PROGRAMS)} targets, all ended when told; {verified}")


if __name__ == "__main__":
    if os.getpid() == 1:
        main(pathlib.Path(sys.argv[1]))
    else:
        image, run = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
        subprocess.run([ROOT / "deploy/compose-files", run], check=True)
        sys.exit(subprocess.run(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-euc",
             'mount -t proc proc /proc; mount --bind "$2" /mnt; exec "$0" "$1"',
             __file__, image, run], check=False).returncode)
