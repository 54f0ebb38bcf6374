"""What a respondent sent is kept: page by page, and once when it is finished, whoever else has the link open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.following import follow, invitations_changed
from keepwell.apps.surveys.models import Invitation, Response, ResponseStatus
from keepwell.apps.surveys.respondents.finding import opened
from keepwell.apps.surveys.respondents.pages import Place, place_at
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.flow import Step, next_step


def response_of(invitation: Invitation) -> Response | None:
    return Response.objects.filter(invitation=invitation).first()


@transaction.atomic
def keep(token: str, first: str | None, answers: Mapping[str, Any], language: str) -> Step | None:
    """Keeps a page that was read; the last one finishes the response and spends the link.

    Returns what comes next. None where the link was spent or closed meanwhile: of two at once the first counts.
    """
    invitation = opened(token, held=True)
    if invitation is None:
        return None
    now = timezone.now()
    response = response_of(invitation) or _begun(invitation, now)
    survey = definition(invitation.survey, invitation.version)
    place = place_at(survey, response.answers, first)
    step = next_step(survey, {**place.answers, **_of_page(place, answers)})
    response.answers = dict(step.answers) if step.finished else _all_kept(response.answers, step.answers, survey)
    response.language, response.touched_at = language, now
    if step.finished:
        _finish(invitation, response, now)
    elif response.status == ResponseStatus.PARTIAL:  # it counts already, and goes on to
        response.answered_at = response.recorded_at = now
        follow([response], quietly=True)
    response.save()
    return step


def _of_page(place: Place, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {one.name: answers[one.name] for one in place.step.questions if one.name in answers}


def _all_kept(before: Mapping[str, Any], now: Mapping[str, Any], survey: Survey) -> dict[str, Any]:
    """Whoever goes back finds later answers again; only those on the way count in the end."""
    together = {**before, **now}
    return {name: together[name] for name in survey.question_names if name in together}


def _begun(invitation: Invitation, now: datetime) -> Response:
    if invitation.opened_at is None:
        invitation.opened_at = now
        invitation.save(update_fields=["opened_at"])
    return Response(
        survey=invitation.survey, version=invitation.version, invitation=invitation, account_id=invitation.account_id,
        person_id=invitation.person_id, channel=invitation.channel, asked_at=invitation.asked_at, started_at=now,
        touched_at=now, language=invitation.language or "en",
    )  # fmt: skip


def _finish(invitation: Invitation, response: Response, now: datetime) -> None:
    invitation.finished_at = now
    invitation.save(update_fields=["finished_at"])
    response.status = ResponseStatus.FINISHED
    response.answered_at = response.recorded_at = now
    response.save()
    follow([response])
    invitations_changed([invitation])
