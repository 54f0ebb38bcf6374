"""keepwell rule-runs: what rules of an installation decided and did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

rule_runs = typer.Typer(no_args_is_help=True, help="List, start, approve, reject, undo and retry runs of rules.")
DataDir = Annotated[
    Path, typer.Option("--data-dir", metavar="DIR", help="The folder of the installation, as in keepwell serve.")
]
RunId = Annotated[int, typer.Argument(metavar="RUN", min=1, help="The number of the run, as the list shows it.")]
_FOLDER = Path("keepwell-data")


@rule_runs.command("list")
def list_runs(
    rule: Annotated[str, typer.Option("--rule", metavar="NAME", help="Of this rule alone.")] = "",
    status: Annotated[
        str, typer.Option("--status", help="waiting (for approval), doing, done, rejected, undone, or failed.")
    ] = "",
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="So many at most.")] = 20,
    data_dir: DataDir = _FOLDER,
) -> None:
    """List runs, the newest first."""
    from rich.console import Console
    from rich.table import Table

    from keepwell.server import rule_runs as server

    table = Table("Run", "Decided (UTC)", "Rule", "State", "Acted", "Held out", "Effects", box=None)
    for one in server.runs(data_dir, rule=rule, status=status, top=top):
        table.add_row(
            str(one.id), one.decided_at, one.rule, one.status, f"{one.acted:,}", f"{one.held_out:,}", one.does
        )
    Console().print(table)


@rule_runs.command("start")
def start(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The name of a rule in force.")],
    data_dir: DataDir = _FOLDER,
) -> None:
    """Run a rule now, for everybody as they are now."""
    from keepwell.server import rule_runs as server

    server.start(data_dir, rule)
    print(f"A worker will look at {rule}; `keepwell rule-runs list` then shows its run.")


@rule_runs.command("approve")
def approve(run: RunId, data_dir: DataDir = _FOLDER) -> None:
    """Approve a run that waits: a worker does what it would do."""
    from keepwell.server import rule_runs as server

    print(f"Run {run} is approved. A worker will {server.approve(data_dir, run)}.")


@rule_runs.command("reject")
def reject(
    run: RunId,
    remark: Annotated[str, typer.Option("--remark", help="Why, for those who look at it later.")] = "",
    data_dir: DataDir = _FOLDER,
) -> None:
    """Reject a run that waits: nothing of it is done."""
    from keepwell.server import rule_runs as server

    server.reject(data_dir, run, remark)
    print(f"Run {run} is rejected. Nothing of it is done.")


@rule_runs.command("undo")
def undo(run: RunId, data_dir: DataDir = _FOLDER) -> None:
    """Take a run back, as far as that can be, and say what stays and why."""
    from keepwell.server import rule_runs as server

    taken_back, stays = server.undo(data_dir, run)
    print(f"{taken_back:,} taken back, {len(stays):,} stay.")
    for one in stays:
        print(f"  {one}")


@rule_runs.command("retry")
def retry(run: RunId, data_dir: DataDir = _FOLDER) -> None:
    """Try again what failed, and what was left out because of it."""
    from keepwell.server import rule_runs as server

    print(f"{server.retry(data_dir, run):,} will be tried again.")
