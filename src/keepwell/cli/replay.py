"""keepwell replay: how often a rule would have fired, for whom, and what became of them."""

from __future__ import annotations

from typing import Annotated

import typer

from keepwell.cli.arguments import Data, Folder, LakeFolder, Rejects
from keepwell.cli.history import First, Last, Step

Rule = Annotated[str, typer.Option("--rule", metavar="NAME", help="The rule.", show_default=False)]
Top = Annotated[int, typer.Option("--top", min=0, help="So many accounts are listed, the latest first.")]


def replay(
    folder: Folder,
    rule: Rule,
    first: First,
    last: Last,
    every: Step = "week",  # type: ignore[assignment]
    top: Top = 10,
    data: Data = None,
    rejects: Rejects = None,
    lake: LakeFolder = None,
) -> None:
    """Say how often a rule would have fired over a time, for whom, and how many of those left within 180 days."""
    from keepwell.cli.dates import steps
    from keepwell.cli.portfolio.acting import replayed, rule_named
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.plans import print_replay
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout

    dates = steps(first, last, every)
    with progress("Replaying"), opened(folder, data, rejects, lake) as (project, source):
        found = replayed(project, source, rule_named(project, rule), dates)
    print_replay(on_stdout(), project, found, top)
