"""Writes: publishing and drafts. Each is permission, rule, change, audit and announcement in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.merging import merged
from keepwell.apps.configuration.models import Draft, DraftRevision, Version
from keepwell.apps.configuration.projects import Files, hashes_of, project_of, refuse_path
from keepwell.apps.configuration.queries import current_version
from keepwell.definitions.versions import Versions
from keepwell.errors import RequestRefused

_KEPT = 500  # revisions of a draft


class Outdated(RequestRefused):
    """Somebody else was quicker; `theirs` is what stands now."""

    def __init__(self, message: str, theirs: Files) -> None:
        super().__init__(message)
        self.theirs = theirs


@transaction.atomic
def publish(*, actor: Actor, files: Files, note: str, base: int | None = None) -> Version:
    """A new version of all definitions. `base`: the version the change began from, refused where it is not the newest.

    Publishing what stands already gives the version that stands. Raises DefinitionsRefused, Outdated, Forbidden.
    """
    require(actor, Permission.CONFIGURE)
    if not note.strip():
        raise RequestRefused("say in a note what changes and why; it stands in the history of versions")
    project = project_of(files)
    hold(Lock.PUBLISHING)
    newest = current_version()
    if newest is not None and newest.files == dict(files):
        return newest
    if newest is not None and base is not None and base != newest.number:
        raise Outdated(f"version {newest.number} was published meanwhile by {newest.author_name}", newest.files)
    version = Version.objects.create(
        number=newest.number + 1 if newest else 1,
        files=dict(files),
        hashes=hashes_of(project),
        digest=Versions(project).project,
        author=actor.user,
        author_name=actor.name,
        note=note.strip(),
        origin=actor.origin,
    )
    record(actor, "published", kind="version", of=version.number, name=str(version), after={"note": version.note})
    return version


@transaction.atomic
def restore(*, actor: Actor, version: Version, note: str) -> Version:
    """Publishes the files of an old version anew; what was published since stays in the history."""
    newest = current_version()
    assert newest is not None
    return publish(actor=actor, files=version.files, note=note, base=newest.number)


@transaction.atomic
def start_draft(*, actor: Actor, name: str, base: Version | None = None, files: Files | None = None) -> Draft:
    """A draft of what is in force; with `base` of that version, with `files` holding these instead."""
    require(actor, Permission.CONFIGURE)
    base = base or current_version()
    if base is None:
        raise RequestRefused("nothing is published yet: publish a first version with `keepwell apply FOLDER`")
    if not name.strip():
        raise RequestRefused("give the draft a name, such as what it is meant to change")
    if Draft.objects.filter(name=name.strip()).exists():
        raise RequestRefused(f"there is a draft '{name}' already; open it, or choose another name")
    draft = Draft.objects.create(
        name=name.strip(), base=base, files=dict(files or base.files), author=actor.user, updated_by=actor.name
    )
    _keep(draft)
    record(actor, "started", kind="draft", of=draft.pk, name=name)
    return draft


@transaction.atomic
def save_draft(*, actor: Actor, draft: Draft, files: Files, revision: int) -> Draft:
    """Keeps a draft, valid or not: drafts save themselves. Raises Outdated where somebody saved since `revision`."""
    require(actor, Permission.CONFIGURE)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    if held.revision != revision:
        raise Outdated(f"{held.updated_by} has saved this draft meanwhile", held.files)
    return _saved(actor, held, files)


@transaction.atomic
def change_draft(*, actor: Actor, draft: Draft, change: Callable[[Files], Files]) -> Draft:
    """Applies a change to the draft as it stands now, whoever saved it last; for changes that name what they touch."""
    require(actor, Permission.CONFIGURE)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    return _saved(actor, held, change(held.files))


@transaction.atomic
def undo(*, actor: Actor, draft: Draft, revision: int) -> Draft:
    """Takes back what came after `revision`, as one more revision: undoing can be undone."""
    require(actor, Permission.CONFIGURE)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    before = held.revisions.filter(number=revision).first()
    if before is None:
        raise RequestRefused(f"revision {revision} of this draft is not kept any more")
    return _saved(actor, held, before.files)


@transaction.atomic
def bring_up_to_date(*, actor: Actor, draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """Takes into a draft what was published since it began. Returns the files in which both changed the same lines.

    Of those lines the draft's stay; the difference shows them.
    """
    require(actor, Permission.CONFIGURE)
    held = Draft.objects.select_for_update().select_related("base").get(pk=draft.pk)
    newest = current_version()
    assert newest is not None
    found = merged(held.base.files, held.files, newest.files)
    held.base = newest
    record(actor, "brought up to date", kind="draft", of=held.pk, name=held.name, after={"version": newest.number})
    return _saved(actor, held, found.files, always=True), found.conflicts


def _saved(actor: Actor, held: Draft, files: Files, *, always: bool = False) -> Draft:
    changed = sorted(name for name in {*held.files, *files} if held.files.get(name) != files.get(name))
    if not changed and not always:
        return held
    held.files, held.revision, held.updated_by = dict(files), held.revision + 1, actor.name
    held.save()
    _keep(held)
    if changed:
        record(actor, "saved", kind="draft", of=held.pk, name=held.name, after={"files": changed})
    return held


def _keep(draft: Draft) -> None:
    DraftRevision.objects.create(draft=draft, number=draft.revision, files=draft.files, saved_by=draft.updated_by)
    draft.revisions.filter(number__lte=draft.revision - _KEPT).delete()


@transaction.atomic
def discard_draft(*, actor: Actor, draft: Draft) -> None:
    require(actor, Permission.CONFIGURE)
    record(actor, "discarded", kind="draft", of=draft.pk, name=draft.name)
    draft.delete()


@transaction.atomic
def publish_draft(*, actor: Actor, draft: Draft, note: str) -> Version:
    """Publishes a draft and ends it."""
    held = Draft.objects.select_for_update().select_related("base").get(pk=draft.pk)
    version = publish(actor=actor, files=held.files, note=note, base=held.base.number)
    held.delete()
    return version


@transaction.atomic
def save_text(*, actor: Actor, draft: Draft, path: str, text: str, revision: int) -> Draft:
    """Keeps one file of a draft as it was typed from `revision`, together with what others saved since.

    Raises Outdated where they changed the same lines; saving again from their revision puts this text over theirs.
    """
    require(actor, Permission.CONFIGURE)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    seen = held.revisions.filter(number=revision).first()
    if seen is None:
        raise RequestRefused(f"revision {revision} of this draft is not kept any more")
    found = merged(seen.files, {**seen.files, path: text}, held.files)
    if path in found.conflicts:
        raise Outdated(f"{held.updated_by} has changed the same lines meanwhile", held.files)
    return _saved(actor, held, found.files)


@transaction.atomic
def take_files(*, actor: Actor, draft: Draft, files: Files, whole: bool) -> Draft:
    """Puts files into a draft in the place of those of their names; `whole`: in the place of all. Valid or not."""
    require(actor, Permission.CONFIGURE)
    if not files:
        raise RequestRefused("choose .yaml files or a .zip of a folder, or paste YAML")
    for path in files:
        refuse_path(path)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    return _saved(actor, held, dict(files) if whole else {**held.files, **files})
