"""A send is decided and its invitations are made, in one transaction under one lock: killed anywhere it did not happen,
and two at once ask nobody twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, Person, System
from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.access.models import User
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.surveys.editions import keep_edition, version_in_force
from keepwell.apps.surveys.following import invitations_changed
from keepwell.apps.surveys.models import Invitation, SendStatus, SurveySend
from keepwell.apps.surveys.sending.queueing import ask_to_queue
from keepwell.apps.surveys.tokens import hash_of, token_of
from keepwell.apps.surveys.whom.deciding import channel_of, check_sendable, decide_now
from keepwell.apps.surveys.whom.people import People
from keepwell.definitions.languages import best_language
from keepwell.definitions.project import Project
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.choosing import Decision
from keepwell.engine.surveys.closing import last_day
from keepwell.errors import KeepwellError

_PATIENCE = timedelta(minutes=5)


def carry_out(send_id: int, now: datetime | None = None) -> SurveySend:
    """Decides whom a send asks and invites them. Doing it again changes nothing."""
    try:
        return _invite(send_id, now)
    except KeepwellError as refused:
        failed = SurveySend.objects.filter(pk=send_id, status=SendStatus.WAITING)
        failed.update(status=SendStatus.FAILED, error=str(refused), ended_at=timezone.now())
        return SurveySend.objects.get(pk=send_id)


def turn_to_invite() -> datetime:
    """Waits until nobody else invites, and says when that is by the clock of the database: who was invited before
    was so before this moment, whichever machine did it. Must run inside a transaction."""
    hold(Lock.INVITING)
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def carry_out_left(now: datetime) -> int:
    """Sends whose job is gone, such as one that failed too often. Returns how many."""
    left = SurveySend.objects.filter(status=SendStatus.WAITING, made_at__lt=now - _PATIENCE).order_by("pk")
    found = list(left.values_list("pk", flat=True))
    for pk in found:
        carry_out(pk)
    return len(found)


@transaction.atomic
def _invite(send_id: int, at: datetime | None) -> SurveySend:
    turn = turn_to_invite()
    now = at or turn
    send = SurveySend.objects.select_for_update().get(pk=send_id)
    project = current_project()
    if send.status != SendStatus.WAITING:
        return send
    if project is None or send.survey not in project.surveys:
        return _ended(send, SendStatus.FAILED, "the survey is defined no longer")
    survey = project.surveys[send.survey]
    check_sendable(survey)
    found = decide_now(project, send.survey, now, actor=_actor(send), only=send.accounts)
    send.version = version_in_force(project, send.survey)
    keep_edition(send.survey, send.version, survey)
    rows = list(_rows(project, survey, send, found.asked, found.people, now))
    _insert(rows)
    send.considered, send.planned, send.reasons = len(found.decisions), len(rows), found.reasons
    send.decided_at = now
    invitations_changed(rows)
    if any(one.channel == "email" for one in rows):
        send.status = SendStatus.SENDING
        send.save()
        transaction.on_commit(ask_to_queue, robust=True)
        return send
    return _ended(send, SendStatus.DONE)


def _rows(
    project: Project, survey: Survey, send: SurveySend, asked: Iterable[Decision], people: People, now: datetime
) -> Iterable[Invitation]:
    languages = people.languages
    today = now.astimezone(ZoneInfo(project.settings.time_zone)).date()
    closes = last_day(survey, today)
    for one in asked:
        channel = channel_of(survey, one.person, people)
        said = languages.get(one.person)
        yield new_invitation(
            survey=send.survey, version=send.version, account_id=one.account, person_id=one.person, send=send,
            channel=channel, language=best_language([said], survey.languages) if said else "", asked_at=now,
            closes_on=closes, sent_at=None if channel == "email" else now,
        )  # fmt: skip


def _insert(rows: Iterable[Invitation]) -> None:
    """As PostgreSQL takes many: a hundred thousand rows are seconds this way, and most of a minute by statements."""
    columns = [str(field.column) for field in Invitation._meta.concrete_fields if not field.primary_key]
    into = f"COPY {Invitation._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for one in rows:
            copy.write_row([getattr(one, column) for column in columns])


def new_invitation(**fields: object) -> Invitation:
    """Not saved yet, with a key of its own and the hash of its token."""
    key = uuid4()
    return Invitation(key=key, token_hash=hash_of(token_of(key)), **fields)


def _actor(send: SurveySend) -> Actor:
    user = User.objects.filter(pk=send.user_id).first() if send.user_id else None
    return Person(user, origin="job") if user else System("surveys")


def _ended(send: SurveySend, status: SendStatus, error: str = "") -> SurveySend:
    send.status, send.error, send.ended_at = status, error, timezone.now()
    send.save()
    return send
