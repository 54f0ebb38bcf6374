"""The two tables of the lake that the drain writes, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from django.conf import settings

from keepwell.lake.place import FACTS, Lake
from keepwell.lake.tables import LakeTable, TableLayout

EVENTS_TABLE, DAILY_TABLE = "keepwell.events", "keepwell.usage_daily"
"""The names that datasets give as their `table`."""

APPLICATION = "keepwell.inbox"
"""Under this name each table notes the number of the last batch that it has."""

_LOG_DAYS = 2  # a commit a second; a run reads the versions of its start

_LAYOUTS = {
    EVENTS_TABLE: TableLayout(
        partition_by=("local_day",), sort_by=("account_id", "event", "occurred_at"), recorded_at="received_at",
        log_days=_LOG_DAYS,
    ),
    DAILY_TABLE: TableLayout(
        partition_by=("local_day",), sort_by=("event", "account_id", "person"), occurred_at="local_day",
        recorded_at=None, log_days=_LOG_DAYS,
    ),
}  # fmt: skip


def table(name: str) -> LakeTable:
    return Lake(Path(settings.ENVIRONMENT.data_dir) / "lake").table(FACTS + name, _LAYOUTS[name])


class Tables:
    """Both tables, opened once."""

    def __init__(self) -> None:
        self.events, self.daily = table(EVENTS_TABLE), table(DAILY_TABLE)

    def newest_batch(self) -> int:
        """The highest number that either has noted."""
        return max(one.application_version(APPLICATION) or 0 for one in (self.events, self.daily))

    def has(self, batch: int) -> bool:
        """Whether both have the batch: then its rows need not be made again."""
        return all((one.application_version(APPLICATION) or 0) >= batch for one in (self.events, self.daily))

    def append(self, batch: int, events: pa.Table, daily: pa.Table) -> None:
        """Each in one commit that notes the batch; a table that has it already, or gets nothing, is left alone."""
        for one, rows in ((self.events, events), (self.daily, daily)):
            if rows.num_rows:
                one.append(rows, application=(APPLICATION, batch))
