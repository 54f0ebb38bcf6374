"""Writes: entries, their drafts and their edits, letters that become entries, types of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, Forbidden, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for
from keepwell.apps.timeline.content import Content, put, said
from keepwell.apps.timeline.letters import read_letter
from keepwell.apps.timeline.mentions import tell_mentioned
from keepwell.apps.timeline.models import EntryType, Revision, TimelineEntry
from keepwell.apps.timeline.queries import entry_for, may_edit
from keepwell.apps.timeline.types import FIELD_KINDS
from keepwell.errors import RequestRefused


@transaction.atomic
def write_entry(
    *, actor: Actor, account_id: str, content: Content, draft_id: int | None = None, key: str | None = None
) -> TimelineEntry:
    """An entry on an account; a draft of the actor's becomes it. Raises NotVisible, Forbidden, RequestRefused."""
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    entry = _draft(actor, account_id, draft_id) or _new(actor, account)
    put(content, entry)
    _check_unit(account, entry)
    entry.is_draft, entry.key = False, key or entry.key
    entry.save()
    tell_mentioned(entry, actor)
    record(actor, "wrote", kind="timeline", of=entry.pk, name=entry.title, account_id=account_id)
    return entry


@transaction.atomic
def save_draft(*, actor: Actor, account_id: str, content: Content, draft_id: int | None = None) -> TimelineEntry:
    """Keeps what is being written; nobody else sees it, and nothing but the title is asked of it."""
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    entry = _draft(actor, account_id, draft_id) or _new(actor, account)
    put(content, entry)
    _check_unit(account, entry)
    entry.is_draft = True
    entry.save()
    return entry


@transaction.atomic
def discard_draft(*, actor: Actor, entry_id: int) -> None:
    """Only drafts go; what was published stays."""
    entry = entry_for(actor, entry_id)
    require(actor, Permission.WRITE)
    if not entry.is_draft:
        raise Forbidden("what was published stays on the timeline; edit it instead")
    entry.delete()


@transaction.atomic
def edit_entry(*, actor: Actor, entry_id: int, content: Content) -> TimelineEntry:
    """Changes an entry and keeps what it said before. Its author may, and who administers."""
    seen = entry_for(actor, entry_id)
    require(actor, Permission.WRITE)
    if not may_edit(actor, seen):
        raise Forbidden(f"{actor.name} may not edit what {seen.author} wrote; only its author and admins may")
    entry = TimelineEntry.objects.select_for_update().get(pk=seen.pk)
    before = said(entry)
    put(content, entry)
    _check_unit(entry.account, entry)
    after = said(entry)
    if after != before:
        Revision.objects.create(entry=entry, content=before, replaced_by=actor.name)
        entry.save()
        tell_mentioned(entry, actor)
        record(actor, "edited", kind="timeline", of=entry.pk, name=entry.title, account_id=entry.account_id,
               before=before, after=after)  # fmt: skip
    return entry


@transaction.atomic
def add_letter(*, actor: Actor, account_id: str, raw: bytes) -> TimelineEntry:
    """An e-mail file becomes an entry, the same letter once an account. Raises RequestRefused."""
    account_for(actor, account_id)
    letter = read_letter(raw)
    key = f"mail:{account_id}:{letter.id}"[:200] if letter.id else None
    if key and TimelineEntry.objects.filter(key=key).exists():
        raise RequestRefused(f"this letter, '{letter.content.title}', is on the timeline already")
    return write_entry(actor=actor, account_id=account_id, content=letter.content, key=key)


@transaction.atomic
def add_type(*, actor: Actor, title: str, fields: Sequence[dict[str, Any]]) -> EntryType:
    """A type of one's own with own fields: {name, title, kind, choices}."""
    require(actor, Permission.CONFIGURE)
    name = "_".join("".join(c if c.isalnum() else " " for c in title.lower()).split())[:40]
    if not name:
        raise RequestRefused("give the type a title with a letter or digit in it")
    if EntryType.objects.filter(name=name).exists():
        raise RequestRefused(f"there is a type '{name}' already; choose another title")
    for one in fields:
        if one["kind"] not in FIELD_KINDS:
            raise RequestRefused(f"'{one['kind']}' is no kind of field; there are: {', '.join(FIELD_KINDS)}")
        if one["kind"] == "choice" and not one.get("choices"):
            raise RequestRefused(f"the field '{one['title']}' is a choice: name what there is to choose")
    kind = EntryType.objects.create(name=name, title=title.strip()[:60], fields=list(fields))
    record(actor, "added", kind="entry type", of=kind.pk, name=title, after={"fields": kind.fields})
    return kind


@transaction.atomic
def retire_type(*, actor: Actor, name: str) -> None:
    """No new entries of it; those there are stay. Types that came with Keepwell cannot go."""
    require(actor, Permission.CONFIGURE)
    kind = EntryType.objects.filter(name=name, own=True).first()
    if kind is None:
        raise NotVisible
    kind.is_active = False
    kind.save()
    record(actor, "retired", kind="entry type", of=kind.pk, name=kind.title)


def _new(actor: Actor, account: Account) -> TimelineEntry:
    return TimelineEntry(account=account, author_user=actor.user, author=actor.name, origin=actor.origin)


def _draft(actor: Actor, account_id: str, draft_id: int | None) -> TimelineEntry | None:
    """The actor's own draft; None where it is none of theirs or was published meanwhile."""
    if draft_id is None or actor.user is None:
        return None
    found = TimelineEntry.objects.select_for_update().filter(pk=draft_id, account_id=account_id)
    return found.filter(is_draft=True, author_user=actor.user).first()


def _check_unit(account: Account, entry: TimelineEntry) -> None:
    if entry.relationship_id and not account.relationships.filter(pk=entry.relationship_id).exists():
        raise RequestRefused(f"{account.name} has no unit '{entry.relationship_id}'")
