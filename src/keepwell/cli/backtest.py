"""keepwell backtest: did the score tell who would leave?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import Data, Folder, Rejects
from keepwell.cli.dates import parse_date
from keepwell.cli.spans import parse_horizon, parse_lead_time, parse_step

if TYPE_CHECKING:
    from keepwell.learning.findings import BacktestReport

LeadTime = Annotated[
    int,
    typer.Option(
        "--lead-time",
        metavar="SPAN",
        parser=parse_lead_time,
        help="How long before each decision the score is looked at, such as '30 days' or '6 weeks'.",
        show_default=False,
    ),
]
First = Annotated[
    date,
    typer.Option(
        "--from", metavar="DATE", parser=parse_date, help="The first day of the decisions.", show_default=False
    ),
]
Last = Annotated[
    date,
    typer.Option("--to", metavar="DATE", parser=parse_date, help="The last day of the decisions.", show_default=False),
]
Card = Annotated[
    str | None,
    typer.Option(
        "--scorecard",
        metavar="NAME",
        help="Judge this card alone, by the accounts it applies to; otherwise every account by its own card.",
        show_default=False,
    ),
]
Other = Annotated[
    Path | None,
    typer.Option(
        "--versus",
        metavar="OTHER_FOLDER",
        help="Other definitions, compared on the same accounts and dates.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Write every figure, with intervals, to this JSON file.", show_default=False
    ),
]
Step = Annotated[
    int | None,
    typer.Option(
        "--every",
        metavar="SPAN",
        parser=parse_step,
        help="How far dates lie apart: a decision is seen at the last one before its lead time. A week, or 30 days "
        "where outcomes hold losses only.",
        show_default=False,
    ),
]
Horizon = Annotated[
    int | None,
    typer.Option(
        "--horizon",
        metavar="SPAN",
        parser=parse_horizon,
        help="Look at everybody on a grid of dates, lost or not within this time after the lead time, instead of "
        "before each decision. Always so where outcomes hold losses only; 90 days then.",
        show_default=False,
    ),
]
Trust = Annotated[
    list[str] | None,
    typer.Option(
        "--trust",
        metavar="NAME",
        help="An attribute or dataset without history that was then as it is now; 'all' for every one. The others are "
        "left out. May be given several times.",
        show_default=False,
    ),
]
Values = Annotated[
    Path | None,
    typer.Option(
        "--values",
        metavar="DIR",
        help="Keep the values of each date here, and read them from here the next time. They are built anew where the "
        "data or the definitions that they rest on have changed.",
        show_default=False,
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

    from keepwell.cli.project_data import data_of, load_both
    from keepwell.cli.terminal.backtest import print_backtest
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.learning.backtest import Contender, Settings
    from keepwell.learning.backtest import backtest as run_backtest
    from keepwell.learning.observing import Question

    if out is not None:
        refuse_place(out)
    folders = [folder] if versus is None else [folder, versus]
    question = Question(first, last, lead_time, "on_grid" if horizon else None, every, horizon)
    with progress("Scoring dates") as advance, ExitStack() as opened:
        contenders = []
        for place, project in zip(folders, load_both(folders), strict=True):
            _, source = opened.enter_context(data_of(project, data or folder, rejects))
            card = scorecard if place == folder or scorecard in project.scorecards else None
            contenders.append(Contender(str(place), project, source, card))
        settings = Settings(
            tuple(trust or ()), draws, seed, values, lambda done, total: advance(done, f"{done} of {total}")
        )
        report = run_backtest(contenders[0], question, settings, versus=contenders[1] if versus else None)
    print_backtest(on_stdout(), contenders[0].project, report)
    if out is not None:
        _write(out, report)


def _write(out: Path, report: BacktestReport) -> None:
    from keepwell.cli.writing.reports import write_report

    write_report(out, report.to_json())
