"""Writes of the editor: rules of a draft that come, go and change. Whoever edits first gets a draft of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.arranging import renamed
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, start_draft
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.queries import current_project, drafts, files_at
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.rules.editing import documents
from keepwell.apps.rules.editing.documents import KIND
from keepwell.apps.rules.editing.fields import PARTS, actions_at
from keepwell.apps.rules.editing.naming import known_of
from keepwell.apps.rules.editing.parts import changed_parts, new_action
from keepwell.apps.rules.editing.saving import Conflict, edited
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused

_DRAFT = "Rules"


@dataclass(frozen=True)
class Saved:
    """`name`: of the rule, which may be another one now."""

    draft: Draft
    name: str
    conflicts: tuple[Conflict, ...] = ()


def draft_to_edit(actor: Actor) -> Draft:
    """The person's own draft of rules, begun where there is none."""
    require(actor, Permission.CONFIGURE)
    name = f"{_DRAFT} · {actor.name}"[:100]
    return drafts().filter(name=name).first() or start_draft(actor=actor, name=name)


@transaction.atomic
def add_rule(*, actor: Actor, draft: Draft, title: str) -> Saved:
    """A rule that says something already, so that it can be changed word by word."""
    title = title.strip()
    if not title:
        raise RequestRefused("say what the rule is for, such as: Call customers that turn red")
    name = documents.name_from(title, draft.files)
    known = project_of_draft(draft)
    rule = {"title": title, "when": _first_condition(known), "actions": [new_action("notify", {})]}
    return Saved(change_draft(actor=actor, draft=draft, change=lambda now: documents.with_rule(now, name, rule)), name)


@transaction.atomic
def copy_rule(*, actor: Actor, draft: Draft, like: str) -> Saved:
    """The same once more, not enabled, under a name of its own."""
    name = documents.name_from(f"{like} copy", draft.files)
    return Saved(change_draft(actor=actor, draft=draft, change=lambda now: documents.with_copy(now, name, like)), name)


@transaction.atomic
def remove_rule(*, actor: Actor, draft: Draft, name: str) -> Saved:
    return Saved(change_draft(actor=actor, draft=draft, change=lambda now: documents.without_rule(now, name)), name)


@transaction.atomic
def enable_rule(*, actor: Actor, draft: Draft, name: str, enabled: bool) -> Saved:
    def change(now: Files) -> Files:
        return documents.changed(now, name, lambda text: with_value(text, (KIND, name, "enabled"), enabled))

    return Saved(change_draft(actor=actor, draft=draft, change=change), name)


@transaction.atomic
def rename_rule(*, actor: Actor, draft: Draft, name: str, new: str) -> Saved:
    """Rules that start it keep starting it. What it fired under its old name no longer counts for it."""

    def change(now: Files) -> Files:
        documents.refuse_name(now, new)
        files: Files = documents.changed(now, name, lambda text: renamed(text, (KIND, name), new))
        for other in documents.names_in(files):
            files = _pointing(files, other, name, new)
        return files

    return Saved(change_draft(actor=actor, draft=draft, change=change), new)


@transaction.atomic
def save_rule(
    *, actor: Actor, draft: Draft, name: str, typed: Mapping[str, str], revision: int, do: str = "", chosen: str = ""
) -> Saved:
    """What was typed on the page of `revision`, beside what others saved since, and then a part that comes, goes or
    moves. Fields that both changed stay as they are and come back as conflicts."""
    seen = files_at(draft, revision)
    if seen is None:
        raise RequestRefused(f"revision {revision} of this draft is not kept any more; load the page again")
    conflicts: list[Conflict] = []
    known = known_of(project_of_draft(draft), name) if do else {}

    def change(now: Files) -> Files:
        found = edited(seen, now, name, typed)
        conflicts.extend(found.conflicts)
        return changed_parts(found.files, name, do, chosen, known) if do and not conflicts else found.files

    return Saved(change_draft(actor=actor, draft=draft, change=change), name, tuple(conflicts))


@transaction.atomic
def save_yaml(*, actor: Actor, draft: Draft, name: str, lines: str, revision: int) -> Saved:
    """The rule as YAML. Raises RequestRefused where somebody changed the rule since `revision`."""
    seen = files_at(draft, revision) or {}
    own = name

    def change(now: Files) -> Files:
        nonlocal own
        if documents.text_of(now, name) != documents.text_of(seen, name):
            raise RequestRefused(f"{draft.updated_by} changed this rule meanwhile; yours is below, theirs above")
        files, own = documents.with_text(now, name, lines)
        return files

    return Saved(change_draft(actor=actor, draft=draft, change=change), own)


def project_of_draft(draft: Draft) -> Project:
    """The definitions of a draft; while they are not valid, those in force."""
    found = checked(draft.files)[0] or current_project()
    assert found is not None
    return found


def _first_condition(project: Project) -> str:
    labels = {label for one in project.schemes.values() for label in one.labels}
    return "label = 'red'" if "red" in labels else "score < 50" if project.scorecards else "true"


def _pointing(files: Files, rule: str, old: str, new: str) -> Files:
    """The actions of a rule that start `old` start `new`."""
    held: Any = documents.rule_in(files, rule) or {}
    for part in PARTS:
        for place, action in enumerate(actions_at(held, part)):
            started = action.get("start_rule") if isinstance(action, dict) else None
            if isinstance(started, dict) and started.get("rule") == old:
                path = (KIND, rule, *part.split("/"), place, "start_rule", "rule")
                files = documents.changed(files, rule, lambda text, path=path: with_value(text, path, new))  # type: ignore[misc]
    return files
