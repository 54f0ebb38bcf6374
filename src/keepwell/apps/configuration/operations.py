"""Writes: publishing and drafts. Each is permission, rule, change, audit and announcement in one transaction."""

from __future__ import annotations

from django.db import connection, transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.projects import Files, hashes_of, project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.definitions.versions import Versions
from keepwell.errors import RequestRefused

_PUBLISHING = 0x6B77_0001  # the advisory lock of publications: numbers have no gaps and no forks


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
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_PUBLISHING])
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
def start_draft(*, actor: Actor, name: str) -> Draft:
    """A draft of what is in force."""
    require(actor, Permission.CONFIGURE)
    base = current_version()
    if base is None:
        raise RequestRefused("nothing is published yet: publish a first version with `keepwell apply FOLDER`")
    if Draft.objects.filter(name=name).exists():
        raise RequestRefused(f"there is a draft '{name}' already; open it, or choose another name")
    draft = Draft.objects.create(name=name, base=base, files=base.files, author=actor.user, updated_by=actor.name)
    record(actor, "started", kind="draft", of=draft.pk, name=name)
    return draft


@transaction.atomic
def save_draft(*, actor: Actor, draft: Draft, files: Files, revision: int) -> Draft:
    """Keeps a draft, valid or not: drafts save themselves. Raises Outdated where somebody saved since `revision`."""
    require(actor, Permission.CONFIGURE)
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    if held.revision != revision:
        raise Outdated(f"{held.updated_by} has saved this draft meanwhile", held.files)
    changed = sorted(name for name in {*held.files, *files} if held.files.get(name) != files.get(name))
    held.files, held.revision, held.updated_by = dict(files), held.revision + 1, actor.name
    held.save()
    if changed:
        record(actor, "saved", kind="draft", of=held.pk, name=held.name, after={"files": changed})
    return held


@transaction.atomic
def discard_draft(*, actor: Actor, draft: Draft) -> None:
    require(actor, Permission.CONFIGURE)
    record(actor, "discarded", kind="draft", of=draft.pk, name=draft.name)
    draft.delete()


@transaction.atomic
def publish_draft(*, actor: Actor, draft: Draft, note: str) -> Version:
    """Publishes a draft and ends it."""
    version = publish(actor=actor, files=draft.files, note=note, base=draft.base.number)
    draft.delete()
    return version
