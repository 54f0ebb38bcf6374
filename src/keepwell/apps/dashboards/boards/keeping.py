"""Boards among the dashboards that somebody may open."""

from __future__ import annotations

from collections.abc import Iterator

from keepwell.apps.access.actors import Actor
from keepwell.apps.dashboards.boards.queries import boards_for, is_owner
from keepwell.apps.dashboards.boards.reading import dashboard_in
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.definitions.project import Project


def boards_shown(actor: Actor, project: Project, digest: str) -> Iterator[Shown]:
    """Each is read with the definitions in force; a widget that names what has gone says so."""
    for board in boards_for(actor):
        name, dashboard = dashboard_in(board.text)
        is_own = is_owner(actor, board)
        owner = "" if is_own else str(board.owner)
        yield Shown(board.key, name, dashboard, project, digest, "own", may_edit=is_own, owner=owner)
