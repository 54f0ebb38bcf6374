"""keepwell backtest: did the score tell who would leave?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import Data, Folder, Rejects, optional
from keepwell.cli.dates import parse_date
from keepwell.cli.spans import parse_horizon, parse_lead_time, parse_step

if TYPE_CHECKING:
    pass

LeadTime = Annotated[
    int,
    optional(
        "--lead-time",
        "SPAN",
        "How long before each decision the score is looked at, such as '30 days' or '6 weeks'.",
        parser=parse_lead_time,
    ),
]
First = Annotated[
    date,
    optional("--from", "DATE", "The first day of the decisions.", parser=parse_date),
]
Last = Annotated[
    date,
    optional("--to", "DATE", "The last day of the decisions.", parser=parse_date),
]
Card = Annotated[
    str | None,
    optional(
        "--scorecard",
        "NAME",
        "Judge this card alone, by the accounts it applies to; otherwise every account by its own card.",
    ),
]
Other = Annotated[
    Path | None,
    optional("--versus", "OTHER_FOLDER", "Other definitions, compared on the same accounts and dates."),
]
Out = Annotated[
    Path | None,
    optional("--out", "FILE", "Write every figure, with intervals, to this JSON file."),
]
Step = Annotated[
    int | None,
    optional(
        "--every",
        "SPAN",
        "How far dates lie apart: a decision is seen at the last one before its lead time. A week, or 30 days "
        "where outcomes hold losses only.",
        parser=parse_step,
    ),
]
Horizon = Annotated[
    int | None,
    optional(
        "--horizon",
        "SPAN",
        "Look at everybody on a grid of dates, lost or not within this time after the lead time, instead of "
        "before each decision. Always so where outcomes hold losses only; 90 days then.",
        parser=parse_horizon,
    ),
]
Trust = Annotated[
    list[str] | None,
    optional(
        "--trust",
        "NAME",
        "An attribute or dataset without history that was then as it is now; 'all' for every one. The others are "
        "left out. May be given several times.",
    ),
]
Values = Annotated[
    Path | None,
    optional(
        "--values",
        "DIR",
        "Keep the values of each date here, and read them from here the next time. They are built anew where the "
        "data or the definitions that they rest on have changed.",
    ),
]
Count = Annotated[int, typer.Option("--draws", metavar="N", min=100, max=100_000, help="Draws behind each interval.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Equal seeds draw the same accounts.")]


def backtest(
    folder: Folder,
    lead_time: LeadTime,
    first: First,
    last: Last,
    data: Data = None,
    scorecard: Card = None,
    versus: Other = None,
    out: Out = None,
    every: Step = None,
    horizon: Horizon = None,
    trust: Trust = None,
    values: Values = None,
    draws: Count = 500,
    seed: Seed = 0,
    rejects: Rejects = None,
) -> None:
    """Show whether the score told who would leave, from what was known before they decided."""
    from contextlib import ExitStack

    from keepwell.cli.judging import question_of, settings_of
    from keepwell.cli.project_data import data_of, load_both
    from keepwell.cli.terminal.backtest import print_backtest
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.cli.writing.reports import write_report
    from keepwell.learning.backtest import Contender
    from keepwell.learning.backtest import backtest as run_backtest

    if out is not None:
        refuse_place(out)
    folders = [folder] if versus is None else [folder, versus]
    question = question_of(first, last, lead_time, every, horizon)
    with progress("Scoring dates") as advance, ExitStack() as opened:
        contenders = []
        for place, project in zip(folders, load_both(folders), strict=True):
            _, source = opened.enter_context(data_of(project, data or folder, rejects))
            card = scorecard if place == folder or scorecard in project.scorecards else None
            contenders.append(Contender(str(place), project, source, card))
        settings = settings_of(advance, trust, values, seed, draws)
        report = run_backtest(contenders[0], question, settings, versus=contenders[1] if versus else None)
    print_backtest(on_stdout(), contenders[0].project, report)
    if out is not None:
        write_report(out, report.to_json())
