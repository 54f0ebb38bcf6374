"""The scores of accounts that something came in for, from values that move on with every batch.

What a run works out once a night this does every second, for the accounts touched: the values of today, from a state
in memory and the rows that came since; kept beside those of the last run, and scored among its peers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.health.ledgers import records
from keepwell.apps.health.live.keeping import forget_others, save
from keepwell.apps.health.models import Run
from keepwell.apps.health.place import data_dir, lake, states_path, values_path
from keepwell.apps.health.rescoring import hold_current, rescore
from keepwell.apps.health.scored import latest_run
from keepwell.apps.usage.datasets import nothing_yet
from keepwell.apps.usage.draining.writing import EVENTS_TABLE
from keepwell.definitions.project import Project
from keepwell.engine.binding import bind
from keepwell.engine.building.quiet import QuietCollector
from keepwell.engine.facts import LOAD_ID
from keepwell.engine.moments import moment
from keepwell.engine.refresh.refresh import Refreshed, refresh_values
from keepwell.engine.refresh.state import RefreshState
from keepwell.engine.restricting import related, restricted
from keepwell.engine.values import Values
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.states import read_state
from keepwell.lake.warehouse import DuckDBWarehouse

_MOMENT = timedelta(microseconds=1)


@dataclass
class Live:
    """What one process keeps in memory between batches. `run` is the one that scores stand beside."""

    run: int | None = None
    project: Project | None = None
    state: RefreshState | None = None
    warehouse: DuckDBWarehouse = field(default_factory=DuckDBWarehouse)

    def renew(self, *, now: datetime | None = None, known: datetime | None = None) -> int:
        """Scores the accounts that something came in for; returns how many scores changed. Nothing before a first run.

        `known`: when the newest of what came in was accepted, by a clock that may be ahead of this one's.
        """
        run = latest_run()
        if run is None or not values_path(run.pk).exists():
            return 0
        now = now or timezone.now()
        at = max(now, known or now, (run.known_at or now) + _MOMENT)  # clocks differ; what is newer knows more
        is_new = run.pk != self.run or self.project is None
        if is_new:
            self._follow(run)
        assert self.project is not None
        data = self._opened(self.project)
        if is_new:
            bind(self.project, data)
        refreshed = self._refreshed(data, run, now, at)
        touched = _touched(refreshed)
        if is_new or refreshed.rebuilt:
            touched |= _since(self.project, data, run, refreshed.values)
        self.state = refreshed.state
        changed = self._score(run, refreshed.values, touched, at, data) if touched or is_new else 0
        self.run = run.pk
        return changed

    @property
    def is_behind(self) -> bool:
        """Whether there is a newer run, which knows less than what came in while it was at work."""
        run = latest_run()
        return run is not None and run.pk != self.run

    def _follow(self, run: Run) -> None:
        self.project = project_of(version(run.version_number or 0).files)
        if self.state is None and states_path().exists():
            self.state = read_state(states_path(), self.project)
        forget_others(run.pk)

    def _opened(self, project: Project) -> ProjectData:
        """Never closed: the footers of files that stay are read once."""
        kept = {**nothing_yet(lake()), **records()}
        return open_data(project, data_dir() / "files", lake=lake(), records=kept, warehouse=self.warehouse)

    def _refreshed(self, data: ProjectData, run: Run, now: datetime, at: datetime) -> Refreshed:
        assert self.project is not None
        zone = self.project.settings.time_zone
        today = max(run.as_of, now.astimezone(ZoneInfo(zone)).date())
        settled = [name for name, dataset in self.project.datasets.items() if dataset.table == EVENTS_TABLE]
        return refresh_values(
            self.project, data, moment(today, zone, at), self.state, settled=settled, collector=QuietCollector
        )

    @transaction.atomic
    def _score(self, run: Run, values: Values, touched: Collection[str], at: datetime, data: ProjectData) -> int:
        """A run that became current meanwhile is left as it is: the next round goes by it."""
        hold_current()
        newest = latest_run()
        if newest is None or newest.pk != run.pk:
            return 0
        assert self.project is not None
        together = related(self.project, values, touched)
        if not together:
            return 0
        save(run.pk, restricted(values, together), at)
        return rescore(together, now=at, data=data, only_changed=True)


def _touched(refreshed: Refreshed) -> set[str]:
    """The accounts that rows came in for, their relationships' included."""
    found: set[str] = set()
    for (_, kind), ids in refreshed.touched.items():
        found.update(_accounts_of(refreshed.values, ids) if kind == "relationship" else ids.to_pylist())
    return found


def _accounts_of(values: Values, relationships: pa.Array) -> list[str]:
    units = values.relationships
    if units is None:
        return []
    found: list[str] = units.accounts.filter(pc.is_in(units.ids, value_set=relationships)).to_pylist()
    return found


def _since(project: Project, data: ProjectData, run: Run, values: Values) -> set[str]:
    """The accounts that rows came in for since the run read the facts: who has no state knows them by their load."""
    found: set[str] = set()
    for name, dataset in project.datasets.items():
        rows = data.table(name)
        column = dataset.account if isinstance(dataset.account, str) else dataset.relationship
        if LOAD_ID not in rows.columns or column is None or dataset.role != "facts":
            continue
        newer = rows.filter(rows[LOAD_ID] > (run.load_ids.get(name) or 0)).select(one=rows[column].cast("string"))
        ids = data.run(newer.filter(ibis._.one.notnull()).distinct())["one"].combine_chunks()
        found.update(ids.to_pylist() if isinstance(dataset.account, str) else _accounts_of(values, ids))
    return found
