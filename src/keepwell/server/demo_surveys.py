"""The demo's customers answered a survey: what the simulation says of it, as if Keepwell had asked."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any
from zlib import crc32

import pyarrow.parquet as pq
from django.db import transaction

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.editions import in_force, keep_edition
from keepwell.apps.surveys.models import Invitation, Response, ResponseStatus

SURVEY = "nps"
_REASONS = ("features", "reliability", "support", "price", "other")


@transaction.atomic
def answer_surveys(folder: Path) -> None:
    """Made once, found again after that."""
    if Response.objects.exists():
        return
    try:
        survey, version = in_force(SURVEY)
    except NotVisible:  # somebody took the survey out of the definitions before the first start
        return
    keep_edition(SURVEY, version, survey)
    known = set(Account.objects.values_list("pk", flat=True))
    rows = [row for row in pq.read_table(folder / "responses.parquet").to_pylist() if row["account_id"] in known]
    invited = Invitation.objects.bulk_create([_invitation(row, version) for row in rows], batch_size=1000)
    Response.objects.bulk_create(
        [_response(row, version, one) for row, one in zip(rows, invited, strict=True)], batch_size=1000
    )
    silent = [row for row in rows for _ in range(1 + (crc32(row["response_id"].encode()) % 100 < 78))]
    Invitation.objects.bulk_create(
        [_invitation(row, version, silent=str(place)) for place, row in enumerate(silent)], batch_size=1000
    )


def _invitation(row: dict[str, Any], version: str, silent: str = "") -> Invitation:
    asked, answered = row["asked_at"].replace(tzinfo=UTC), row["responded_at"].replace(tzinfo=UTC)
    return Invitation(
        survey=SURVEY, version=version, token_hash=f"demo {row['response_id']} {silent}", account_id=row["account_id"],
        channel="email", language=_language(row), asked_at=asked, queued_at=asked, sent_at=asked,
        finished_at=None if silent else answered,
    )  # fmt: skip


def _response(row: dict[str, Any], version: str, invitation: Invitation) -> Response:
    at = row["responded_at"].replace(tzinfo=UTC)
    answers: dict[str, Any] = {"recommend": float(row["score"])}
    if row["score"] <= 8:
        answers["missing"] = _reason(row)
    if row["comment"]:
        answers["comment"] = row["comment"].capitalize() + "."
    return Response(
        key=row["response_id"], survey=SURVEY, version=version, invitation=invitation, account_id=row["account_id"],
        language=_language(row), channel="email", status=ResponseStatus.FINISHED, answers=answers,
        asked_at=invitation.asked_at, started_at=at, touched_at=at, answered_at=at, recorded_at=at,
    )  # fmt: skip


def _language(row: dict[str, Any]) -> str:
    return "de" if crc32(row["account_id"].encode()) % 5 == 0 else "en"


def _reason(row: dict[str, Any]) -> str:
    """What they wrote says it, else chance: the worse the answer, the more often it is reliability."""
    comment = row["comment"] or ""
    if "report" in comment:
        return "features"
    if "slow" in comment or "edges" in comment:
        return "reliability"
    if "support" in comment:
        return "support"
    drawn = crc32(row["response_id"].encode()) % 10
    return "reliability" if drawn < 6 - row["score"] // 2 else _REASONS[drawn % len(_REASONS)]
