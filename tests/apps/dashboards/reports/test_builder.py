"""The report builder: drawn under one's own rights, told what is wrong beside its field, saved as a widget."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import yaml
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account
from keepwell.apps.dashboards.boards import operations
from keepwell.apps.dashboards.boards.desks import desk_for
from keepwell.apps.dashboards.models import Board
from keepwell.apps.dashboards.reports.report import Report
from keepwell.apps.dashboards.reports.targets import save_over
from keepwell.definitions.widgets import CHARTS
from tests.apps.conftest import People

pytestmark = pytest.mark.slow
NEW = "/dashboards/reports/new/"
BOOKS = {
    "was": "bar", "had": "accounts", "chart": "bar", "dataset": "accounts", "by/of": "csm", "title": "Books",
    "measures/0/key": "n", "measures/0/aggregate": "count()", "measures/1/key": "", "measures/1/aggregate": "",
}  # fmt: skip


def said(page: object) -> str:
    return html.unescape(page.content.decode())  # type: ignore[attr-defined]


def yaml_in(text: str) -> Any:
    """The definition that stands beside the report."""
    found = re.search(r'<textarea id="lines"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
    assert found is not None
    return yaml.safe_load(found[1])


def numbers(text: str) -> list[str]:
    """The cells of the table beside the chart."""
    body = text[text.index("The numbers") :]
    return [one.strip() for one in re.findall(r"<td[^>]*>(?:<span[^>]*>)*([^<]*)", body) if one.strip()]


def test_each_sees_in_a_report_the_accounts_that_they_see(
    company: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    found = {client: numbers(said(client.post(NEW, BOOKS))) for client in (as_owner, as_stranger, as_manager)}
    assert found[as_owner] == ["Ada", "2", "Bea", "2", "Mo", "1"]
    assert found[as_stranger] == ["Cyd", "1"]
    assert found[as_manager] == ["Ada", "2", "Bea", "2", "Cyd", "1", "Mo", "1"]


def test_the_yaml_and_the_sql_of_it_stand_beside_it(company: Account, as_owner: Client, as_manager: Client) -> None:
    text = said(as_owner.post(NEW, BOOKS))
    assert yaml_in(text) == {
        "books": {"title": "Books", "chart": "bar", "dataset": "accounts", "by": "csm", "measures": {"n": "count()"}}
    }
    assert "SELECT" in text
    assert '"kw_sight"' in text  # her accounts are joined in the statement itself
    assert '"kw_sight"' not in said(as_manager.post(NEW, BOOKS))  # he sees all


def test_every_chart_begins_with_something(company: Account, as_manager: Client) -> None:
    pages = {chart: said(as_manager.get(NEW, {"chart": chart, "dataset": "accounts"})) for chart in CHARTS}
    assert [chart for chart, text in pages.items() if "Not shown." in text or "is marked in the form" in text] == []


def test_another_chart_takes_over_what_is_told_apart_and_another_dataset_begins_anew(
    company: Account, as_manager: Client
) -> None:
    assert yaml_in(said(as_manager.post(NEW, {**BOOKS, "chart": "table"})))["books"]["columns"] == {"csm": "csm"}
    text = said(as_manager.post(NEW, {**BOOKS, "dataset": "tickets"}))
    assert yaml_in(text)["books"] == {
        "title": "Books", "chart": "bar", "dataset": "tickets", "by": "month", "measures": {"rows": "count()"},
    }  # fmt: skip
    assert '"name": "priority"' in text  # its columns are there for completion


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(company: Account, as_owner: Client) -> None:
    text = said(as_owner.post(NEW, {**BOOKS, "where": "arr >", "measures/0/aggregate": "summe(arr)"}))
    assert "It is drawn once what is marked in the form is mended" in text
    assert 'aria-describedby="where-error"' in text
    assert "summe(arr)" in text
    gone = said(as_owner.post(NEW, {**BOOKS, "by/of": "mood"}))
    assert "Unknown name `mood`" in gone  # a column that there is none of: the widget says so


def test_yaml_is_taken_and_what_is_none_is_told(company: Account, as_owner: Client) -> None:
    text = said(as_owner.post(NEW, {"do": "yaml", "lines": "n: {chart: number, dataset: accounts, measure: sum(arr)}"}))
    assert "sum(arr)" in text
    assert "The query behind it" in text
    refused = as_owner.post(NEW, {"do": "yaml", "lines": "n: [1"})
    assert refused.status_code == 422
    assert "no yaml" in said(refused).lower()


def test_a_report_is_saved_to_a_new_dashboard_and_to_one_that_is_there(
    company: Account, as_owner: Client, people: People
) -> None:
    nameless = as_owner.post(NEW, {**BOOKS, "do": "save", "to": "new", "new_title": " "})
    assert nameless.status_code == 422
    assert "say what the new dashboard is called" in said(nameless).lower()
    saved = as_owner.post(NEW, {**BOOKS, "do": "save", "to": "new", "new_title": "Monday"})
    board = Board.objects.get(owner=people.owner)
    assert saved["Location"] == f"/dashboards/edit/{board.key}/#w-books"
    as_owner.post(NEW, {**BOOKS, "do": "save", "to": board.key})
    found = desk_for(Person(people.owner), board.key).read[0]
    assert found is not None
    assert set(found.widgets) == {"books", "books_2"}


def test_nobody_saves_to_what_is_not_theirs(company: Account, as_owner: Client, as_colleague: Client) -> None:
    as_owner.post(NEW, {**BOOKS, "do": "save", "to": "new", "new_title": "Monday"})
    board = Board.objects.get()
    assert as_colleague.post(NEW, {**BOOKS, "do": "save", "to": board.key}).status_code == 404
    for key in ("published.retention", "draft-1.retention"):
        assert as_colleague.post(NEW, {**BOOKS, "do": "save", "to": key}).status_code == 403
    assert as_colleague.get(f"/dashboards/edit/{board.key}/widgets/books/").status_code == 404


def test_who_configures_saves_to_a_draft(company: Account, as_manager: Client, people: People) -> None:
    as_manager.post("/dashboards/retention/change/")  # one to begin with comes into a draft of his own
    to = re.findall(r'<option value="(draft-\d+\.retention)"', said(as_manager.get(NEW)))[0]
    saved = as_manager.post(NEW, {**BOOKS, "do": "save", "to": to})
    assert saved["Location"] == f"/dashboards/edit/{to}/#w-books"
    assert as_manager.get(f"/dashboards/{to}/widgets/books/").status_code == 200  # it is drawn before it is published


def test_a_widget_is_changed_where_it_stands_and_two_who_do_so_are_told(
    company: Account, as_owner: Client, people: People
) -> None:
    as_owner.post(NEW, {**BOOKS, "do": "save", "to": "new", "new_title": "Monday"})
    board = Board.objects.get()
    here = f"/dashboards/edit/{board.key}/widgets/books/"
    assert yaml_in(said(as_owner.get(here)))["books"]["by"] == "csm"
    as_owner.post(here, {**BOOKS, "title": "Mine", "do": "save", "revision": "1"})
    late = as_owner.post(here, {**BOOKS, "title": "Theirs", "do": "save", "revision": "1"})
    assert late.status_code == 409
    assert "changed this widget meanwhile" in said(late)
    assert "Theirs" in said(late)
    again = re.search(r'name="revision" value="(\d+)"', said(late))
    assert again is not None
    assert as_owner.post(here, {**BOOKS, "title": "Theirs", "do": "save", "revision": again[1]}).status_code == 302
    desk = desk_for(Person(people.owner), board.key)
    assert desk.entry["widgets"]["books"]["title"] == "Theirs"


def test_a_change_since_the_page_was_read_is_seen_under_the_lock(
    company: Account, as_owner: Client, people: People
) -> None:
    """Both read the dashboard before either saves."""
    as_owner.post(NEW, {**BOOKS, "do": "save", "to": "new", "new_title": "Monday"})
    owner, key = Person(people.owner), Board.objects.get().key
    read = desk_for(owner, key)
    mine, theirs = ({**read.entry["widgets"]["books"], "title": title} for title in ("Mine", "Theirs"))
    first = save_over(actor=owner, report=Report(mine), desk=read, widget="books", revision=read.revision)
    late = save_over(actor=owner, report=Report(theirs), desk=read, widget="books", revision=read.revision)
    assert (first.theirs, bool(late.theirs)) == ("", True)
    assert desk_for(owner, key).entry["widgets"]["books"]["title"] == "Mine"
    assert late.desk.revision == desk_for(owner, key).revision


def test_a_place_survives_the_builder(company: Account, as_owner: Client, people: People) -> None:
    actor = Person(people.owner)
    widget = "n: {chart: number, dataset: accounts, measure: count(), place: {w: 5}}"
    text = f"dashboards:\n  one:\n    widgets:\n      {widget}\n"
    board = operations.begin_board(actor=actor, text=text, title="One")
    here = f"/dashboards/edit/{board.key}/widgets/n/"
    typed = {
        "was": "number",
        "had": "accounts",
        "chart": "number",
        "dataset": "accounts",
        "measure/aggregate": "sum(arr)",
    }
    as_owner.post(here, {**typed, "do": "save", "revision": "1"})
    assert desk_for(actor, board.key).entry["widgets"]["n"] == {
        "chart": "number", "dataset": "accounts", "measure": "sum(arr)", "place": {"w": 5}}  # fmt: skip
