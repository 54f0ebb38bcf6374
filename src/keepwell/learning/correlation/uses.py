"""Uses of product features: which dataset and column tell of them, and who used what when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa

from keepwell.definitions.expressions import names_in
from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.visible import DAY, ENTITY, RECORDED
from keepwell.engine.moments import moment
from keepwell.engine.values import Days
from keepwell.learning.observations import Codes
from keepwell.learning.optimizer.limits import Features
from keepwell.learning.optimizer.study import Study

FEWEST, MOST = 2, 60
"""So many different texts in a column can be features of a product; more are names of users or things."""
STRETCH_DAYS = 28
"""Days of one stretch of use."""


@dataclass(frozen=True)
class Uses:
    """Who used what: a row for each account, feature and stretch of 28 days.

    `stretch`: 0 for the days up to `anchor`, 1 for the 28 before them, and so on (below 0: after it). `first_day`: the
    first use in the stretch.
    """

    features: Features
    anchor: np.datetime64
    account: pa.Array
    feature: pa.Array
    stretch: Codes
    first_day: Days


def uses(study: Study) -> Uses | None:
    """By the facts known at the date of the request; None where no column tells of features. A use counts from the day
    on which it was known."""
    asked = study.request.limits.features
    candidates = [asked] if asked is not None else list(_candidates(study.project))
    for features in candidates:
        found = _read(study, features, is_asked=asked is not None)
        if found is not None:
            return found
    return None


def _candidates(project: Project) -> Iterator[Features]:
    """Columns of dated facts that a metric counts differently or asks for by name."""
    seen = set()
    for metric in project.metrics.values():
        if not isinstance(metric, AggregateMetric):
            continue
        dataset = project.datasets[metric.dataset]
        if dataset.role != "facts" or not dataset.occurred_at or dataset.key:
            continue  # rows with a key are things of their own, such as tickets, and not uses
        counted = metric.aggregate.argument if metric.aggregate.function == "count_distinct" else None
        for expression in (counted, metric.where):
            for name in names_in(expression) if expression is not None else ():
                if len(name.parts) == 1 and (metric.dataset, name.parts[0]) not in seen:
                    seen.add((metric.dataset, name.parts[0]))
                    yield Features(dataset=metric.dataset, column=name.parts[0])


def _read(study: Study, features: Features, *, is_asked: bool) -> Uses | None:
    project, source = study.project, study.source
    if features.dataset not in project.datasets:
        return None
    columns = source.table(features.dataset).columns
    if features.column not in columns:
        return None
    reader = FactReader(project, source.table, source.dialect)
    grid = Grid((moment(study.request.as_of, project.settings.time_zone),))
    rows = reader.facts(features.dataset, "account", grid, columns=frozenset({features.column}))
    if not is_asked and not _is_kinds(source, rows, features.column):
        return None
    anchor = study.observations.as_of.max()
    since_1970 = int(anchor.astype("datetime64[D]").astype(np.int64))
    day = ibis.greatest(rows[DAY], reader.source(features.dataset).clock.of_utc().day(rows[RECORDED]))
    chosen = rows.select(
        account=rows[ENTITY].cast("string"),
        feature=rows[features.column].cast("string"),
        day=day,
        stretch=((since_1970 - day.epoch_days()) / STRETCH_DAYS).floor().cast("int64"),
    )
    found = source.run(
        chosen.filter(chosen.feature.notnull() & chosen.account.notnull())
        .group_by("account", "feature", "stretch")
        .aggregate(first_day=chosen.day.min())
    ).sort_by([("feature", "ascending"), ("account", "ascending"), ("stretch", "ascending")])
    return Uses(
        features,
        anchor,
        found["account"].combine_chunks(),
        found["feature"].combine_chunks(),
        found["stretch"].to_numpy().astype(np.int64),
        found["first_day"].to_numpy().astype("datetime64[D]"),
    )


def _is_kinds(source: FactSource, rows: ibis.Table, column: str) -> bool:
    if not rows[column].type().is_string():
        return False
    count = source.run(rows.aggregate(different=rows[column].nunique()))["different"][0].as_py()
    return FEWEST <= int(count) <= MOST
