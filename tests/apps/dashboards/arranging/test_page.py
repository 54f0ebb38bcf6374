"""The page on which a dashboard is arranged: by button and by drop, at once with somebody else, and back again."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.models import Draft
from keepwell.apps.customers.models import Account
from keepwell.apps.dashboards.boards import operations
from keepwell.apps.dashboards.boards.desks import desk_for
from keepwell.apps.dashboards.models import Board
from tests.apps.conftest import People

pytestmark = pytest.mark.slow

TEXT = """\
dashboards:
  mine:
    widgets:
      customers: {chart: number, dataset: accounts, measure: count()}   # how many
      bands: {chart: bar, dataset: accounts, by: label, measures: {n: count()}}
"""
HTMX = {"HX-Request": "true"}


@pytest.fixture
def board(company: Account, people: People) -> Board:
    return operations.begin_board(actor=Person(people.owner), text=TEXT, title="My Monday")


def placed(page: Any) -> dict[str, list[int]]:
    found = re.search(r'data-places="([^"]*)"', page.content.decode())
    assert found is not None
    places: dict[str, list[int]] = json.loads(html.unescape(found[1]))
    return places


def test_it_shows_every_widget_with_what_moves_it(board: Board, as_owner: Client) -> None:
    page = as_owner.get(f"/dashboards/edit/{board.key}/")
    assert placed(page) == {"customers": [0, 0, 3, 2], "bands": [3, 0, 6, 4]}
    for step in ("left", "up", "wider", "shorter", "remove"):
        assert f'value="{step}:bands"' in page.content.decode()


def test_a_step_and_a_drop_are_written_and_comments_stay(board: Board, as_owner: Client) -> None:
    there = f"/dashboards/edit/{board.key}/move/"
    assert placed(as_owner.post(there, {"do": "wider:customers"}, headers=HTMX))["customers"] == [0, 0, 4, 2]
    after = as_owner.post(there, {"do": "place:bands:0:0"}, headers=HTMX)
    assert placed(after) == {"customers": [0, 4, 4, 2], "bands": [0, 0, 6, 4]}
    assert "bands: columns 1 to 6, rows 1 to 4" in after.content.decode().lower()
    text = Board.objects.get(pk=board.pk).text
    assert "# how many" in text
    assert "place: {x: 0, y: 4, w: 4, h: 2}" in text


def test_undo_takes_a_step_back_and_without_scripts_the_page_comes_again(board: Board, as_owner: Client) -> None:
    there = f"/dashboards/edit/{board.key}/move/"
    moved = as_owner.post(there, {"do": "right:customers"})
    assert moved["Location"] == f"/dashboards/edit/{board.key}/?undo=1"
    assert 'value="undo:1"' in as_owner.get(moved["Location"]).content.decode()
    assert placed(as_owner.post(there, {"do": "undo:1"}, headers=HTMX))["customers"] == [0, 0, 3, 2]


def test_what_is_no_step_is_refused_and_nothing_moves(board: Board, as_owner: Client) -> None:
    for do in ("", "fly:bands", "place:bands:x:1", "place:bands:1", "left:gone", "undo:99", "undo:x"):
        page = as_owner.post(f"/dashboards/edit/{board.key}/move/", {"do": do}, headers=HTMX)
        assert page.status_code == 422, do
        assert 'role="alert"' in page.content.decode(), do
    assert Board.objects.get(pk=board.pk).revision == 1


def test_one_goes_and_the_last_one_stays(board: Board, as_owner: Client) -> None:
    there = f"/dashboards/edit/{board.key}/move/"
    gone = as_owner.post(there, {"do": "remove:bands"}, headers=HTMX)
    assert gone["HX-Redirect"] == f"/dashboards/edit/{board.key}/?undo=1"
    last = as_owner.post(there, {"do": "remove:customers"}, headers=HTMX)
    assert "add another widget before" in last.content.decode()


def test_others_neither_see_nor_move_it(board: Board, as_colleague: Client, as_admin: Client, people: People) -> None:
    for client in (as_colleague, as_admin):
        assert client.get(f"/dashboards/edit/{board.key}/").status_code == 404
        assert client.post(f"/dashboards/edit/{board.key}/move/", {"do": "up:bands"}).status_code == 404
    operations.share_board(actor=Person(people.owner), board=board, roles=["csm"])
    assert as_colleague.get(f"/dashboards/edit/{board.key}/").status_code == 403


def test_two_people_arrange_one_draft_at_once(
    company: Account, as_manager: Client, as_admin: Client, as_owner: Client, people: People
) -> None:
    moved = as_manager.post("/dashboards/my_book/change/")
    key = moved["Location"].split("/")[3]
    there = f"/dashboards/edit/{key}/move/"
    before = placed(as_manager.get(moved["Location"]))
    as_manager.post(there, {"do": "narrower:bands"}, headers=HTMX)
    after = placed(as_admin.post(there, {"do": "taller:worst"}, headers=HTMX))
    assert after["bands"][2] == before["bands"][2] - 1
    assert after["worst"][3] == before["worst"][3] + 1
    assert Draft.objects.count() == 1
    assert as_owner.get(f"/dashboards/edit/{key}/").status_code == 403
    assert desk_for(Person(people.admin), key).read[1] == ()
