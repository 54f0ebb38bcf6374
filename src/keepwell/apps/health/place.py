"""Where this installation keeps its facts and the values of its runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from keepwell.apps.health.ledgers import records
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
def opened(project: Project, accounts: Collection[str] | None = None) -> Iterator[ProjectData]:
    """The facts of a project: tables of the lake, and the ledgers as they are now (of `accounts` alone if given)."""
    with open_data(project, data_dir() / "files", lake=lake(), records=records(accounts)) as data:
        yield data
