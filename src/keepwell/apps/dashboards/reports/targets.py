"""Where a report can be saved: dashboards of one's own, a new one, and for those who configure, drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.editing.operations import draft_to_edit
from keepwell.apps.configuration.editing.pages import title_of
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.queries import current_version, drafts
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.dashboards.boards.desks import Desk, change_desk, desk_for, files_at, key_of_draft
from keepwell.apps.dashboards.boards.operations import begin_board
from keepwell.apps.dashboards.building.fields import WIDGETS, widgets_of
from keepwell.apps.dashboards.building.form import DASHBOARD_FORM
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.apps.dashboards.models import Board
from keepwell.apps.dashboards.reports.report import Report
from keepwell.errors import FieldRefused, RequestRefused

NEW = "new"
_PUBLISHED = "published."


@dataclass(frozen=True)
class Target:
    key: str
    words: str


@dataclass(frozen=True)
class Saved:
    """`widget`: its name on the dashboard. `theirs`: who changed it meanwhile; then nothing is saved."""

    desk: Desk
    widget: str
    theirs: str = ""


def targets_for(actor: Actor) -> list[Target]:
    """All that the actor may put a widget on; a new one of her own last."""
    own = Board.objects.filter(owner=actor.user) if actor.user is not None else Board.objects.none()
    found = [Target(one.key, one.title) for one in own]
    if actor.may(Permission.CONFIGURE):
        found += _of_definitions()
    return [*found, Target(NEW, "a new dashboard of mine")]


def _of_definitions() -> Iterator[Target]:
    for draft in drafts()[:10]:
        for name in ENTRIES.names_in(draft.files):
            yield Target(key_of_draft(draft, name), f"{_title(draft.files, name)}, in the draft {draft.name}")
    version = current_version()
    files = version.files if version else {}
    for name in ENTRIES.names_in(files):
        yield Target(_PUBLISHED + name, f"{_title(files, name)}, in a draft of mine")


def _title(files: Files, name: str) -> str:
    return title_of(name, ENTRIES.entry_in(files, name) or {})


@transaction.atomic
def save_new(*, actor: Actor, report: Report, to: str, title: str = "") -> Saved:
    """One more widget on a dashboard. `to`: a key of `targets_for`; `title`: of a new one."""
    if to == NEW:
        return _on_new(actor, report, title)
    desk, names = _desk(actor, to), [""]

    def change(now: Files) -> Files:
        names[0] = report.name(list(_widgets_in(now, desk)))  # free now, whoever saved since the desk was read
        return _with(now, desk.name, names[0], report)

    return Saved(change_desk(actor=actor, desk=desk, change=change), names[0])


class _ChangedError(Exception):
    """Somebody changed the widget meanwhile."""


def save_over(*, actor: Actor, report: Report, desk: Desk, widget: str, revision: int) -> Saved:
    """In the place of a widget, which somebody may have changed since `revision`: then they are named, and nothing is
    saved; saving again from the revision that is now puts this over theirs."""
    before = _widgets_in(files_at(desk, revision) or {}, desk).get(widget)

    def change(now: Files) -> Files:
        if (there := _widgets_in(now, desk).get(widget)) is None:
            raise RequestRefused(f"the widget '{widget}' was removed meanwhile; save it to a dashboard as a new one")
        if there != before:
            raise _ChangedError
        return _with(now, desk.name, widget, report)

    try:
        with transaction.atomic():
            return Saved(change_desk(actor=actor, desk=desk, change=change), widget)
    except _ChangedError:
        now = desk_for(actor, desk.key)
        return Saved(now, widget, theirs=now.changed_by)


def _widgets_in(files: Files, desk: Desk) -> Mapping[str, Any]:
    return widgets_of(ENTRIES.entry_in(files, desk.name) or {})


def _desk(actor: Actor, to: str) -> Desk:
    if not to.startswith(_PUBLISHED):
        return desk_for(actor, to)
    require(actor, Permission.CONFIGURE)
    return desk_for(actor, key_of_draft(draft_to_edit(actor, DASHBOARD_FORM), to.removeprefix(_PUBLISHED)))


def _on_new(actor: Actor, report: Report, title: str) -> Saved:
    if not title.strip():
        raise FieldRefused("new_title", "say what the new dashboard is called in a few words")
    widget, name = report.name([]), ENTRIES.name_from(title.strip(), {})
    text = with_value("", (ENTRIES.kind, name), {"title": title.strip(), "widgets": {widget: report.widget}})
    board = begin_board(actor=actor, text=text, title=title)
    return Saved(desk_for(actor, board.key), widget)


def _with(files: Files, name: str, widget: str, report: Report) -> Files:
    return ENTRIES.changed(
        files, name, lambda text: with_value(text, (ENTRIES.kind, name, *WIDGETS, widget), report.widget)
    )
