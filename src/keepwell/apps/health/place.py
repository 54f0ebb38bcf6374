"""Where this installation keeps its facts and the values of its runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from keepwell.apps.health.ledgers import records
from keepwell.apps.usage.datasets import nothing_yet
from keepwell.definitions.project import Project
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.place import Lake


def data_dir() -> Path:
    return Path(settings.ENVIRONMENT.data_dir)


def lake() -> Lake:
    return Lake(data_dir() / "lake")


def values_path(run: int) -> Path:
    """The file of a run's values."""
    return data_dir() / "values" / f"run-{run:08}.values"


def states_path() -> Path:
    """The folder of what one run leaves for the next, so that it reads only what is new."""
    return data_dir() / "states"


@contextmanager
def opened(
    project: Project, accounts: Collection[str] | None = None, *, facts: Mapping[str, int] | None = None
) -> Iterator[ProjectData]:
    """The facts of a project: tables of the lake, and the ledgers as they are now (of `accounts` alone if given).

    `facts`: versions of tables, as `versions_of_facts` told them; without it they are read as they are now.
    """
    kept = {**nothing_yet(lake()), **records(accounts, project)}
    with open_data(project, data_dir() / "files", lake=lake(), versions=facts, records=kept) as data:
        yield data


def versions_of_facts(project: Project) -> dict[str, int]:
    """Which version the table of each dataset stands at now; those that are not in the lake are left out."""
    tables = {name: lake().facts(name, dataset.table) for name, dataset in project.datasets.items()}
    return {name: table.version for name, table in tables.items() if table.exists}
