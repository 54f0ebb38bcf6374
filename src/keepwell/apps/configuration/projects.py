"""From the YAML that a version or draft holds to a checked project, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from keepwell.definitions.issues import Issue
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.loading import load_project
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.errors import DefinitionsRefused, RequestRefused

Files = Mapping[str, str]
"""YAML by path below the project folder."""


def project_of(files: Files) -> Project:
    """The definitions in `files`. Raises DefinitionsRefused with every issue."""
    return _project(tuple(sorted(files.items())))


@lru_cache(maxsize=32)
def _project(files: tuple[tuple[str, str], ...]) -> Project:
    with TemporaryDirectory(prefix="keepwell-definitions-") as folder:
        for name, text in files:
            path = Path(folder) / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())  # line ends stay as they are
        return load_project(folder)


def files_of(folder: Path) -> dict[str, str]:
    """The YAML of a project folder, to the byte. Raises DefinitionsRefused for files that are no UTF-8 text."""
    found = sorted(folder.rglob("*.yaml"))
    names = {path: path.relative_to(folder) for path in found}
    return texts_of(
        {
            name.as_posix(): path.read_bytes()
            for path, name in names.items()
            if not any(part.startswith(".") for part in name.parts)
        }
    )


def texts_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Files as text. Raises DefinitionsRefused with every file that is none."""
    texts, issues = {}, []
    for name, content in contents.items():
        try:
            texts[name] = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            issues.append(Issue(name, line, "", "the file is not UTF-8 text; save it with that encoding"))
        if b"\0" in content:
            issues.append(Issue(name, 0, "", "the file holds a zero byte; is it text?"))
    if issues:
        raise DefinitionsRefused(*issues)
    return texts


def checked(files: Files) -> tuple[Project | None, tuple[Issue, ...]]:
    """The project, or all that is wrong with it."""
    try:
        return project_of(files), ()
    except DefinitionsRefused as refused:
        return None, tuple(one for one in refused.problems if isinstance(one, Issue))
    except RequestRefused as refused:
        return None, (Issue("definitions", 0, "", str(refused)),)


def hashes_of(project: Project) -> dict[str, dict[str, str]]:
    """The content hash of every definition, by kind and name."""
    versions = Versions(project)
    return {kind: {name: versions.of(kind, name) for name in sorted(getattr(project, kind))} for kind in KINDS}


def refuse_path(name: str) -> None:
    """Raises RequestRefused for what cannot be the path of a definitions file."""
    _inside(name)


def _inside(name: str) -> Path:
    path = PurePosixPath(name)
    if (
        not path.name
        or "\\" in name
        or len(name) > 200
        or path.is_absolute()
        or ".." in path.parts
        or not name.endswith(".yaml")
    ):
        raise RequestRefused(f"'{name}' is no path of a definitions file: use a relative path that ends in .yaml")
    return Path(*path.parts)
