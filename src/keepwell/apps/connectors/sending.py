"""Carries out a sending: what changed since it was last taken, part by part; each part is noted once it was taken."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from keepwell.apps.connectors.models import Sending, SentRow, Status
from keepwell.apps.connectors.place import door, folders
from keepwell.apps.connectors.pulling import TryLater
from keepwell.apps.connectors.queries import settings_of
from keepwell.apps.connectors.scores import digest_of, rows_of
from keepwell.apps.connectors.secrets import opened
from keepwell.apps.connectors.telling import tell_of_sending
from keepwell.connect.failing import in_our_words
from keepwell.connect.spec import Settings
from keepwell.connect.writing.field import RECORD_ID
from keepwell.connect.writing.target import Delivery, Target, target_of
from keepwell.errors import InputError

log = logging.getLogger("keepwell.connectors")
_ATTEMPTS = 3
_REFUSALS_KEPT = 1000
Rows = list[dict[str, Any]]


def carry_out(sending: Sending) -> None:
    """Once, however often it is called. Raises TryLater for what passes while attempts are left."""
    if sending.status in (Status.DONE, Status.FAILED):
        return
    sending.status, sending.attempt = Status.RUNNING, sending.attempt + 1
    sending.started_at = sending.started_at or timezone.now()
    sending.save(update_fields=["status", "attempt", "started_at"])
    try:
        _send(sending)
    except InputError as refused:
        if getattr(refused, "passing", False) and sending.attempt < _ATTEMPTS:
            Sending.objects.filter(pk=sending.pk).update(status=Status.WAITING, error=str(refused))
            raise TryLater(str(refused)) from None
        with transaction.atomic():
            _ended(sending, Status.FAILED, str(refused))
            tell_of_sending(sending.export, sending)
        log.warning("write-back %s: sending %s failed: %s", sending.export.name, sending.pk, refused)
    else:
        _ended(sending, Status.DONE, "")


def _ended(sending: Sending, status: Status, error: str) -> None:
    sending.status, sending.error, sending.ended_at = status, error, timezone.now()
    sending.save(update_fields=["status", "error", "ended_at"])


def _send(sending: Sending) -> None:
    export = sending.export
    target = target_of(export.target)
    options = Settings(export.settings, opened(export.secrets))
    connection = settings_of(export.connection) if export.connection else Settings({}, {}, folders())
    secrets = Settings({}, {**connection.secrets, **{f"own {k}": v for k, v in options.secrets.items()}})
    rows, unchanged = _to_send(sending)
    Sending.objects.filter(pk=sending.pk).update(rows_unchanged=unchanged)
    with in_our_words(secrets):
        for number, part in _parts(rows, target):
            delivery = _delivery(sending, number)
            refused = dict(target.write(connection, options, door(), part, delivery))
            _note(sending, part, refused)


def _to_send(sending: Sending) -> tuple[Rows, int]:
    """Rows that this sending is of and that were not taken by it yet, and how many are as they were sent before."""
    export = sending.export
    is_field = export.target == "field"
    rows = rows_of(export.columns, export.settings.get(RECORD_ID, ""), RECORD_ID if is_field else "")
    sent = {one.account_id: one for one in SentRow.objects.filter(export=export)}
    mine = {key for key, one in sent.items() if one.sending_id == sending.pk}
    if sending.everything or not export.only_changes:
        return [row for row in rows if row["id"] not in mine], 0
    news = [row for row in rows if row["id"] not in sent or sent[row["id"]].digest != digest_of(row)]
    return news, len(rows) - len(news) - len(mine)


def _parts(rows: Rows, target: Target) -> Iterator[tuple[str, Rows]]:
    """Parts are named by their first account, so that a part that is sent again has the name it had."""
    rest = iter(rows)
    while part := list(islice(rest, target.SPEC.at_once or len(rows) or 1)):
        yield part[0]["id"], part


def _delivery(sending: Sending, part: str) -> Delivery:
    export = sending.export
    assert sending.started_at is not None
    alone = export.only_changes and not sending.everything
    kind = export.connection.kind if export.connection else ""
    return Delivery(export.name, sending.pk, part, sending.started_at.isoformat(timespec="seconds"), kind, alone)


@transaction.atomic
def _note(sending: Sending, part: Rows, refused: dict[str, str]) -> None:
    taken = [row for row in part if row["id"] not in refused]
    SentRow.objects.bulk_create(
        [SentRow(export=sending.export, account_id=row["id"], digest=digest_of(row), sending=sending) for row in taken],
        update_conflicts=True, unique_fields=["export", "account_id"], update_fields=["digest", "sending"],
    )  # fmt: skip
    kept = [*sending.refused, *({"account": key, "reason": words} for key, words in refused.items())][:_REFUSALS_KEPT]
    sending.refused = kept
    Sending.objects.filter(pk=sending.pk).update(
        rows_sent=F("rows_sent") + len(taken), rows_refused=F("rows_refused") + len(refused), refused=kept
    )
    sending.refresh_from_db(fields=["rows_sent", "rows_refused", "rows_unchanged"])
