"""keepwell dashboard: what dashboards show, as numbers in the terminal or files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import AsOf, Data, Folder, KnownAt, LakeFolder, Top, optional

if TYPE_CHECKING:
    from keepwell.definitions.dashboards import Dashboard
    from keepwell.definitions.project import Project
    from keepwell.engine.reporting.asking import Asked

dashboard = typer.Typer(no_args_is_help=True, help="Look at dashboards: the numbers behind their charts.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The dashboard.", show_default=False)]
OnlyWidget = Annotated[str | None, optional("--widget", "NAME", "Only this widget.")]
PeriodText = Annotated[
    str | None,
    optional("--period", "PERIOD", "Another time than the dashboard's, such as '90 days' or this_quarter."),
]
Where = Annotated[
    list[str] | None,
    optional("--where", "EXPRESSION", "Only accounts where this is true; several must all be."),
]
Chosen = Annotated[
    list[str] | None,
    optional(
        "--filter",
        "NAME=VALUE",
        "A filter of the dashboard with a value, or the name alone of one that is switched on.",
    ),
]
OutFolder = Annotated[
    Path | None,
    optional("--out", "DIR", "Write a CSV for each widget into this folder instead."),
]


@dashboard.callback()
def _dashboard() -> None:
    """Look at dashboards: the numbers behind their charts."""


@dashboard.command("show")
def show(
    folder: Folder,
    name: Name,
    as_of: AsOf,
    data: Data = None,
    known_at: KnownAt = None,
    period: PeriodText = None,
    where: Where = None,
    chosen: Chosen = None,
    widget: OnlyWidget = None,
    out: OutFolder = None,
    lake: LakeFolder = None,
) -> None:
    """Print what a dashboard shows at a date: every widget as its numbers."""
    from keepwell.cli.reporting.asking import asked_for
    from keepwell.cli.reporting.files import write_results
    from keepwell.cli.reporting.opening import report_tables
    from keepwell.cli.terminal.dashboards import print_dashboard
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.definitions import load_project
    from keepwell.engine.reporting.reporter import answer_dashboard

    project = load_project(folder)
    found = _found(project, name, widget)
    asked: Asked = asked_for(found, as_of, known_at, period, where or [], chosen or [])
    with progress("Reading"), report_tables(project, data or folder, as_of, lake) as tables:
        results = answer_dashboard(project, tables, found, asked, only=widget)
    if out is not None:
        for path, rows in write_results(out, found, results):
            typer.echo(f"Wrote {rows:,} rows to {path}")
    print_dashboard(on_stdout(), name, found, results, asked, brief=out is not None)


@dashboard.command("list")
def list_(folder: Folder) -> None:
    """Print which dashboards there are, for whom, and their widgets."""
    from keepwell.cli.terminal.dashboards import print_dashboards
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.definitions import load_project

    print_dashboards(on_stdout(), load_project(folder))


@dashboard.command("rows")
def rows(
    folder: Folder,
    name: Name,
    widget: Annotated[str, typer.Argument(metavar="WIDGET", help="The widget.", show_default=False)],
    as_of: AsOf,
    at: Annotated[
        list[str] | None,
        optional("--at", "KEY=VALUE", "A dimension of the value, such as by=red; all unless given."),
    ] = None,
    measure: Annotated[str | None, optional("--measure", "NAME", "The measure of the value.")] = None,
    data: Data = None,
    period: PeriodText = None,
    where: Where = None,
    top: Top = 40,
    lake: LakeFolder = None,
) -> None:
    """Print the rows behind a value of a widget."""
    from keepwell.cli.reporting.asking import asked_for, point_of
    from keepwell.cli.reporting.opening import report_tables
    from keepwell.cli.terminal.dashboards import print_result
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.definitions import load_project
    from keepwell.engine.reporting.reporter import answer_rows

    project = load_project(folder)
    found = _found(project, name, widget)
    asked, point = asked_for(found, as_of, None, period, where or [], []), point_of(found.widgets[widget], at or [])
    with progress("Reading"), report_tables(project, data or folder, as_of, lake) as tables:
        result = answer_rows(project, tables, found, widget, asked, point, measure=measure, most=top or 1_000_000)
    print_result(on_stdout(), "Rows", result, most=top)


@dashboard.command("start")
def start(
    folder: Folder,
    whose: Annotated[
        list[str] | None,
        optional("--for", "WHO", "csm, leader, executive, onboarding, advocacy or support; all unless given."),
    ] = None,
    file: Annotated[
        str, typer.Option("--file", metavar="NAME", help="The file in FOLDER to write.")
    ] = "dashboards.yaml",
) -> None:
    """Write dashboards to begin with into a project, in the names of its columns and datasets."""
    from keepwell.cli.writing.atomic import write_text
    from keepwell.definitions import load_project
    from keepwell.definitions.names import unknown
    from keepwell.definitions.starting_dashboards import as_yaml, starting_dashboards, starting_names
    from keepwell.errors import RequestRefused

    project, place = load_project(folder), folder / file
    for one in whose or []:
        if one not in starting_names():
            raise RequestRefused(unknown("reader", one, starting_names()))
    found = starting_dashboards(project, *(whose or []))
    if there := sorted(found.keys() & project.dashboards.keys()):
        raise RequestRefused(
            f"the project has dashboards of these names already: {', '.join(there)}; rename or leave them"
        )
    if place.exists():
        raise RequestRefused(f"{place} is there already; choose another name with --file")
    write_text(place, as_yaml(found))
    typer.echo(f"Wrote {len(found)} dashboards to {place}: {', '.join(found)}")


def _found(project: Project, name: str, widget: str | None) -> Dashboard:
    from keepwell.definitions.names import unknown
    from keepwell.errors import RequestRefused

    if name not in project.dashboards:
        raise RequestRefused(unknown("dashboard", name, project.dashboards))
    found = project.dashboards[name]
    if widget is not None and widget not in found.widgets:
        raise RequestRefused(unknown("widget", widget, found.widgets))
    return found
