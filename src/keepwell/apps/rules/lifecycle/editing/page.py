"""A stage as the editor shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keepwell.apps.configuration.editing.pages import Asked
from keepwell.apps.configuration.editing.shown import Page, Part, Showing
from keepwell.apps.rules.lifecycle.editing.fields import MILESTONES, milestone_fields, milestones_of, own_fields
from keepwell.apps.rules.lifecycle.editing.form import STAGE_FORM, known_of

_EMPTY: Mapping[str, str] = {
    "enter": "by hand or by a rule alone", "exit": "as soon as it may enter a later stage", "expected": "no limit",
    "playbook": "none",
}  # fmt: skip


@dataclass(frozen=True)
class StagePage(Page):
    milestones: tuple[Part, ...]


def page_of(asked: Asked) -> StagePage:
    names = milestones_of(asked.entry)
    known = known_of(asked.project, asked.name)
    paths = [f"{MILESTONES}/{one}" for one in names]
    showing = Showing(STAGE_FORM, asked.name, asked.entry, asked.issues, known, asked.typed,
                      parts=[MILESTONES, "order", *paths],
                      empty={**_EMPTY, "title": asked.name.replace("_", " ").capitalize()})  # fmt: skip
    parts = tuple(
        showing.part(path, one, milestone_fields(one), place, len(names))
        for place, (path, one) in enumerate(zip(paths, names, strict=True))
    )
    return StagePage(
        name=asked.name,
        fields={one.name: showing.shown(one) for one in own_fields()},
        parts=parts,
        errors=[*showing.errors.get("", ()), *showing.errors.get("order", ()), *showing.errors.get(MILESTONES, ())],
        elsewhere=tuple(showing.elsewhere),
        known=known,
        milestones=parts,
    )
