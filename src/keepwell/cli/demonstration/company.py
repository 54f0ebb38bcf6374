"""The company of the demo: simulated anew each time, which is quick and gives the same bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.text import Text

from keepwell.cli.terminal.progress import progress
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable
from keepwell.errors import RequestRefused
from keepwell.simulation import simulate, write_definitions


def ready_company(terminal: Terminal, folder: Path, *, accounts: int, seed: int, end: date) -> None:
    """Writes data, truth and definitions below `folder`.

    Data that a demo made before are made again; definitions are kept, as somebody may have worked on them. Raises
    RequestRefused where the folder holds data of another origin.
    """
    ours = (folder / "truth" / "company.json").is_file()
    if (folder / "data").exists() and not ours:
        raise RequestRefused(f"{folder / 'data'} was not made by the demo; choose another folder with --data-dir")
    with progress("Simulating a software company", accounts) as advance:
        summary = simulate(
            folder, end=end, accounts=accounts, seed=seed, replace=ours, progress=lambda done, _: advance(done)
        )
    kept = (folder / "definitions" / "keepwell.yaml").is_file()
    if not kept:
        write_definitions(folder / "definitions")
    rows = counted(sum(summary.rows.values()), "row")
    lost = f"{summary.renewals_lost} of {summary.renewals_decided} renewals lost"
    terminal.paragraph(
        Text.assemble(
            ("A simulated software company", "bold"),
            f" in {printable(str(folder))}: {counted(accounts, 'customer')} over time, {rows} of usage, tickets, "
            f"surveys and invoices, {lost}.",
        )
    )
    if kept:
        terminal.line(f"Scored with the definitions that were in {folder / 'definitions'} already.", style="dim")
