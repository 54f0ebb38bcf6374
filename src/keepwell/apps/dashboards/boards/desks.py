"""Where a dashboard is edited: in a draft of the definitions, or as a board. Both are files that hold it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration import queries as configuration
from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, undo
from keepwell.apps.configuration.projects import Files
from keepwell.apps.dashboards.boards import operations
from keepwell.apps.dashboards.boards.queries import own_board, text_at
from keepwell.apps.dashboards.boards.reading import entry_of, files_of
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.apps.dashboards.models import Board
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.issues import Issue
from keepwell.definitions.one_dashboard import parse_dashboard

_DRAFT = re.compile(r"draft-(\d{1,18})\.([a-z][a-z0-9_]{0,99})")
_BOARD = re.compile(r"board-(\d{1,18})")


@dataclass(frozen=True)
class Desk:
    """`key`: in its address, board-3 or draft-5.monday. `name`: of the dashboard in the files."""

    key: str
    name: str
    files: Files
    revision: int
    board: Board | None = None
    draft: Draft | None = None

    @property
    def entry(self) -> Document:
        """What the dashboard says, as written."""
        return ENTRIES.entry_in(self.files, self.name) or {}

    @property
    def title(self) -> str:
        said: Any = self.entry.get("title")
        return said if isinstance(said, str) and said else self.name.replace("_", " ").capitalize()

    @property
    def read(self) -> tuple[Dashboard | None, tuple[Issue, ...]]:
        """The dashboard, or all that is wrong with how it is written."""
        return parse_dashboard(self.name, self.entry)

    @property
    def changed_by(self) -> str:
        return str(self.board.owner) if self.board else self.draft.updated_by if self.draft else ""


def desk_for(actor: Actor, key: str) -> Desk:
    """Raises NotVisible, or Forbidden for what the actor sees and may not change."""
    if found := _BOARD.fullmatch(key):
        return _of_board(own_board(actor, int(found[1])))
    require(actor, Permission.CONFIGURE)
    found = _DRAFT.fullmatch(key)
    if found is None:
        raise NotVisible
    return _of_draft(configuration.draft(int(found[1])), found[2])


def change_desk(*, actor: Actor, desk: Desk, change: Callable[[Files], Files]) -> Desk:
    """Applies a change to the dashboard as it stands now, whoever changed it last."""
    if desk.board is not None:
        return _of_board(operations.change_board(actor=actor, board=desk.board, change=change))
    assert desk.draft is not None
    return replace(_of_draft(change_draft(actor=actor, draft=desk.draft, change=change), desk.name), name=desk.name)


def undo_desk(*, actor: Actor, desk: Desk, revision: int) -> Desk:
    """Takes back what came after a revision; in a draft all that it holds, as everywhere."""
    if desk.board is not None:
        return _of_board(operations.undo_board(actor=actor, board=desk.board, revision=revision))
    assert desk.draft is not None
    return _of_draft(undo(actor=actor, draft=desk.draft, revision=revision), desk.name)


def files_at(desk: Desk, revision: int) -> Files | None:
    """What it said at a revision; None where that is not kept."""
    if desk.board is not None:
        text = text_at(desk.board, revision)
        return None if text is None else files_of(text)
    assert desk.draft is not None
    return configuration.files_at(desk.draft, revision)


def is_of_draft(key: str) -> bool:
    return _DRAFT.fullmatch(key) is not None


def key_of_draft(draft: Draft, name: str) -> str:
    return f"draft-{draft.pk}.{name}"


def _of_board(board: Board) -> Desk:
    return Desk(board.key, entry_of(board.text)[0], files_of(board.text), board.revision, board=board)


def _of_draft(draft: Draft, name: str) -> Desk:
    if ENTRIES.entry_in(draft.files, name) is None:
        raise NotVisible
    return Desk(key_of_draft(draft, name), name, draft.files, draft.revision, draft=draft)
