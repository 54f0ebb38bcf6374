"""Where connectors work in this installation: the lake, the folder of readings, the door, the folders for files."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from keepwell.apps.configuration.queries import current_project
from keepwell.connect.outgoing import Door
from keepwell.connect.staging import Staging
from keepwell.definitions.project import Project
from keepwell.errors import DefinitionsRefused
from keepwell.lake.place import Lake


def lake() -> Lake:
    return Lake(Path(settings.ENVIRONMENT.data_dir) / "lake")


def staging_of(run: int) -> Staging:
    """What a run read, and the rows that did not fit."""
    return Staging(Path(settings.ENVIRONMENT.data_dir) / "connectors" / f"run-{run:08}")


def folders() -> tuple[str, ...]:
    """Folders of this machine whose files may be read and written; by default `exchange` in the data folder."""
    said: tuple[str, ...] = settings.ENVIRONMENT.folders
    if said:
        return said
    own = Path(settings.ENVIRONMENT.data_dir) / "exchange"
    own.mkdir(parents=True, exist_ok=True)
    return (str(own.absolute()),)


def door(*, patience: float = 600) -> Door:
    """`patience`: seconds that a call may wait for a server that asks it to."""
    return Door(settings.ENVIRONMENT.outgoing, patience=patience)


def project() -> Project | None:
    """The definitions in force; None where there are none, or none that can be read."""
    try:
        return current_project()
    except DefinitionsRefused:
        return None


def zone_of(found: Project | None, dataset: str) -> ZoneInfo:
    """The zone of times without offset, and of local days."""
    if found is None:
        return ZoneInfo("UTC")
    return ZoneInfo(found.zone_of(dataset) if dataset in found.datasets else found.settings.time_zone)
