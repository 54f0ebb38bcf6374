"""keepwell serve: a whole installation in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Port = Annotated[int, typer.Option("--port", help="The port to answer on.")]
DataDir = Annotated[
    Path,
    typer.Option("--data-dir", metavar="DIR", help="Where the database, the lake and the values of runs are kept."),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")]


def serve(port: Port = 8000, data_dir: DataDir = Path("keepwell-data"), no_browser: NoBrowser = False) -> None:
    """Run Keepwell for your own data: database, web and worker in one command."""
    from keepwell.server.installation import run_installation

    run_installation(data_dir, port=port, browser=not no_browser)
