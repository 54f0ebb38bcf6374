"""Alerts: one thing that happened, told to people and to channels. Whoever tells it twice has told it once.

It runs in the transaction of what it tells of: notices, mail and deliveries are there with it or not at all. People are
told only what they may see, each in the way they chose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.notices.channels.enqueuing import enqueue_alert
from keepwell.apps.notices.channels.queries import channels_named
from keepwell.apps.notices.kinds import Way, kind_of
from keepwell.apps.notices.mailing import mail_what_is_due
from keepwell.apps.notices.models import MailedAlert, Notice
from keepwell.apps.notices.preferences import Preferences, preferences_of
from keepwell.apps.notices.registering import seen
from keepwell.apps.notices.timing import goes_out

IN_APP, EMAIL = str(Way.IN_APP), str(Way.EMAIL)
_BATCH = 1000


class Importance(IntEnum):
    """What comes first in a digest."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    URGENT = 3


@dataclass(frozen=True)
class ScoreNow:
    """The score of the account as the alert is told. `change`: in a week. `before`: the label it had, empty where that
    is not known; `why`: one sentence."""

    score: float | None
    label: str
    tone: str = "none"
    change: float | None = None
    before: str = ""
    why: str = ""


@dataclass(frozen=True)
class Alert:
    """`key` names what happened. `title` is one line, `text` what follows; `account` the name, `account_id` the id."""

    key: str
    kind: str
    title: str
    text: str = ""
    link: str = ""
    account_id: str = ""
    account: str = ""
    score: ScoreNow | None = None
    importance: Importance = Importance.NORMAL

    @property
    def facts(self) -> dict[str, Any]:
        return asdict(self.score) if self.score else {}


@dataclass
class Told:
    """Whom an alert reached: people by id, channels by name. `blind`: people who may not see the account."""

    people: list[int] = field(default_factory=list)
    blind: list[int] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)


@transaction.atomic
def alert(
    what: Alert, *, people: Iterable[User] = (), by: Collection[str] = (IN_APP,), channels: Sequence[str] = ()
) -> Told:
    """Tells people who may see the account, and channels by name. `by`: in_app, email; each person's own choice goes
    before it. Raises RequestRefused for a channel that is not there or not active."""
    targets = channels_named(channels)
    asked = {user.pk: user for user in people if user.is_active}
    told = tell([(what, user) for user in asked.values()], by=by)
    for channel in targets:
        enqueue_alert(channel, what)
        told.channels.append(channel.name)
    return told


@transaction.atomic
def tell(pairs: Sequence[tuple[Alert, User]], *, by: Collection[str] = (IN_APP,)) -> Told:
    """Many at once: each alert to its person."""
    people = {user.pk: user for _, user in pairs}
    chosen, sights = preferences_of(list(people.values())), _sights(pairs, people)
    told, notices, mailed = Told(), [], []
    now = timezone.now()
    for what, user in pairs:
        if what.account_id and what.account_id not in sights[user.pk]:
            told.blind.append(user.pk)
            continue
        ways = _ways(what, user, chosen[user.pk], by)
        told.people.append(user.pk)
        if IN_APP in ways:
            notices.append(_notice(what, user))
        if EMAIL in ways:
            mailed.append(_mailed(what, user, now=now, due_at=goes_out(chosen[user.pk].rhythm, now)))
    Notice.objects.bulk_create(notices, batch_size=_BATCH, ignore_conflicts=True)
    MailedAlert.objects.bulk_create(mailed, batch_size=_BATCH, ignore_conflicts=True)
    if at_once := {one.user_id for one in mailed if one.due_at <= now}:
        mail_what_is_due(now, users=at_once)
    return told


def tell_admins(what: Alert) -> None:
    """Everybody who administers."""
    admins = [user for user in User.objects.filter(is_active=True) if user.may(Permission.ADMINISTER)]
    tell([(what, user) for user in admins])


def _sights(pairs: Sequence[tuple[Alert, User]], people: dict[int, User]) -> dict[int, set[str]]:
    asked: dict[int, set[str]] = {pk: set() for pk in people}
    for what, user in pairs:
        asked[user.pk].add(what.account_id)
    return {pk: seen(people[pk], accounts) for pk, accounts in asked.items()}


def _ways(what: Alert, user: User, chosen: Preferences, by: Collection[str]) -> set[str]:
    kind = kind_of(what.kind)
    if kind.admins and not user.may(Permission.ADMINISTER):
        return set()
    meant = {
        Way.OFF: set[str](),
        Way.IN_APP: {IN_APP},
        Way.EMAIL: {IN_APP, EMAIL},
        Way.ASKED: {IN_APP, EMAIL} & set(by),
    }
    return meant[chosen.way(what.kind)]


def _notice(what: Alert, user: User) -> Notice:
    return Notice(
        user=user, key=what.key[:200], kind=what.kind, text=what.title[:300], more=what.text, link=what.link[:300],
        account_id=what.account_id, account=what.account[:200], facts=what.facts, importance=what.importance,
    )  # fmt: skip


def _mailed(what: Alert, user: User, *, now: Any, due_at: Any) -> MailedAlert:
    return MailedAlert(
        user=user, key=what.key[:200], kind=what.kind, subject=what.title[:300], text=what.text, link=what.link[:300],
        account_id=what.account_id, account=what.account[:200], facts=what.facts, importance=what.importance,
        at=now, due_at=due_at,
    )  # fmt: skip
