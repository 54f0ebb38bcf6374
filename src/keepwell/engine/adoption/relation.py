"""A dataset of usage as the relation that everything about adoption reads."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.engine.metrics.extremes import smallest
from keepwell.engine.metrics.ids import id_text
from keepwell.engine.metrics.times import Clock

USAGE = "kw_usage"
"""What statements call the relation: a name that no dataset has."""

LOCAL_DAY = "local_day"
"""A column with the day in the project's zone, as the lake writes it; where it is, times need not be read for it."""

_DAY, _KEY, _WHOSE = "kw_day", "kw_key", "kw_whose"


class Door(Protocol):
    """Where statements run: DuckDB, which knows `kw_usage` and whatever was kept by a name."""

    def ask(self, statement: str) -> pa.Table:
        """The rows of a statement."""

    def take(self, name: str, rows: pa.Table) -> None:
        """Statements read an Arrow table under `name`."""

    def keep(self, name: str, statement: str) -> None:
        """Runs a statement once; others read its rows under `name`."""


def usage(
    project: Project,
    dataset: str,
    rows: ir.Table,
    *,
    as_of: date,
    between: ir.Table | None = None,
    dialect: str = "duckdb",
) -> ir.Table:
    """The rows of `dataset` up to the end of `as_of` as usage.

    Columns: account, person, event, feature (text; feature null where the event belongs to none, event is the feature
    where the dataset names no events), day (date in the project's time zone), moment (naive UTC time; the beginning of
    the day where the dataset has dates alone), events (whole number, 1 unless the dataset counts). Rows without an
    account or a person are kept with null there. `between`: the rows of the dataset that the account is found through.
    """
    found = project.datasets[dataset]
    assert found.person is not None, f"{dataset} does not say who: give it 'person'"
    assert found.occurred_at is not None
    clock = Clock(dialect, project.zone_of(dataset), project.settings.time_zone)
    day = rows[LOCAL_DAY] if LOCAL_DAY in rows.columns else clock.day(rows[found.occurred_at])
    kept = rows.mutate(**{_DAY: day}).filter(lambda one: one[_DAY] <= as_of)
    kept, account = _with_account(project, found, kept, between, as_of, dialect)
    event = kept[found.event or str(found.feature)].cast("string")
    named = kept[found.feature].cast("string") if found.feature else ibis.null("string")
    return kept.select(
        account=account,
        person=id_text(kept[found.person]),
        event=event,
        feature=named,
        day=kept[_DAY],
        moment=clock.instant(kept[found.occurred_at]).cast("timestamp"),
        events=(kept[found.events] if found.events else ibis.literal(1)).cast("int64"),
    )


def _with_account(
    project: Project, dataset: Dataset, rows: ir.Table, between: ir.Table | None, as_of: date, dialect: str
) -> tuple[ir.Table, ir.Value]:
    """The rows and whose they are: by a column of theirs, or by the key of the dataset in between."""
    via = dataset.via
    if via is None or between is None:
        named = isinstance(dataset.account, str)
        return rows, id_text(rows[str(dataset.account)]) if named else ibis.null("string")
    whose = _whose(project, via.via, between, as_of, dialect)
    joined = rows.left_join(whose, id_text(rows[via.on]) == whose[_KEY])
    return joined, joined[_WHOSE]


def _whose(project: Project, name: str, rows: ir.Table, as_of: date, dialect: str) -> ir.Table:
    """Key and account, one row a key: after the last change up to a day, as metrics say; of several the smallest."""
    dataset = project.datasets[name]
    keyed = rows.mutate(**{_KEY: id_text(rows[str(dataset.key)]), _WHOSE: id_text(rows[str(dataset.account)])})
    keyed = keyed.filter(keyed[_WHOSE].notnull())
    if dataset.changed_at:
        clock = Clock(dialect, project.zone_of(name), project.settings.time_zone)
        keyed = keyed.filter(clock.day(keyed[dataset.changed_at]) <= as_of)
        newest = keyed.group_by(_KEY).aggregate(kw_newest=keyed[dataset.changed_at].max())
        keyed = keyed.inner_join(newest, [_KEY, keyed[dataset.changed_at] == newest["kw_newest"]])
    return keyed.group_by(_KEY).aggregate(**{_WHOSE: smallest(keyed[_WHOSE], dialect)})
