"""What the demo does, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from keepwell.cli.dates import Every, steps
from keepwell.cli.demonstration.company import ready_company
from keepwell.cli.demonstration.invitation import print_next
from keepwell.cli.demonstration.risk import account_to_explain, print_at_risk, print_headline
from keepwell.cli.demonstration.verdict import print_verdict
from keepwell.cli.explain import print_change
from keepwell.cli.portfolio.recording import Recorder
from keepwell.cli.project_data import opened
from keepwell.cli.terminal.explanation import print_explanation
from keepwell.cli.terminal.listing import print_warnings
from keepwell.cli.terminal.progress import progress
from keepwell.cli.terminal.terminal import Terminal, on_stdout
from keepwell.definitions.project import Project
from keepwell.engine.explain.explaining import explain
from keepwell.engine.run import Run, history

WEEKS = 104
BACK = 4
"""Changes are told against so many weeks before."""


@dataclass(frozen=True)
class Scored:
    """Two years of the company: the record of every week, and the runs at the end and BACK weeks before it."""

    project: Project
    recorder: Recorder
    now: Run
    then: Run


def demonstrate(folder: Path, *, accounts: int, seed: int, end: date) -> None:
    """Raises RequestRefused for parameters that make no company, and for a folder that holds something else."""
    terminal = on_stdout()
    ready_company(terminal, folder, accounts=accounts, seed=seed, end=end)
    scored = _scored(folder, end)
    print_headline(terminal, scored.project, scored.recorder, scored.then)
    print_at_risk(terminal, scored.project, scored.recorder)
    _print_one(terminal, scored)
    print_verdict(terminal, scored.recorder)
    print_warnings(terminal, scored.now.scores)
    print_next(terminal, folder, end, account_to_explain(scored.recorder))


def _scored(folder: Path, end: date) -> Scored:
    dates = steps(end - timedelta(weeks=WEEKS - 1), end, Every(7))
    with (
        progress("Scoring two years", len(dates)) as advance,
        opened(folder / "definitions", folder / "data") as opening,
    ):
        project, source = opening
        recorder, then = Recorder(project), None
        for done, run in enumerate(history(project, source, dates), start=1):
            recorder.add(run)
            advance(done, str(run.scores.as_of))
            then = run if done == len(dates) - BACK else then
        assert then is not None  # there are more dates than BACK
        return Scored(project, recorder, recorder.last, then)


def _print_one(terminal: Terminal, scored: Scored) -> None:
    """The account that matters most, from the score down to what each measure saw, and what moved it."""
    chosen = account_to_explain(scored.recorder)
    if chosen is None:
        return
    terminal.heading("One account, explained")
    explanation = explain(scored.project, scored.now.values, scored.now.scores, chosen)
    print_explanation(terminal, explanation)
    print_change(terminal, scored.project, scored.then, scored.now, explanation)
