"""keepwell explain: why one account has the score it has, and why it changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import Account, AsOf, Data, Folder, KnownAt, Rejects, Relationship
from keepwell.cli.dates import parse_date

if TYPE_CHECKING:
    from keepwell.cli.terminal.terminal import Terminal
    from keepwell.definitions.project import Project
    from keepwell.definitions.scorecards import EntityKind
    from keepwell.engine.explain import Explanation
    from keepwell.engine.run import Run
    from keepwell.lake.data import ProjectData

ROWS = 10
"""So many raw rows are shown of each metric."""

Versus = Annotated[
    date | None,
    typer.Option(
        "--versus", metavar="DATE", parser=parse_date, help="Attribute the change since this date.", show_default=False
    ),
]


def explain(
    folder: Folder,
    as_of: AsOf,
    account: Account = None,
    relationship: Relationship = None,
    versus: Versus = None,
    rows: Annotated[bool, typer.Option("--rows", help="Show the raw rows behind each measure.")] = False,
    data: Data = None,
    known_at: KnownAt = None,
    rejects: Rejects = None,
) -> None:
    """Explain one account's (or relationship's) score: waterfall, what each measure saw, overrides, why it changed."""
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.explanation import print_explanation
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.engine.explain.explaining import explain as explain_score
    from keepwell.engine.run import score

    terminal, (entity_id, kind) = on_stdout(), _one_of(account, relationship)
    with opened(folder, data, rejects) as (project, source):
        with progress("Scoring"):
            run = score(project, source, as_of=as_of, known_at=known_at)
            earlier = score(project, source, as_of=versus) if versus else None
        explanation = explain_score(project, run.values, run.scores, entity_id, kind)
        print_explanation(terminal, explanation)
        if earlier:
            print_change(terminal, project, earlier, run, explanation)
        if rows:
            _print_rows(terminal, project, source, run, explanation)


def _one_of(account: str | None, relationship: str | None) -> tuple[str, EntityKind]:
    """Whom to explain. Raises BadParameter unless exactly one is named."""
    if account is not None and relationship is None:
        return account, "account"
    if relationship is not None and account is None:
        return relationship, "relationship"
    raise typer.BadParameter("name one of them: an account or a relationship", param_hint="--account, --relationship")


def print_change(terminal: Terminal, project: Project, earlier: Run, run: Run, explanation: Explanation) -> None:
    """What moved the score between two runs of the same definitions."""
    from keepwell.cli.terminal.attribution import print_attribution
    from keepwell.definitions.schemes import Scheme
    from keepwell.engine.explain import State
    from keepwell.engine.explain.attribution import attribute

    old, new = (State(project, one.values, one.scores) for one in (earlier, run))
    attribution = attribute(old, new, explanation.entity_id, explanation.entity_kind)
    terminal.heading(f"What changed since {earlier.scores.as_of}")
    print_attribution(terminal, attribution, explanation.scheme or Scheme())


def _print_rows(terminal: Terminal, project: Project, source: ProjectData, run: Run, explanation: Explanation) -> None:
    """The raw rows of every metric that the card reads, each metric once."""
    from keepwell.cli.terminal.behind import RowsPrinter
    from keepwell.engine.explain import State, rows_behind
    from keepwell.engine.moments import Moment

    at, state = Moment(run.values.as_of, run.values.known_at), State(project, run.values, run.scores)
    terminal.heading("Rows behind the measures", f"at most {ROWS} of each, as they were known then")
    printer, entity = RowsPrinter(terminal, run.values.as_of), explanation.entity_id
    for metric in dict.fromkeys(measure.metric for measure in explanation.measures if measure.metric):
        printer.print(rows_behind(project, source, metric, entity, at, explanation.entity_kind, ROWS, state=state))
