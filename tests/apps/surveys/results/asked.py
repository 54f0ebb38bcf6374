"""A survey that was published, and answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.surveys.editions import in_force, keep_edition
from keepwell.apps.surveys.models import Invitation, Response, ResponseStatus
from tests.apps.scored import FILES

SURVEYS = """\
surveys:
  pulse:
    title: Relationship NPS
    languages: [en, de]
    questions:
      - {name: recommend, kind: nps, required: true, text: {en: Recommend us?, de: Empfehlen Sie uns?}}
      - {name: ease, kind: ces, text: {en: It was easy., de: Es war leicht.}}
      - name: missing
        kind: single_choice
        show_when: recommend <= 8
        text: {en: What is missing?, de: Was fehlt?}
        choices:
          - {value: speed, text: {en: Speed, de: Tempo}}
          - {value: features, text: {en: Features, de: Funktionen}}
      - name: used
        kind: multiple_choice
        text: {en: What do you use?, de: Was nutzen Sie?}
        choices:
          - {value: api, text: {en: API, de: API}}
          - {value: web, text: {en: The web, de: Das Web}}
      - name: order
        kind: ranking
        text: {en: What matters?, de: Was zählt?}
        choices:
          - {value: price, text: {en: Price, de: Preis}}
          - {value: help, text: {en: Help, de: Hilfe}}
      - name: parts
        kind: matrix
        text: {en: How are our parts?, de: Wie sind die Teile?}
        rows:
          - {value: docs, text: {en: The docs, de: Die Anleitung}}
          - {value: support, text: {en: Support, de: Support}}
        columns:
          - {value: good, text: {en: Good, de: Gut}}
          - {value: poor, text: {en: Poor, de: Schlecht}}
      - {name: details, kind: text, text: {en: Tell us more, de: Erzählen Sie mehr}}
    account_value: {question: recommend, aggregate: nps, within: 365 days}
"""


def publish_survey(text: str = SURVEYS, note: str = "Surveys") -> None:
    publish(actor=System("tests"), files={**FILES, "surveys.yaml": text}, note=note)
    assert current_version() is not None


def answer(account: str | None, number: float | None = None, days_ago: float = 1, **more: Any) -> Response:
    """One response, as it is stored when it is finished; `answers` beside the number, other fields by their names."""
    return answers_of([{"account": account, "recommend": number, "days_ago": days_ago, **more}])[0]


def answers_of(rows: Iterable[Mapping[str, Any]], survey: str = "pulse") -> list[Response]:
    definition, version = in_force(survey)
    keep_edition(survey, version, definition)
    return Response.objects.bulk_create([_response(survey, version, dict(row)) for row in rows])


def _response(survey: str, version: str, row: dict[str, Any]) -> Response:
    at = timezone.now() - timedelta(days=row.pop("days_ago", 1))
    answers = {**({"recommend": row.pop("recommend")} if row.get("recommend") is not None else {})}
    row.pop("recommend", None)
    fields = {name: row.pop(name) for name in ("language", "channel", "key", "source") if name in row}
    person, account = row.pop("person", None), row.pop("account", None)
    return Response(
        survey=survey, version=version, account_id=account, person_id=person, status=ResponseStatus.FINISHED,
        answers={**answers, **row}, started_at=at, touched_at=timezone.now(), answered_at=at, recorded_at=at, **fields,
    )  # fmt: skip


def invite(account: str, number: int, days_ago: float = 2, **more: Any) -> list[Invitation]:
    definition, version = in_force("pulse")
    keep_edition("pulse", version, definition)
    at = timezone.now() - timedelta(days=days_ago)
    start = Invitation.objects.count()
    made = [
        Invitation(survey="pulse", version=version, token_hash=f"hash {start + one}", account_id=account,
                   channel="email", language="en", asked_at=at, sent_at=at, **more)
        for one in range(number)
    ]  # fmt: skip
    return Invitation.objects.bulk_create(made)
