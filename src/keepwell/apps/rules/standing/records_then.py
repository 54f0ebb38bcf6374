"""What records said at the end of a day of the past, as far as they keep their history: the rest is as it is now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.customers.models import StageChange
from keepwell.apps.rules.standing.records import COUNTS_THEN
from keepwell.definitions.rule_names import WORK
from keepwell.engine.columns import one_array

_KEPT = frozenset({"stage", "stage_since", "days_in_stage"})


def as_now(names: Collection[str]) -> list[str]:
    """Of these names those of records whose past nobody keeps."""
    recorded = {one for one in names if one in WORK or one.startswith("owner.") or one == "days_overdue_milestone"}
    return sorted(recorded - COUNTS_THEN.keys())


def records_then(now: pa.Table, day: date) -> pa.Table:
    """`now`: of `records`. Stages come from the moves up to that day; before the first move of an account nobody knows
    its stage, and one that never moved was where it is since it began. Nothing of later days is looked at."""
    ids = one_array(now["account_id"])
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    moved = pa.array(StageChange.objects.order_by().values_list("account_id", flat=True).distinct(), pa.string())
    before = StageChange.objects.filter(occurred_at__lt=end).order_by("account_id", "-occurred_at", "-pk")
    rows = list(before.distinct("account_id").values_list("account_id", "stage", "occurred_at"))
    places = pc.index_in(ids, value_set=pa.array([one for one, _, _ in rows], pa.string()))
    stages = pa.array([stage or None for _, stage, _ in rows], pa.string()).take(places)
    since = pa.array([at.date() if stage else None for _, stage, at in rows], pa.date32()).take(places)
    never = pc.and_(pc.invert(pc.is_in(ids, value_set=moved)), _begun(now, day))
    then = {
        "stage": pc.if_else(never, one_array(now["stage"]), stages),
        "stage_since": pc.if_else(never, one_array(now["stage_since"]), since),
    }
    for name, count in COUNTS_THEN.items():
        found = count(day)
        then[name] = pa.array([found.get(one) for one in ids.to_pylist()], pa.float64())
    return pa.table({name: then.get(name, now[name]) for name in now.column_names})


def _begun(now: pa.Table, day: date) -> pa.Array:
    """Accounts that were there on the day, or of which nobody knows since when they are."""
    return pc.fill_null(pc.less_equal(one_array(now["stage_since"]), pa.scalar(day, pa.date32())), True)
