"""The stage of the demonstration: prints the story and checks every step of it."""

import datetime
import time
import unicodedata

from alliance_client import ApiError
from suite import wait_for

CHINA = datetime.timezone(datetime.timedelta(hours=8))


class StoryFailed(Exception):
    """What was expected and what came."""


def local(timestamp, seconds=0):
    """RFC 3339 of an answer → "2023-04-14T00:00:00+08:00", moved by some seconds."""
    text = timestamp.replace("Z", "+00:00")
    instant = datetime.datetime.fromisoformat(text) + datetime.timedelta(seconds=seconds)
    return instant.astimezone(CHINA).isoformat()


def width(text):
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text, columns):
    return text + " " * max(0, columns - width(text))


class Stage:
    def __init__(self, suite):
        self.suite = suite
        self.begin = time.monotonic()
        self.today = ""
        self.checks = 0
        self.refusals = 0
        self.cases = {}      # key → FilingCase

    # Telling ------------------------------------------------------------------------------------

    def chapter(self, zh, en):
        print(f"\n■ {zh} · {en}", flush=True)

    def tell(self, who, zh, en, mark="·"):
        seconds = time.monotonic() - self.begin
        print(f"{seconds:6.1f} s  {self.today:11}  {pad(who, 10)} {mark} {zh} · {en}", flush=True)

    def at(self, instant):
        """Sets the clock of the suite: "2023-04-03 09:00", or RFC 3339 from an answer."""
        self.suite.set_clock(local(instant) if "T" in instant else instant)
        text = local(instant).replace("T", " ") if "T" in instant else instant
        self.today = text[5:16] if text.startswith("2023") else text[2:16]

    # Checking -----------------------------------------------------------------------------------

    def expect(self, what, got, want):
        self.checks += 1
        if got != want:
            raise StoryFailed(f"{what}: expected {want!r}, got {got!r}")

    def refused(self, reason, act, /, *arguments, who="", zh="", en="", **fields):
        """The act must be refused for exactly this reason; the refusal is returned."""
        self.checks += 1
        self.refusals += 1
        try:
            answer = act(*arguments, **fields)
        except ApiError as error:
            if error.reason != reason:
                raise StoryFailed(f"expected to be refused with {reason}, got {error}") from error
            if zh:
                self.tell(who, f"{zh} → {error.text_zh or reason}", f"{en}: {reason}", mark="✗")
            return error
        raise StoryFailed(f"expected to be refused with {reason}, but it was done: {answer!r}")

    def becomes(self, what, probe, want):
        """What another service must know soon: asked until it does."""
        self.checks += 1
        last = None

        def there():
            nonlocal last
            try:
                last = probe()
            except ApiError as error:
                if error.code not in ("permission_denied", "unavailable"):
                    raise
                last = str(error)
            return last == want
        try:
            wait_for(what, there)
        except AssertionError:
            raise StoryFailed(f"{what}: expected {want!r}, still {last!r} after 15 s") from None

    def session(self, login):
        return self.suite.session(login)


class FilingCase:
    """One application, seen by everybody who acts on it."""

    def __init__(self, stage, firm):
        self.stage, self.firm = stage, firm
        self.id = self.name = self.notice = None

    @property
    def review_name(self):
        return f"reviewCases/{self.id}"

    @property
    def alliance_name(self):
        return f"alliances/{self.id}"

    def tell(self, zh, en, mark="·"):
        self.stage.tell(self.firm.label, zh, en, mark)

    # The lead -----------------------------------------------------------------------------------

    def lead(self):
        return self.stage.session(self.firm.login)

    def application(self, who=None):
        return self.stage.session(who or self.firm.login).call("filing.GetApplication",
                                                               {"name": self.name})

    def by_lead(self, method, **fields):
        return self.lead().act(f"filing.{method}", name=self.name, etag=self.application()["etag"],
                               **fields)

    def withdraw(self):
        return self.lead().act("filing.WithdrawApplication", name=self.name, reason="计划调整")

    # The recommender ----------------------------------------------------------------------------

    def review_case(self, officer=None):
        return self.stage.session(officer or self.firm.reviewer).call("review.GetReviewCase",
                                                                      {"name": self.review_name})

    def by_officer(self, method, officer=None, **fields):
        who = self.stage.session(officer or self.firm.reviewer)
        etag = self.review_case(officer)["etag"]
        return who.act(f"review.{method}", name=self.review_name, etag=etag, **fields)

    # The province -------------------------------------------------------------------------------

    def by_province(self, method, **fields):
        etag = self.application("province")["etag"]
        return self.stage.session("province").act(f"filing.{method}", name=self.name, etag=etag,
                                                  **fields)

    # Where it stands ----------------------------------------------------------------------------

    def state(self):
        """The state as the service tells that holds the case."""
        application = self.application("province")
        if application.get("holder") == "review":
            return self.stage.session("province").call("review.GetReviewCase",
                                                       {"name": self.review_name})["state"]
        return application["state"]

    def is_now(self, want):
        self.stage.becomes(f"{self.firm.label}: state", self.state, want)
