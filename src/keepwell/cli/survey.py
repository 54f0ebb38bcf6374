"""keepwell survey: what respondents would see, whom a survey asks, and letters that came back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keepwell.cli.arguments import Folder

survey = typer.Typer(no_args_is_help=True, help="Look at surveys, send them, and note letters that came back.")


DataDir = Annotated[
    Path, typer.Option("--data-dir", metavar="DIR", help="The folder of the installation, as in keepwell serve.")
]
InForce = Annotated[str, typer.Argument(metavar="NAME", help="A survey in force.", show_default=False)]
Accounts = Annotated[
    list[str] | None, typer.Option("--account", metavar="ID", help="People at this account alone; may be repeated.")
]
_FOLDER = Path("keepwell-data")


@survey.callback()
def _survey() -> None:
    """Look at surveys, send them, and note letters that came back."""


@survey.command("preview")
def preview(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The survey.", show_default=False)],
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Such as de; the survey's first unless given."),
    ] = None,
) -> None:
    """Print a survey's way: its questions in one language, what leads to each, and how it reaches people."""
    from keepwell.cli.terminal.surveys import print_survey
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.definitions import load_project
    from keepwell.definitions.names import unknown
    from keepwell.errors import RequestRefused

    found = load_project(folder).surveys
    if name not in found:
        raise RequestRefused(unknown("survey", name, found))
    one = found[name]
    if language is not None and language not in one.languages:
        raise RequestRefused(unknown("language", language, one.languages))
    print_survey(on_stdout(), name, one, language or one.default_language)


@survey.command("plan")
def plan(name: InForce, account: Accounts = None, data_dir: DataDir = _FOLDER) -> None:
    """Print whom a survey would ask now, and why others are not asked. Nothing is sent."""
    from rich.console import Console
    from rich.table import Table

    from keepwell.server import surveys as server

    found = server.planned(data_dir, name, account)
    print(f"{found.asked:,} of {found.considered:,} people would be asked.")
    if found.reasons:
        table = Table("Why others are not", "People", box=None)
        for words, count in found.reasons:
            table.add_row(words, f"{count:,}")
        Console().print(table)


@survey.command("send")
def send(name: InForce, account: Accounts = None, data_dir: DataDir = _FOLDER) -> None:
    """Send a survey to everybody whom it asks now. A worker decides, and letters leave in their turn."""
    from keepwell.server import surveys as server

    number = server.send(data_dir, name, account)
    print(f"Send {number} is begun; `keepwell survey sends {name}` shows how it goes on.")


@survey.command("sends")
def sends(name: InForce, data_dir: DataDir = _FOLDER) -> None:
    """List what was sent of a survey, the newest first."""
    from rich.console import Console
    from rich.table import Table

    from keepwell.server import surveys as server

    table = Table("Send", "When (UTC)", "Why", "State", "Asked", "Letters left", "Came back", "Answered", box=None)
    for line in server.sends(data_dir, name):
        table.add_row(*line)
    Console().print(table)


@survey.command("stop")
def stop(
    number: Annotated[int, typer.Argument(metavar="SEND", min=1, help="The number, as the list of sends shows it.")],
    data_dir: DataDir = _FOLDER,
) -> None:
    """Stop a send: letters that have not left stay here."""
    from keepwell.server import surveys as server

    print(f"{server.stop(data_dir, number):,} letters stay here. Who has one can still answer.")


@survey.command("bounce")
def bounce(
    address: Annotated[list[str], typer.Argument(metavar="ADDRESS", help="Such as name@company.com.")],
    detail: Annotated[str, typer.Option("--detail", help="What the mail provider says.")] = "",
    data_dir: DataDir = _FOLDER,
) -> None:
    """Note that letters to these addresses came back: they are not written to any more."""
    from keepwell.server import surveys as server

    print(f"Noted. {server.bounce(data_dir, address, detail):,} open invitations are marked.")
