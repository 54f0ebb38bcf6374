"""What people say about a call, who watches it, and what is attached to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, Forbidden, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.models import Attachment, CallToAction, Comment, Watcher
from keepwell.apps.cockpit.owners import sees
from keepwell.apps.cockpit.queries import CALL, attachment_for, call_for, held_call, task_for
from keepwell.apps.cockpit.telling import tell, tell_about
from keepwell.apps.timeline.mentions import mentioned
from keepwell.errors import FieldRefused

LONGEST_COMMENT = 10_000
LARGEST_FILE = 5_000_000
MOST_FILES = 50


@transaction.atomic
def comment(*, actor: Actor, call_id: int, text: str) -> Comment:
    """Everybody who is named with an @ hears of it, and the owner and watchers do."""
    require(actor, Permission.WRITE)
    call = call_for(actor, call_id)
    if not text.strip() or len(text) > LONGEST_COMMENT:
        raise FieldRefused("text", f"write 1 to {LONGEST_COMMENT:,} characters")
    made = Comment.objects.create(call=call, author_user=actor.user, author=actor.name, text=text.strip(),
                                  written_at=timezone.now())  # fmt: skip
    record(actor, "commented", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id)
    named = mentioned(text)
    for user in named:
        tell(user, call, actor, f"{actor.name} mentioned you: {call.title}", f"comment:{made.pk}")
    tell_about(call, actor, f"{actor.name} commented", f"comment:{made.pk}")
    return made


@transaction.atomic
def watch(*, actor: Actor, call_id: int, user_id: int | None = None) -> Watcher:
    """Oneself, or a colleague of any team who sees the account."""
    require(actor, Permission.VIEW if user_id in (None, actor.user and actor.user.pk) else Permission.WRITE)
    call = call_for(actor, call_id)
    user = actor.user if user_id is None else User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise FieldRefused("user", "choose somebody who signs in here")
    if not sees(user, call.account):
        raise FieldRefused("user", f"{user} does not see {call.account.name}; an admin can change what they see")
    made, is_new = Watcher.objects.get_or_create(call=call, user=user, defaults={"added_by": actor.name})
    if is_new:
        record(actor, "added watcher", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id,
               after={"watcher": user.name})  # fmt: skip
        tell(user, call, actor, f"{actor.name} asks you to watch, for {call.account.name}: {call.title}", "watch")
    return made


@transaction.atomic
def unwatch(*, actor: Actor, call_id: int, user_id: int | None = None) -> None:
    """Oneself, or somebody else by those who may change the call."""
    require(actor, Permission.VIEW if user_id in (None, actor.user and actor.user.pk) else Permission.WRITE)
    call = call_for(actor, call_id)
    whose = user_id or (actor.user.pk if actor.user else 0)
    found = Watcher.objects.filter(call=call, user_id=whose).first()
    if found is not None:
        record(actor, "removed watcher", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id,
               before={"watcher": found.user.name})  # fmt: skip
        found.delete()


@transaction.atomic
def attach_link(*, actor: Actor, call_id: int, url: str, name: str = "", task_id: int | None = None) -> Attachment:
    """An address of the web."""
    require(actor, Permission.WRITE)
    call = _room(actor, call_id)
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 1000:
        raise FieldRefused("url", "give a web address that begins with https://")
    return _attach(actor, call, task_id, name=name.strip() or url.strip(), url=url.strip())


@transaction.atomic
def attach_file(
    *, actor: Actor, call_id: int, name: str, content: bytes, task_id: int | None = None
) -> Attachment:  # fmt: skip
    """A file of at most 5 MB; it is only ever handed out to be saved, never shown as a page."""
    require(actor, Permission.WRITE)
    call = _room(actor, call_id)
    if not 0 < len(content) <= LARGEST_FILE:
        raise FieldRefused("file", f"the file has {len(content):,} bytes; 1 to {LARGEST_FILE:,} are kept")
    return _attach(actor, call, task_id, name=name.strip() or "file", content=content, size=len(content))


@transaction.atomic
def detach(*, actor: Actor, attachment_id: int) -> None:
    """By who attached it, and by those who administer."""
    found = attachment_for(actor, attachment_id)
    require(actor, Permission.WRITE)
    if found.added_by != actor.name and not actor.may(Permission.ADMINISTER):
        raise Forbidden(f"{actor.name} may not remove what {found.added_by} attached; ask them or an admin")
    record(actor, "detached", kind=CALL, of=found.call_id, name=found.call.title, account_id=found.call.account_id,
           before={"attachment": found.name})  # fmt: skip
    found.delete()


def _room(actor: Actor, call_id: int) -> CallToAction:
    call = held_call(actor, call_id)
    if call.attachments.count() >= MOST_FILES:
        raise FieldRefused("file", f"a call keeps at most {MOST_FILES} attachments; remove one first")
    return call


def _attach(actor: Actor, call: CallToAction, task_id: int | None, *, name: str, **content: object) -> Attachment:
    task = task_for(actor, task_id) if task_id else None
    if task is not None and task.call_id != call.pk:
        raise FieldRefused("task", "this is a task of another call")
    made = Attachment.objects.create(call=call, task=task, name=name[:200], added_at=timezone.now(),
                                     added_by=actor.name, **content)  # fmt: skip
    record(actor, "attached", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id,
           after={"attachment": made.name})  # fmt: skip
    return made
