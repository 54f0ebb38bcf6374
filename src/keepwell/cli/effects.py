"""keepwell effects: what did playbooks, rules and other treatments do?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import Data, Folder, Rejects, optional
from keepwell.cli.backtest import Count, Out, Trust, Values
from keepwell.cli.dates import parse_date
from keepwell.cli.spans import parse_after, parse_step, parse_within

if TYPE_CHECKING:
    from keepwell.learning.effects.targets import Target

First = Annotated[
    date,
    optional("--from", "DATE", "The first day of the treatments.", parser=parse_date),
]
Last = Annotated[
    date,
    optional(
        "--to",
        "DATE",
        "The last day of the treatments, and of everything that is known of what became of them.",
        parser=parse_date,
    ),
]
By = Annotated[
    list[str] | None,
    optional(
        "--by",
        "NAME",
        "Only this treatment, as the ledger names it, such as 'playbook:onboarding'. May be given several times.",
    ),
]
Within = Annotated[
    int,
    typer.Option(
        "--within", metavar="SPAN", parser=parse_within, help="Accounts lost within this time of the treatment count."
    ),
]
After = Annotated[
    list[int] | None,
    optional(
        "--after",
        "SPAN",
        "Look at the score so long after the treatment. May be given several times; 30, 60 and 90 days unless given.",
        parser=parse_after,
    ),
]
Metric = Annotated[
    list[str] | None,
    optional("--metric", "NAME", "Look at this metric too. May be given several times."),
]
Step = Annotated[
    int,
    typer.Option(
        "--every",
        metavar="SPAN",
        parser=parse_step,
        help="How far the dates lie apart at which accounts are looked at; 'day' knows best what was known just "
        "before a treatment, and takes longest.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Equal seeds compare with the same accounts.")]


def effects(
    folder: Folder,
    first: First,
    last: Last,
    data: Data = None,
    by: By = None,
    within: Within = 180,
    after: After = None,
    metric: Metric = None,
    every: Step = 7,
    out: Out = None,
    trust: Trust = None,
    values: Values = None,
    draws: Count = 500,
    seed: Seed = 0,
    rejects: Rejects = None,
) -> None:
    """Show what treatments did: against those held out by chance, and against accounts that looked alike."""
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.effects import print_effects
    from keepwell.cli.terminal.progress import of_total, progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.cli.writing.reports import write_report
    from keepwell.learning.effects.effects import Question
    from keepwell.learning.effects.study import Settings, study
    from keepwell.learning.extra import require

    require("scipy", "keepwell effects")
    require("sklearn", "keepwell effects")
    if out is not None:
        refuse_place(out)
    question = Question(
        first, last, _targets(within, after or [30, 60, 90], metric or []), tuple(by or ()), draws, seed
    )
    with progress("Scoring dates") as advance, opened(folder, data, rejects) as (project, source):
        settings = Settings(every, tuple(trust or ()), values, of_total(advance))
        report = study(project, source, question, settings)
    print_effects(on_stdout(), report)
    if out is not None:
        write_report(out, report.to_json())


def _targets(within: int, after: list[int], metrics: list[str]) -> tuple[Target, ...]:
    from keepwell.learning.effects.targets import SCORE, Target

    moved = [Target(days, column) for column in dict.fromkeys([SCORE, *metrics]) for days in sorted(set(after))]
    return (Target(within), *moved)
