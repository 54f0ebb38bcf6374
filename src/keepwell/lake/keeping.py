"""Keeps runs in the lake: scores and values, wide, keyed by a run whose name says what it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.versions import Versions
from keepwell.engine.run import Run
from keepwell.engine.scores import Scores
from keepwell.engine.values import EntityValues, Values
from keepwell.engine.wide import wide
from keepwell.lake.history import write_scores, write_values
from keepwell.lake.place import Lake

_METRIC = "metric:"


def run_name(versions: Versions, values: Values) -> str:
    """The name of a run: the same definitions, moment and loads give the same one, so keeping twice changes nothing."""
    rests_on = (versions.project, values.as_of, values.known_at, sorted(values.load_ids.items()))
    return f"{values.as_of}-{hashlib.sha256(repr(rests_on).encode()).hexdigest()[:12]}"


def keep_run(lake: Lake, run: Run, versions: Versions) -> str:
    """Writes scores and values of `run` to the history, each at most once. Returns the run's name."""
    name = run_name(versions, run.values)
    write_scores(lake, _named(_with_loads(run.scores, run.values), name), name)
    write_values(lake, _named(values_table(run.values), name), name)
    return name


def values_table(values: Values) -> pa.Table:
    """Values as rows to keep: a row an entity, its metrics as columns `metric:<name>`."""
    kinds = [kind for kind in (values.accounts, values.relationships) if kind is not None]
    return pa.concat_tables([_rows(values, kind) for kind in kinds], promote_options="permissive")


def _rows(values: Values, entities: EntityValues) -> pa.Table:
    n = len(entities)
    metrics = {_METRIC + name: entities.metrics[name] for name in entities.metrics.column_names}
    return pa.table(
        {
            "entity_kind": pa.repeat(pa.scalar(entities.entity_kind), n),
            "entity_id": entities.ids,
            "account_id": entities.accounts,
            "as_of": pa.repeat(pa.scalar(values.as_of), n),
            "known_at": pa.repeat(pa.scalar(values.known_at, pa.timestamp("us")), n),
            **metrics,
        }
    )


def _with_loads(scores: Scores, values: Values) -> pa.Table:
    """Wide scores with the loads they saw."""
    table = wide(scores)
    loads = pa.scalar(sorted(_known(values)), pa.map_(pa.string(), pa.int64()))
    return table.append_column("load_ids", pa.repeat(loads, table.num_rows))


def _known(values: Values) -> Iterator[tuple[str, int]]:
    return ((name, load) for name, load in values.load_ids.items() if load is not None)


def _named(table: pa.Table, run: str) -> pa.Table:
    return table.append_column("run", pc.cast(pa.repeat(pa.scalar(run), table.num_rows), pa.string()))
