"""Writes of boards: begun, changed, shared, offered, taken into the definitions, and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, Forbidden, require
from keepwell.apps.access.roles import Permission, Role
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.editing.operations import draft_to_edit
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value, without
from keepwell.apps.dashboards.boards.queries import board_for, own_board, text_at
from keepwell.apps.dashboards.boards.reading import dashboard_in, entry_of, files_of, text_in
from keepwell.apps.dashboards.building.form import DASHBOARD_FORM
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.apps.dashboards.models import Board, BoardRevision
from keepwell.errors import FieldRefused, RequestRefused

MOST = 200
"""So many boards one person may have."""
_KEPT = 200
_OF_DEFINITIONS = ("roles", "order")
"""What only dashboards of the definitions say."""


@transaction.atomic
def begin_board(*, actor: Actor, text: str, title: str) -> Board:
    """A board of the actor's own, of the YAML of one dashboard. Raises FieldRefused, DefinitionsRefused."""
    require(actor, Permission.VIEW)
    if actor.user is None:
        raise Forbidden("a dashboard of one's own belongs to a person")
    if not title.strip():
        raise FieldRefused("title", "say what the dashboard is called in a few words")
    if Board.objects.filter(owner=actor.user).count() >= MOST:
        raise RequestRefused(f"you have {MOST} dashboards of your own; remove one that is not needed any more")
    whole = _titled(text, title.strip()[:200])
    dashboard_in(whole)
    board = Board.objects.create(owner=actor.user, title=title.strip()[:200], text=whole)
    _keep(board)
    record(actor, "made", kind="board", of=board.pk, name=board.title, after={"text": whole})
    return board


@transaction.atomic
def change_board(*, actor: Actor, board: Board, change: Callable[[Files], Files]) -> Board:
    """Applies a change to the board as it stands now. What is no dashboard then is refused, and nothing changes."""
    own_board(actor, board.pk)
    held = Board.objects.select_for_update().get(pk=board.pk)
    return _saved(actor, held, text_in(change(files_of(held.text))))


@transaction.atomic
def undo_board(*, actor: Actor, board: Board, revision: int) -> Board:
    """Takes back what came after a revision, as one more revision: undoing can be undone."""
    own_board(actor, board.pk)
    held = Board.objects.select_for_update().get(pk=board.pk)
    before = text_at(held, revision)
    if before is None:
        raise RequestRefused(f"revision {revision} of this dashboard is not kept any more")
    return _saved(actor, held, before)


@transaction.atomic
def share_board(*, actor: Actor, board: Board, roles: Iterable[str]) -> Board:
    """With everybody of these roles; each sees in it the accounts that they see anyway."""
    require(actor, Permission.WRITE)
    held, wanted = own_board(actor, board.pk), sorted(set(roles))
    if unknown := [one for one in wanted if one not in set(Role)]:
        raise FieldRefused("roles", f"'{unknown[0]}' is no role: use {', '.join(Role)}")
    before, held.shared_with = list(held.shared_with), wanted
    held.save(update_fields=["shared_with"])
    if before != wanted:
        record(actor, "shared", kind="board", of=held.pk, name=held.title, before={"roles": before},
               after={"roles": wanted})  # fmt: skip
    return held


@transaction.atomic
def offer_board(*, actor: Actor, board: Board, offered: bool) -> Board:
    """Those who configure see it then, and can take it into the definitions."""
    held = own_board(actor, board.pk)
    if (held.offered_at is not None) != offered:
        held.offered_at = timezone.now() if offered else None
        held.save(update_fields=["offered_at"])
        record(actor, "offered" if offered else "withdrew", kind="board", of=held.pk, name=held.title)
    return held


@transaction.atomic
def take_into_draft(*, actor: Actor, board: Board) -> tuple[Draft, str]:
    """A copy in the actor's draft of the definitions, for the roles it is shared with. Returns its name there too."""
    require(actor, Permission.CONFIGURE)
    held = board_for(actor, board.pk)
    draft = draft_to_edit(actor, DASHBOARD_FORM)
    name = ENTRIES.name_from(held.title, draft.files)
    entry = dict(entry_of(held.text)[1])
    entry |= {"roles": list(held.shared_with)} if held.shared_with else {}
    saved = change_draft(actor=actor, draft=draft, change=lambda files: ENTRIES.added(files, name, entry))
    record(actor, "took into a draft", kind="board", of=held.pk, name=held.title, after={"draft": draft.name})
    return saved, name


@transaction.atomic
def remove_board(*, actor: Actor, board: Board) -> None:
    held = own_board(actor, board.pk)
    record(actor, "removed", kind="board", of=held.pk, name=held.title, before={"text": held.text})
    held.delete()


def _titled(text: str, title: str) -> str:
    """Under a title of its own, and without what a dashboard of one's own does not say."""
    name, entry = entry_of(text)
    for key in _OF_DEFINITIONS:
        text = without(text, (ENTRIES.kind, name, key)) if key in entry else text
    return text if entry.get("title") == title else with_value(text, (ENTRIES.kind, name, "title"), title)


def _saved(actor: Actor, held: Board, text: str) -> Board:
    if text == held.text:
        return held
    name, dashboard = dashboard_in(text)
    if found := [key for key in _OF_DEFINITIONS if key in entry_of(text)[1]]:
        raise RequestRefused(f"'{found[0]}' is for dashboards of the definitions; share this one by roles instead")
    before, fields = held.text, dashboard.title or name.replace("_", " ").capitalize()
    held.text, held.title, held.revision = text, fields[:200], held.revision + 1
    held.save()
    _keep(held)
    record(actor, "changed", kind="board", of=held.pk, name=held.title, before={"text": before}, after={"text": text})
    return held


def _keep(board: Board) -> None:
    BoardRevision.objects.create(board=board, number=board.revision, text=board.text)
    board.revisions.filter(number__lte=board.revision - _KEPT).delete()
