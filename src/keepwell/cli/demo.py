"""keepwell demo: the whole way in one command, from raw rows to who is at risk and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from keepwell.cli.arguments import End, Seed


def demo(
    accounts: Annotated[int, typer.Option("--accounts", help="How many accounts the company has.")] = 300,
    data_dir: Annotated[
        Path, typer.Option("--data-dir", metavar="DIR", help="Where the company and its definitions are written.")
    ] = Path("demo"),
    seed: Seed = 7,
    end: End = date(2026, 10, 31),
) -> None:
    """Simulate a software company, score two years of it, and show who is at risk and why."""
    from keepwell.cli.demonstration.steps import demonstrate

    demonstrate(data_dir, accounts=accounts, seed=seed, end=end)
