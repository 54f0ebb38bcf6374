"""keepwell demo: a simulated company in the browser, or its story on the terminal."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import End, Seed
from keepwell.cli.serve import NoBrowser, Port

if TYPE_CHECKING:
    from rich.console import Console


def demo(
    accounts: Annotated[int, typer.Option("--accounts", help="How many accounts the company has.")] = 300,
    data_dir: Annotated[
        Path, typer.Option("--data-dir", metavar="DIR", help="Where the company and all that is made of it are kept.")
    ] = Path("demo"),
    seed: Seed = 7,
    end: End = date(2026, 10, 31),
    port: Port = 8000,
    no_browser: NoBrowser = False,
    terminal: Annotated[bool, typer.Option("--terminal", help="Tell its story here; no server is started.")] = False,
) -> None:
    """Simulate a software company, score two years of it, and show who is at risk and why."""
    if terminal:
        from keepwell.cli.demonstration.steps import demonstrate

        demonstrate(data_dir, accounts=accounts, seed=seed, end=end)
        return
    from keepwell.server.installation import run_installation

    os.environ.setdefault("KEEPWELL_NIGHTLY", "off")  # nothing happens in the company after its end

    def prepare(console: Console) -> list[str]:
        from keepwell.cli.demonstration.application import ready_application

        return ready_application(console, accounts=accounts, seed=seed, end=end)

    run_installation(data_dir, port=port, browser=not no_browser, prepare=prepare)
