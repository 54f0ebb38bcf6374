"""keepwell calibrate: how likely is a loss at each score, how much is at risk, and do earlier chances still hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepwell.cli.arguments import Data, Folder, Rejects
from keepwell.cli.backtest import Card, First, Horizon, Last, LeadTime, Out, Step, Trust, Values
from keepwell.cli.effects import Seed

if TYPE_CHECKING:
    pass


def calibrate(
    folder: Folder,
    lead_time: LeadTime,
    first: First,
    last: Last,
    data: Data = None,
    scorecard: Card = None,
    out: Out = None,
    every: Step = None,
    horizon: Horizon = None,
    trust: Trust = None,
    values: Values = None,
    seed: Seed = 0,
    rejects: Rejects = None,
) -> None:
    """Turn scores into chances of loss and revenue at risk, by segment, and show whether earlier chances held."""
    from keepwell.cli.judging import question_of, settings_of
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.calibration import print_calibration
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.cli.writing.reports import write_report
    from keepwell.learning.backtest import Contender
    from keepwell.learning.calibration.calibrating import calibrate as learn

    if out is not None:
        refuse_place(out)
    question = question_of(first, last, lead_time, every, horizon)
    with progress("Scoring dates") as advance, opened(folder, data, rejects) as (project, source):
        settings = settings_of(advance, trust, values, seed)
        report = learn(Contender(str(folder), project, source, scorecard), question, settings)
    print_calibration(on_stdout(), report)
    if out is not None:
        write_report(out, report.to_json())
