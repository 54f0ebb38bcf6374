"""keepwell simulate: the data of a made-up software company, with definitions that score it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import End, Seed

if TYPE_CHECKING:
    from keepwell.simulation import Summary


def simulate(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A new folder; data, truth and definitions go below.", show_default=False),
    ],
    accounts: Annotated[int, typer.Option("--accounts", help="Accounts that ever signed, from 1 to 100,000.")] = 300,
    days: Annotated[int, typer.Option("--days", help="Days with a full history before them, from 28 to 3,650.")] = 730,
    seed: Seed = 7,
    end: End = date(2026, 10, 31),
    usage_rows: Annotated[
        int | None,
        typer.Option(
            "--usage-rows", help="Rows of daily usage to aim for; as it comes unless given.", show_default=False
        ),
    ] = None,
    effect: Annotated[
        float, typer.Option("--effect", help="True effect of a workshop on latent health, in standard deviations.")
    ] = 0.6,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a company that is there already.")] = False,
) -> None:
    """Simulate a software company whose true drivers of health are known, and definitions that score it."""
    from keepwell.cli.terminal.progress import progress
    from keepwell.simulation import simulate as run_simulation
    from keepwell.simulation import write_definitions

    with progress("Simulating", accounts) as advance:
        summary = run_simulation(
            folder,
            end=end,
            accounts=accounts,
            days=days,
            seed=seed,
            usage_rows=usage_rows,
            effect=effect,
            replace=replace,
            progress=lambda done, _: advance(done),
        )
    write_definitions(folder / "definitions", replace=replace)
    _report(folder, summary)


def _report(folder: Path, summary: Summary) -> None:
    lost = f"{summary.renewals_lost} of {summary.renewals_decided} renewals were lost"
    typer.echo(f"Simulated {summary.company.accounts:,} accounts up to {summary.company.end}; {lost}.")
    typer.echo(f"  {folder}/data         {sum(summary.rows.values()):,} rows in {len(summary.rows)} datasets")
    typer.echo(f"  {folder}/definitions  a health model to score them with")
    typer.echo(f"  {folder}/truth        latent health and what drives it, which no score may read")
    typer.echo("Next:")
    typer.echo(f"  keepwell score {folder}/definitions --data {folder}/data --as-of {summary.company.end}")
