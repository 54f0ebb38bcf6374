"""A playbook as the editor shows it: its tasks with their inputs, what stands in them, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keepwell.apps.cockpit.editing.fields import (
    UNITS,
    AfterField,
    after_field,
    names_of,
    own_fields,
    task_fields,
    tasks_of,
)
from keepwell.apps.cockpit.editing.form import PLAYBOOK_FORM, known_of
from keepwell.apps.configuration.editing.pages import Asked
from keepwell.apps.configuration.editing.shown import Page, Part, Showing, Shown, said_of

_EMPTY: Mapping[str, str] = {"for": "any type"}


@dataclass(frozen=True)
class AfterShown:
    """When a task is due: its three inputs. `others`: the tasks it may be due after, with their titles."""

    name: str
    count: str
    unit: str
    task: str
    units: Sequence[str]
    others: Sequence[tuple[str, str]]
    errors: Sequence[str]

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")


@dataclass(frozen=True)
class TaskPart(Part):
    """`after`: None where it says something that the form does not know. `has_more`: a letter or links."""

    after: AfterShown | None = None
    has_more: bool = False


@dataclass(frozen=True)
class PlaybookPage(Page):
    tasks: tuple[TaskPart, ...]


def page_of(asked: Asked) -> PlaybookPage:
    held = tasks_of(asked.entry)
    known = known_of(asked.project, asked.name)
    places = ["tasks", *(f"tasks/{place}" for place in range(len(held)))]
    places += [f"tasks/{place}/email" for place in range(len(held))]
    empty = {**_EMPTY, "title": asked.name.replace("_", " ").capitalize(), **dict(_unset(len(held)))}
    showing = Showing(
        PLAYBOOK_FORM, asked.name, asked.entry, asked.issues, known, asked.typed, parts=places, empty=empty
    )
    tasks = tuple(_task(showing, asked, place, len(held)) for place in range(len(held)))
    return PlaybookPage(
        name=asked.name,
        fields={one.name: showing.shown(one) for one in own_fields()},
        parts=tasks,
        errors=[*showing.errors.get("", ()), *showing.errors.get("tasks", ())],
        elsewhere=tuple(showing.elsewhere),
        known=known,
        tasks=tasks,
    )


def _unset(count: int) -> Iterator[tuple[str, str]]:
    for place in range(count):
        yield f"tasks/{place}/owner", "csm: whose account it is"
        yield f"tasks/{place}/needs", "there is no other task"
        yield f"tasks/{place}/attachments", "https://wiki.example/save-plan"


def _task(showing: Showing, asked: Asked, place: int, count: int) -> TaskPart:
    path, held = f"tasks/{place}", tasks_of(asked.entry)[place]
    if not isinstance(held, dict):
        return TaskPart(path, "", (), showing.errors.get(path, ()), place == 0, place == count - 1)
    titles = _titles(asked)
    inputs = tuple(_with_titles(showing.shown(one), titles) for one in task_fields(asked.entry, place))
    after = after_field(asked.entry, place)
    more = ("email_subject", "email_text", "attachments")
    part = TaskPart(
        path=path,
        words=said_of(held, "title") or names_of(asked.entry)[place].replace("_", " ").capitalize(),
        inputs=inputs,
        errors=(*showing.errors.get(path, ()), *showing.errors.get(f"{path}/email", ())),
        first=place == 0,
        last=place == count - 1,
        after=_after(showing, after, titles) if after else None,
    )
    return replace(part, has_more=any(part.by_key[one].value or part.by_key[one].errors for one in more))


def _titles(asked: Asked) -> dict[str, str]:
    """What tasks are called, by the names that others know them by."""
    held = zip(names_of(asked.entry), tasks_of(asked.entry), strict=True)
    return {name: said_of(one, "title") or name for name, one in held if name and isinstance(one, dict)}


def _with_titles(one: Shown, titles: Mapping[str, str]) -> Shown:
    return replace(one, ticks=tuple((name, titles.get(says, says), chosen) for name, says, chosen in one.ticks))


def _after(showing: Showing, field: AfterField, titles: Mapping[str, str]) -> AfterShown:
    count, unit, task = (showing.values.get(f"{field.name}/{part}", "") for part in ("count", "unit", "task"))
    units = [*UNITS, *([unit] if unit not in UNITS else [])]
    others = [(one, titles.get(one, one)) for one in field.others]
    return AfterShown(field.name, count, unit, task, units, others, showing.errors.get(field.name, ()))
