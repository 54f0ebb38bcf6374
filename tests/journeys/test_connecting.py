"""An admin connects a PostgreSQL, maps a table, watches it come in, and is told when a column has gone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from keepwell.apps.connectors.models import SyncRun
from keepwell.apps.customers.lake_writes import lake_table
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.health.test_killed_run import worker
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults, looks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PATIENCE = 120_000
SCHEMA = "journey_desk"
TABLE = f"""
drop schema if exists {SCHEMA} cascade;
create schema {SCHEMA};
create table {SCHEMA}.cases (number text primary key, company text, opened text, priority text, changed_at timestamptz);
insert into {SCHEMA}.cases values
  ('x1', 'acme', '2026-03-11', 'urgent', '2026-03-11 10:00+00'),
  ('x2', 'brix', '2026-03-12', 'low', '2026-03-12 10:00+00'),
  ('x3', 'cato', 'last week', 'low', '2026-03-12 11:00+00');
"""


@pytest.fixture
def desk(company: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A support desk's database, whose socket the machine's admin allows."""
    told = connection.settings_dict
    monkeypatch.setenv("KEEPWELL_OUTGOING", str(told["HOST"]))
    allowed = settings.ENVIRONMENT.outgoing
    object.__setattr__(settings.ENVIRONMENT, "outgoing", (str(told["HOST"]),))
    address = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}"
    with psycopg.connect(address, autocommit=True) as source:
        source.execute(TABLE)
        yield source
        source.execute(f"drop schema {SCHEMA} cascade")
    object.__setattr__(settings.ENVIRONMENT, "outgoing", allowed)


COLUMNS = {
    "number": ("ticket", "text"), "company": ("account", "text"), "opened": ("opened_at", "date"),
    "priority": ("priority", "text"), "changed_at": ("changed_at", "time"),
}  # fmt: skip


def test_a_database_is_connected_mapped_run_and_watched(
    desk: psycopg.Connection[tuple[object, ...]], visitor: Visitor, people: People, data_dir: Path
) -> None:
    visitor.signs_in(people.admin.email)
    connects(visitor.opens("/configure/connectors/"))
    maps(visitor.page)
    with worker(data_dir):
        runs(visitor)
        desk.execute(f"alter table {SCHEMA}.cases rename column priority to importance")
        desk.execute(f"update {SCHEMA}.cases set changed_at = '2026-03-13', opened = '2026-03-13' where number = 'x3'")
        is_told_what_has_gone(visitor)
    run = SyncRun.objects.order_by("pk").first()
    assert run is not None
    assert (run.rows_read, run.rows_added, run.rows_refused) == (3, 2, 1)
    held = {row["ticket"]: row["priority"] for row in lake_table("facts/tickets").read().to_pylist()}
    assert (held["x1"], "x3" in held) == ("urgent", False)
    assert visitor.complaints == []


def connects(page: Page) -> None:
    seen(page, "connectors")
    page.get_by_role("link", name="SQL database").click()
    told = connection.settings_dict
    said = {"Name": "desk", "Host": told["HOST"], "Name of the database": told["NAME"], "User": told["USER"],
            "Schema optional": SCHEMA, "Password optional": "a-password-of-the-desk"}  # fmt: skip
    for label, value in said.items():
        page.get_by_label(label, exact=True).fill(str(value))
    seen(page, "new-connection")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="desk")).to_be_visible()
    expect(page.get_by_text("1 table or view can be read")).to_be_visible()
    expect(page.get_by_role("link", name="Sync cases")).to_be_visible()
    assert "a-password-of-the-desk" not in page.content()
    seen(page, "connection")


def maps(page: Page) -> None:
    page.get_by_role("link", name="Sync cases").click()
    page.get_by_label("Dataset", exact=True).fill("tickets")
    for column, (name, kind) in COLUMNS.items():
        row = page.get_by_role("row").filter(has=page.locator(f"input[value='{column}'][name^=from_]"))
        row.locator("input[name^=into_]").fill(name)
        row.locator("select").select_option(kind)
    page.get_by_label("Column that grows with every change").fill("changed_at")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("2 of the first rows fit. 1 does not:")).to_be_visible()
    expect(page.get_by_text("'last week' is not a date")).to_be_visible()
    expect(page.locator("#preview").get_by_role("cell", name="2026-03-11 10:00 UTC")).to_be_visible()
    seen(page, "mapping")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="cases")).to_be_visible()


def runs(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("header .health")).to_contain_text("Done", timeout=PATIENCE)
    seen(page, "sync")
    page.locator("#runs").get_by_role("link").first.click()
    expect(page.get_by_text("3 rows read: 2 added, 0 changed, 0 as before, 0 gone, 1 refused")).to_be_visible()
    expect(page.get_by_role("cell", name="'last week' is not a date")).to_be_visible()
    expect(page.get_by_text("a run that counts these rows is asked for by itself")).to_be_visible()
    seen(page, "sync-run")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them as a file").click()
    assert "x3" in Path(download.value.path()).read_text(encoding="utf-8")
    visitor.complaints.clear()  # a download ends the page's own loading


def is_told_what_has_gone(visitor: Visitor) -> None:
    page = visitor.opens("/configure/syncs/cases/")
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("header .health")).to_contain_text("Held", timeout=PATIENCE)
    expect(page.get_by_role("alert")).to_contain_text("'priority', which fills priority: nothing was loaded")
    seen(page, "sync-held")
    page.locator("#runs").get_by_role("link").first.click()
    expect(page.get_by_role("row", name="priority gone")).to_contain_text("metric open_urgent")
    expect(page.get_by_role("row", name="opened")).to_have_count(0)
    seen(page, "sync-run-drift")
    visitor.opens("/notices/")
    expect(page.get_by_text("Sync cases was held back").first).to_be_visible()


def seen(page: Page, name: str) -> None:
    """Axe finds nothing, wide or narrow, light or dark, and nothing is wider than a phone."""
    for look in looks(page):
        assert faults(page) == [], f"{name}, {look}"
        if folder := os.environ.get("KEEPWELL_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{look}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
