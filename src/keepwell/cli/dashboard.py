"""keepwell dashboard: what dashboards show, as numbers in the terminal or files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import AsOf, Data, Folder, KnownAt, LakeFolder

if TYPE_CHECKING:
    from keepwell.definitions.dashboards import Dashboard
    from keepwell.definitions.project import Project
    from keepwell.engine.reporting.asking import Asked

dashboard = typer.Typer(no_args_is_help=True, help="Look at dashboards: the numbers behind their charts.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The dashboard.", show_default=False)]
OnlyWidget = Annotated[
    str | None, typer.Option("--widget", metavar="NAME", help="Only this widget.", show_default=False)
]
PeriodText = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="Another time than the dashboard's, such as '90 days' or this_quarter.",
        show_default=False,
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="EXPRESSION",
        help="Only accounts where this is true; several must all be.",
        show_default=False,
    ),
]
Chosen = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="NAME=VALUE",
        help="A filter of the dashboard with a value, or the name alone of one that is switched on.",
        show_default=False,
    ),
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Write a CSV for each widget into this folder instead.", show_default=False
    ),
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


def _found(project: Project, name: str, widget: str | None) -> Dashboard:
    from keepwell.definitions.names import unknown
    from keepwell.errors import RequestRefused

    if name not in project.dashboards:
        raise RequestRefused(unknown("dashboard", name, project.dashboards))
    found = project.dashboards[name]
    if widget is not None and widget not in found.widgets:
        raise RequestRefused(unknown("widget", widget, found.widgets))
    return found
