"""What the newest run has seen of daily use: its state stays good where rows that came later stay apart from these."""

from __future__ import annotations

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.health.scored import latest_run
from keepwell.apps.usage.draining.writing import DAILY_TABLE


def seen_by_run() -> int:
    """The last load of daily use that the newest run has read; 0 where there is none, or no dataset of it."""
    run = latest_run()
    if run is None or not run.version_number:
        return 0
    datasets = project_of(version(run.version_number).files).datasets
    loads = [run.load_ids.get(name) or 0 for name, dataset in datasets.items() if dataset.table == DAILY_TABLE]
    return min(loads, default=0)
