"""keepwell sync: a run of a sync on a server, followed until it ends."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import quote

import typer

from keepwell.cli.server import Server, Token

_LOOK_SECONDS = 1.0
_ENDED = ("done", "held", "failed")


def sync(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The sync, as the page of connectors calls it.")],
    server: Server = "",
    token: Token = "",
    whole: Annotated[bool, typer.Option("--whole", help="Read everything again, not only what is new.")] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Follow it until it ends.")] = True,
) -> None:
    """Run a sync of a server: fetch what is new from its connection into its dataset."""
    from keepwell.cli.server import Connection, NotThere
    from keepwell.errors import RequestRefused

    if not server or not token:
        raise RequestRefused("give --server and --token, or set KEEPWELL_SERVER and KEEPWELL_TOKEN")
    connection = Connection(server, token)
    try:
        run = connection.ask(f"syncs/{quote(name, safe='')}/runs", {"whole": whole})
    except NotThere:
        raise RequestRefused(f"{server} has no sync '{name}': its page of connectors lists those there are") from None
    while wait and run["status"] not in _ENDED:
        time.sleep(_LOOK_SECONDS)
        run = connection.ask(f"sync-runs/{run['id']}")
    typer.echo(_told(name, run))
    if run["status"] in ("held", "failed"):
        raise RequestRefused(f"run {run['id']} {run['status']}: {run['error']}")


def _told(name: str, run: dict[str, Any]) -> str:
    if run["status"] not in _ENDED:
        return f"{name}: run {run['id']} is asked for"
    parts = ("read", "added", "changed", "unchanged", "deleted", "refused")
    return f"{name}: " + ", ".join(f"{run[f'rows_{part}']:,} {part}" for part in parts)
