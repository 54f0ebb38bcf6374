"""Boards among the dashboards that somebody may open, and dashboards of drafts for those who configure."""

from __future__ import annotations

from collections.abc import Iterator

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Permission
from keepwell.apps.dashboards.boards.desks import desk_for, is_of_draft
from keepwell.apps.dashboards.boards.queries import boards_for, is_owner
from keepwell.apps.dashboards.boards.reading import dashboard_in
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.definitions.project import Project
from keepwell.errors import InputError


def boards_shown(actor: Actor, project: Project, digest: str) -> Iterator[Shown]:
    """Each is read with the definitions in force; a widget that names what has gone says so.

    One that an older version of the language was written in, and that cannot be read any more, leaves the others.
    """
    for board in boards_for(actor):
        try:
            name, dashboard = dashboard_in(board.text)
        except InputError:
            continue
        is_own = is_owner(actor, board)
        owner = "" if is_own else str(board.owner)
        yield Shown(board.key, name, dashboard, project, digest, "own", may_edit=is_own, owner=owner)


def of_draft(actor: Actor, project: Project, digest: str, key: str) -> Shown | None:
    """One of a draft, as it would look: with the accounts and the definitions that are in force now."""
    if not is_of_draft(key) or not actor.may(Permission.CONFIGURE):
        return None
    desk = desk_for(actor, key)
    found = desk.read[0]
    return None if found is None else Shown(key, desk.name, found, project, digest, "draft", may_edit=True)
