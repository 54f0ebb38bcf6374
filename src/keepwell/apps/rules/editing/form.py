"""Rules as the form knows them."""

from __future__ import annotations

from typing import Any

from keepwell.apps.configuration.editing.entries import Document, Entries
from keepwell.apps.configuration.editing.form import Form
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.rules.editing.fields import PARTS, actions_at, fields_of, same_part
from keepwell.apps.rules.editing.naming import known_of
from keepwell.apps.rules.editing.parts import WORK, new_action
from keepwell.definitions.project import Project

ENTRIES = Entries("rules", "rules.yaml", "rule")


def new_rule(title: str, files: Files, project: Project) -> Document:
    """A rule that matches somebody and does no harm."""
    return {"title": title, "when": _first_condition(project), "actions": [new_action("notify", {})]}


def pointed(files: Files, kind: str, key: str, old: str, new: str) -> Files:
    """The actions of a kind, in all rules, that name `old` by a key of theirs name `new`."""
    for rule in ENTRIES.names_in(files):
        held: Any = ENTRIES.entry_in(files, rule) or {}
        for part in PARTS:
            for place, action in enumerate(actions_at(held, part)):
                said = action.get(kind) if isinstance(action, dict) else None
                if isinstance(said, dict) and said.get(key) == old:
                    path = (ENTRIES.kind, rule, *part.split("/"), place, kind, key)
                    files = ENTRIES.changed(files, rule, lambda text, path=path: with_value(text, path, new))  # type: ignore[misc]
    return files


def _first_condition(project: Project) -> str:
    labels = {label for one in project.schemes.values() for label in one.labels}
    return "label = 'red'" if "red" in labels else "score < 50" if project.scorecards else "true"


RULE_FORM = Form(
    entries=ENTRIES,
    draft="Rules",
    fields=fields_of,
    same_part=same_part,
    parts=WORK,
    new=new_rule,
    known=known_of,
    differing=lambda _: {"enabled": False},
    pointing=lambda files, old, new: pointed(files, "start_rule", "rule", old, new),
)
