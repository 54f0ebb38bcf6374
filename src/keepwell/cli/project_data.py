"""A project with its data, opened together, so that whatever is wrong with either is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keepwell.definitions.project import Project
    from keepwell.lake.data import ProjectData


@contextmanager
def opened(
    folder: Path, data: Path | None, rejects: Path | None = None, lake: Path | None = None
) -> Iterator[tuple[Project, ProjectData]]:
    """Reads the definitions and opens every dataset. Raises InputError with all that is wrong."""
    from keepwell.definitions import load_project

    with data_of(load_project(folder), data or folder, rejects, lake) as (project, source):
        yield project, source


@contextmanager
def data_of(
    project: Project,
    folder: Path,
    rejects: Path | None = None,
    lake: Path | None = None,
    only: Sequence[str] | None = None,
) -> Iterator[tuple[Project, ProjectData]]:
    """The same for definitions that have been read; with `only`, some datasets."""
    from keepwell.errors import RequestRefused
    from keepwell.lake.data import open_data
    from keepwell.lake.place import Lake

    if not project.settings.warehouse and not folder.is_dir():
        raise RequestRefused(f"there is no data folder {folder}; name the folder that holds the files with --data")
    with open_data(project, folder, rejects=rejects, lake=Lake(lake) if lake else None) as source:
        source.open_all(only)
        yield project, source


def files_are_below(project: Project, folder: Path) -> bool:
    """Some dataset's files lie below this folder, or all of them in a warehouse."""
    patterns = [dataset.file for dataset in project.datasets.values() if dataset.file]
    return not patterns or any(_is_there(folder, pattern) for pattern in patterns)


def _is_there(folder: Path, pattern: str) -> bool:
    try:
        return next(iter(folder.glob(pattern)), None) is not None
    except (ValueError, NotImplementedError):  # an absolute pattern: the data's own refusal says so
        return False


def load_both(folders: Sequence[Path]) -> list[Project]:
    """The projects of these folders, or one refusal with the errors of all, each with its folder."""
    from keepwell.definitions import load_project
    from keepwell.errors import DefinitionsRefused

    projects, problems = [], []
    for one in folders:
        try:
            projects.append(load_project(one))
        except DefinitionsRefused as refused:
            problems += [_with_folder(one, problem) if len(folders) > 1 else problem for problem in refused.problems]
    if problems:
        raise DefinitionsRefused(*problems)
    return projects


def _with_folder(folder: Path, problem: object) -> object:
    from dataclasses import replace

    from keepwell.definitions import Issue

    if isinstance(problem, Issue) and problem.file != str(folder):
        return replace(problem, file=str(folder / problem.file))
    return problem
