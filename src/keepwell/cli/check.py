"""keepwell check: all errors, or what is defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepwell.cli.arguments import Data, Folder

if TYPE_CHECKING:
    from keepwell.definitions.project import Project


def check(folder: Folder, data: Data = None) -> None:
    """Check definitions: every error with its place, or what is defined.

    With --data, or where the files lie below FOLDER, columns and their types are checked too.
    """
    from keepwell.cli.project_data import files_are_below
    from keepwell.cli.terminal.inventory import print_inventory
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.definitions import load_project

    project = load_project(folder)
    bound = data is not None or files_are_below(project, folder)
    if bound:
        _check_columns(project, data or folder)
    print_inventory(on_stdout(), project, str(folder), columns_checked=bound)


def _check_columns(project: Project, folder: Folder) -> None:
    from keepwell.cli.project_data import data_of
    from keepwell.engine.binding import bind

    with data_of(project, folder) as (_, source):
        bind(project, source, with_dashboards=True)
