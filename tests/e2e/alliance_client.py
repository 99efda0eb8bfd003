"""A small client of the gateway's HTTP edge: Connect protocol, unary, JSON. Standard library only.

    lead = Client("127.0.0.1", 8080).login("lead-shenyang", password)
    draft = lead.call("filing.CreateApplication", {...})

An answer is a dict as JSON gives it: lowerCamel names, int64 as text, absent fields left out.
A refusal is raised as ApiError with its code, its reason word and every wrong field.
"""

import http.client
import json
import uuid

PACKAGES = {
    "filing": "alliance.filing.v1.FilingService",
    "review": "alliance.review.v1.ReviewService",
    "evaluation": "alliance.evaluation.v1.EvaluationService",
    "subsidy": "alliance.subsidy.v1.SubsidyService",
    "account": "alliance.gateway.v1.AccountService",
    "directory": "alliance.gateway.v1.DirectoryService",
}


def path_of(method):
    """ "filing.GetRound" → "/alliance.filing.v1.FilingService/GetRound"; a whole path stays."""
    if method.startswith("/"):
        return method
    package, name = method.split(".")
    return f"/{PACKAGES[package]}/{name}"


class ApiError(Exception):
    """A refusal, or no answer at all (code "unavailable", reason "NO_CONNECTION")."""

    def __init__(self, http_status, code, message, details=(), headers=None):
        self.http_status, self.code, self.message = http_status, code, message
        self.headers = headers or {}
        found = {detail.get("type"): detail.get("debug") or {} for detail in details}
        self.info = found.get("google.rpc.ErrorInfo", {})
        self.problems = found.get("alliance.errors.v1.Problems", {})
        self.reason = self.info.get("reason", "")
        self.metadata = self.info.get("metadata", {})
        # [{"field", "reason", "textZh", "textEn", "clause"}]
        self.fields = self.problems.get("fields", [])
        self.text_zh = self.problems.get("textZh", "")
        super().__init__(f"{code} {self.reason}: {message}")

    def __str__(self):
        wrong = "".join(f"\n    {f.get('field')}: {f.get('reason')} {f.get('textZh', '')}"
                        for f in self.fields)
        return self.args[0] + wrong


class Client:
    """One caller. Not for use by several threads at once: take one each, see `another`."""

    def __init__(self, host, port, token=None, timeout=30):
        self.host, self.port, self.token, self.timeout = host, port, token, timeout
        self.session = {}
        self._connection = None

    def another(self):
        """The same caller over its own connection."""
        copy = Client(self.host, self.port, self.token, self.timeout)
        copy.session = self.session
        return copy

    def login(self, login, password):
        caller = Client(self.host, self.port, timeout=self.timeout)
        caller.session = caller.call("account.Login", {"login": login, "password": password})
        caller.token = caller.session.pop("accessToken")
        return caller

    def call(self, method, request=None):
        """The answer as a dict; ApiError when refused."""
        status, headers, body = self.raw(path_of(method), json.dumps(request or {}).encode())
        try:
            answer = json.loads(body) if body else {}
        except ValueError:
            answer = None
        if status == 200 and answer is not None:
            return answer
        if not isinstance(answer, dict):
            raise ApiError(status, "unknown", f"HTTP {status}: {body[:200]!r}", headers=headers)
        raise ApiError(status, answer.get("code", "unknown"), answer.get("message", ""),
                       answer.get("details", ()), headers)

    def act(self, method, request=None, **fields):
        """A call that changes something: with a new request id, unless the request brings one."""
        return self.call(method, {"requestId": str(uuid.uuid4()), **(request or {}), **fields})

    def raw(self, path, body, headers=None, verb="POST"):
        """(status, headers, body) of one HTTP exchange. A kept connection that the server has closed
        meanwhile is opened anew, once; a request id makes that safe."""
        send = {"Content-Type": "application/json", "Connect-Protocol-Version": "1"}
        if self.token:
            send["Authorization"] = f"Bearer {self.token}"
        send.update(headers or {})
        send = {name: value for name, value in send.items() if value is not None}
        kept = self._connection is not None
        while True:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self.host, self.port,
                                                              timeout=self.timeout)
            try:
                try:
                    self._connection.request(verb, path, body=body, headers=send)
                except BrokenPipeError:
                    pass  # answered before it took the whole body: the answer says why
                answer = self._connection.getresponse()
                content = answer.read()
                if answer.will_close:
                    self.close()
                return answer.status, dict(answer.getheaders()), content
            except (http.client.HTTPException, OSError) as error:
                self.close()
                stale = isinstance(error, (http.client.RemoteDisconnected, ConnectionError))
                if kept and stale:
                    kept = False
                    continue
                raise ApiError(0, "unavailable", f"{self.host}:{self.port}: {error!r}",
                               [{"type": "google.rpc.ErrorInfo",
                                 "debug": {"reason": "NO_CONNECTION"}}]) from error

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None
