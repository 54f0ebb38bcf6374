"""The feature map into the events that are there already: a day at a time, by the one who writes the tables."""

from __future__ import annotations

import logging
from datetime import date

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.adoption.models import Backfill
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version, version
from keepwell.apps.usage.draining.rows import DAILY
from keepwell.apps.usage.draining.writing import Tables
from keepwell.engine.adoption.feature_map import feature_sql
from keepwell.errors import KeepwellError, RequestRefused
from keepwell.lake.statements import open_duckdb
from keepwell.lake.tables import LakeTable

log = logging.getLogger("keepwell.features")
_DAY = "local_day"
_KINDS = "('track', 'page', 'screen')"


@transaction.atomic
def ask_for_backfill(*, actor: Actor) -> Backfill:
    """A pass with the map in force, in the place of one that is not done."""
    require(actor, Permission.CONFIGURE)
    newest = current_version()
    if newest is None:
        raise RequestRefused("nothing is published yet, so there is no feature map")
    Backfill.objects.filter(ended_at=None).update(ended_at=timezone.now(), error="another one was asked for")
    made = Backfill.objects.create(version_number=newest.number, asked_by=actor.name)
    record(actor, "asked for", kind="backfill", of=made.pk, name=f"Feature map of version {newest.number}")
    return made


def newest_backfill() -> Backfill | None:
    return Backfill.objects.first()


def step(tables: Tables) -> bool:
    """Carries out one day of what is asked for; False where nothing is.

    Must be called by who drains the inbox, between batches: nobody else writes to the tables meanwhile. Killed in the
    middle, the day is done again, which gives the same.
    """
    asked = Backfill.objects.filter(ended_at=None).first()
    if asked is None:
        return False
    try:
        _next_day(asked, tables)
    except KeepwellError as error:
        log.exception("the backfill of features stopped")
        asked.error, asked.ended_at = str(error)[:500], timezone.now()
        asked.save()
    return True


def _next_day(asked: Backfill, tables: Tables) -> None:
    days = days_of(tables.events)
    left = [day for day in days if asked.through is None or day > asked.through]
    if left:
        sql = feature_sql(project_of(version(asked.version_number).files)) or "null::varchar"
        map_day(tables, left[0], sql)
        asked.through = left[0]
    asked.total, asked.done = len(days), len(days) - max(len(left) - 1, 0)
    asked.ended_at = timezone.now() if len(left) <= 1 else None
    asked.save()


def days_of(table: LakeTable) -> list[date]:
    """The days that a table has rows of, the oldest first."""
    found = {file.partition.get(_DAY) for file in table.files()} if table.exists else set()
    return sorted(day for day in found if isinstance(day, date))


def map_day(tables: Tables, day: date, sql: str) -> None:
    """Gives the events of a day their features, and counts its daily use from them anew."""
    tables.events.rewrite({_DAY: day}, {"feature": f"cast({sql} as varchar)"})
    select = tables.events.relation_sql(columns=[*DAILY.names, "type"])
    columns = ", ".join(DAILY.names)
    with open_duckdb() as connection:
        rows = connection.sql(
            f"select {columns}, count(*)::bigint as events from ({select}) "
            f"where {_DAY} = date '{day}' and type in {_KINDS} group by all"
        ).to_arrow_table()
    tables.daily.replace({_DAY: day}, rows)
