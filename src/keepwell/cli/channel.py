"""keepwell channel: where alerts go beside people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

channel = typer.Typer(no_args_is_help=True, help="List, add, try out and remove channels, which alerts are sent to.")
DataDir = Annotated[
    Path, typer.Option("--data-dir", metavar="DIR", help="The folder of the installation, as in keepwell serve.")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the channel, as the list shows it.")]
_FOLDER = Path("keepwell-data")


@channel.command("list")
def list_channels(data_dir: DataDir = _FOLDER) -> None:
    """List channels, with how many messages wait for each and how many were given up."""
    from rich.console import Console
    from rich.table import Table

    from keepwell.server import channels

    table = Table("Name", "Kind", "Address", "", "Waiting", "Given up", box=None)
    for one in channels.every_channel(data_dir):
        state = "" if one.active else "switched off"
        table.add_row(one.name, one.kind, one.place, state, f"{one.waiting:,}", f"{one.dead:,}")
    Console().print(table)


@channel.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What rules call it, such as: cs-alerts.")],
    address: Annotated[str, typer.Argument(metavar="URL", help="Where its messages are sent.")],
    kind: Annotated[str, typer.Option("--kind", help="slack, or webhook: signed events for programs.")] = "slack",
    read_secret: Annotated[
        bool,
        typer.Option("--read-secret", help="Of a webhook whose other side has a secret: read it from standard input."),
    ] = False,
    data_dir: DataDir = _FOLDER,
) -> None:
    """Add a channel; the secret that a webhook is signed with is printed, and never shown again."""
    from keepwell.server import channels

    secret = typer.prompt("Secret", hide_input=True, err=True) if read_secret else ""
    signing = channels.add(data_dir, name=name, kind=kind, address=address, secret=secret)
    print(signing or f"Alerts can be sent to {name} now.")


@channel.command("test")
def try_out(name: Name, data_dir: DataDir = _FOLDER) -> None:
    """Send a message that says what it is, and say what came of it."""
    from keepwell.server import channels

    print(channels.try_out(data_dir, name))


@channel.command("remove")
def remove(name: Name, data_dir: DataDir = _FOLDER) -> None:
    """Remove a channel, with the messages that wait for it."""
    from keepwell.server import channels

    lost = channels.remove(data_dir, name)
    left = f", and {lost:,} messages that were never sent with it" if lost else ""
    print(f"The channel {name} is gone{left}.")
