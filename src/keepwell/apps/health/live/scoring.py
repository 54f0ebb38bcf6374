"""The scores of accounts that something came in for, from values that move on with every batch.

What a run works out once a night this does every second, for the accounts touched: the values of today, from a state
in memory and the rows that came since; kept beside those of the last run, and scored among its peers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.health.ledgers import datasets_of_ledgers, records, registered
from keepwell.apps.health.live import arrivals
from keepwell.apps.health.live.arrivals import Came
from keepwell.apps.health.live.keeping import forget_others, save
from keepwell.apps.health.live.of_ledgers import OfLedgers
from keepwell.apps.health.live.slower import Slower
from keepwell.apps.health.live.touched import accounts_since, accounts_touched, newest_loads
from keepwell.apps.health.models import Run
from keepwell.apps.health.place import data_dir, lake, states_path, values_path
from keepwell.apps.health.rescoring import hold_current, rescore
from keepwell.apps.health.scored import latest_run
from keepwell.apps.usage.datasets import nothing_yet
from keepwell.apps.usage.draining.writing import EVENTS_TABLE
from keepwell.definitions.project import Project
from keepwell.engine.binding import bind
from keepwell.engine.building.aggregating import Aggregates, FullAggregates
from keepwell.engine.building.quiet import QuietCollector
from keepwell.engine.moments import moment
from keepwell.engine.refresh.refresh import Refreshed, refresh_values
from keepwell.engine.refresh.state import PartKey, RefreshState
from keepwell.engine.restricting import related, restricted
from keepwell.engine.values import Values
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.states import read_state
from keepwell.lake.warehouse import DuckDBWarehouse

_MOMENT = timedelta(microseconds=1)


@dataclass
class Live:
    """What one process keeps in memory between batches. `run` is the one that scores stand beside.

    `loads`: of datasets, when metrics were last read from all facts. `rebuilt`: parts of the state that the last round
    built from all facts, with the reason.
    """

    run: int | None = None
    project: Project | None = None
    state: RefreshState | None = None
    slower: Slower = field(default_factory=Slower)
    loads: Mapping[str, int | None] = field(default_factory=dict)
    rebuilt: Mapping[PartKey, str] = field(default_factory=dict)
    of_ledgers: OfLedgers = field(default_factory=OfLedgers)
    warehouse: DuckDBWarehouse = field(default_factory=DuckDBWarehouse)
    _lagging: bool = False

    def renew(self, *, now: datetime | None = None, known: datetime | None = None) -> int:
        """Scores the accounts that something came in for; returns how many scores changed. Nothing before a first run.

        `known`: when the newest of what came in was accepted, by a clock that may be ahead of this one's.
        """
        run = latest_run()
        if run is None or not values_path(run.pk).exists():
            return 0
        now = now or timezone.now()
        is_new = run.pk != self.run or self.project is None
        came = arrivals.since_run(run) if is_new else arrivals.waiting()
        # clocks differ; what is newer knows more
        at = max(now, known or now, came.newest or now, (run.known_at or now) + _MOMENT)
        if is_new:
            self._follow(run)
        assert self.project is not None
        data = self._opened(self.project, came.accounts)
        if is_new:
            bind(self.project, data)
        refreshed = self._refreshed(data, run, now, at, came.accounts, anew=is_new)
        touched = accounts_touched(refreshed) | self._since(data, run, refreshed, is_new=is_new)
        self.state, self.rebuilt = refreshed.state, refreshed.rebuilt
        changed = self._score(run, refreshed.values, touched, came, at)
        self.run = run.pk
        return changed

    @property
    def is_behind(self) -> bool:
        """Whether there is a newer run, which knows less than what came in while it was at work."""
        run = latest_run()
        return run is not None and run.pk != self.run

    @property
    def is_called(self) -> bool:
        """Whether rows of ledgers came that it has not counted, and there are scores to count them in."""
        return arrivals.are_waiting() and latest_run() is not None

    @property
    def owes(self) -> bool:
        """Whether metrics that are read from all facts have not seen what came in, and it is time that they do."""
        return self._lagging and self.slower.is_due

    def _follow(self, run: Run) -> None:
        self.project = project_of(version(run.version_number or 0).files)
        if self.state is None and states_path().exists():
            self.state = read_state(states_path(), self.project)
        forget_others(run.pk)

    def _opened(self, project: Project, accounts: Collection[str]) -> ProjectData:
        """Ledgers hold the rows of `accounts` alone. Never closed: the footers of files that stay are read once."""
        watched = {dataset.table for dataset in project.datasets.values() if dataset.expected_every}
        theirs = {name: rows for name, rows in registered(accounts, project).items() if name not in watched}
        kept = {**nothing_yet(lake()), **records(project=project), **theirs}
        return open_data(project, data_dir() / "files", lake=lake(), records=kept, warehouse=self.warehouse)

    @contextmanager
    def _everybody(self) -> Iterator[Aggregates]:
        """Over ledgers with all their rows, which are held no longer than they are read."""
        assert self.project is not None
        kept, own = records(project=self.project), DuckDBWarehouse()
        with open_data(self.project, data_dir() / "files", lake=lake(), records=kept, warehouse=own) as data:
            yield FullAggregates(self.project, data)

    def _refreshed(
        self, data: ProjectData, run: Run, now: datetime, at: datetime, accounts: frozenset[str], *, anew: bool
    ) -> Refreshed:
        assert self.project is not None
        project = self.project
        ledgers = datasets_of_ledgers(project)
        zone = self.project.settings.time_zone
        today = max(run.as_of, now.astimezone(ZoneInfo(zone)).date())
        settled = self._settled() if self.run is not None else []
        in_full = self.of_ledgers.begin(
            ledgers, accounts, anew=anew,
            everybody=self._everybody, some=FullAggregates(project, data),
            others=self.slower.begin(FullAggregates(project, data), anew=anew),
        )  # fmt: skip
        return refresh_values(
            project, data, moment(today, zone, at), self.state,
            settled=settled, changing=ledgers, collector=QuietCollector, in_full=in_full,
        )  # fmt: skip

    def _settled(self) -> list[str]:
        """Datasets of which this process has known every row as soon as it was there. A run has not: what was accepted
        while it waited for a worker lies in files that it read, and is later than what it knows."""
        assert self.project is not None
        return [name for name, dataset in self.project.datasets.items() if dataset.table == EVENTS_TABLE]

    def _since(self, data: ProjectData, run: Run, refreshed: Refreshed, *, is_new: bool) -> set[str]:
        """The accounts that no state tells of: since the run, or since metrics were last read from all facts."""
        assert self.project is not None
        self._lagging = self.slower.is_used and not self.slower.is_reading
        reads = self.slower.is_used and self.slower.is_reading
        loads = run.load_ids if is_new or refreshed.rebuilt else self.loads if reads else None
        found = set() if loads is None else accounts_since(self.project, data, loads, refreshed.values)
        if reads:
            self.loads = newest_loads(self.project, data)
        return found

    @transaction.atomic
    def _score(self, run: Run, values: Values, touched: Collection[str], came: Came, at: datetime) -> int:
        """A run that became current meanwhile is left as it is: the next round goes by it."""
        assert self.project is not None
        together = related(self.project, values, {*touched, *came.accounts})
        if not together and not came.ids and run.pk == self.run:
            return 0
        hold_current()
        newest = latest_run()
        if newest is None or newest.pk != run.pk:
            return 0
        arrivals.note_counted(came)
        if run.pk != self.run:
            arrivals.forget_before(run)
        if not together:
            return 0
        save(run.pk, restricted(values, together), at)
        # a rule may look at a metric over a ledger that no card has
        return rescore(together, now=at, only_changed=together - came.accounts)
