"""What to try next: commands that work as they stand, on the folder that was just written."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from shlex import quote

from rich.text import Text

from keepwell.cli.terminal.terminal import Terminal


def print_next(terminal: Terminal, folder: Path, end: date, account: str | None) -> None:
    terminal.heading("Try next")
    for command, what in commands(folder, end, account):
        terminal.line(f"  {what}", style="dim")
        terminal.line(Text(f"    {command}", "cyan"))


def commands(folder: Path, end: date, account: str | None) -> list[tuple[str, str]]:
    definitions, data, draft = (quote(str(folder / name)) for name in ("definitions", "data", "draft"))
    on_data = f"--data {data} --as-of {end}"
    cards = quote(str(folder / "draft" / "scorecard_everyone_else.yaml"))
    found = [(f"keepwell check {definitions} --data {data}", "What is defined, and whether it fits the data")]
    if account:
        four_weeks_ago = end - timedelta(weeks=4)
        explain = f"keepwell explain {definitions} {on_data} --account {quote(account)}"
        found.append((f"{explain} --versus {four_weeks_ago} --rows", "The same account, down to the raw rows"))
    return [
        *found,
        (
            f"keepwell score {definitions} {on_data} --out scores.parquet",
            "Every score, group and measure as one tidy file",
        ),
        (f"cp -r {definitions} {draft}", f"Make a draft, change a weight in {cards}, and see who would move"),
        (f"keepwell diff {definitions} --draft {draft} {on_data}", "Whom the draft moves, by how much, and why"),
    ]
