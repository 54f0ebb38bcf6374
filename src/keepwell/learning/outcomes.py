"""Outcomes: what accounts decided and when, one decision an account and day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.datasets import Dataset
from keepwell.definitions.names import listed
from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.values import Days
from keepwell.errors import DataRefused, RequestRefused
from keepwell.learning.asides import Aside, aside
from keepwell.learning.reading import decision_rows

Kind = Literal["renewed", "churned", "contracted", "expanded"]
KINDS: tuple[Kind, ...] = ("renewed", "expanded", "contracted", "churned")
"""Of several decisions on one day the last in this order counts."""
LOST: Kind = "churned"

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """Decisions, in order of day and account; n of them, at most one an account and day.

    A decision is read with all that is known today: it is what a score should have foretold, never what a score sees.
    """

    account: pa.StringArray  # [n]
    decided_on: Days  # [n] in the project's time zone; NaT in every row where outcomes have no dates
    known_at: npt.NDArray[np.datetime64]  # [n] datetime64[us], UTC: when the source came to know it; NaT without dates
    kind: npt.NDArray[np.int8]  # [n] index into KINDS
    amount: Floats  # [n] what was decided on, summed over the rows of a day; NaN where no amount is known
    asides: tuple[Aside, ...] = ()  # rows that were left out or merged, and why

    def __len__(self) -> int:
        return len(self.account)

    @property
    def lost(self) -> Flags:
        """[n] the account churned."""
        return self.kind == KINDS.index(LOST)

    @property
    def has_kept(self) -> bool:
        """Whether decisions to stay are recorded too; otherwise who stayed is only known from silence."""
        return bool((~self.lost).any())

    @property
    def is_dated(self) -> bool:
        return not np.isnat(self.decided_on).any()


def read_outcomes(project: Project, source: FactSource) -> Outcomes:
    """All decisions of the datasets with role outcomes.

    Rows that repeat another count once; a loss and a stay of one account on one day contradict each other, and neither
    counts; other decisions of one day are one, with their amounts added up. Raises RequestRefused where there is no
    such dataset, DataRefused where none of its rows can be used.
    """
    datasets = project.all_with_role("outcomes")
    if not datasets:
        raise RequestRefused(
            "there is nothing to compare a score with: no dataset has role: outcomes; add one that says who renewed "
            "and who churned, and when"
        )
    if len({dataset.occurred_at is None for dataset in datasets.values()}) > 1:
        raise RequestRefused(f"some of the outcomes ({listed(datasets)}) have dates and some have none; date them all")
    asides: list[Aside] = []
    parts = [part for name in datasets for part in _usable(project, source, name, asides)]
    outcomes = _one_a_day(pa.concat_tables(parts), asides) if parts else None
    if outcomes is None or not len(outcomes):
        whys = "".join(f". {one}" for one in asides)
        raise DataRefused(f"outcomes ({listed(datasets)}) hold no decision that can be used{whys}")
    return outcomes


def _usable(project: Project, source: FactSource, name: str, asides: list[Aside]) -> Iterator[pa.Table]:
    """Rows with an account, a day and a word that stands for an outcome; `kind` (int8) instead of the word."""
    rows, total = decision_rows(project, source, name)
    dataset = project.datasets[name]
    if total > len(rows) and not dataset.changed_at:
        asides.append(Aside(f"rows of '{name}' name no account or no day and were left out", total - len(rows)))
    codes = _codes(rows["word"], dataset)
    strange = pa.array(codes < 0)
    words = rows["word"].filter(strange)
    if len(words):
        said = listed(("nothing" if word is None else f"'{word}'") for word in pc.unique(words).to_pylist())
        what = f"rows of '{name}' say {said}, which stands for no outcome under 'values', and were left out"
        asides.extend(aside(what, rows["account"].filter(strange).to_pylist()))
    kept = rows.append_column("kind", pa.array(codes)).drop_columns(["word"]).filter(pc.invert(strange))
    unique = kept.group_by(kept.column_names, use_threads=False).aggregate([])
    if len(unique) < len(kept):
        asides.append(Aside(f"rows of '{name}' repeat another row and count once", len(kept) - len(unique)))
    if len(unique):
        yield unique.select(["account", "day", "known_at", "amount", "kind"])


def _codes(words: pa.ChunkedArray, dataset: Dataset) -> npt.NDArray[np.int8]:
    """Index into KINDS; -1 for a word that stands for none."""
    meaning = {kind: kind for kind in KINDS} | dataset.values
    places = pc.fill_null(pc.index_in(words, value_set=pa.array(list(meaning), pa.string())), -1).to_numpy()
    kinds = np.array([*(KINDS.index(kind) for kind in meaning.values()), -1], np.int8)
    found: npt.NDArray[np.int8] = kinds[places]
    return found


def _one_a_day(rows: pa.Table, asides: list[Aside]) -> Outcomes:
    first_known, worst, mildest = ("known_at", "min"), ("kind", "max"), ("kind", "min")
    total = ("amount", "sum")
    days = rows.group_by(["account", "day"], use_threads=False).aggregate(
        [first_known, worst, mildest, total, ("kind", "count")]
    )
    lost = KINDS.index(LOST)
    contradicts = pc.and_(pc.equal(days["kind_max"], lost), pc.less(days["kind_min"], lost))
    asides.extend(
        aside(
            "days on which one account both churned and stayed were left out: they contradict each other",
            days["account"].filter(contradicts).to_pylist(),
        )
    )
    days = days.filter(pc.invert(contradicts)).sort_by([("day", "ascending"), ("account", "ascending")])
    several = days.filter(pc.greater(days["kind_count"], 1))
    asides.extend(
        aside("days with several decisions of one account count as one decision", several["account"].to_pylist())
    )
    return Outcomes(
        account=days["account"].combine_chunks(),
        decided_on=days["day"].to_numpy().astype("datetime64[D]"),
        known_at=days["known_at_min"].to_numpy().astype("datetime64[us]"),
        kind=days["kind_max"].to_numpy().astype(np.int8),
        amount=days["amount_sum"].to_numpy(zero_copy_only=False).astype(np.float64),
        asides=tuple(asides),
    )
