"""The fields of the form of a stage, those of its milestones among them."""

from __future__ import annotations

from collections.abc import Iterator

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import Field, fields_of_model, held_at
from keepwell.apps.configuration.editing.form import Path
from keepwell.definitions.lifecycle import Milestone, Stage

MILESTONES = "milestones"


def milestones_of(stage: Document) -> list[str]:
    """The names of its milestones, as written."""
    held = held_at(stage, (MILESTONES,))
    return [name for name, one in held.items() if isinstance(one, dict)] if isinstance(held, dict) else []


def own_fields() -> Iterator[Field]:
    """Of the stage itself. Its place among the others is no field: it is moved."""
    yield from (one for one in fields_of_model((), Stage) if one.input.key not in ("order", MILESTONES))


def milestone_fields(name: str) -> Iterator[Field]:
    yield from fields_of_model((MILESTONES, name), Milestone)


def fields_of(stage: Document) -> Iterator[Field]:
    """Every field of a stage."""
    yield from own_fields()
    for name in milestones_of(stage):
        yield from milestone_fields(name)


def same_part(before: Document, now: Document, path: Path) -> bool:
    """Whether the milestone that a field belongs to is still there."""
    return path[0] != MILESTONES or path[1] in milestones_of(now)
