"""An upload killed at each of its seven points: nothing half-written is visible, and it is resumed
to the end with the right digest (reliability 3.2, U1 to U7)."""

import base64
import hashlib
import os
import pathlib
import signal
import subprocess

import cast
from alliance_client import ApiError
from suite import BIN, ROOT, wait_for
from test_faults import FaultTest
from world import new_id

PIECE = 256 << 10
# What the service is about to do, or has just done, when it dies.
POINTS = {
    "U1 first chunk": "fdatasync:1",
    "U2 middle": "fdatasync:2",
    "U3 last chunk, before fsync": "fdatasync:3",
    "U4 fsynced, before rename": "link:1",
    "U5 renamed, before DB row": "linked:1",
    "U6 DB committed": "unlink:1",
    "U7 reply": "unlinked:1",
}


class Uploads(FaultTest):

    @classmethod
    def setUpClass(cls):
        cls.library = ROOT / "build" / "kill_point.so"
        subprocess.run(["c++", "-std=c++20", "-shared", "-fPIC", "-O1", "-o", cls.library,
                        pathlib.Path(__file__).with_name("kill_point.cc"), "-ldl"], check=True)

    def start_with_kill_point(self, point):
        """filing again, in the place of the one that runs, and armed once it serves."""
        self.stop_quietly("filing")
        armed = self.suite.run / "kill_armed"
        armed.unlink(missing_ok=True)
        log = open(self.suite.run / "log" / "filing.jsonl", "ab")
        process = subprocess.Popen(
            [BIN / "filing", "--config", self.suite.run / "config" / "filing.textproto"],
            cwd=self.suite.run, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, "LD_PRELOAD": str(self.library), "KILL_POINT": point,
                 "KILL_ARMED": str(armed)})
        log.close()
        wait_for("filing to serve", lambda: self.suite.admin("filing", "/readyz")[0] == 200)
        armed.write_text("")
        return process

    def until_available(self, act, seconds=30):
        """The gateway needs a moment to find a service that is back."""
        def attempt():
            try:
                return act() or True
            except ApiError as error:
                if error.code != "unavailable":
                    raise
                return None
        return wait_for("an answer", attempt, seconds=seconds, every=0.1)

    def put(self, client, upload, offset, piece):
        """What the gateway answers to one piece; 0: it is gone."""
        status, headers, body = client.raw(f"/files/{upload}", piece,
                                           {"Upload-Offset": str(offset), "Content-Type": None},
                                           verb="PUT")
        if status == 503:
            raise ApiError(status, "unavailable", body.decode())
        return status, headers

    def offset(self, client, upload):
        status, headers, _ = client.raw(f"/files/{upload}", None, {"Content-Type": None}, verb="HEAD")
        if status == 503:
            raise ApiError(status, "unavailable", "")
        self.assertEqual(status, 200)
        return int(headers["Upload-Offset"])

    def nothing_is_half_visible(self):
        """Every file with a digest for a name is that content; every paper's row has its file."""
        folder = self.suite.run / "papers"
        names = set()
        for path in folder.glob("??/*"):
            name = path.parent.name + path.name
            self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), name)
            names.add(name)
        rows = self.suite.sql("SELECT LOWER(HEX(sha256)) FROM application_paper", "alliance_filing")
        for (digest,) in rows:
            self.assertIn(digest, names)

    def papers(self, case):
        return [(paper["slot"], paper["sha256"]) for paper in case.application()["papers"]]

    def test_an_upload_dies_at_each_of_its_points(self):
        case = self.complete_draft()
        for name, point in POINTS.items():
            with self.subTest(name):
                self.die_and_resume(case, name, point)
        self.assertEqual(self.suite.ctl("audit", "verify", "--case", case.name).strip()
                         .splitlines()[-1], "clean")

    def die_and_resume(self, case, name, point):
        lead = case.lead().another()
        content = cast.scan(name + "x" * (2 * PIECE + 1000))
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        before = self.papers(case)
        process = self.start_with_kill_point(point)
        upload = self.until_available(lambda: lead.act(
            "filing.CreateUpload", application=case.name,
            paper={"slot": "A2_AGREEMENT", "fileName": "协议.pdf", "sizeBytes": len(content),
                   "sha256": digest}))["name"]
        attach = dict(requestId=new_id(), name=case.name, etag=case.application()["etag"],
                      upload=upload)
        try:
            for at in range(0, len(content), PIECE):
                self.put(lead, upload, at, content[at:at + PIECE])
            lead.act("filing.AttachPaper", attach)
            self.fail(f"{name}: the service did not die")
        except ApiError as error:
            self.assertEqual(error.code, "unavailable", str(error))
        self.assertEqual(process.wait(timeout=20), -signal.SIGKILL)
        self.nothing_is_half_visible()
        self.restart()

        done = name in ("U6 DB committed", "U7 reply")
        self.until_available(case.application)
        expected = [(slot, digest if done and slot == "A2_AGREEMENT" else sha256)
                    for slot, sha256 in before]
        self.assertEqual(self.papers(case), expected, "the old paper or the new one, nothing else")
        if not done:
            at = self.until_available(lambda: (self.offset(lead, upload),))[0]
            self.assertLess(at, len(content) + 1)
            self.assertEqual(at % PIECE if at < len(content) else 0, 0)
            while at < len(content):
                status, headers = self.put(lead, upload, at, content[at:at + PIECE])
                self.assertEqual(status, 204)
                at = int(headers["Upload-Offset"])
        # The same request: attached now, or the first answer when it was attached before.
        answer = self.until_available(lambda: lead.act("filing.AttachPaper", attach))
        self.assertIn(("A2_AGREEMENT", digest),
                      [(paper["slot"], paper["sha256"]) for paper in answer["papers"]])
        self.assertEqual(len(self.papers(case)), len(before))
        self.nothing_is_half_visible()
        paper = next(p for p in case.application()["papers"] if p["slot"] == "A2_AGREEMENT")
        application, paper_id = paper["name"].split("/")[1::2]
        status, headers, body = lead.raw(f"/files/papers/{application}/{paper_id}", None,
                                         {"Content-Type": None}, verb="GET")
        self.assertEqual((status, body == content), (200, True))
        self.assertEqual(headers["ETag"].strip('"'), hashlib.sha256(content).hexdigest())
