"""Who gets what of surveys: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from keepwell.apps.surveys.models import Edition, Response, ResponseStatus
from tests.apps.deciding import OF_ACCOUNT, SIGNED_IN, R, Stage

_DOCUMENT = {"questions": [{"name": "recommend", "kind": "nps", "text": {"en": "Recommend us?"}}]}


def a_survey(stage: Stage) -> str:
    Edition.objects.get_or_create(survey="pulse", version="one", defaults={"document": _DOCUMENT})
    return "pulse"


def a_response(stage: Stage) -> str:
    now = timezone.now()
    return Response.objects.create(
        survey=a_survey(stage), version="one", account=stage.account, status=ResponseStatus.FINISHED,
        answers={"recommend": 9}, started_at=now, touched_at=now, answered_at=now, recorded_at=now,
    ).key  # fmt: skip


_SURVEY: dict[str, Any] = {"fill": {"survey": a_survey}}

SURVEYS: dict[str, R] = {
    "surveys/": R(SIGNED_IN),
    "surveys/<slug:survey>/": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/comments/": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/responses/": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/responses/<str:key>/": R(OF_ACCOUNT, fill={"survey": a_survey, "key": a_response}),
    "surveys/<slug:survey>/export.csv": R(SIGNED_IN, **_SURVEY),
}
