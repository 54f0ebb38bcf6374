"""Writes of the editors: entries of a draft that come, go and change. Whoever edits first gets a draft of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.arranging import renamed
from keepwell.apps.configuration.editing.form import Form
from keepwell.apps.configuration.editing.parts import changed_parts
from keepwell.apps.configuration.editing.saving import Conflict, edited
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, start_draft
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.queries import current_project, drafts, files_at
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused


@dataclass(frozen=True)
class Saved:
    """`name`: of the entry, which may be another one now."""

    draft: Draft
    name: str
    conflicts: tuple[Conflict, ...] = ()


def draft_to_edit(actor: Actor, form: Form) -> Draft:
    """The person's own draft of this kind of definition, begun where there is none."""
    require(actor, Permission.CONFIGURE)
    name = f"{form.draft} · {actor.name}"[:100]
    return drafts().filter(name=name).first() or start_draft(actor=actor, name=name)


@transaction.atomic
def add_entry(*, actor: Actor, draft: Draft, form: Form, title: str) -> Saved:
    """An entry that says something already, so that it can be changed word by word."""
    title = title.strip()
    if not title:
        raise RequestRefused(f"say what the {form.entries.noun} is called in a few words")
    name = form.entries.name_from(title, draft.files)
    entry = form.new(title, draft.files, project_of_draft(draft))
    return _changed(actor, draft, name, lambda now: form.entries.added(now, name, entry))


@transaction.atomic
def copy_entry(*, actor: Actor, draft: Draft, form: Form, like: str) -> Saved:
    """The same once more, under a name of its own."""
    name = form.entries.name_from(f"{like} copy", draft.files)
    return _changed(actor, draft, name, lambda now: form.entries.copied(now, name, like, form.differing(now)))


@transaction.atomic
def remove_entry(*, actor: Actor, draft: Draft, form: Form, name: str) -> Saved:
    return _changed(actor, draft, name, lambda now: form.entries.removed(now, name))


@transaction.atomic
def rename_entry(*, actor: Actor, draft: Draft, form: Form, name: str, new: str) -> Saved:
    """What names it in other definitions names it anew."""

    def change(now: Files) -> Files:
        form.entries.refuse_name(now, new)
        files = form.entries.changed(now, name, lambda text: renamed(text, (form.entries.kind, name), new))
        return form.pointing(files, name, new)

    return _changed(actor, draft, new, change)


@transaction.atomic
def save_entry(
    *, actor: Actor, draft: Draft, form: Form, name: str, typed: Mapping[str, str], revision: int,
    do: str = "", chosen: str = "",
) -> Saved:  # fmt: skip
    """What was typed on the page of `revision`, beside what others saved since, and then a part that comes, goes or
    moves. Fields that both changed stay as they are and come back as conflicts."""
    seen = files_at(draft, revision)
    if seen is None:
        raise RequestRefused(f"revision {revision} of this draft is not kept any more; load the page again")
    conflicts: list[Conflict] = []
    known = form.known(project_of_draft(draft), name) if do else {}

    def change(now: Files) -> Files:
        found = edited(form, seen, now, name, typed)
        conflicts.extend(found.conflicts)
        files = form.following(found.files, name, form.entries.entry_in(now, name) or {})
        return changed_parts(form, files, name, do, chosen, known) if do and not conflicts else files

    saved = change_draft(actor=actor, draft=draft, change=change)
    return Saved(saved, name, tuple(conflicts))


@transaction.atomic
def save_yaml(*, actor: Actor, draft: Draft, form: Form, name: str, lines: str, revision: int) -> Saved:
    """The entry as YAML. Raises RequestRefused where somebody changed it since `revision`."""
    seen = files_at(draft, revision) or {}
    entries, own = form.entries, name

    def change(now: Files) -> Files:
        nonlocal own
        if entries.text_of(now, name) != entries.text_of(seen, name):
            raise RequestRefused(
                f"{draft.updated_by} changed this {entries.noun} meanwhile; yours is below, theirs above"
            )
        files, own = entries.with_text(now, name, lines)
        return files

    saved = change_draft(actor=actor, draft=draft, change=change)
    return Saved(saved, own)


def project_of_draft(draft: Draft) -> Project:
    """The definitions of a draft; while they are not valid, those in force."""
    found = checked(draft.files)[0] or current_project()
    assert found is not None
    return found


def _changed(actor: Actor, draft: Draft, name: str, change: Callable[[Files], Files]) -> Saved:
    return Saved(change_draft(actor=actor, draft=draft, change=change), name)
