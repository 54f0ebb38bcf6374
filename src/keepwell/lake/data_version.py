"""Which state of the data was read: a text that changes whenever the data do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path

from keepwell.definitions.project import Project
from keepwell.lake.files import FileSource
from keepwell.lake.files.source import find_files, mark_of
from keepwell.lake.place import IDENTITY, Lake


def version_of_files(source: FileSource) -> list[object]:
    """Each file's place, size and time of change, in order. Raises DataRefused where there is none."""
    return [(str(file.resolve()), mark_of(file)) for file in find_files(source)]


def version_in_lake(lake: Lake | None, project: Project, name: str) -> list[object] | None:
    """Versions of a dataset's table and of the identities that its accounts are read by; None where it is not there."""
    if lake is None or not (kept := lake.facts(name, project.datasets[name].table)).exists:
        return None
    return [str(Path(lake.root).resolve()), kept.version, lake.table(IDENTITY).version]


def combined(project: Project, names: Collection[str], versions: Collection[list[object]]) -> str:
    """One short text for the versions of some datasets; `time_zone` says what their times mean."""
    content = [project.settings.time_zone, sorted(names), list(versions)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
