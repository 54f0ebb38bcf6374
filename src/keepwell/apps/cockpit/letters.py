"""The e-mail of a task, with its fields filled for one person at the customer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from keepwell.apps.access.models import User
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.rules.standing.one import values_of
from keepwell.apps.ui.templatetags.ui import value as shown
from keepwell.definitions.texts import fields_in, fill


@dataclass(frozen=True)
class Letter:
    """`missing`: fields that nothing is known for; they stand in the text as they were written."""

    subject: str
    text: str
    missing: tuple[str, ...]


def contacts_of(account: Account) -> list[Person]:
    """People at the customer who have an address and have not left, sponsors first."""
    people = account.people.filter(left_on=None, merged_into=None, personal__isnull=False).exclude(personal__email="")
    return list(people.select_related("personal").order_by("-is_sponsor", "personal__name", "pk"))


def letter_of(task: Task, contact: Person | None, writer: User | None) -> Letter:
    """The task's template, filled."""
    subject, text = task.email.get("subject", ""), task.email.get("text", "")
    asked = tuple(dict.fromkeys((*fields_in(subject), *fields_in(text))))
    known = _known(task.call, contact, task.call.owner or writer, asked)
    missing = tuple(name for name in asked if not known.get(name))

    def value_of(name: str) -> str:
        return known.get(name) or f"{{{name}}}"

    return Letter(fill(subject, value_of), fill(text, value_of), missing)


def _known(call: CallToAction, contact: Person | None, owner: User | None, asked: Collection[str]) -> dict[str, str]:
    """What records say; the other names that are asked for are those that rules know, as the account is now."""
    account, personal = call.account, getattr(contact, "personal", None)
    named: dict[str, Any] = {
        "stage": account.stage, "account.id": account.pk, "account.name": account.name, "account.arr": account.arr,
        "account.renews_on": account.renews_on, "account.stage": account.stage,
        "call.title": call.title, "call.type": call.get_type_display(), "call.due": call.due_on,
        "owner.name": owner.name if owner else "", "owner.email": owner.email if owner else "",
        "contact.name": personal.name if personal else "", "contact.email": personal.email if personal else "",
    }  # fmt: skip
    others = [name for name in asked if name not in named]
    named = {**{name: account.attributes.get(name) for name in others}, **named, **values_of(account.pk, others)}
    return {name: _words(one) for name, one in named.items()}


def _words(one: Any) -> str:
    if one is None or one == "":
        return ""
    return f"{one:%d %B %Y}" if hasattr(one, "year") else str(shown(one))
