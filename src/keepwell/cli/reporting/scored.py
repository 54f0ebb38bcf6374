"""Accounts and the history of scores for reports, scored when they are asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.explain.states import State
from keepwell.engine.reporting.history import HISTORY, scores_of
from keepwell.engine.rules.columns import columns
from keepwell.engine.rules.needs import Needs
from keepwell.engine.run import Run, dates_between
from keepwell.engine.run import history as run_history
from keepwell.engine.run import score as run_score
from keepwell.engine.wide import wide
from keepwell.lake.data import ProjectData

WEEKS = 26
"""So many weeks of scores where no lake keeps them."""


class Scored:
    """Runs of the dates that reports ask for, each made once."""

    def __init__(self, project: Project, data: ProjectData, as_of: date) -> None:
        self._project = project
        self._data = data
        self._as_of = as_of
        self._runs: dict[date, Run] = {}

    def population(self, as_of: date, names: frozenset[str]) -> pa.Table:
        if as_of not in self._runs:
            self._runs[as_of] = run_score(self._project, self._data, as_of=as_of)
        run = self._runs[as_of]
        return columns(State(self._project, run.values, run.scores), Needs(names, frozenset()))

    def scores(self) -> pa.Table:
        """Weekly scores up to the date, each as it could be known then."""
        first = self._as_of - timedelta(weeks=WEEKS)
        dates = dates_between(first, self._as_of, timedelta(days=7))
        tables = [scores_of_run(run) for run in run_history(self._project, self._data, dates)]
        return pa.concat_tables(tables) if tables else HISTORY.empty_table()


def scores_of_run(run: Run) -> pa.Table:
    """The scores of accounts in a run."""
    rows = wide(run.scores)
    return scores_of(rows.filter(pc.equal(rows["entity_kind"], "account")))
