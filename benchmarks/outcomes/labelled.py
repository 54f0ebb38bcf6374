"""A labelled set: its rows, its splits, and how rows become a folder of definitions with data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
OUT_OF_TIME = "out of time"


@dataclass(frozen=True)
class Split:
    name: str
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class Labelled:
    """n rows: `account`, the date `looked_at` (undated sets have one), `lost`, and `columns` that methods may use.

    `hand`: the naive card: for each column by hand whether higher is better, or the scores of its texts. `trust_all`:
    values are attributes, one outcome an account and no dates.
    """

    name: str
    account: np.ndarray
    looked_at: Sequence[date]
    lost: np.ndarray
    columns: pl.DataFrame
    hand: Mapping[str, bool | Mapping[str, float]]
    splits: tuple[Split, ...]
    lead_days: int
    is_dated: bool

    def write(self, folder: Path, rows: np.ndarray) -> None:
        """Data of some rows: accounts, their values as facts (or attributes), and their outcomes."""
        folder.mkdir(parents=True)
        chosen = self.columns[rows]
        accounts = pl.Series("account_id", self.account[rows].astype(str))
        lost = pl.Series("result", np.where(self.lost[rows], "churned", "renewed"))
        days = pl.Series("day", [self.looked_at[int(row)] for row in rows], dtype=pl.Date)
        if self.is_dated:
            accounts.unique().sort().to_frame().write_csv(folder / "accounts.csv")
            chosen.with_columns(accounts, days).write_parquet(folder / "seen.parquet")
            decided = (days + timedelta(days=self.lead_days)).alias("decided_on")
            pl.DataFrame([accounts, decided, lost]).write_csv(folder / "outcomes.csv")
        else:
            chosen.with_columns(accounts).write_csv(folder / "accounts.csv")
            pl.DataFrame([accounts, lost]).write_csv(folder / "outcomes.csv")

    def define(self, folder: Path, train: np.ndarray) -> None:
        """Definitions with the naive card: equal weights, terciles of the training rows, directions by hand."""
        folder.mkdir(parents=True)
        texts = {name: "text" for name in self.columns.columns if self.columns[name].dtype == pl.String}
        accounts = {"role": "accounts", "file": "accounts.csv", "key": "account_id"}
        outcomes = {"role": "outcomes", "file": "outcomes.csv", "account": "account_id", "outcome": "result"}
        datasets: dict[str, Any] = {"accounts": accounts, "outcomes": outcomes}
        if self.is_dated:
            outcomes["occurred_at"] = "decided_on"
            datasets["seen"] = {"file": "seen.parquet", "account": "account_id", "occurred_at": "day"}
        elif texts:
            accounts["types"] = texts  # type: ignore[assignment]
        measures = {_name(one): self._measure(one, train) for one in self.hand}
        definitions = {
            "schemes": {"numeric": {}},
            "datasets": datasets,
            "metrics": {_name(one): self._metric(one) for one in self.columns.columns},
            "scorecards": {"health": {"scheme": "numeric", "groups": {"all": {"weight": 1, "measures": measures}}}},
        }
        (folder / "keepwell.yaml").write_text(yaml.safe_dump(definitions, sort_keys=False))

    def _metric(self, column: str) -> dict[str, Any]:
        return {"dataset": "seen", "aggregate": f"latest({column})"} if self.is_dated else {"attribute": column}

    def _measure(self, column: str, train: np.ndarray) -> dict[str, Any]:
        by_hand = self.hand[column]
        if not isinstance(by_hand, bool):
            return {"weight": 1, "score": {"levels": dict(by_hand), "else": 50}}
        values = self.columns[column].to_numpy()[train].astype(float)
        edges = np.unique(np.nanquantile(values, [1 / 3, 2 / 3])).tolist()
        scores = np.linspace(0, 100, len(edges) + 1).tolist()
        ordered = scores if by_hand else scores[::-1]
        steps = [{"up_to": edge, "score": score} for edge, score in zip(edges, ordered, strict=False)]
        return {"weight": 1, "score": {"steps": [*steps, {"score": ordered[-1]}]}}


def splits_of(name: str) -> tuple[np.ndarray, tuple[Split, ...]]:
    """Labels and splits as they are given; rows under embargo are on neither side."""
    given = pl.read_csv(SHARED / name / "splits.csv.gz")
    found = [
        Split(f"split {i}", np.flatnonzero(side == 0), np.flatnonzero(side == 1))
        for i in range(5)
        for side in [given[f"test_{i}"].to_numpy()]
    ]
    if "out_of_time" in given.columns:
        side = given["out_of_time"].to_numpy()
        found.append(Split(OUT_OF_TIME, np.flatnonzero(side == "train"), np.flatnonzero(side == "test")))
    return given["label"].to_numpy() == 1, tuple(found)


def _name(column: str) -> str:
    """Names of definitions are lower snake_case."""
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in column).strip("_").replace("__", "_")
