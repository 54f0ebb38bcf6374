"""Reads what effects are estimated from: the ledger of treatments, and accounts at a row of dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.ledgers import ACCOUNT, ledger
from keepwell.engine.score import score_values
from keepwell.engine.values import EntityValues, Values
from keepwell.errors import RequestRefused
from keepwell.learning.effects.ledger import SCHEMA, Treatments, treatments
from keepwell.learning.effects.targets import SCORE
from keepwell.learning.outcomes import Floats
from keepwell.learning.reading import Lifetimes
from keepwell.learning.sampling import segments_of
from keepwell.learning.valuing import DatedValues

ENTERED, SEGMENT, TENURE = "entered: ", "in segment: ", "days as a customer"
"""How columns of a history are called that are no metrics."""
MOST_ACCOUNTS = 20_000
"""So many accounts that were never treated are kept for comparison, drawn at random where there are more."""
_TRUE = ("true", "t", "1", "yes", "y")

Advance = Callable[[int, int], None]


def read_treatments(project: Project, source: FactSource) -> Treatments:
    """All rows of the datasets with role treatments. Raises RequestRefused where there is no such dataset."""
    names = project.all_with_role("treatments")
    if not names:
        raise RequestRefused(
            "there is nothing to see an effect of: no dataset has role: treatments; add one that says which account "
            "was treated by what and when, and which was held out"
        )
    return treatments(treatment_rows(project, source, names))


def treatment_rows(project: Project, source: FactSource, names: Iterable[str]) -> pa.Table:
    """The rows of these datasets with role treatments, as `ledger.SCHEMA`."""
    reader = FactReader(project, source.table, source.dialect)
    return pa.concat_tables([SCHEMA.empty_table(), *(_rows(source.run(ledger(reader, name))) for name in names)])


def _rows(found: pa.Table) -> pa.Table:
    held_out = pc.is_in(pc.utf8_lower(found["is_held_out"].cast(pa.string())), value_set=pa.array(_TRUE))
    return pa.table(
        {
            "account": found[ACCOUNT].cast(pa.string()),
            "by": found["by"].cast(pa.string()),
            "version": found["version"].cast(pa.string()),
            "day": found["occurred_on"].cast(pa.date32()),
            "is_held_out": held_out,
            "withdrawn_on": found["withdrawn_at_on"].cast(pa.date32()),
        },
        schema=SCHEMA,
    )


@dataclass(frozen=True)
class Looking:
    """At which accounts and dates a history looks. `only` None: everybody."""

    dates: Sequence[date]
    only: pa.StringArray | None = None
    folder: Path | None = None  # where values are kept
    advance: Advance | None = None


def read_history(project: Project, source: FactSource, lifetimes: Lifetimes, looking: Looking) -> pa.Table:
    """A row an account of the population and date: `account`, `as_of`, `score` (as shown then), every metric that is a
    number or a truth, what people entered, segments, and how long it has been a customer; nulls are nulls.

    `project`: an honest one (see `learning.honesty`), so that nothing looks ahead.
    """
    versions, parts = Versions(project), []
    for done, values in enumerate(DatedValues(project, source, looking.folder).at(looking.dates), start=1):
        table = _of_date(project, versions, values, lifetimes)
        if looking.only is not None:
            table = table.filter(pc.is_in(table["account"], value_set=looking.only))
        parts.append(table)
        if looking.advance is not None:
            looking.advance(done, len(looking.dates))
    return pa.concat_tables(parts, promote_options="permissive")


def some_accounts(lifetimes: Lifetimes, treated: Treatments, seed: int, most: int = MOST_ACCOUNTS) -> pa.StringArray:
    """Everybody in the ledger, and of the others at most `most`."""
    others = lifetimes.account.filter(pc.invert(pc.is_in(lifetimes.account, value_set=treated.account)))
    if len(others) > most:
        drawn = np.random.default_rng(seed).choice(len(others), most, replace=False)
        others = others.take(pa.array(np.sort(drawn)))
    return pc.unique(pa.concat_arrays([treated.account, others.cast(pa.string())]))


def _of_date(project: Project, versions: Versions, values: Values, lifetimes: Lifetimes) -> pa.Table:
    accounts = values.accounts
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "account": accounts.ids.cast(pa.string()),
        "as_of": pa.array([values.as_of] * len(accounts), pa.date32()),
        SCORE: pa.array(_score(project, versions, values), from_pandas=True),
        TENURE: pa.array(_tenure(accounts, values.as_of, lifetimes), from_pandas=True),
    }
    for name, truth in segments_of(project, values).items():
        columns[SEGMENT + name] = pa.array(truth)
    columns |= {ENTERED + name: pa.array(found, from_pandas=True) for name, found in _entered(accounts).items()}
    columns |= dict(_numbers(accounts.metrics))
    return pa.table(columns)


def _numbers(metrics: pa.Table) -> Iterator[tuple[str, pa.ChunkedArray]]:
    for name in metrics.column_names:
        kind = metrics.schema.field(name).type
        if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind):
            yield name, metrics[name].cast(pa.float64())


def _score(project: Project, versions: Versions, values: Values) -> Floats:
    scored = score_values(project, values, versions).accounts
    found = np.full(len(values.accounts), np.nan)
    for card in scored.cards.values():
        found[card.rows] = card.final
    return found


def _entered(accounts: EntityValues) -> Mapping[str, Floats]:
    """By measure the score that a person entered last, however long ago."""
    table = accounts.entries.filter(pc.equal(accounts.entries["source"], "manual"))
    found: dict[str, Floats] = {}
    for name in sorted(pc.unique(table["measure"]).to_pylist()):
        own = table.filter(pc.equal(table["measure"], name))
        column = np.full(len(accounts), np.nan)
        column[own["entity"].to_numpy()] = own["score"].to_numpy(zero_copy_only=False)
        found[name] = column
    return found


def _tenure(accounts: EntityValues, as_of: date, lifetimes: Lifetimes) -> Floats:
    place = pc.fill_null(pc.index_in(accounts.ids.cast(pa.string()), value_set=lifetimes.account), -1)
    started = np.append(lifetimes.started_on, np.datetime64("NaT", "D"))[place.to_numpy(zero_copy_only=False)]
    days = (np.datetime64(as_of, "D") - started).astype(np.float64)
    found: Floats = np.where(np.isnat(started), np.nan, days)
    return found
