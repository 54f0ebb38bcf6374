"""Runs of many dates as they come: the last one whole, of the others scores, labels and revenue of accounts."""

from __future__ import annotations

from keepwell.cli.portfolio.entities import Entities, entities_of
from keepwell.cli.portfolio.series import Series
from keepwell.definitions.project import Project
from keepwell.engine.run import Run


class Recorder:
    """Call `add` for each run, in order of date; then `last` and `accounts` are those of the last."""

    last: Run

    def __init__(self, project: Project) -> None:
        self._project = project
        self.series = Series()

    def add(self, run: Run) -> None:
        self.last = run
        now = self._accounts(run)
        columns = (now.ids, now.final, now.labels, now.arr)
        self.series.add(run.scores.as_of, *(column.tolist() for column in columns))

    @property
    def accounts(self) -> Entities:
        return self._accounts(self.last)

    def _accounts(self, run: Run) -> Entities:
        found = entities_of(self._project, run, "account")
        assert found is not None  # every project has accounts
        return found
