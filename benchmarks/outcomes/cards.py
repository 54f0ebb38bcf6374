"""Cards as Keepwell scores them: the naive one, and the one that the optimizer proposes for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from keepwell.definitions import load_project
from keepwell.engine.run import history
from keepwell.errors import RequestRefused
from keepwell.lake.data import open_data
from keepwell.learning.figures.probabilities import calibrated
from keepwell.learning.optimizer.optimizing import optimize
from keepwell.learning.optimizer.study import Request
from keepwell.learning.optimizer.writing import write_draft
from outcomes.labelled import Labelled, Split
from outcomes.sets import last_day

CARD = "health"


@dataclass(frozen=True)
class Cards:
    """Chances of loss of every test row; `refused`: the words of the optimizer where it proposes nothing."""

    naive: np.ndarray
    optimized: np.ndarray | None
    refused: str | None


def cards(one: Labelled, split: Split, folder: Path) -> Cards:
    """Learns from the training rows alone and scores the test rows; calibrated on the training rows."""
    definitions, draft = folder / "definitions", folder / "draft"
    one.define(definitions, split.train)
    for side, rows in (("train", split.train), ("test", split.test)):
        one.write(folder / side, rows)
    naive = _chances(one, split, definitions, folder)
    refused = _optimize(one, split, definitions, folder / "train", draft)
    return Cards(naive, None if refused else _chances(one, split, draft, folder), refused)


def _optimize(one: Labelled, split: Split, definitions: Path, data: Path, draft: Path) -> str | None:
    kept = draft.with_name("values")
    project = load_project(definitions)
    with open_data(project, data) as source:
        try:
            request = Request(CARD, last_day(one, split.train), 1, lead_days=one.lead_days, draws=100, values=kept)
            proposal = optimize(project, source, request)
        except RequestRefused as refused:
            return str(refused.problems[0])
    write_draft(definitions, draft, proposal, {}, "")
    return None


def _chances(one: Labelled, split: Split, definitions: Path, folder: Path) -> np.ndarray:
    train = _scores(one, split.train, definitions, folder / "train")
    curve = calibrated(train, one.lost[split.train])
    return curve.chance(_scores(one, split.test, definitions, folder / "test"))


def _scores(one: Labelled, rows: np.ndarray, definitions: Path, data: Path) -> np.ndarray:
    """[rows] what `keepwell score` says of each at its date."""
    project = load_project(definitions)
    days = np.array([one.looked_at[int(row)] for row in rows], dtype="datetime64[D]")
    accounts, found = one.account[rows].astype(str), np.full(len(rows), np.nan)
    with open_data(project, data) as source:
        for run in history(project, source, [day.astype(object) for day in np.unique(days)]):
            here = np.flatnonzero(days == np.datetime64(run.values.as_of, "D"))
            places = pc.index_in(accounts[here].tolist(), value_set=run.scores.accounts.ids)
            found[here] = run.scores.accounts.finals[places.to_numpy(zero_copy_only=False).astype(int)]
    return found
