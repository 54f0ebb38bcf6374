"""What people do with files of results: bring one, match its columns, take it, take it back, throw it away."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.surveys.comments import comments_came
from keepwell.apps.surveys.editions import definition, in_force, keep_edition
from keepwell.apps.surveys.following import RESPONSES, follow
from keepwell.apps.surveys.importing.models import SurveyImport, SurveyImportStatus
from keepwell.apps.surveys.importing.place import MOST_BYTES, MOST_ROWS, file_of, folder
from keepwell.apps.surveys.importing.reading import Checked, check, check_columns, guessed, look
from keepwell.apps.surveys.models import Response, ResponseStatus
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.engine.surveys.facts import Response as Fact
from keepwell.errors import FieldRefused, RequestRefused

ALL, ACCEPTED = "all", "accepted"
_BATCH = 2000


def bring(
    *, actor: Actor, survey: str, file_name: str, path: Path, columns: Mapping[str, str] | None = None,
    most: int = MOST_ROWS,
) -> SurveyImport:  # fmt: skip
    """A file is copied and looked at; its columns are guessed unless they are given. Nothing of it counts yet.

    Raises NotVisible, FieldRefused (the file), RequestRefused (the columns).
    """
    require(actor, Permission.BULK)
    found, version = in_force(survey)
    if path.stat().st_size > MOST_BYTES and most == MOST_ROWS:
        raise FieldRefused("file", f"the file has more than {MOST_BYTES // 1_000_000} MB: split it")
    try:
        head = look(path)
    except RequestRefused as refused:
        raise FieldRefused("file", "; ".join(map(str, refused.problems))) from None
    chosen = guessed(found, head.header) if columns is None else check_columns(found, head.header, columns)
    with transaction.atomic():
        keep_edition(survey, version, found)
        one = SurveyImport.objects.create(
            survey=survey, version=version, file_name=Path(file_name or "file.csv").name[-200:], columns=chosen,
            user_id=actor.user.pk if actor.user else None, asked_by=actor.name,
        )  # fmt: skip
        folder().mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, file_of(one.pk))
    return one


def match(*, actor: Actor, one: SurveyImport, columns: Mapping[str, str]) -> SurveyImport:
    """Says which column is what. Raises RequestRefused."""
    require(actor, Permission.BULK)
    _refuse_unless(one, SurveyImportStatus.CHECKED)
    one.columns = check_columns(definition(one.survey, one.version), look(file_of(one.pk)).header, columns)
    one.save(update_fields=["columns"])
    return one


def checked(*, actor: Actor, one: SurveyImport, most: int = MOST_ROWS) -> Checked:
    """What taking it would do now. Raises RequestRefused where columns are missing."""
    require(actor, Permission.BULK)
    survey = definition(one.survey, one.version)
    columns = check_columns(survey, look(file_of(one.pk)).header, one.columns)
    return check(actor, survey, one.survey, file_of(one.pk), columns, _now(), most)


@transaction.atomic
def take(*, actor: Actor, one: SurveyImport, mode: str, told: bool = False, most: int = MOST_ROWS) -> SurveyImport:
    """`mode`: all (refused where a row was rejected) or accepted. `told`: rules and owners hear of each answer."""
    require(actor, Permission.BULK)
    one = SurveyImport.objects.select_for_update().get(pk=one.pk)
    _refuse_unless(one, SurveyImportStatus.CHECKED)
    if mode not in (ALL, ACCEPTED):
        raise FieldRefused("mode", "choose 'all or nothing' or 'accepted rows only'")
    found = checked(actor=actor, one=one, most=most)
    if mode == ALL and found.rejected:
        raise FieldRefused(
            "mode", f"{len(found.rejected):,} rows are rejected: correct them and bring the file again, or take the "
            "accepted rows only",
        )  # fmt: skip
    if not found.fresh and not found.there:
        raise FieldRefused("mode", "no row was accepted: there is nothing to take")
    _store(one, found.fresh, told=told)
    one.counts = {
        "rows": found.rows, "new": len(found.fresh), "there": found.there, "rejected": len(found.rejected),
    }  # fmt: skip
    one.reasons, one.status, one.ended_at = found.reasons, SurveyImportStatus.DONE, timezone.now()
    one.save()
    record(actor, "imported", kind="survey", of=one.survey, name=str(one)[:200], after=dict(one.counts))
    return one


@transaction.atomic
def undo(*, actor: Actor, one: SurveyImport) -> int:
    """Its responses go, with what the timeline says of them. Returns how many; those erased since are gone already."""
    require(actor, Permission.BULK)
    one = SurveyImport.objects.select_for_update().get(pk=one.pk)
    _refuse_unless(one, SurveyImportStatus.DONE)
    rows = Response.objects.filter(survey=one.survey, source=one.source)
    held = list(rows)
    comments_came(held)
    TimelineEntry.objects.filter(key__in=[f"response:{one.key}"[:200] for one in held]).delete()
    rows.delete()
    facts_came({one.account_id for one in held if one.account_id}, ledger=RESPONSES)
    one.status, one.ended_at = SurveyImportStatus.UNDONE, timezone.now()
    one.save()
    record(actor, "undid import", kind="survey", of=one.survey, name=str(one)[:200], after={"removed": len(held)})
    return len(held)


@transaction.atomic
def discard(*, actor: Actor, one: SurveyImport) -> None:
    """A file that was not taken goes."""
    require(actor, Permission.BULK)
    _refuse_unless(one, SurveyImportStatus.CHECKED)
    path = file_of(one.pk)
    one.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def import_for(actor: Actor, survey: str, number: int) -> SurveyImport:
    """Raises NotVisible where there is none."""
    require(actor, Permission.BULK)
    found = SurveyImport.objects.filter(survey=survey, pk=number).first()
    if found is None:
        raise NotVisible
    return found


def _store(one: SurveyImport, facts: Sequence[Fact], *, told: bool) -> None:
    now = timezone.now()
    for start in range(0, len(facts), _BATCH):
        some = facts[start : start + _BATCH]
        made = Response.objects.bulk_create([_response(one, fact, now) for fact in some])
        follow(made, quietly=not told)


def _response(one: SurveyImport, fact: Fact, now: datetime) -> Response:
    return Response(
        key=fact.id, survey=one.survey, version=one.version, account_id=fact.account, person_id=fact.person,
        language=fact.language, channel="import", source=one.source, status=ResponseStatus.FINISHED,
        answers=dict(fact.answers), asked_at=fact.asked_at, started_at=fact.answered_at, touched_at=now,
        answered_at=fact.answered_at, recorded_at=now,
    )  # fmt: skip


def _now() -> datetime:
    """In the project's zone: a day without a time is its midnight there."""
    project = current_project()
    return timezone.now().astimezone(ZoneInfo(project.settings.time_zone if project else "UTC"))


def _refuse_unless(one: SurveyImport, status: SurveyImportStatus) -> None:
    if one.status != status:
        raise RequestRefused(
            f"this import is {SurveyImportStatus(one.status).label.lower()}: that cannot be done with it now"
        )
