"""The fields of the form of a playbook, those of its tasks among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import AtPath, Field, fields_of_model, held_at, list_at
from keepwell.apps.configuration.editing.form import FormField, Path, Typed
from keepwell.apps.configuration.editing.scalars import ABSENT, number
from keepwell.definitions.playbooks import Email, Playbook, Task

TASKS: Path = ("tasks",)
UNITS = {"days": "days", "business days": "business days", "weeks": "weeks"}
_DELAY = re.compile(r"\s*(\S+)\s+(business days?|days?|weeks?)\s*")
_DAYS = ("days", "business_days")


@dataclass(frozen=True)
class AfterField(AtPath):
    """When a task is due, in three inputs: how many, of what, and after what (the start unless a task is named)."""

    path: Path
    others: tuple[str, ...]
    loose: bool = False

    def shown(self, held: Any) -> dict[str, str]:
        """A text that is no delay stands whole where the number would."""
        if isinstance(held, dict):
            unit = next((one for one in _DAYS if held.get(one) is not None), "days")
            return self._inputs(str(held.get(unit, "")), unit.replace("_", " "), str(held.get("task", "")))
        text = "0 days" if held is ABSENT or held is None else str(held)
        found = _DELAY.fullmatch(text)
        unit = found[2].removesuffix("s") + "s" if found else "as written"
        return self._inputs(found[1] if found else text, unit, "")

    def meant(self, given: Typed) -> Any:
        count, unit, task = (given.get(f"{self.name}/{part}", "").strip() for part in ("count", "unit", "task"))
        if task:
            days = number(count)
            if unit == "weeks" and isinstance(days, int):
                return {"task": task, "days": days * 7}
            return {"task": task, "business_days" if unit == "business days" else "days": days}
        if unit not in UNITS or not count:
            return count or ABSENT
        delay = f"{count} {unit.removesuffix('s') if count == '1' else unit}"
        return ABSENT if delay == "0 days" else delay

    def _inputs(self, count: str, unit: str, task: str) -> dict[str, str]:
        return {f"{self.name}/count": count, f"{self.name}/unit": unit, f"{self.name}/task": task}


def tasks_of(playbook: Document) -> list[Any]:
    """Its tasks, as written."""
    return list_at(playbook, TASKS)


def names_of(playbook: Document) -> list[str]:
    """What tasks call each other; empty for a task without a name."""
    return [str(one.get("name") or "") if isinstance(one, dict) else "" for one in tasks_of(playbook)]


def own_fields() -> Iterator[Field]:
    yield from fields_of_model((), Playbook)


def after_field(playbook: Document, place: int) -> AfterField | None:
    """None for what the form cannot show without losing a part of it."""
    path: Path = (*TASKS, place, "after")
    held = held_at(playbook, path)
    if isinstance(held, dict) and (not held.keys() <= {"task", *_DAYS} or held.keys() >= set(_DAYS)):
        return None
    named = [str(held["task"])] if isinstance(held, dict) and held.get("task") else []
    return AfterField(path, tuple(dict.fromkeys((*_others(playbook, place), *named))))


def task_fields(playbook: Document, place: int) -> Iterator[Field]:
    """Inputs of one task, without when it is due."""
    path: Path = (*TASKS, place)
    for field in fields_of_model(path, Task):
        if field.input.key == "needs":
            held = list_at(playbook, (*path, "needs"))
            choices = dict.fromkeys((*_others(playbook, place), *map(str, held)))
            yield replace(field, input=replace(field.input, kind="chosen", choices=tuple(choices)))
        else:
            yield (
                replace(field, input=replace(field.input, kind="lines")) if field.input.key == "attachments" else field
            )
    for field in fields_of_model((*path, "email"), Email, loose=True):
        yield replace(field, input=replace(field.input, required=False))


def fields_of(playbook: Document) -> Iterator[FormField]:
    """Every field of a playbook."""
    yield from own_fields()
    for place, held in enumerate(tasks_of(playbook)):
        if isinstance(held, dict):
            yield from task_fields(playbook, place)
            if after := after_field(playbook, place):
                yield after


def same_part(before: Document, now: Document, path: Path) -> bool:
    """Whether the task that a field belongs to is the same one still: of its name in as long a list."""
    if path[0] != "tasks":
        return True
    own, theirs = names_of(before), names_of(now)
    place = int(path[1])
    return len(own) == len(theirs) and own[place] == theirs[place]


def _others(playbook: Document, place: int) -> tuple[str, ...]:
    return tuple(name for at, name in enumerate(names_of(playbook)) if name and at != place)
