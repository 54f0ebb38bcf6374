"""Pages of dashboards for three people: what they show, narrow, lead to and give away as files."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.dashboards.answering import answers
from keepwell.apps.dashboards.models import Favourite
from tests.apps.conftest import People
from tests.apps.dashboards.everything import EVERYTHING
from tests.apps.scored import FILES

pytestmark = pytest.mark.slow

BOARD = "/dashboards/everything/"
DRAWN = ("line", "bar", "stacked", "heat", "spread", "funnel", "cohort", "scatter", "sankey")


@pytest.fixture
def definitions() -> dict[str, str]:
    return {**FILES, "dashboards.yaml": EVERYTHING}


def widget(client: Client, name: str, query: str = "") -> str:
    response = client.get(f"{BOARD}widgets/{name}/?{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def option(client: Client, name: str, query: str = "") -> dict[str, Any]:
    response = client.get(f"{BOARD}widgets/{name}/?{query}").content.decode()
    found = re.search(rf'<script id="option-{name}" type="application/json">(.*?)</script>', response, re.S)
    assert found is not None, response
    read: dict[str, Any] = json.loads(found[1])
    return read


def lines(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response["Content-Type"].startswith("text/csv"), response.content
    return list(csv.reader(io.StringIO(response.content.decode())))


def test_every_kind_of_widget_is_drawn_with_its_table(company: Account, as_owner: Client) -> None:
    page = as_owner.get(BOARD).content.decode()
    for name in DRAWN:
        assert f'id="w-{name}"' in page
        drawn = option(as_owner, name)
        assert drawn["series"][0]["data"], name
        assert "data-twin" in widget(as_owner, name), name
    assert "200,000" not in widget(as_owner, "number")  # amounts of that size are short
    assert "Ada" in widget(as_owner, "table")
    assert 'class="big">0<' in widget(as_owner, "tasks")


def test_a_widget_that_fails_leaves_the_others_standing(
    company: Account, as_owner: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert "was_there" in widget(as_owner, "gone")
    assert "Customers" in widget(as_owner, "bar")

    def fault(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(answers, "answer_dashboard", fault)
    assert "met a fault of Keepwell" in widget(as_owner, "bar")
    assert "ZeroDivisionError" in caplog.text


def test_a_page_shows_what_one_sees_and_nothing_else(
    company: Account, people: People, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    for client, user in ((as_owner, people.owner), (as_colleague, people.colleague), (as_stranger, people.stranger)):
        seen = visible(Person(user))
        names = {one.name for one in seen}
        hidden = {one.name for one in Account.objects.exclude(pk__in=seen)}
        for name in ("heat", "table", "scatter"):
            shown = widget(client, name)
            assert not [one for one in hidden if one in shown], name
        assert set(option(client, "heat")["yAxis"]["data"]) == names
        rows = lines(client, f"{BOARD}widgets/bar/rows/?as=csv")
        assert {row[0] for row in rows[1:]} == set(seen.values_list("pk", flat=True))
        moved = lines(client, f"{BOARD}widgets/sankey/rows/?as=csv")
        assert {row[0] for row in moved[1:]} == set(seen.values_list("pk", flat=True))


def test_a_file_has_all_rows_however_few_the_page_shows(company: Account, as_manager: Client) -> None:
    assert "Ada" in widget(as_manager, "table")
    assert "Cyd" not in widget(as_manager, "table")
    assert {"Ada", "Bea", "Cyd"} <= {row[0] for row in lines(as_manager, f"{BOARD}widgets/table/file.csv")}


def test_from_a_bar_to_the_account(company: Account, people: People, as_owner: Client, as_stranger: Client) -> None:
    for client, user in ((as_owner, people.owner), (as_stranger, people.stranger)):
        red = visible(Person(user)).filter(health__label="red")
        page = client.get(f"{BOARD}widgets/bar/rows/?at.by=s:red").content.decode()
        assert set(re.findall(r'data-row href="/customers/(\w+)/"', page)) == set(red.values_list("pk", flat=True))
    assert "Band: red" in as_owner.get(f"{BOARD}widgets/bar/rows/?at.by=s:red").content.decode()


def test_filters_narrow_every_widget(company: Account, people: People, as_manager: Client) -> None:
    def arr(query: str) -> float:
        return float(lines(as_manager, f"{BOARD}widgets/number/file.csv?{query}")[1][0])

    of = {one.owner_name or one.owner.name: one for one in Account.objects.exclude(owner=None)}
    assert "Ada" in of
    assert arr("f.csm=Ada") == sum(one.arr or 0 for one in Account.objects.filter(owner=people.owner))
    assert arr("where=arr+%3E%3D+100000") == sum(one.arr for one in Account.objects.filter(arr__gte=100_000))
    assert arr("f.red=on") == sum(one.arr for one in Account.objects.filter(health__label="red"))
    crossed = "x.bar.by=s:red"
    assert arr(crossed) == arr("f.red=on")
    assert len(lines(as_manager, f"{BOARD}widgets/bar/file.csv?{crossed}")) > 2  # what was clicked on stays whole
    nobody = widget(as_manager, "bar", "where=arr+%3E+1e12")
    assert "take a filter away" in nobody


def test_the_page_keeps_what_was_asked(company: Account, as_manager: Client) -> None:
    page = unescape(as_manager.get(f"{BOARD}?period=90+days&f.csm=Ada&x.bar.by=s:red&where=arr+%3E+1").content.decode())
    assert 'value="90 days" selected' in page
    assert "CSM: Ada" in page
    assert "Band: red" in page
    assert 'name="where" value="arr > 1"' in page
    assert "period=90+days" in page
    assert "Ada" in as_manager.get(f"{BOARD}choices/csm/").content.decode()


def test_what_cannot_be_read_is_told_beside_the_filters(company: Account, as_owner: Client) -> None:
    for query in ("where=arr+%3E", "period=soon", "f.nothing=1", "x.bar.by=d:soon", "x.nothing.by=s:red",
                  "x.line.by=d:9999-12-31", "x.spread.from=s:low"):  # fmt: skip
        response = as_owner.get(f"{BOARD}?{query}")
        assert response.status_code == 422, query
        assert 'role="alert"' in response.content.decode()
        assert 'role="alert"' in as_owner.get(f"{BOARD}widgets/bar/?{query}").content.decode(), query


def test_a_point_that_no_chart_shows_is_refused(company: Account, as_owner: Client) -> None:
    for name, point in (("line", "at.by=s:soon"), ("spread", "at.from=s:low"), ("bar", "at.by=t:2026-01-01T00:00")):
        page = as_owner.get(f"{BOARD}widgets/{name}/rows/?{point}").content.decode()
        assert 'role="alert"' in page, name
        assert "met a fault" not in page, name


def test_the_period_before_is_shown_or_not(company: Account, as_owner: Client) -> None:
    assert "before" in lines(as_owner, f"{BOARD}widgets/line/file.csv")[0][-1]
    assert "before" not in lines(as_owner, f"{BOARD}widgets/line/file.csv?compare=no")[0][-1]
    assert "Nobody" not in widget(as_owner, "number", "compare=yes")


def test_a_favourite_comes_first_for_oneself(
    company: Account, people: People, as_owner: Client, as_colleague: Client
) -> None:
    as_owner.post(f"{BOARD}favourite/", {"favourite": "yes"})
    assert "★" in as_owner.get(BOARD).content.decode()
    assert "★" not in as_colleague.get(BOARD).content.decode()
    first = re.findall(r'data-row href="([^"]+)"', as_owner.get("/dashboards/").content.decode())[0]
    assert first == BOARD
    as_owner.post(f"{BOARD}favourite/", {"favourite": "no"})
    assert not Favourite.objects.exists()


def test_nobody_opens_what_is_for_others(company: Account, as_owner: Client, as_manager: Client) -> None:
    for part in ("", "layout.css", "widgets/arr/", "widgets/arr/file.csv", "widgets/arr/rows/"):
        assert as_manager.get(f"/dashboards/retention/{part}").status_code == 200, part
        assert as_owner.get(f"/dashboards/retention/{part}").status_code == 404, part
    assert as_owner.get(f"{BOARD}widgets/nothing/").status_code == 404
    assert as_owner.get("/dashboards/nothing/").status_code == 404


def test_tasks_are_counted_as_they_are_made(company: Account, people: People, as_owner: Client) -> None:
    for account in ("acme", "zeta"):
        call = CallToAction.objects.create(
            account_id=account, type="risk", reason="left", title="Win back", opened_by="test",
            opened_at="2026-02-01T09:00Z", last_opened_at="2026-02-01T09:00Z",
        )  # fmt: skip
        Task.objects.create(call=call, place=1, title="Call them")
    assert 'class="big">1<' in widget(as_owner, "tasks")  # hers, and not that of the stranger's account


def test_sight_counts_from_the_moment_it_changes(company: Account, people: People, as_stranger: Client) -> None:
    assert set(option(as_stranger, "heat")["yAxis"]["data"]) == {"Zeta Inc"}
    Account.objects.filter(pk="acme").update(owner=people.stranger)
    assert set(option(as_stranger, "heat")["yAxis"]["data"]) == {"Acme Inc", "Zeta Inc"}
    Account.objects.filter(owner=people.stranger).update(owner=None)
    assert "Nothing here" in widget(as_stranger, "heat")


def test_the_api_has_the_same_numbers(company: Account, people: People, as_owner: Client, as_stranger: Client) -> None:
    for client, user in ((as_owner, people.owner), (as_stranger, people.stranger)):
        listed = client.get("/api/v1/dashboards").json()["items"]
        assert "everything" in [one["key"] for one in listed]
        found = client.get("/api/v1/dashboards/everything/widgets/bar").json()
        by = {row[0]: row[1] for row in found["rows"]}
        seen = visible(Person(user))
        assert by == {label: seen.filter(health__label=label).count() for label in by}
        rows = client.get("/api/v1/dashboards/everything/widgets/bar/rows?at=by=red").json()
        assert {row[0] for row in rows["rows"]} == set(seen.filter(health__label="red").values_list("pk", flat=True))
    assert as_owner.get("/api/v1/dashboards/retention/widgets/arr").status_code == 404
    assert as_owner.get("/api/v1/dashboards/everything/widgets/bar?period=soon").status_code == 422
    assert as_owner.get("/api/v1/dashboards/everything/widgets/gone").status_code in (400, 422)
