"""What the lake has of people who were erased, beyond what is counted: properties of events and addresses of pages."""

from __future__ import annotations

from datetime import date

from keepwell.apps.usage.draining.writing import Tables
from keepwell.apps.usage.models import Erased
from keepwell.lake.statements import literal, open_duckdb

_WHAT = ("properties", "url")


def erase(tables: Tables) -> int:
    """Empties both, a day at a time; returns how many days were written again. Rows and their loads stay.

    Killed in between it begins anew. The files of before are deleted a day later, when no reader is at them any more.
    """
    keys = [str(key) for key in Erased.objects.values_list("key", flat=True)]
    if not keys:
        return 0
    theirs = f"person in ({', '.join(literal(key) for key in keys)})"
    days = _days(tables, theirs) if tables.events.exists else []
    for day in days:
        emptied = {name: f"case when {theirs} then null else {name} end" for name in _WHAT}
        tables.events.rewrite({"local_day": day}, emptied)
    Erased.objects.filter(key__in=keys).delete()
    return len(days)


def _days(tables: Tables, theirs: str) -> list[date]:
    kept = " or ".join(f"{name} is not null" for name in _WHAT)
    events = tables.events.relation_sql(columns=["local_day", "person", *_WHAT])
    with open_duckdb(threads=1) as own:
        found = own.sql(f"select distinct local_day from ({events}) where {theirs} and ({kept}) order by 1").fetchall()
    return [day for (day,) in found]
