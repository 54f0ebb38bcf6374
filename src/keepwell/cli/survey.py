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


@survey.command("import")
def import_(
    name: InForce,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A CSV, a row a response.")],
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="COLUMN=WHAT", help="What a column is; guessed unless said. May be repeated."),
    ] = None,
    accepted: Annotated[
        bool, typer.Option("--accepted", help="Take accepted rows though others are rejected.")
    ] = False,
    look: Annotated[bool, typer.Option("--look", help="Say what it would do, and take nothing.")] = False,
    told: Annotated[bool, typer.Option("--told", help="Rules and owners hear of each answer.")] = False,
    data_dir: DataDir = _FOLDER,
) -> None:
    """Take what another tool collected: all rows or none, and nothing twice."""
    from keepwell.errors import RequestRefused
    from keepwell.server import surveys as server

    pairs = [one.partition("=") for one in column or ()]
    columns = {left: right for left, _, right in pairs} or None
    mode = "" if look else "accepted" if accepted else "all"
    found = server.bring(data_dir, name, file, columns=columns, mode=mode, told=told)
    for row, reasons in found.rejected:
        print(f"row {row}: {'; '.join(reasons)}")
    counts = (
        f"{found.new:,} of {found.rows:,} rows are new, {found.there:,} were there, {len(found.rejected):,} rejected"
    )
    if not look and not found.taken:
        raise RequestRefused(f"{counts}. Nothing was taken: correct the file, or take the others with --accepted")
    print(f"{counts}. {f'Taken as import {found.number}.' if found.taken else 'Nothing was taken.'}")


@survey.command("undo-import")
def undo_import(
    name: InForce,
    number: Annotated[int, typer.Argument(metavar="IMPORT", min=1, help="Its number, as the import said it.")],
    data_dir: DataDir = _FOLDER,
) -> None:
    """Take an import back: its answers go."""
    from keepwell.server import surveys as server

    print(f"{server.take_back(data_dir, name, number):,} answers are gone again.")
