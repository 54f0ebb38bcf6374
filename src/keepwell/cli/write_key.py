"""keepwell write-key: what may send events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

write_key = typer.Typer(no_args_is_help=True, help="Create, list and revoke write keys, by which apps send events.")
DataDir = Annotated[
    Path, typer.Option("--data-dir", metavar="DIR", help="The folder of the installation, as in keepwell serve.")
]
_FOLDER = Path("keepwell-data")


@write_key.command("create")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What sends with it, such as: web app.")],
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="URL", help="Pages that may send with it from a browser; may be repeated."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="PROPERTY", help="A property of events that is kept; may be repeated."),
    ] = None,
    data_dir: DataDir = _FOLDER,
) -> None:
    """Create a write key, and print it."""
    from keepwell.server import write_keys

    print(write_keys.create(data_dir, name=name, origins=origin or [], properties=keep or []))


@write_key.command("list")
def list_keys(data_dir: DataDir = _FOLDER) -> None:
    """List write keys, with what came with each in the last 30 days."""
    from rich.console import Console
    from rich.table import Table

    from keepwell.server import write_keys

    table = Table("Name", "Key", "", "Last seen (UTC)", "Accepted", "Refused", box=None)
    for one in write_keys.every_key(data_dir):
        table.add_row(one.name, one.key, "" if one.works else "revoked", one.last_seen or "never",
                      f"{one.accepted:,}", f"{one.refused:,}")  # fmt: skip
    Console().print(table)


@write_key.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the key, or the key itself.")],
    data_dir: DataDir = _FOLDER,
) -> None:
    """Revoke a write key: nothing is taken with it any more."""
    from keepwell.server import write_keys

    write_keys.revoke(data_dir, name=name)
    print(f"Nothing is taken with {name} any more.")
