"""Results over the API: the figures of the pages, responses, files, and imports."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.queries import visible
from keepwell.apps.rest.authentication import BULK, VIEW, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id
from keepwell.apps.surveys.importing import operations
from keepwell.apps.surveys.importing.models import SurveyImport
from keepwell.apps.surveys.models import Response
from keepwell.apps.surveys.results import schemas as s
from keepwell.apps.surveys.results.asking import read_asked, today_in
from keepwell.apps.surveys.results.comparing import compared
from keepwell.apps.surveys.results.counting import Chosen, Rate, chosen, results_of
from keepwell.apps.surveys.results.exporting import TABLES
from keepwell.apps.surveys.results.noting import note_export
from keepwell.apps.surveys.results.reading import subject_of
from keepwell.apps.surveys.results.responses import response_for
from keepwell.apps.surveys.results.surveys import rows_of
from keepwell.engine.surveys.intervals import Estimate
from keepwell.errors import FieldRefused

router = Router(tags=["Surveys"])
Asked = Annotated[s.ResultQuery, Query()]


@router.get("/surveys", response=list[s.SurveyOut], summary="Surveys")
def list_surveys(request: HttpRequest) -> list[dict[str, Any]]:
    """Each with its figures of the last year, of accounts that you see."""
    return [
        {"name": one.name, "title": one.title, "status": one.status, "answers": one.answers,
         "score": s.estimate(one.score), "response_rate": _rate(one.rate), "last_answer": one.last}
        for one in rows_of(actor_of(request))
    ]  # fmt: skip


@router.get("/surveys/{str:survey}/results", response=s.ResultsOut, summary="Results of a survey")
def survey_results(request: HttpRequest, survey: str, asked: Asked) -> dict[str, Any]:
    """What the page of results shows."""
    found = _chosen(request, survey)
    results = results_of(found)
    scored = results.scored
    return {
        "survey": survey, "first": found.asked.first, "last": found.asked.last, "answers": len(found.answered),
        "question": found.asked.question, "score": s.estimate(scored.score) if scored else None,
        "mean": s.estimate(scored.mean) if scored else None,
        "counts": {str(answer): count for answer, count in scored.counts.items()} if scored else {},
        "response_rate": _rate(found.rate),
        "trend": [{"starts_on": one.starts_on, "score": s.estimate(one.score), "whole": one.whole}
                  for one in results.trend],
        "segments": [{"name": one.name, "score": s.estimate(one.score), "against_rest": s.estimate(one.against_rest)}
                     for one in compared(found)],
        "drivers": [asdict(one) for one in results.drivers],
        "questions": {one.name: {"kind": one.kind, **_plain(summary)} for one, summary in results.questions},
    }  # fmt: skip


@router.get("/surveys/{str:survey}/responses", response=Page[s.ResponseOut], summary="Responses to a survey")
def list_responses(request: HttpRequest, survey: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Of accounts that you see, newest first. Those of nobody's account are for who sees every account."""
    subject_of(survey)
    actor = actor_of(request)
    rows = Response.objects.filter(survey=survey).exclude(answered_at=None)
    if actor.user.reach != Reach.ALL:
        rows = rows.filter(account__in=visible(actor))
    found = page(rows, ["-answered_at", "-pk"], cursor, limit)
    return {**found, "items": [_response(one) for one in found["items"]]}


@router.get("/surveys/{str:survey}/responses/{str:key}", response=s.ResponseOut, summary="One response")
def get_response(request: HttpRequest, survey: str, key: str) -> dict[str, Any]:
    """Every answer of one person, with the questions as they were asked."""
    return _response(response_for(actor_of(request), survey, key))


@router.get("/surveys/{str:survey}/export", auth=VIEW, summary="Answers as a file")
def export_survey(request: HttpRequest, survey: str, asked: Asked, table: str = "answers") -> StreamingHttpResponse:
    """CSV. `table`: answers, or trend, distribution or segments as their charts show them."""
    if table not in TABLES:
        raise FieldRefused("query.table", f"there is no table '{table[:40]}': choose {', '.join(TABLES)}")
    found = _chosen(request, survey)
    note_export(actor=actor_of(request), survey=survey, table=table, query=found.asked.address())
    return StreamingHttpResponse(TABLES[table](found), content_type="text/csv; charset=utf-8")


@router.post("/surveys/{str:survey}/imports", response={201: s.ImportOut}, auth=BULK, summary="Import results")
def import_results(request: HttpRequest, survey: str, sent: s.ImportIn) -> Status[dict[str, Any]]:
    """Looks at a file and, with `take`, takes it: nothing half, and nothing twice."""
    actor = actor_of(request)
    with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as held:
        held.write(sent.csv)
        held.flush()
        one = operations.bring(actor=actor, survey=survey, file_name=sent.file_name, path=Path(held.name),
                               columns=sent.columns)  # fmt: skip
    checked = operations.checked(actor=actor, one=one)
    if sent.take:
        one = operations.take(actor=actor, one=one, mode=sent.take, told=sent.told)
    counts = {"rows": checked.rows, "new": len(checked.fresh), "there": checked.there,
              "rejected": len(checked.rejected)}  # fmt: skip
    rejected = [{"row": row.row, "reasons": list(row.reasons)} for row in checked.rejected[:100]]
    return Status(201, {**_import(one), **counts, "rejected_rows": rejected})


@router.get("/surveys/{str:survey}/imports", response=Page[s.ImportOut], auth=BULK, summary="Imports of results")
def list_survey_imports(request: HttpRequest, survey: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Newest first."""
    subject_of(survey)
    found = page(SurveyImport.objects.filter(survey=survey), ["-pk"], cursor, limit)
    return {**found, "items": [_import(one) for one in found["items"]]}


@router.post("/surveys/{str:survey}/imports/{int:import_id}/undo", response=Done, auth=BULK, summary="Undo an import")
def undo_survey_import(request: HttpRequest, survey: str, import_id: Id) -> dict[str, int]:
    """Its answers go; `changed` says how many."""
    actor = actor_of(request)
    return {"changed": operations.undo(actor=actor, one=operations.import_for(actor, survey, import_id))}


def _chosen(request: HttpRequest, survey: str) -> Chosen:
    subject = subject_of(survey)
    found = chosen(actor_of(request), subject, read_asked(request.GET, subject, today_in(subject)))
    for field, problem in found.wrong.items():
        raise FieldRefused(f"query.{field}", problem)
    return found


def _rate(rate: Rate) -> dict[str, Any]:
    return {"asked": rate.asked, "answered": rate.answered, "rate": s.estimate(rate.rate)}


def _plain(summary: Any) -> dict[str, Any]:
    """A summary as JSON can say it: keys are texts."""
    if isinstance(summary, Estimate) or not hasattr(summary, "__dataclass_fields__"):
        return {"value": summary}
    return {str(key): _keyed(value) for key, value in asdict(summary).items()}


def _keyed(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _keyed(one) for key, one in value.items()}
    return [_keyed(one) for one in value] if isinstance(value, list | tuple) else value


def _response(one: Response) -> dict[str, Any]:
    return {
        "response_id": one.key, "account_id": one.account_id,
        "person_id": str(one.person_id) if one.person_id else None, "answered_at": one.answered_at,
        "asked_at": one.asked_at, "language": one.language, "channel": one.channel, "version": one.version,
        "finished": one.status == "finished", "answers": one.answers,
    }  # fmt: skip


def _import(one: SurveyImport) -> dict[str, Any]:
    counts = {name: one.counts.get(name, 0) for name in ("rows", "new", "there", "rejected")}
    return {"id": one.pk, "status": one.status, "columns": one.columns, **counts, "rejected_rows": []}
