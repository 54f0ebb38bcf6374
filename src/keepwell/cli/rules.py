"""keepwell rules: what rules would do at a date, and why; nothing is done."""

from __future__ import annotations

from typing import Annotated

import typer

from keepwell.cli.arguments import AsOf, Data, Folder, KnownAt, LakeFolder, Rejects

Weeks = Annotated[
    int,
    typer.Option(
        "--weeks",
        min=0,
        max=520,
        help="So many weeks before are looked at, for days in band and for how long it holds.",
    ),
]
Rule = Annotated[
    str | None, typer.Option("--rule", metavar="NAME", help="This rule alone, enabled or not.", show_default=False)
]
Top = Annotated[int, typer.Option("--top", min=0, help="So many accounts are listed of each rule.")]


def rules(
    folder: Folder,
    as_of: AsOf,
    rule: Rule = None,
    weeks: Weeks = 13,
    top: Top = 10,
    data: Data = None,
    known_at: KnownAt = None,
    rejects: Rejects = None,
    lake: LakeFolder = None,
) -> None:
    """Say what rules would do at a date, by effect, with the reasons. Nothing is done."""
    from keepwell.cli.portfolio.acting import planned, rule_named
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.plans import print_plan
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout

    with progress("Scoring"), opened(folder, data, rejects, lake) as (project, source):
        chosen = None if rule is None else [rule_named(project, rule)]
        plan = planned(project, source, as_of, known_at, weeks, chosen)
    print_plan(on_stdout(), project, plan, top)
