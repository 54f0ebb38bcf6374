"""From the YAML that a version or draft holds to a checked project, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from keepwell.definitions.kinds import KINDS
from keepwell.definitions.loading import load_project
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.errors import RequestRefused

Files = Mapping[str, str]
"""YAML by path below the project folder."""


def project_of(files: Files) -> Project:
    """The definitions in `files`. Raises DefinitionsRefused with every issue."""
    return _project(tuple(sorted(files.items())))


@lru_cache(maxsize=16)
def _project(files: tuple[tuple[str, str], ...]) -> Project:
    with TemporaryDirectory(prefix="keepwell-definitions-") as folder:
        for name, text in files:
            path = Path(folder) / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_project(folder)


def files_of(folder: Path) -> dict[str, str]:
    """The YAML of a project folder."""
    found = sorted(path for path in folder.rglob("*.yaml") if not any(part.startswith(".") for part in path.parts))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def hashes_of(project: Project) -> dict[str, dict[str, str]]:
    """The content hash of every definition, by kind and name."""
    versions = Versions(project)
    return {kind: {name: versions.of(kind, name) for name in sorted(getattr(project, kind))} for kind in KINDS}


def _inside(name: str) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not name.endswith(".yaml"):
        raise RequestRefused(f"'{name}' is no path of a definitions file: use a relative path that ends in .yaml")
    return Path(*path.parts)
