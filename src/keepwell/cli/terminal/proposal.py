"""A proposal in a few lines: what it would change, and whether it tells more on accounts it never saw."""

from __future__ import annotations

from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable
from keepwell.learning.figures.figure import Figure
from keepwell.learning.optimizer.change import Change
from keepwell.learning.optimizer.proposal import Proposal


def print_proposal(terminal: Terminal, proposal: Proposal) -> None:
    """Measures by weight, figures of both cards, how many accounts would move, and what to mind."""
    found, since = proposal.validation, proposal.validation.since
    terminal.heading(f"A draft of {proposal.study.request.scorecard}", f"from {_learned(proposal)}")
    _measures(proposal).print(terminal)
    terminal.line()
    terminal.line(f"On held-out accounts{f', from {since} on' if since else ''}:", style="bold")
    for name, title in (("auc", "AUC"), ("top_decile_lift", "losses among the worst tenth, times the average")):
        pair = found.figures[name]
        terminal.line(
            f"  {title}: now {_figure(pair.old)}, draft {_figure(pair.new)}, difference {_figure(pair.difference)}"
        )
    moves = proposal.moves
    terminal.line(
        f"{counted(len(moves.movers), 'account')} of {len(moves.entities):,} would move to another band: "
        f"{moves.up:,} up, {moves.down:,} down"
    )
    for note in proposal.notes:
        terminal.paragraph(printable(note), style="dim")


def _learned(proposal: Proposal) -> str:
    lost = int(proposal.study.observations.lost.sum())
    observations = proposal.study.observations
    unit = "observation" if observations.way == "on_grid" else "outcome"
    return f"{counted(len(observations), unit)}, {lost:,} of them losses"


def _measures(proposal: Proposal) -> Table:
    shown = Table(words("measure", 26), number("now"), number("draft"), number("interval"), rest("why"))
    for change in proposal.changes:
        shown.add(
            printable(change.name), _share(change.old_share), _share(change.new_share), _interval(change), change.why
        )
    return shown


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0f} %"


def _interval(change: Change) -> str:
    return "" if change.low is None or change.high is None else f"{change.low:.0f} to {change.high:.0f}"


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return f"unknown ({figure.reason})"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
