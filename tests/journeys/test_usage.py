"""Usage from end to end: a key, events of a real client, the score that moves; the map, its backfill, the matrix."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
from playwright.sync_api import Page, expect

from keepwell.apps.access.actors import Person, System
from keepwell.apps.access.models import User
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.running import carry_out
from keepwell.apps.usage.datasets import DATASETS
from tests.apps.adoption.conftest import event, write_events
from tests.apps.conftest import People
from tests.apps.scored import FILES
from tests.apps.usage.draining.running import draining, environment, wait_for
from tests.journeys.conftest import Visitor
from tests.journeys.faults import OF_LOOKS, faults, looks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PATIENCE = 60_000
REPORTS = ("", "accounts/", "features/", "retention/", "funnels/?step=event:board_opened&step=event:board_shared",
           "paths/?event=board_opened")  # fmt: skip
CARD = FILES["card.yaml"].replace(
    "          logins_28d:",
    "          exports_7d: {weight: 9, score: {linear: [[0, 0], [5, 100]]}}\n          logins_28d:",
)
EXPORTS = (
    "  exports_7d: {dataset: usage_daily, aggregate: sum(events), where: event = 'Report Exported', window: 7 days}\n"
)


def measured(people: People) -> None:
    """A card that looks at exports, scored as of today."""
    metrics = FILES["metrics.yaml"] + EXPORTS
    files = {**FILES, "metrics.yaml": metrics, "card.yaml": CARD, "live.yaml": DATASETS}
    publish(actor=System("tests"), files=files, note="Exports count")
    version = current_version()
    assert version is not None
    carry_out(ask_for_run(actor=Person(people.manager), as_of=timezone.now().date()), version)


@contextmanager
def web(data_dir: Path) -> Iterator[str]:
    """Pages and the way of events, as the product serves them; a live server of tests has pages alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    told = {**environment(data_dir), "KEEPWELL_URL": url}
    command = [sys.executable, "-m", "keepwell.cli", "web", "--port", str(port), "--processes", "1"]
    process = subprocess.Popen(command, env=told)
    try:
        wait_for(lambda: _answers(url), 60)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return bool(urlopen(f"{url}/healthz", timeout=2).status == 200)
    except (URLError, OSError):
        return False


def test_a_key_a_client_and_a_score_that_moves(
    company: Account, people: People, visitor: Visitor, data_dir: Path
) -> None:
    measured(people)
    known_to_the_product(people.manager)
    with web(data_dir) as url, draining(data_dir):
        there = replace(visitor, url=url)
        there.signs_in("mo@test.example")
        page = there.opens("/customers/acme/")
        before = score_on(page)
        page = there.opens("/configure/write-keys/")
        page.get_by_label("Name").fill("Web app")
        page.get_by_role("button", name="Create").click()
        expect(page.get_by_role("heading", name="Web app")).to_be_visible()
        key = page.locator("header code").inner_text()
        assert faults(page) == []
        send(url, key)
        there.opens("/customers/acme/")
        wait_for(lambda: score_on(there.opens("/customers/acme/")) > before, 60)
        panel = page.locator("#usage-body")
        expect(panel).to_contain_text("2 active in 28 days", timeout=PATIENCE)
        there.opens("/configure/write-keys/")
        expect(page.get_by_role("row", name="Web app")).to_contain_text("5")
        assert there.complaints == []


def known_to_the_product(user: User) -> None:
    """Tests keep passwords in a way that is quick, and that a server of the product does not take."""
    hasher = PBKDF2PasswordHasher()
    User.objects.filter(pk=user.pk).update(password=hasher.encode("a-long-password", hasher.salt()))


def send(url: str, key: str) -> None:
    """As an app does it, with Segment's own client."""
    from segment.analytics.client import Client

    client = Client(key, host=url, gzip=True, sync_mode=False)
    for number in range(5):
        client.track(f"user-{number % 2}", "Report Exported", context={"groupId": "acme"})
    client.flush()
    client.join()


def score_on(page: Page) -> float:
    return float(page.locator("main .health .number").first.inner_text())


def test_an_unmapped_event_becomes_a_feature_of_the_matrix(
    used: Account,
    visitor: Visitor,
    data_dir: Path,
) -> None:
    visitor.signs_in("mo@test.example")
    page = visitor.opens("/configure/features/")
    expect(page.get_by_role("row", name=re.compile("signed_in"))).to_contain_text("4")
    page.get_by_role("button", name="Make a feature of signed_in").click()
    expect(page.get_by_text("Your changes are a draft")).to_be_visible()
    page.locator("summary", has_text="signed_in").first.click()
    branch = page.locator("details[open]", has_text="signed_in").first
    branch.get_by_label("Title").fill("Signing in")
    branch.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("summary", has_text="Signing in")).to_contain_text("4 events in 28 days")
    assert faults(page) == []
    page.get_by_label("Note").fill("Signing in is a feature")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("New events follow it")).to_be_visible()
    visitor.opens("/usage/features/")
    expect(page.locator("#report")).to_contain_text("Boards")
    expect(page.locator(".matrix thead")).not_to_contain_text("Signing in")

    visitor.opens("/configure/features/")
    page.get_by_role("button", name="Backfill stored events").click()
    expect(page.locator("#backfill")).to_contain_text("waits for the drain")
    visitor.opens("/customers/")  # it goes on by itself
    with draining(data_dir):
        visitor.opens("/configure/features/")
        expect(page.locator("#backfill")).to_contain_text("Stored events follow version", timeout=PATIENCE)
    visitor.opens("/usage/features/")
    expect(page.locator(".matrix thead")).to_contain_text("Signing in")
    row = page.locator(".matrix tbody tr", has_text="Acme")
    expect(row.locator("td").last).to_have_text("1")
    assert visitor.complaints == []


def test_each_page_of_usage_arrives_without_faults(used: Account, people: People, visitor: Visitor) -> None:
    write_events([event(f"p{one}", "brix", "board_opened", one, feature="boards") for one in range(12)])
    visitor.signs_in(people.owner.email)
    found = [f"{path}: {fault}" for path in REPORTS for fault in _faults_of_report(visitor, path)]
    assert found == [], "\n".join(found)
    assert visitor.complaints == []


def _faults_of_report(visitor: Visitor, path: str) -> list[str]:
    """In both looks, with its charts drawn; and its numbers come as a file."""
    found: list[str] = []
    for number, look in enumerate(looks(visitor.page)):
        page = visitor.page if number else visitor.opens(f"/usage/{path}")
        expect(page.locator("#report .scope")).to_contain_text("data up to", timeout=PATIENCE)
        page.eval_on_selector_all("main details:not(.menu)", "all => all.forEach(one => { one.open = true })")
        found += [f"{look}: {one}" for one in faults(page, OF_LOOKS if number else None)]
        for chart in page.locator("#report .chart").all():
            expect(chart.locator("svg")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^CSV")).first.click() if page.locator(".save a").count() else _menu(
            page
        )
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("# ")
    return found


def _menu(page: Page) -> None:
    page.locator(".chart-menu summary").first.click()
    page.locator(".chart-menu a").first.click()


def test_an_account_reads_its_usage_on_its_own_page(used: Account, people: People, visitor: Visitor) -> None:
    visitor.signs_in(people.owner.email)
    page = visitor.opens("/customers/acme/")
    expect(page.locator("#usage-body .chart svg")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#adoption-body")).to_contain_text("2 of 2 features used within 28 days")
    page.locator("#usage-body a", has_text="More about usage").click()
    expect(page.locator("#report .scope")).to_contain_text("Acme")
    assert visitor.complaints == []
