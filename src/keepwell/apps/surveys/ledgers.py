"""Answers and invitations as tables that datasets may name, so that they are metrics like any other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

import pyarrow as pa

from keepwell.apps.customers.models import Person
from keepwell.apps.health.ledgers import register_ledger
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.following import INVITATIONS, RESPONSES
from keepwell.apps.surveys.models import Invitation, Response
from keepwell.engine.surveys import facts

_TIME = pa.timestamp("us", "UTC")
_INVITATIONS = pa.schema(
    [
        ("invitation_id", pa.string()),
        ("survey", pa.string()),
        ("version", pa.string()),
        ("account_id", pa.string()),
        ("person_id", pa.string()),
        ("channel", pa.string()),
        ("language", pa.string()),
        ("asked_at", _TIME),
        ("recorded_at", _TIME),
        ("sent_at", _TIME),
        ("answered_at", _TIME),
        ("reminded", pa.int64()),
        ("bounced", pa.bool_()),
    ]
)

DATASETS = f"""datasets:
  responses:
    {{title: Answers to surveys, table: {RESPONSES}, key: subject, changed_at: occurred_at, account: account_id,
     occurred_at: occurred_at, recorded_at: recorded_at}}
  invitations:
    {{title: Invitations to surveys, table: {INVITATIONS}, key: invitation_id, changed_at: recorded_at,
     account: account_id, occurred_at: asked_at, recorded_at: recorded_at}}
"""
"""Both as definitions, for projects that count what customers say."""


def register() -> None:
    register_ledger(RESPONSES, responses)
    register_ledger(INVITATIONS, invitations)


def responses(accounts: Collection[str] | None) -> pa.Table:
    """A row for each part of each answer that counts; words of their own are no part of it."""
    found = (
        Response.objects.filter(answered_at__isnull=False).order_by("survey", "version", "key").select_related("person")
    )
    if accounts is not None:
        found = found.filter(account_id__in=accounts)
    tables = list(_by_version(found.iterator()))
    return pa.concat_tables(tables) if tables else facts.RESPONSES.empty_table()


def _by_version(found: Iterator[Response]) -> Iterator[pa.Table]:
    for (survey, version), ones in groupby(found, lambda one: (one.survey, one.version)):
        yield facts.rows(survey, version, definition(survey, version), (as_fact(one) for one in ones))


def as_fact(response: Response) -> facts.Response:
    """A response as the engine reads it."""
    assert response.answered_at is not None
    return facts.Response(
        id=response.key, answers=response.answers, answered_at=response.answered_at,
        recorded_at=response.recorded_at or response.answered_at, account=response.account_id,
        person=_key_of(response.person), language=response.language,
        channel=response.channel, asked_at=response.asked_at,
    )  # fmt: skip


def _key_of(person: Person | None) -> str | None:
    """Entries that were merged are one person."""
    return str(person.merged_into_id or person.pk) if person is not None else None


def invitations(accounts: Collection[str] | None) -> pa.Table:
    """A row for everybody who was asked, as it stands now."""
    found = (
        Invitation.objects.exclude(channel="anonymous_link")
        .filter(withdrawn_at=None)
        .order_by("pk")
        .select_related("person")
    )
    if accounts is not None:
        found = found.filter(account_id__in=accounts)
    rows = [_invitation(one) for one in found.iterator()]
    return pa.Table.from_pylist(rows, schema=_INVITATIONS)


def _invitation(one: Invitation) -> dict[str, object]:
    moments = [one.asked_at, one.sent_at, one.finished_at, one.bounced_at, *one.reminded_at]
    return {
        "invitation_id": one.key.hex, "survey": one.survey, "version": one.version, "account_id": one.account_id,
        "person_id": _key_of(one.person), "channel": one.channel, "language": one.language,
        "asked_at": one.asked_at, "recorded_at": max(moment for moment in moments if moment is not None),
        "sent_at": one.sent_at, "answered_at": one.finished_at, "reminded": len(one.reminded_at),
        "bounced": one.bounced_at is not None,
    }  # fmt: skip
