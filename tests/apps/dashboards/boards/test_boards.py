"""Boards: anybody may have some, the owner alone changes them, roles see what is shared, and nothing breaks a save."""

from __future__ import annotations

import pytest

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.configuration.rewriting import with_value, without
from keepwell.apps.customers.models import Account
from keepwell.apps.dashboards.boards import operations
from keepwell.apps.dashboards.boards.copying import text_of
from keepwell.apps.dashboards.boards.desks import change_desk, desk_for, files_at, undo_desk
from keepwell.apps.dashboards.boards.queries import board_for, boards_for
from keepwell.apps.dashboards.boards.reading import FILE, issues_in
from keepwell.apps.dashboards.catalogue import dashboard_for, dashboards_for
from keepwell.apps.dashboards.models import Board
from keepwell.definitions.project import Project
from keepwell.errors import DefinitionsRefused, FieldRefused, RequestRefused
from tests.apps.conftest import People

pytestmark = pytest.mark.slow

TEXT = """\
dashboards:
  mine:
    roles: csm
    widgets:
      # how many
      customers: {chart: number, dataset: accounts, measure: count()}
"""
MINE = ("dashboards", "mine")
ONE = (*MINE, "widgets", "customers")


@pytest.fixture
def board(company: Account, people: People) -> Board:
    return operations.begin_board(actor=Person(people.owner), text=TEXT, title="My Monday")


def titled(files: dict[str, str], title: object) -> dict[str, str]:
    return {FILE: with_value(files[FILE], (*MINE, "title"), title)}


def test_the_owner_opens_it_and_nobody_else_does(board: Board, people: People) -> None:
    assert dashboard_for(Person(people.owner), board.key).title == "My Monday"
    assert dashboard_for(Person(people.owner), board.key).may_edit
    for other in (people.colleague, people.stranger, people.manager, people.admin):
        with pytest.raises(NotVisible):
            dashboard_for(Person(other), board.key)
        with pytest.raises(NotVisible):
            desk_for(Person(other), board.key)


def test_it_says_nothing_of_roles_and_order_and_keeps_its_comments(board: Board) -> None:
    assert "roles" not in board.text
    assert "# how many" in board.text


def test_those_it_is_shared_with_open_it_and_do_not_change_it(board: Board, people: People) -> None:
    operations.share_board(actor=Person(people.owner), board=board, roles=["csm"])
    shown = dashboard_for(Person(people.colleague), board.key)
    assert (shown.owner, shown.may_edit) == ("Ada", False)
    assert not boards_for(Person(people.manager)).exists()
    with pytest.raises(Forbidden, match="make a copy of your own"):
        operations.change_board(actor=Person(people.colleague), board=board, change=dict)
    with pytest.raises(Forbidden):
        operations.share_board(actor=Person(people.stranger), board=board, roles=[])
    with pytest.raises(FieldRefused, match="'boss' is no role"):
        operations.share_board(actor=Person(people.owner), board=board, roles=["boss"])


def test_who_left_shares_nothing_any_more(board: Board, people: People) -> None:
    operations.share_board(actor=Person(people.owner), board=board, roles=["csm"])
    people.owner.is_active = False
    people.owner.save()
    with pytest.raises(NotVisible):
        board_for(Person(people.colleague), board.pk)


def test_a_save_that_makes_it_no_dashboard_is_refused_and_what_stood_stands(board: Board, people: People) -> None:
    actor = Person(people.owner)
    desk = desk_for(actor, board.key)
    with pytest.raises(DefinitionsRefused, match="widgets"):
        change_desk(
            actor=actor, desk=desk, change=lambda now: {FILE: without(now[FILE], (*MINE, "widgets", "customers"))}
        )
    with pytest.raises(RequestRefused, match="no YAML"):
        change_desk(actor=actor, desk=desk, change=lambda _: {FILE: "dashboards: ["})
    assert desk_for(actor, board.key).revision == 1


def test_a_change_is_one_more_revision_and_is_taken_back(board: Board, people: People) -> None:
    actor = Person(people.owner)
    desk = change_desk(actor=actor, desk=desk_for(actor, board.key), change=lambda now: titled(dict(now), "Mondays"))
    assert (desk.title, desk.revision) == ("Mondays", 2)
    assert Board.objects.get(pk=board.pk).title == "Mondays"
    assert files_at(desk, 1) == {FILE: board.text}
    assert undo_desk(actor=actor, desk=desk, revision=1).title == "My Monday"
    with pytest.raises(RequestRefused, match="not kept any more"):
        undo_desk(actor=actor, desk=desk, revision=77)


def test_any_dashboard_can_be_copied_as_it_is_written(board: Board, people: People) -> None:
    actor = Person(people.stranger)
    shown = [one for one in dashboards_for(actor) if one.source == "starting"]
    assert shown
    for one in shown:
        copy = operations.begin_board(actor=actor, text=text_of(actor, one), title="Copy")
        assert dashboard_for(actor, copy.key).dashboard.widgets.keys() == one.dashboard.widgets.keys()
    mine = dashboard_for(Person(people.owner), board.key)
    assert "# how many" in text_of(Person(people.owner), mine)


def test_it_is_taken_into_the_definitions_by_those_who_configure(board: Board, people: People) -> None:
    owner, manager = Person(people.owner), Person(people.manager)
    with pytest.raises(NotVisible):
        operations.take_into_draft(actor=manager, board=board)
    operations.share_board(actor=owner, board=board, roles=["csm"])
    operations.offer_board(actor=owner, board=board, offered=True)
    draft, name = operations.take_into_draft(actor=manager, board=board)
    assert name == "my_monday"
    desk = desk_for(manager, f"draft-{draft.pk}.{name}")
    assert desk.entry["roles"] == ["csm"]
    assert desk.read[1] == ()
    with pytest.raises(Forbidden):
        desk_for(owner, desk.key)


def test_what_it_names_and_is_not_there_is_told(company: Account) -> None:
    version = current_version()
    assert version is not None
    gone = TEXT.replace("dataset: accounts", "dataset: orders")
    assert "orders" in str(issues_in(gone, Project())[0])
    assert issues_in(TEXT.replace("    roles: csm\n", ""), Project()) == ()


def test_one_that_cannot_be_read_any_more_leaves_the_others(board: Board, people: People) -> None:
    Board.objects.create(owner=people.owner, title="Old", text=TEXT.replace("chart: number", "chart: gauge"))
    assert [one.key for one in dashboards_for(Person(people.owner)) if one.source == "own"] == [board.key]
