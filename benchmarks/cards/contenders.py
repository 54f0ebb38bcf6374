"""The contenders: each scores the same file of values against the clock and leaves its results in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from cards.card import only_card, project
from cards.loop import Loop, Scored
from cards.query import Query
from measuring.contender import Measured, timed

from keepwell.definitions import Versions
from keepwell.engine.score import score_values
from keepwell.engine.scores import Scores
from keepwell.engine.scoring.bands import label_names
from keepwell.engine.storing import read_values
from keepwell.engine.tidy import TIDY, tidy_batches
from keepwell.engine.values import EntityValues

ARRAYS = ("computed", "final", "labels", "groups", "contributions")


def keepwell(card: str, file: Path, out: Path, runs: int) -> Measured:
    """`score_values`, as every command calls it, and labels."""
    definitions, values = project(card), read_values(file)
    versions = Versions(definitions)

    def work() -> Scores:
        scores = score_values(definitions, values, versions)
        for one in scores.accounts.cards.values():
            _ = one.labels
        return scores

    scores, took = timed(work, runs)
    (found,) = scores.accounts.cards.values()
    codes = _codes(card, found.labels)
    _save(out, found.computed, found.final, codes, found.group_scores, found.contributions)
    return took


def keepwell_alone(card: str, file: Path, runs: int) -> Measured:
    """The same without results left behind, for many short runs."""
    definitions, values = project(card), read_values(file)
    versions = Versions(definitions)
    return timed(lambda: score_values(definitions, values, versions), runs)[1]


def by_query(card: str, file: Path, out: Path, runs: int) -> Measured:
    """The query over tables of DuckDB's own, to Arrow arrays in whatever order they come."""
    definitions, values = project(card), read_values(file)
    scorecard = only_card(definitions)
    accounts = _flat(values.accounts)
    nullable = frozenset(name for name in accounts.column_names if accounts[name].null_count)
    query = Query(scorecard, definitions.schemes[scorecard.scheme], nullable, values.as_of).text()
    database = duckdb.connect()
    database.execute("set preserve_insertion_order = false")
    database.execute("set enable_progress_bar = false")
    for name, table in (
        ("accounts", accounts),
        ("entries", values.accounts.entries),
        ("overrides", values.accounts.overrides),
    ):
        database.register("arrow", table)
        database.execute(f"create table {name} as from arrow")
        database.unregister("arrow")
    del accounts, values
    result, took = timed(lambda: database.sql(query).to_arrow_table(), runs)
    result = result.sort_by("row")
    names = [name for group in scorecard.groups.values() for name in group.measures]
    _save(
        out,
        _floats(result["computed"]),
        _floats(result["final"]),
        _codes(card, result["label"].to_numpy()),
        np.stack([_floats(result[f"g_{name}"]) for name in scorecard.groups]),
        np.stack([_floats(result[f"c_{name}"]) for name in names]),
    )
    return took


def by_loop(card: str, file: Path, out: Path, rows: int) -> Measured:
    """The loop over the first `rows` accounts."""
    definitions, values = project(card), read_values(file)
    scorecard = only_card(definitions)
    loop = Loop(scorecard, definitions.schemes[scorecard.scheme], values.accounts, values.as_of, rows)
    scored, took = timed(loop.run)
    _save(
        out,
        _from_list(one.computed for one in scored),
        _from_list(one.final for one in scored),
        _codes(card, [one.label for one in scored]),
        _matrix(scored, "groups"),
        _matrix(scored, "contributions"),
    )
    return took


def streamed(card: str, file: Path, out: Path) -> tuple[Measured, int, int]:
    """Scores, then writes them tidy as Parquet: what the writing took, rows and bytes written."""
    definitions, values = project(card), read_values(file)
    scores = score_values(definitions, values)
    path = out / "tidy.parquet"
    rows, took = timed(lambda: _write_tidy(scores, path))
    return took, rows, path.stat().st_size


def _write_tidy(scores: Scores, path: Path) -> int:
    rows = 0
    with pq.ParquetWriter(path, TIDY, compression="zstd") as writer:
        for batch in tidy_batches(scores):
            writer.write_batch(batch)
            rows += len(batch)
    return rows


def _flat(accounts: EntityValues) -> pa.Table:
    """All that is known of an account in one row."""
    columns = {"row": pa.array(np.arange(len(accounts)))}
    for table in (accounts.attributes, accounts.metrics):
        columns |= {name: table[name] for name in table.column_names}
    columns |= {f"observed_{name}": pa.array(days) for name, days in accounts.observed.items()}
    return pa.table(columns)


def _codes(card: str, labels: Sequence[str] | npt.NDArray[np.object_]) -> npt.NDArray[np.int8]:
    definitions = project(card)
    names = label_names(definitions.schemes[only_card(definitions).scheme]).tolist()
    places = pa.array(labels, pa.string()).dictionary_encode()
    numbers = np.array([names.index(name) for name in places.dictionary.to_pylist()], np.int8)
    return numbers[places.indices.to_numpy()]


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    return np.asarray(column.to_numpy(), np.float64)


def _from_list(values: Iterable[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values])


def _matrix(scored: list[Scored], name: str) -> npt.NDArray[np.float64]:
    return np.array([[np.nan if value is None else value for value in getattr(one, name)] for one in scored]).T


def _save(out: Path, *arrays: npt.NDArray[np.float64] | npt.NDArray[np.int8]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, array in zip(ARRAYS, arrays, strict=True):
        np.save(out / f"{name}.npy", array)
