"""keepwell load: a project's raw files into the lake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keepwell.cli.arguments import Data, Folder, Rejects

Into = Annotated[Path, typer.Option("--lake", metavar="DIR", help="The lake to load into.", show_default=False)]
Only = Annotated[
    list[str] | None,
    typer.Option("--dataset", metavar="NAME", help="Only this dataset; may be given again.", show_default=False),
]


def load(
    folder: Folder,
    lake: Into,
    data: Data = None,
    dataset: Only = None,
    append: Annotated[
        bool, typer.Option("--append", help="Add rows beside those that are there, instead of replacing them.")
    ] = False,
    rejects: Rejects = None,
) -> None:
    """Load a project's files into a lake: all datasets, or those named. The same files are never appended twice."""
    from keepwell.cli.project_data import data_of
    from keepwell.cli.terminal.progress import progress
    from keepwell.definitions import load_project
    from keepwell.definitions.names import unknown
    from keepwell.errors import RequestRefused
    from keepwell.lake.loading import load_dataset
    from keepwell.lake.place import Lake

    project, place, done = load_project(folder), Lake(lake), []
    names = dataset or list(project.datasets)
    if lost := [name for name in names if name not in project.datasets]:
        raise RequestRefused(*(unknown("dataset", name, project.datasets) for name in lost))
    with progress("Loading"), data_of(project, data or folder, rejects, only=names) as (_, source):
        for name in names:
            done.append(load_dataset(source, place, name, append=append))
    for one in done:
        rows = f"{one.rows:,} rows as load {one.load_id}" if one.written else "the same files are there already"
        typer.echo(f"{one.dataset}: {rows}")
