"""The e-mail of a task goes to somebody at the customer, and stands on the timeline."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.letters import contacts_of
from keepwell.apps.cockpit.models import Task
from keepwell.apps.cockpit.operations.changing import open_and_held
from keepwell.apps.cockpit.queries import TASK, task_for
from keepwell.apps.notices.outbox import write_mail
from keepwell.apps.timeline.content import Content
from keepwell.apps.timeline.operations import write_entry
from keepwell.apps.timeline.types import EMAIL
from keepwell.definitions.texts import fields_in
from keepwell.errors import FieldRefused


@transaction.atomic
def send_letter(*, actor: Actor, task_id: int, contact: uuid.UUID | str, subject: str, text: str) -> Task:
    """Through the outbox, once for each time that it is asked for. Fields that are still open are refused."""
    require(actor, Permission.WRITE)
    task = task_for(actor, task_id)
    call = open_and_held(actor, task.call_id)
    person = next((one for one in contacts_of(call.account) if str(one.pk) == str(contact)), None)
    if person is None:
        raise FieldRefused("contact", f"choose somebody at {call.account.name} who has an e-mail address")
    if not subject.strip() or len(subject) > 200 or not text.strip() or len(text) > 50_000:
        raise FieldRefused("text", "a letter has a subject of at most 200 characters and a text")
    if left := [*fields_in(subject), *fields_in(text)]:
        raise FieldRefused("text", f"nothing is known for {', '.join(f'{{{one}}}' for one in left)}; write it out")
    now = timezone.now()
    write_mail(to=[person.personal.email], subject=subject, text=text)
    task.email_sent_at = now
    task.save(update_fields=["email_sent_at", "changed_at"])
    content = Content(type=EMAIL, title=subject.strip(), occurred_at=now, text=text,
                      attendees=[person.personal.name or person.personal.email],
                      relationship_id=call.relationship_id)  # fmt: skip
    write_entry(actor=actor, account_id=call.account_id, content=content,
                key=f"call:{call.pk}:mail:{task.pk}:{now.isoformat()}")  # fmt: skip
    record(actor, "sent e-mail", kind=TASK, of=task.pk, name=task.title, account_id=call.account_id,
           after={"subject": subject, "to": str(person.pk)})  # fmt: skip
    return task
