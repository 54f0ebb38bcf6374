"""Problems of input, all of them: one a line, by file, then what helps to understand them, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.text import Text

from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable
from keepwell.definitions.issues import Issue


def print_problems(terminal: Terminal, problems: Sequence[object], notes: Sequence[object] = ()) -> None:
    issues = [problem for problem in problems if isinstance(problem, Issue)]
    for _, of_file in groupby(issues, key=lambda issue: issue.file):
        for issue in of_file:
            terminal.line(_line(issue))
    for problem in problems:
        if not isinstance(problem, Issue):
            terminal.line(printable(str(problem)))
    for note in notes:
        terminal.line(f"{terminal.glyphs.plain} {printable(str(note))}", style="dim")
    terminal.line(_count(issues, len(problems)), style="bold")


def _line(issue: Issue) -> Text:
    place = f"{issue.file}:{issue.line}: " if issue.line else f"{issue.file}: "
    path = f"{issue.path}: " if issue.path else ""
    return Text.assemble((printable(place), "cyan"), (printable(path), "dim"), printable(issue.message))


def _count(issues: Sequence[Issue], count: int) -> str:
    files = len({issue.file for issue in issues})
    where = f" in {counted(files, 'file')}" if files > 1 and len(issues) == count else ""
    return f"{counted(count, 'error')}{where}."
