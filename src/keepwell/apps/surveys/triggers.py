"""What sends a survey by itself: the same moments and schedules that set rules in motion."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import pyarrow as pa
from django.db import transaction

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_number, version
from keepwell.apps.rules.hearing import accounts_meant
from keepwell.apps.rules.occasions import register_hearer
from keepwell.apps.rules.schedules import taken_due
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Response, SurveySend
from keepwell.apps.surveys.operations import carry_out_after_commit
from keepwell.apps.surveys.whom.deciding import BY_PERSON
from keepwell.apps.usage.draining.listening import register_listener
from keepwell.definitions.project import Project
from keepwell.definitions.surveys import Survey
from keepwell.definitions.triggers import Scheduled, kind_of
from keepwell.engine.rules.events import accounts_of_events
from keepwell.engine.rules.telling import trigger_words
from keepwell.engine.surveys.starting import fits, values_of


def register() -> None:
    """Called when the application starts."""
    register_hearer(hear)
    register_listener(hear_events)


def act(now: datetime) -> int:
    """Sends what is due by a schedule. Returns how many sends were begun."""
    project = _sending()
    if project is None:
        return 0
    zone = project.settings.time_zone
    return sum(_act(name, trigger, zone, now) for name, trigger in _scheduled(project))


def _scheduled(project: Project) -> Iterator[tuple[str, Scheduled]]:
    for name, survey in project.surveys_in_order().items():
        if _is_sent(survey):
            yield from ((name, one) for one in survey.on or () if isinstance(one, Scheduled))


@transaction.atomic
def _act(name: str, trigger: Scheduled, zone: str, now: datetime) -> bool:
    due = taken_due(f"survey:{_digest([name, trigger.schedule])}", trigger.schedule, zone, now)
    return due is not None and _begin(name, f"schedule:{due.isoformat()}", trigger_words(trigger), None)


def hear(kind: str, moments: Sequence[tuple[str, str, str]]) -> None:
    """Moments, in the transaction that notes them."""
    project = _sending()
    for name, survey in project.surveys_in_order().items() if project else ():
        triggers = [one for one in survey.on or () if kind_of(one) == kind] if _is_sent(survey) else []
        if kind == "event" or not triggers:
            continue
        found = [moment for moment in moments if _fits(kind, triggers, moment)]
        accounts = None if kind == "load" else sorted({account for _, account, _ in found})
        if found:
            _begin(name, _cause(kind, [key for _, _, key in found]), trigger_words(triggers[0]), accounts)


def _fits(kind: str, triggers: Sequence[object], moment: tuple[str, str, str]) -> bool:
    name, _, key = moment
    if kind != "response":
        return any(getattr(one, kind) in (True, name) for one in triggers)
    response = Response.objects.filter(key=key).first()
    values = values_of(definition(name, response.version), response.answers) if response else {}
    return fits(triggers, name, values)


def hear_events(number: int, events: pa.Table) -> None:
    """Events of a batch, as they come in."""
    project = _sending()
    for name, survey in project.surveys_in_order().items() if project and events.num_rows else ():
        triggers = [one for one in survey.on or () if kind_of(one) == "event"] if _is_sent(survey) else []
        if not triggers or project is None:
            continue
        ids = accounts_of_events(project, events, triggers, datetime.now(UTC).date()).to_pylist()
        if accounts := sorted(set(accounts_meant(ids).values())):
            _begin(name, f"event:{number}", trigger_words(triggers[0]), accounts)


@transaction.atomic
def _begin(survey: str, cause: str, words: str, accounts: Sequence[str] | None) -> bool:
    """Once a cause."""
    row, is_new = SurveySend.objects.get_or_create(
        survey=survey, cause=cause, defaults={"trigger": words[:200], "accounts": accounts}
    )
    if is_new:
        carry_out_after_commit(row.pk)
    return is_new


def _cause(kind: str, keys: Sequence[str]) -> str:
    return f"{kind}:{_digest(sorted(keys))}"


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def _is_sent(survey: Survey) -> bool:
    return survey.enabled and bool(BY_PERSON & set(survey.distribution))


def _sending() -> Project | None:
    """The definitions in force; None where no survey of theirs is sent by itself."""
    number = current_number()
    return None if number is None else _with_triggers(number)


@lru_cache(maxsize=2)
def _with_triggers(number: int) -> Project | None:
    project = project_of(version(number).files)
    return project if any(survey.on for survey in project.surveys.values()) else None
