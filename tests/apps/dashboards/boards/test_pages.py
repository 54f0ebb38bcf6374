"""Pages of boards: begun, copied, named, shared so that another role opens it, and two windows that save one."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account
from keepwell.apps.dashboards.boards.operations import begin_board
from keepwell.apps.dashboards.models import Board
from tests.apps.conftest import People

pytestmark = pytest.mark.slow

TEXT = """\
dashboards:
  mine:
    widgets: {customers: {chart: number, dataset: accounts, measure: count()}}
"""


@pytest.fixture
def board(company: Account, people: People) -> Board:
    return begin_board(actor=Person(people.owner), text=TEXT, title="My Monday")


def said(page: Any) -> str:
    return html.unescape(page.content.decode())


def test_a_new_one_shows_something_and_is_ones_own(company: Account, as_stranger: Client, people: People) -> None:
    refused = as_stranger.post("/dashboards/boards/new/", {"title": " "})
    assert refused.status_code == 422
    assert "say what the dashboard is called" in said(refused).lower()
    made = as_stranger.post("/dashboards/boards/new/", {"title": "Südkunden"})
    board = Board.objects.get(owner=people.stranger)
    assert made["Location"] == f"/dashboards/edit/{board.key}/"
    assert "1" in said(as_stranger.get(f"/dashboards/{board.key}/widgets/customers/"))  # of her one account


def test_a_copy_is_ones_own_whosever_it_was(company: Account, as_owner: Client, people: People) -> None:
    as_owner.post("/dashboards/my_book/duplicate/")
    copy = Board.objects.get(owner=people.owner)
    assert copy.title == "Copy of My book"
    assert as_owner.get(f"/dashboards/{copy.key}/").status_code == 200
    assert as_owner.post("/dashboards/none_of_it/duplicate/").status_code == 404


def test_who_may_not_configure_makes_a_copy_to_change(company: Account, as_owner: Client) -> None:
    assert as_owner.post("/dashboards/my_book/change/").status_code == 403


def test_it_is_shared_with_a_role_and_no_other(
    board: Board, as_owner: Client, as_colleague: Client, as_manager: Client
) -> None:
    assert as_colleague.get(f"/dashboards/{board.key}/").status_code == 404
    as_owner.post(f"/dashboards/edit/{board.key}/settings/", {"do": "share", "roles": ["csm"]})
    assert as_colleague.get(f"/dashboards/{board.key}/").status_code == 200
    assert as_manager.get(f"/dashboards/{board.key}/").status_code == 404
    as_owner.post(f"/dashboards/edit/{board.key}/settings/", {"do": "share"})
    assert as_colleague.get(f"/dashboards/{board.key}/").status_code == 404


def test_two_windows_change_one_field_and_the_second_is_told(board: Board, as_owner: Client) -> None:
    there = f"/dashboards/edit/{board.key}/settings/"
    as_owner.post(there, {"do": "save", "revision": "1", "title": "First"})
    late = as_owner.post(there, {"do": "save", "revision": "1", "title": "Second"})
    assert late.status_code == 409
    assert "changed meanwhile" in said(late)
    assert 'value="Second"' in said(late)
    assert Board.objects.get().title == "First"
    as_owner.post(there, {"do": "save", "revision": "2", "title": "Second"})
    assert Board.objects.get().title == "Second"


def test_a_save_is_taken_back(board: Board, as_owner: Client) -> None:
    there = f"/dashboards/edit/{board.key}/settings/"
    saved = as_owner.post(there, {"do": "save", "revision": "1", "title": "First"})
    assert 'name="do" value="undo"' in said(as_owner.get(saved["Location"]))
    as_owner.post(there, {"do": "undo", "revision": "1"})
    assert Board.objects.get().title == "My Monday"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(board: Board, as_owner: Client) -> None:
    there = f"/dashboards/edit/{board.key}/settings/"
    wrong = as_owner.post(there, {"do": "save", "revision": "1", "period": "a while", "where": "arr >"})
    assert wrong.status_code == 422
    assert "'a while' is not a period" in said(wrong)
    assert 'value="a while"' in said(wrong)
    yaml = as_owner.post(there, {"do": "yaml", "revision": "1", "lines": "mine:\n  widgets: {}\n"})
    assert yaml.status_code == 422
    assert "widgets: {}" in said(yaml)
    assert Board.objects.get().revision == 1


def test_a_dashboard_that_names_what_has_gone_still_opens(board: Board, as_owner: Client) -> None:
    there = f"/dashboards/edit/{board.key}/settings/"
    lines = "mine:\n  widgets:\n    a: {chart: number, dataset: orders, measure: count()}\n"
    lines += "    b: {chart: number, dataset: accounts, measure: count()}\n"
    assert as_owner.post(there, {"do": "yaml", "revision": "1", "lines": lines}).status_code == 302
    assert "there is no dataset 'orders' any more" in said(as_owner.get(f"/dashboards/{board.key}/widgets/a/")).lower()
    assert "Not shown" not in said(as_owner.get(f"/dashboards/{board.key}/widgets/b/"))
    assert "orders" in said(as_owner.get(there))  # its editor says what is to be mended


def test_it_is_offered_taken_over_and_removed(board: Board, as_owner: Client, as_manager: Client) -> None:
    there = f"/dashboards/edit/{board.key}/settings/"
    assert "Offered by colleagues" not in said(as_manager.get("/configure/dashboards/"))
    as_owner.post(there, {"do": "offer"})
    assert "My Monday" in said(as_manager.get("/configure/dashboards/"))
    taken = as_manager.post(f"/dashboards/boards/{board.pk}/to-draft/")
    assert "/configure/dashboards/" in taken["Location"]
    assert "My Monday" in said(as_manager.get(taken["Location"]))
    as_owner.post(there, {"do": "remove"})
    assert as_owner.get(f"/dashboards/{board.key}/").status_code == 404


def test_the_editor_of_definitions_has_the_form_beside_the_yaml(company: Account, as_manager: Client) -> None:
    begun = as_manager.post("/configure/dashboards/", {"do": "begin", "entry": "retention"})
    page = said(as_manager.get(begun["Location"]))
    assert 'name="widgets/at_risk/measure/aggregate"' in page
    assert "retention:" in page
    save = begun["Location"] + "save/"
    changed = as_manager.post(save, {"revision": "2", "title": "Money", "widgets/at_risk/title": "At risk"})
    assert "Money" in said(changed)
    added = as_manager.post(save, {"revision": "3", "do": "add-widget", "new/widget": "sankey"})
    assert "moves_between_bands" in said(added)
    late = as_manager.post(save, {"revision": "2", "title": "Cash"}, headers={"HX-Request": "true"})
    assert late.status_code == 409
