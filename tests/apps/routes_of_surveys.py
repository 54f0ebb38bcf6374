"""Who gets what of surveys: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.operations import start_draft
from keepwell.apps.surveys.importing.models import SurveyImport, SurveyImportStatus
from keepwell.apps.surveys.importing.place import file_of, folder
from keepwell.apps.surveys.models import Edition, Response, ResponseStatus
from tests.apps.deciding import BULK, CONFIGURE, OF_ACCOUNT, SIGNED_IN, R, Stage
from tests.apps.surveys.results.asked import publish_survey

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


def a_defined_survey(stage: Stage) -> str:
    publish_survey()
    return a_survey(stage)


def a_survey_draft(stage: Stage) -> int:
    publish_survey()
    return start_draft(actor=Person(stage.people.admin), name="Surveys tried").pk


def an_import(stage: Stage, status: SurveyImportStatus = SurveyImportStatus.CHECKED) -> int:
    columns = {"account_id": "account_id", "answered_at": "answered_at", "recommend": "recommend"}
    one = SurveyImport.objects.create(survey=a_survey(stage), version="one", file_name="a.csv", columns=columns,
                                      status=status, asked_by="Ari")  # fmt: skip
    folder().mkdir(parents=True, exist_ok=True)
    file_of(one.pk).write_text("account_id,answered_at,recommend\nacme,2026-01-01,9\n", "utf-8")
    return one.pk


def a_taken_import(stage: Stage) -> int:
    return an_import(stage, SurveyImportStatus.DONE)


_IMPORT: dict[str, Any] = {"fill": {"survey": a_survey, "import_id": an_import}}
_TAKEN: dict[str, Any] = {"fill": {"survey": a_survey, "import_id": a_taken_import}}
_DRAFT: dict[str, Any] = {"fill": {"draft_id": a_survey_draft, "survey": "pulse"}}
_CSV = "account_id,answered_at,recommend\nacme,2026-01-01,9\n"
_SURVEY: dict[str, Any] = {"fill": {"survey": a_survey}}

SURVEYS: dict[str, R] = {
    "surveys/": R(SIGNED_IN),
    "surveys/<slug:survey>/": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/comments/": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/responses/": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/responses/<str:key>/": R(OF_ACCOUNT, fill={"survey": a_survey, "key": a_response}),
    "surveys/<slug:survey>/export.csv": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/follow-up/": R(SIGNED_IN, **_SURVEY),
    "surveys/<slug:survey>/measure/": R(SIGNED_IN, CONFIGURE, fill={"survey": a_defined_survey}),
    "surveys/<slug:survey>/import/": R(BULK, BULK, **_SURVEY),
    "surveys/<slug:survey>/import/<int:import_id>/": R(BULK, **_IMPORT),
    "surveys/<slug:survey>/import/<int:import_id>/match/": R(post=BULK, **_IMPORT),
    "surveys/<slug:survey>/import/<int:import_id>/take/": R(post=BULK, **_IMPORT),
    "surveys/<slug:survey>/import/<int:import_id>/undo/": R(post=BULK, **_TAKEN),
    "surveys/<slug:survey>/import/<int:import_id>/discard/": R(post=BULK, **_IMPORT),
    "surveys/<slug:survey>/import/<int:import_id>/rejected.csv": R(BULK, **_IMPORT),
    # builder
    "configure/surveys/": R(CONFIGURE, CONFIGURE),
    "configure/surveys/<int:draft_id>/": R(CONFIGURE, CONFIGURE, fill={"draft_id": a_survey_draft}),
    "configure/surveys/<int:draft_id>/<slug:survey>/": R(CONFIGURE, **_DRAFT),
    "configure/surveys/<int:draft_id>/<slug:survey>/save/": R(post=CONFIGURE, **_DRAFT),
    "configure/surveys/<int:draft_id>/<slug:survey>/yaml/": R(post=CONFIGURE, **_DRAFT),
    "configure/surveys/<int:draft_id>/<slug:survey>/audience/": R(CONFIGURE, **_DRAFT),
    "configure/surveys/<int:draft_id>/<slug:survey>/preview/": R(CONFIGURE, CONFIGURE, **_DRAFT),
    "configure/surveys/<int:draft_id>/<slug:survey>/preview/<str:state>/": R(
        CONFIGURE, CONFIGURE, fill={"draft_id": a_survey_draft, "survey": "pulse", "state": "-"}
    ),
    # API
    "api/v1/surveys": R(SIGNED_IN),
    "api/v1/surveys/<str:survey>/results": R(SIGNED_IN, **_SURVEY),
    "api/v1/surveys/<str:survey>/responses": R(SIGNED_IN, **_SURVEY),
    "api/v1/surveys/<str:survey>/responses/<str:key>": R(OF_ACCOUNT, fill={"survey": a_survey, "key": a_response}),
    "api/v1/surveys/<str:survey>/export": R(SIGNED_IN, **_SURVEY),
    "api/v1/surveys/<str:survey>/imports": R(BULK, BULK, fill={"survey": a_defined_survey}, data={"csv": _CSV}),
    "api/v1/surveys/<str:survey>/imports/<int:import_id>/undo": R(post=BULK, **_TAKEN),
}
