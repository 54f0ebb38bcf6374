"""keepwell apply: publishes a folder on a running server."""

from __future__ import annotations

from typing import Annotated

import typer

from keepwell.cli.arguments import Folder
from keepwell.cli.server import Base, Server, Token

Note = Annotated[
    str,
    typer.Option("--note", metavar="TEXT", help="What changes and why; it stands in the history.", show_default=False),
]


def apply(folder: Folder, note: Note, server: Server, token: Token, base: Base = None) -> None:
    """Publish these definitions on a server. Refused where the server changed since they were begun."""
    from keepwell.apps.configuration.projects import files_of
    from keepwell.cli.server import BASE_FILE, Connection, base_of
    from keepwell.cli.writing.atomic import write_text
    from keepwell.definitions import load_project

    load_project(folder)
    sent = {"files": files_of(folder), "note": note, "base": base_of(folder, base)}
    done = Connection(server, token).ask("definitions/apply", sent)
    write_text(folder / BASE_FILE, f"{done['number']}\n")
    if done["is_new"]:
        typer.echo(f"Published version {done['number']}. The next run scores with it.")
    else:
        typer.echo(f"Nothing to publish: version {done['number']} holds these definitions.")
