"""keepwell optimism: do people see accounts better than they are?"""

from __future__ import annotations

from typing import Annotated

import typer

from keepwell.cli.arguments import Data, Folder, Rejects
from keepwell.cli.backtest import Card, First, Last, LeadTime, Out, Step, Trust, Values
from keepwell.cli.effects import Seed
from keepwell.cli.spans import parse_valid

Valid = Annotated[
    int,
    typer.Option(
        "--valid", metavar="SPAN", parser=parse_valid, help="Entries that are older than this by then do not count."
    ),
]
People = Annotated[
    bool, typer.Option("--people", help="Name people too, each beside all who entered the same measure.")
]


def optimism(
    folder: Folder,
    lead_time: LeadTime,
    first: First,
    last: Last,
    data: Data = None,
    scorecard: Card = None,
    valid: Valid = 180,
    people: People = False,
    out: Out = None,
    every: Step = None,
    trust: Trust = None,
    values: Values = None,
    seed: Seed = 0,
    rejects: Rejects = None,
) -> None:
    """Show by how many points scores entered by hand lie above what became of the accounts."""
    from keepwell.cli.judging import question_of, settings_of
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.optimism import print_optimism
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.cli.writing.reports import write_report
    from keepwell.learning.backtest import Contender
    from keepwell.learning.people.entering import judge_entries

    if out is not None:
        refuse_place(out)
    question = question_of(first, last, lead_time, every, None)
    with progress("Scoring dates") as advance, opened(folder, data, rejects) as (project, source):
        settings = settings_of(advance, trust, values, seed)
        own = Contender(str(folder), project, source, scorecard)
        report = judge_entries(own, question, settings, valid_days=valid)
    print_optimism(on_stdout(), report, people=people)
    if out is not None:
        write_report(out, report.to_json() if people else report.to_json() | {"people": []})
