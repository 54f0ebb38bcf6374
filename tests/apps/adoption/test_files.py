"""Every chart and table as a file: whole, of the accounts one sees, with what it means above it."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.adoption.tables import TABLES
from keepwell.apps.adoption.words import SAYS
from keepwell.apps.customers.models import Account

ADDRESSES = [("" if report == "overview" else f"{report}/", name) for report, held in TABLES.items() for name in held]
QUERY = {"funnels/": {"step": ["event:board_opened", "event:board_shared"]}, "paths/": {"event": "board_opened"}}


def file(client: Client, path: str, table: str, **query: Any) -> tuple[list[str], list[dict[str, str]]]:
    """What stands above, and the rows."""
    answer = client.get(f"/usage/{path}", {**QUERY.get(path, {}), **query, "format": "csv", "table": table})
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode().splitlines()
    above = [line for line in lines if line.startswith("# ")]
    return above, list(csv.DictReader(lines[len(above) :]))


@pytest.mark.slow
@pytest.mark.parametrize(("path", "table"), ADDRESSES)
def test_each_says_what_it_means_and_of_whom(used: Account, as_owner: Client, path: str, table: str) -> None:
    above, rows = file(as_owner, path, table)
    assert above[0] == f"# {SAYS[table]}"
    assert above[1].startswith("# 5 accounts, data up to 2026-03-02; ")
    assert rows


@pytest.mark.slow
@pytest.mark.parametrize(("path", "table"), ADDRESSES)
def test_a_strangers_files_hold_no_trace_of_others(
    used: Account, as_owner: Client, as_colleague: Client, as_stranger: Client, path: str, table: str
) -> None:
    above, rows = file(as_stranger, path, table)
    assert above[1].startswith("# 1 accounts")
    for name in ("acme", "Acme", "brix", "board_opened"):
        assert name not in str([list(row.values()) for row in rows]) or path in QUERY  # which name what was asked for
    assert file(as_colleague, path, table) == file(as_owner, path, table)


@pytest.mark.slow
def test_figures_are_those_of_the_page(used: Account, as_owner: Client) -> None:
    _, days = file(as_owner, "", "active", days=28)
    assert len(days) == 27  # from the first day of the data
    assert days[-1] == {"day": "2026-03-02", "daily": "2", "weekly": "3", "monthly": "3", "stickiness": "0.666667"}
    _, accounts = file(as_owner, "accounts/", "accounts")
    acme = next(row for row in accounts if row["account"] == "acme")
    assert (acme["people"], acme["features"], acme["seats_in_use"]) == ("2", "2", "0.5")
    _, cells = file(as_owner, "features/", "matrix")
    assert {(row["account"], row["feature"]): row["people"] for row in cells} == {
        ("acme", "boards"): "1", ("acme", "exports"): "1",
    }  # fmt: skip
    _, steps = file(as_owner, "funnels/", "funnel")
    assert [(row["step"], row["people"]) for row in steps] == [("event:board_opened", "1"), ("event:board_shared", "1")]


@pytest.mark.slow
def test_of_one_account_and_of_a_segment(used: Account, as_owner: Client, as_stranger: Client) -> None:
    above, _ = file(as_owner, "", "active", account="acme")
    assert above[1].startswith("# account acme, data up to")
    above, _ = file(as_owner, "", "active", segment="large")
    assert "of the segment large" in above[1]
    assert as_stranger.get("/usage/?account=acme&format=csv&table=active").status_code == 404
    assert as_owner.get("/usage/?format=csv&table=nothing").status_code == 404
    assert as_owner.get("/usage/?format=csv&table=active&by=nobody").status_code == 422


@pytest.mark.slow
def test_texts_that_a_spreadsheet_would_run_are_quoted(used: Account, as_owner: Client) -> None:
    Account.objects.filter(pk="acme").update(name="=1+1")
    _, rows = file(as_owner, "accounts/", "accounts")
    assert next(row for row in rows if row["account"] == "acme")["name"] == "'=1+1"


@pytest.mark.slow
def test_pages_link_each_of_their_files_as_they_are_asked(used: Account, as_owner: Client) -> None:
    for path, table in ADDRESSES:
        page = as_owner.get(f"/usage/{path}", {**QUERY.get(path, {}), "segment": "large"}, headers={"HX-Request": "1"})
        assert f"format=csv&amp;table={table}" in page.content.decode(), (path, table)
        assert "segment=large" in page.content.decode()
