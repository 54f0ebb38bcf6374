"""The one way in which a response is stored: from pages, from files of other tools, from programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.following import follow
from keepwell.apps.surveys.models import Invitation, Response, ResponseStatus, new_key
from keepwell.engine.surveys.flow import next_step


@transaction.atomic
def answer(
    *,
    survey: str,
    version: str,
    answers: Mapping[str, Any],
    answered_at: datetime,
    key: str | None = None,
    status: ResponseStatus = ResponseStatus.FINISHED,
    account_id: str | None = None,
    person_id: Any = None,
    language: str = "en",
    channel: str = "import",
    source: str = "",
    asked_at: datetime | None = None,
    invitation: Invitation | None = None,
    quietly: bool = False,
) -> Response | None:
    """Stores a response once for its key and invitation, and lets everything follow that hangs on it.

    `answers` are as `engine.surveys.answering.read_answer` gives them; those off the way are left out. None where the
    same was stored before. `quietly`: no rules, nobody is told (answers of long ago); numbers count all the same.
    """
    kept = next_step(definition(survey, version), answers).answers
    now = timezone.now()
    response, is_new = Response.objects.get_or_create(
        key=key or new_key(),
        defaults={
            "survey": survey, "version": version, "invitation": invitation, "account_id": account_id,
            "person_id": person_id, "language": language, "channel": channel, "source": source, "status": status,
            "answers": dict(kept), "asked_at": asked_at, "started_at": answered_at, "touched_at": answered_at,
            "answered_at": answered_at, "recorded_at": now,
        },
    )  # fmt: skip
    if not is_new:
        return None
    follow([response], quietly=quietly)
    return response
