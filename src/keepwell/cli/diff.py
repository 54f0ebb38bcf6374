"""keepwell diff: whom a draft of the definitions would move."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keepwell.cli.arguments import AsOf, Data, Folder, KnownAt, Rejects, Top

Draft = Annotated[
    Path,
    typer.Option(
        "--draft",
        metavar="OTHER_FOLDER",
        help="The definitions as they would be: another project folder.",
        show_default=False,
    ),
]


def diff(
    folder: Folder,
    draft: Draft,
    as_of: AsOf,
    data: Data = None,
    known_at: KnownAt = None,
    rejects: Rejects = None,
    top: Top = 20,
) -> None:
    """Show whom a draft would move to another band, by how much, and why. Nothing is written."""
    from keepwell.cli.portfolio.entities import entities_of
    from keepwell.cli.project_data import data_of, load_both
    from keepwell.cli.terminal.comparison import print_comparison
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.engine.explain import State
    from keepwell.engine.explain.diff import compare
    from keepwell.engine.run import score

    projects = load_both([folder, draft])
    states, lists = [], []
    for project in projects:
        with progress("Scoring"), data_of(project, data or folder, rejects) as (_, source):
            run = score(project, source, as_of=as_of, known_at=known_at)
        states.append(State(project, run.values, run.scores))
        lists.append([entities_of(project, run, "account"), entities_of(project, run, "relationship")])
    terminal = on_stdout()
    for old, new in zip(*lists, strict=True):
        if old is not None and new is not None and any(one.project.cards_for(one.kind) for one in (old, new)):
            print_comparison(terminal, compare(states[0], states[1], old.kind), old, new, top)
