"""keepwell calibrate: how likely is a loss at each score, how much is at risk, and do earlier chances still hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepwell.cli.arguments import Data, Folder, Rejects
from keepwell.cli.backtest import Card, First, Horizon, Last, LeadTime, Out, Step, Trust, Values
from keepwell.cli.effects import Seed

if TYPE_CHECKING:
    from pathlib import Path

    from keepwell.learning.calibration.calibrating import CalibrationReport


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
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.calibration import print_calibration
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.learning.backtest import Contender, Settings
    from keepwell.learning.calibration.calibrating import calibrate as learn
    from keepwell.learning.observing import Question

    if out is not None:
        refuse_place(out)
    question = Question(first, last, lead_time, "on_grid" if horizon else None, every, horizon)
    with progress("Scoring dates") as advance, opened(folder, data, rejects) as (project, source):
        settings = Settings(
            tuple(trust or ()), seed=seed, values=values,
            advance=lambda done, total: advance(done, f"{done} of {total}"),
        )  # fmt: skip
        report = learn(Contender(str(folder), project, source, scorecard), question, settings)
    print_calibration(on_stdout(), report)
    if out is not None:
        _write(out, report)


def _write(out: Path, report: CalibrationReport) -> None:
    from keepwell.cli.writing.reports import write_report

    write_report(out, report.to_json())
