"""The letter of one recipient, made when it leaves: what they may see at that moment, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.customers.queries import visible
from keepwell.apps.dashboards.addresses import asked_in
from keepwell.apps.dashboards.catalogue import Shown, dashboard_for
from keepwell.apps.dashboards.files import as_csv
from keepwell.apps.dashboards.printing.printing import pdf_of
from keepwell.apps.dashboards.printing.still import Still, still_of
from keepwell.apps.dashboards.sending.models import MailedDashboard, MailState
from keepwell.apps.dashboards.sending.queueing import COMPOSER
from keepwell.apps.dashboards.sending.telling import tell_not_sent
from keepwell.apps.dashboards.sending.wording import html_of, subject_of, text_of
from keepwell.apps.notices.composing import Attachment, Composer, Letter, register_composer

_LOG = logging.getLogger("keepwell.dashboards")
NOT_THERE = "they may not open this dashboard any more, or it is not there any more"
NO_ACCOUNT = "they see no account at all"
LEFT = "they do not work here any more"
FAULT = "making the letter met a fault of Keepwell, which was written to the log"
_HEADERS = {"Auto-Submitted": "auto-generated"}


def register() -> None:
    """Called when the application starts."""
    register_composer(COMPOSER, Composer(compose, sent, refused, given_up))


@dataclass(frozen=True)
class _Nothing(Exception):
    """There is nothing that they may get; `why` is for whoever set it up."""

    why: str


def compose(about: str) -> Letter | None:
    """None where nothing is left that they may see: then the one who set it up is told."""
    rows = MailedDashboard.objects.select_related("schedule__owner", "user")
    letter = rows.filter(pk=about, schedule__ended_at=None).first()
    if letter is None:
        return None
    try:
        return _letter(letter)
    except _Nothing as nothing:
        _ended(letter, MailState.NOTHING, nothing.why)
    except Exception:
        _LOG.exception("dashboard %s by mail to %s", letter.schedule.key, letter.user_id)
        _ended(letter, MailState.FAILED, FAULT)
    return None


def _letter(letter: MailedDashboard) -> Letter:
    schedule, user = letter.schedule, letter.user
    actor = Person(user, origin="letter")
    shown = _shown(actor, schedule.key)
    still = still_of(actor, shown, asked_in(QueryDict(schedule.query)))
    files = tuple(_files(letter, still))
    return Letter(user.email, subject_of(still), text_of(schedule, still), html_of(schedule, still), _HEADERS, files)


def _shown(actor: Person, key: str) -> Shown:
    if not actor.user.is_active:
        raise _Nothing(LEFT)
    try:
        found = dashboard_for(actor, key)
    except (NotVisible, Forbidden):
        raise _Nothing(NOT_THERE) from None
    if not visible(actor).exists():
        raise _Nothing(NO_ACCOUNT)
    return found


def _files(letter: MailedDashboard, still: Still) -> Iterator[Attachment]:
    if letter.schedule.with_csv:
        for one in still.widgets:
            if one.result.problem is None and not one.result.is_empty:
                yield Attachment(f"{one.name}.csv", as_csv(one.result).encode(), "text/csv")
    if letter.schedule.with_pdf:
        yield Attachment(f"{still.shown.key}.pdf", pdf_of(still), "application/pdf")


@transaction.atomic
def _ended(letter: MailedDashboard, state: MailState, why: str) -> None:
    rows = MailedDashboard.objects.filter(pk=letter.pk, state=MailState.WAITING)
    if rows.update(state=state, why=why[:300], ended_at=timezone.now()):
        tell_not_sent(letter, why)


def sent(about: str, at: datetime) -> None:
    """The mail server has taken it."""
    MailedDashboard.objects.filter(pk=about).update(state=MailState.SENT, why="", ended_at=at)


def refused(about: str, to: str, words: str) -> None:
    """The server will never take it for this address."""
    _failed(about, f"the letter came back: {words}")


def given_up(about: str, words: str) -> None:
    """It is tried no more."""
    _failed(about, f"the letter was given up: {words}")


def _failed(about: str, why: str) -> None:
    letter = MailedDashboard.objects.select_related("schedule__owner", "user").filter(pk=about).first()
    if letter is not None:
        _ended(letter, MailState.FAILED, why)
