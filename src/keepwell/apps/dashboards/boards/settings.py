"""What a board says of itself as a form: its name, time and filters; and as YAML as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import Field
from keepwell.apps.configuration.editing.form import Form, FormField
from keepwell.apps.configuration.editing.saving import Conflict, edited
from keepwell.apps.configuration.editing.shown import Showing
from keepwell.apps.configuration.projects import Files
from keepwell.apps.dashboards.boards.desks import Desk, change_desk, files_at
from keepwell.apps.dashboards.building.fields import own_fields
from keepwell.apps.dashboards.building.form import known_of
from keepwell.apps.dashboards.building.page import DashboardPage
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.apps.dashboards.building.shapes import NamedField
from keepwell.apps.dashboards.building.shown import group_shown, places_of
from keepwell.definitions.issues import Issue
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused

_OF_DEFINITIONS = ("roles", "order")


def _fields(_: Document) -> Iterator[FormField]:
    yield from (one for one in own_fields() if one.name not in _OF_DEFINITIONS)


BOARD_FORM = Form(ENTRIES, "Boards", _fields, lambda *_: True, {}, lambda *_: {})


@dataclass(frozen=True)
class Saved:
    desk: Desk
    conflicts: tuple[Conflict, ...] = ()


def save_settings(*, actor: Actor, desk: Desk, typed: Mapping[str, str], revision: int) -> Saved:
    """What was typed on the page of `revision`, beside what was saved since. Fields that were changed twice stay."""
    seen, conflicts = _seen(desk, revision), list[Conflict]()

    def change(now: Files) -> Files:
        found = edited(BOARD_FORM, seen, now, desk.name, typed)
        conflicts.extend(found.conflicts)
        return found.files

    return Saved(change_desk(actor=actor, desk=desk, change=change), tuple(conflicts))


def save_lines(*, actor: Actor, desk: Desk, lines: str, revision: int) -> Desk:
    """The board as YAML. Raises RequestRefused where it was changed since `revision`."""
    seen = _seen(desk, revision)

    def change(now: Files) -> Files:
        if ENTRIES.text_of(now, desk.name) != ENTRIES.text_of(seen, desk.name):
            raise RequestRefused("this dashboard was changed meanwhile, in another window; yours is below, that above")
        return ENTRIES.with_text(now, desk.name, lines)[0]

    return change_desk(actor=actor, desk=desk, change=change)


def _seen(desk: Desk, revision: int) -> Files:
    seen = files_at(desk, revision)
    if seen is None:
        raise RequestRefused(f"revision {revision} of this dashboard is not kept any more; load the page again")
    return seen


def page_of(project: Project, desk: Desk, issues: tuple[Issue, ...], typed: Mapping[str, str] | None) -> DashboardPage:
    """The form, with `typed` instead of what stands where that could not be saved."""
    known, entry = known_of(project, desk.name), desk.entry
    fields = list(_fields(entry))
    values = {**BOARD_FORM.shown_of(entry), **(typed or {})}
    showing = Showing(BOARD_FORM, desk.name, entry, issues, known, typed, parts=places_of(fields, values), empty=_EMPTY)
    return DashboardPage(
        name=desk.name,
        fields={one.name: showing.shown(one) for one in fields if isinstance(one, Field)},
        parts=(),
        errors=showing.errors.get("", ()),
        elsewhere=tuple(showing.elsewhere),
        known=known,
        filters=next(group_shown(showing, one) for one in fields if isinstance(one, NamedField)),
        widgets=(),
        charts=(),
    )


_EMPTY = {"where": "all accounts", "period": "90 days"}
