"""keepwell lake: what is in a lake, and the work that keeps it small and quick."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.dates import parse_date

if TYPE_CHECKING:
    from keepwell.lake.catalogue import TableDescription
    from keepwell.lake.place import Lake

Place = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the lake.", show_default=False)]
Before = Annotated[
    date | None,
    typer.Option(
        "--retain-from",
        metavar="DATE",
        parser=parse_date,
        help="Remove score and value history before this date.",
        show_default=False,
    ),
]


def lake(
    place: Place,
    compact: Annotated[bool, typer.Option("--compact", help="Rewrite small files into few, sorted as read.")] = False,
    retain_from: Before = None,
) -> None:
    """Show the tables of a lake: rows, files, size, how fresh they are."""
    from keepwell.cli.terminal.tables import Table, number, words
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.errors import RequestRefused
    from keepwell.lake.catalogue import Catalogue
    from keepwell.lake.place import Lake

    found = Lake(place)
    if not found.names():
        raise RequestRefused(f"there is no lake in {place}; keepwell load FOLDER --lake {place} makes one")
    _work(found, compact=compact, retain_from=retain_from)
    heads = ("rows", "files", "size", "version", "load", "newest", "columns")
    listed = Table(words("table"), *(number(head) for head in heads))
    for one in Catalogue(found).describe():
        listed.add(*_cells(one))
    listed.print(on_stdout())


def _work(found: Lake, *, compact: bool, retain_from: date | None) -> None:
    from keepwell.lake.history import retain_history

    if retain_from is not None:
        for name, rows in retain_history(found, retain_from).items():
            typer.echo(f"{name}: removed {rows:,} rows before {retain_from}")
    if compact:
        for name in found.names():
            found.table(name).compact()


def _cells(one: TableDescription) -> tuple[str, ...]:
    newest = one.newest_occurred_at
    return (
        one.name,
        f"{one.rows:,}",
        str(one.files),
        f"{one.size / 1e6:,.1f} MB",
        str(one.version),
        str(one.load_id),
        str(newest)[:10] if newest else "",
        str(len(one.columns)),
    )
