"""keepwell optimize: a draft of one scorecard, learned from outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import AsOf, Data, Folder, Rejects, optional
from keepwell.cli.backtest import Horizon
from keepwell.cli.spans import parse_lead_time

if TYPE_CHECKING:
    from keepwell.definitions.project import Project
    from keepwell.learning.optimizer.limits import Limits
    from keepwell.learning.optimizer.proposal import Proposal

Card = Annotated[
    str,
    optional("--scorecard", "NAME", "The card to learn a draft of."),
]
LimitsFile = Annotated[
    Path | None,
    optional(
        "--limits",
        "FILE",
        "What the proposal may do: fixed measures, ranges of weights, how many measures, directions.",
    ),
]
Draft = Annotated[
    Path,
    optional(
        "--out",
        "DRAFT_FOLDER",
        "A new folder: all definitions with the draft in place of the card, report.json and report.html.",
    ),
]
LeadTime = Annotated[
    int,
    typer.Option(
        "--lead-time",
        metavar="SPAN",
        parser=parse_lead_time,
        help="How long before each decision accounts are looked at.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Equal seeds hold out the same accounts.", show_default=False)]


def optimize(
    folder: Folder,
    scorecard: Card,
    as_of: AsOf,
    seed: Seed,
    out: Draft,
    data: Data = None,
    limits: LimitsFile = None,
    lead_time: LeadTime = "30 days",  # type: ignore[assignment]  # read by its parser
    horizon: Horizon = None,
    rejects: Rejects = None,
) -> None:
    """Learn a draft of a scorecard from outcomes: thresholds, weights, measures to add or drop. Or say why not."""
    from tempfile import TemporaryDirectory

    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.proposal import print_proposal
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.learning.correlation.correlating import correlation
    from keepwell.learning.optimizer.optimizing import optimize as learn
    from keepwell.learning.optimizer.study import Request
    from keepwell.learning.optimizer.writing import refuse_folder, write_draft
    from keepwell.learning.report.page import page_of
    from keepwell.learning.report.telling import report_of

    refuse_folder(folder, out)
    with (
        TemporaryDirectory(prefix="keepwell-") as kept,
        progress("Learning") as advance,
        opened(folder, data, rejects) as (project, source),
    ):
        request = Request(
            scorecard,
            as_of,
            seed,
            _limits(limits, project, scorecard),
            lead_time,
            horizon,
            values=Path(kept),
            advance=lambda done, total: advance(done, f"{done} of {total} dates"),
        )
        proposal = learn(project, source, request)
        report = report_of(proposal, correlation(proposal.study))
    write_draft(folder, out, proposal, report, page_of(report))
    print_proposal(on_stdout(), proposal)
    _say_next(out, data or folder, proposal)


def _limits(file: Path | None, project: Project, scorecard: str) -> Limits:
    from keepwell.learning.optimizer.limits import Limits
    from keepwell.learning.optimizer.limits_reading import load_limits

    if file is None or scorecard not in project.cards_for(
        "account"
    ):  # an unknown card is refused where it is looked up
        return Limits()
    return load_limits(file, project, scorecard)


def _say_next(out: Path, data: Path, proposal: Proposal) -> None:
    typer.echo(f"\nWrote the draft to {out}, with {out / 'report.html'} to read and report.json beside it.")
    typer.echo(f"Next: keepwell score {out} --data {data} --as-of {proposal.study.request.as_of}")
