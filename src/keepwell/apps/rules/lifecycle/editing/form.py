"""Stages as the form knows them: their milestones, and their order among each other."""

from __future__ import annotations

from typing import Any

from keepwell.apps.configuration.arranging import exchanged
from keepwell.apps.configuration.editing.entries import Document, Entries, name_from
from keepwell.apps.configuration.editing.form import Change, Form, Known, Path
from keepwell.apps.configuration.editing.parts import PartChange
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value, without
from keepwell.apps.rules.editing.form import ENTRIES as RULES
from keepwell.apps.rules.editing.form import pointed
from keepwell.apps.rules.lifecycle.editing.fields import MILESTONES, fields_of, milestones_of, same_part
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused

ENTRIES = Entries("stages", "stages.yaml", "stage")


def order_of(files: Files, name: str) -> int:
    """The place of a stage; 0 where it says none that can be read."""
    held = (ENTRIES.entry_in(files, name) or {}).get("order")
    return held if isinstance(held, int) else 0


def in_order(files: Files) -> list[str]:
    """The stages of the files, the first one first."""
    return sorted(ENTRIES.names_in(files), key=lambda name: (order_of(files, name), name))


def moved(files: Files, name: str, by: int) -> Files:
    """A stage one place earlier (-1) or later (1); at the end nothing changes. Stages that shared a number get one of
    their own."""
    names = in_order(files)
    if name not in names:
        raise RequestRefused(f"the stage '{name}' was removed from the draft, or has another name")
    place = names.index(name)
    if not 0 <= place + by < len(names):
        return files
    numbers = [order_of(files, one) for one in names]
    if len(set(numbers)) < len(numbers):
        numbers = list(range(1, len(names) + 1))
    names[place], names[place + by] = names[place + by], names[place]
    for one, number in zip(names, numbers, strict=True):
        if order_of(files, one) != number:
            path = (ENTRIES.kind, one, "order")
            files = ENTRIES.changed(files, one, lambda text, path=path, n=number: with_value(text, path, n))  # type: ignore[misc]
    return files


def next_order(files: Files) -> int:
    return max((order_of(files, one) for one in ENTRIES.names_in(files)), default=0) + 1


def known_of(project: Project, name: str) -> Known:
    """By the key of a field, what it may name."""
    return {
        "playbook": tuple(sorted(project.playbooks)),
        "expected": ("30 days", "60 days", "90 days"),
        "due": ("14 days", "30 days", "60 days"),
    }


def _add_milestone(stage: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    title = chosen.strip()
    if not title:
        raise RequestRefused("say what should be reached in a few words, such as: First value")
    name = name_from(title, milestones_of(stage), "milestone")
    new = {"title": title, "due": "30 days", "reached": False}
    return lambda text: with_value(text, (*root, MILESTONES, name), new)


def _remove_milestone(stage: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    names = milestones_of(stage)
    if at not in names:
        return None
    path = (*root, MILESTONES) if len(names) == 1 else (*root, MILESTONES, at)
    return lambda text: without(text, path)


def _move_milestone(by: int) -> PartChange:
    def move(stage: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
        return (lambda text: exchanged(text, (*root, MILESTONES, at), by)) if at in milestones_of(stage) else None

    return move


def _with_new_name(files: Files, old: str, new: str) -> Files:
    """Rules that move accounts to the stage, or wait for it, know it by its new name."""
    files = pointed(files, "set_stage", "stage", old, new)
    for rule in RULES.names_in(files):
        held: Any = (RULES.entry_in(files, rule) or {}).get("on")
        for place, one in enumerate(held if isinstance(held, list) else [held]):
            if isinstance(one, dict) and one.get("stage_change") == old:
                at: Path = (place,) if isinstance(held, list) else ()
                path = (RULES.kind, rule, "on", *at, "stage_change")
                files = RULES.changed(files, rule, lambda text, path=path: with_value(text, path, new))  # type: ignore[misc]
    return files


STAGE_FORM = Form(
    entries=ENTRIES,
    draft="Stages",
    fields=fields_of,
    same_part=same_part,
    parts={
        "add-milestone": _add_milestone,
        "remove-milestone": _remove_milestone,
        "up": _move_milestone(-1),
        "down": _move_milestone(1),
    },
    new=lambda title, files, _: {"title": title, "order": next_order(files)},
    known=known_of,
    differing=lambda files: {"order": next_order(files)},
    pointing=_with_new_name,
)
