"""A whole dashboard as a file, with a browser and without one."""

from __future__ import annotations

import urllib.error
import urllib.request
import zlib
from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.printing import browser, paper
from keepwell.apps.dashboards.printing.browser import NoBrowser
from keepwell.apps.dashboards.printing.printing import pdf_of, png_of
from keepwell.apps.dashboards.printing.serving import served
from keepwell.apps.dashboards.printing.still import Still, still_of
from tests.apps.conftest import People
from tests.apps.dashboards.small import publish_small

pytestmark = pytest.mark.slow


@pytest.fixture
def still(company: Account, people: People) -> Still:
    publish_small()
    actor = Person(people.owner)
    return still_of(actor, dashboard_for(actor, "small"), AskedInPage())


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", ())


def test_without_a_browser_the_numbers_are_printed(
    still: Still, no_browser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "_fonts", lambda: None)  # text stands in the file as it is then
    made = pdf_of(still)
    text = b"".join(_streams(made)).decode("latin-1")
    assert made.startswith(b"%PDF-")
    for shown in ("Small book", "Customers", "Acme Inc", "200,000"):
        assert shown in text, shown
    assert "Zeta Inc" not in text
    with pytest.raises(NoBrowser):
        png_of(still)


def _streams(pdf: bytes) -> list[bytes]:
    parts = [one.split(b"endstream")[0].lstrip(b"\r\n") for one in pdf.split(b"stream")[1:]]
    found = []
    for one in parts:
        try:
            found.append(zlib.decompress(one))
        except zlib.error:
            continue
    return found


def test_names_in_any_letters_are_printed_where_a_font_is_there(still: Still, no_browser: None) -> None:
    Account.objects.filter(pk="acme").update(name="Żółw 株式会社 ▲")
    assert pdf_of(still).startswith(b"%PDF-")


@pytest.mark.skipif(browser.found() is None, reason="needs a browser such as Chromium")
def test_with_a_browser_it_looks_as_on_the_page(still: Still) -> None:
    assert pdf_of(still).startswith(b"%PDF-")
    assert png_of(still).startswith(b"\x89PNG")


def test_a_browser_that_hangs_is_ended_in_time(still: Still, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "browser"
    hanging.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n", "utf-8")
    hanging.chmod(0o755)
    monkeypatch.setattr(browser, "found", lambda: str(hanging))
    monkeypatch.setattr(browser, "SECONDS", 1.0)
    with pytest.raises(NoBrowser, match="longer than 1 seconds"):
        png_of(still)
    pid = int((tmp_path / "pid").read_text("utf-8"))
    assert not Path(f"/proc/{pid}").exists()


def test_what_is_served_to_the_browser_is_behind_a_secret_and_ends(still: Still) -> None:
    with served({"page.html": "made"}) as address:
        assert urllib.request.urlopen(f"{address}page.html").read() == b"made"
        root = address.rsplit("/", 2)[0]
        for path in ("/page.html", "/", "/static/../settings.py", "/static/%2e%2e/x.css"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(root + path)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}page.html")


def test_files_are_for_those_who_may_open_it(still: Still, no_browser: None, as_owner: Client) -> None:
    answer = as_owner.get("/dashboards/small/file.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert as_owner.get("/dashboards/small/file.pdf?period=soon").status_code == 422
    assert as_owner.get("/dashboards/retention/file.pdf").status_code == 404
    assert as_owner.get("/dashboards/small/file.png").status_code == 503
    assert browser._TURN.acquire(timeout=30)
    try:
        busy = as_owner.get("/dashboards/small/file.pdf")
    finally:
        browser._TURN.release()
    assert busy.status_code == 503, "whoever looks at pages does not wait in line for the printer"
