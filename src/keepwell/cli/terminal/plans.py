"""Plans and replays of rules, printed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.text import Text

from keepwell.cli.portfolio.acting import Planned
from keepwell.cli.terminal.numbers import percent
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable, titled
from keepwell.definitions.project import Project
from keepwell.engine.rules.because import because
from keepwell.engine.rules.intents import Intent
from keepwell.engine.rules.planning import Plan, effects_said, plan
from keepwell.engine.rules.replaying import FOLLOWED_DAYS, Followed, Replay
from keepwell.engine.rules.telling import sentences

_LONGEST = 60


def print_plan(terminal: Terminal, project: Project, planned: Planned, top: int) -> None:
    """What a run would do: in all, then rule by rule with accounts and reasons."""
    found = plan(project, planned.intents)
    terminal.line(Text(f"On {planned.decision.as_of} rules {found.sentence}. Nothing was done.", "bold"))
    for name, reason in planned.decision.refused.items():
        terminal.line(Text(f"{name} cannot be asked: {printable(reason)}", "red"))
    for name in planned.decision.counts:
        _print_rule(terminal, project, planned, found, name, top)
    for name in planned.waiting:
        terminal.heading(titled(project.rules[name].title, name), name)
        terminal.line("  Waits for what sets it in motion. " + sentences(project.rules[name])[0].text, "dim")


def _print_rule(terminal: Terminal, project: Project, planned: Planned, found: Plan, name: str, top: int) -> None:
    rule, count = project.rules[name], planned.decision.counts[name]
    terminal.heading(titled(rule.title, name), name)
    for sentence in sentences(rule):
        terminal.paragraph(f"  {printable(sentence.text)}", "dim")
    terminal.line(
        f"  {counted(count.considered, 'account')} considered, {count.matching:,} match, {count.fired:,} fire"
        + (f", {count.held_out:,} of them held out" if count.held_out else "")
    )
    if name in found.by_rule:
        approval = ", after approval" if name in found.approval else ""
        terminal.line(f"  Would {effects_said(found.by_rule[name])}{approval}")
    _print_accounts(terminal, [one for one in planned.intents if one.rule == name], top)


def _print_accounts(terminal: Terminal, found: Sequence[Intent], top: int) -> None:
    firings = [list(of_one) for _, of_one in groupby(found, key=lambda one: (one.account_id, one.part))]
    shown = Table(words(), words(), rest(), indent=2)
    for firing in firings[:top]:
        first = firing[0]
        done = "held out" if first.held_out else ", ".join(dict.fromkeys(one.kind for one in firing))
        shown.add(printable(first.account_id, _LONGEST), done, Text(printable(because(first.reason)), "dim"))
    if firings:
        shown.print(terminal)
    if len(firings) > top:
        terminal.line(f"  and {counted(len(firings) - top, 'account')} more", style="dim")


def print_replay(terminal: Terminal, project: Project, replay: Replay, top: int) -> None:
    """How often a rule would have fired, what became of those accounts, and which they were."""
    rule = project.rules[replay.rule]
    terminal.line(Text(titled(rule.title, replay.rule), "bold"))
    for sentence in sentences(rule):
        terminal.paragraph(f"  {printable(sentence.text)}", "dim")
    first, last = replay.dates[0].as_of, replay.dates[-1].as_of
    terminal.line(
        f"From {first} to {last}, at {counted(len(replay.dates), 'date')}, it would have fired "
        f"{counted(replay.firings, 'time')} for {counted(len(replay.accounts), 'account')}."
    )
    if replay.followed is not None:
        terminal.paragraph(_followed(replay.followed))
    _print_dates(terminal, replay)
    _print_latest(terminal, replay, top)


def _followed(found: Followed) -> str:
    late = f" For {counted(found.too_late, 'account')} that time is not over yet." if found.too_late else ""
    if not found.fired:
        return f"For none of them {FOLLOWED_DAYS} days have passed." + late
    others = "" if found.others_share is None else f", {percent(found.others_share)} of the others at the same dates"
    return (
        f"Of {counted(found.fired, 'account')} {found.churned:,} left within {FOLLOWED_DAYS} days "
        f"({percent(found.share or 0.0)}){others}.{late}"
    )


def _print_dates(terminal: Terminal, replay: Replay) -> None:
    shown = Table(words("date"), number("considered"), number("match"), number("fired"), number("ended"), indent=2)
    busy = [one for one in replay.dates if one.fired or one.ended]
    for one in busy:
        shown.add(str(one.as_of), f"{one.considered:,}", f"{one.matching:,}", str(len(one.fired)), str(len(one.ended)))
    if busy:
        terminal.line()
        shown.print(terminal)


def _print_latest(terminal: Terminal, replay: Replay, top: int) -> None:
    by_last = sorted(replay.accounts.items(), key=lambda one: (-one[1][-1].toordinal(), one[0]))
    shown = Table(words("account"), rest("fired on"), indent=2)
    for account, days in by_last[:top]:
        shown.add(printable(account, _LONGEST), ", ".join(map(str, days)))
    if by_last and top:
        terminal.line()
        shown.print(terminal)
    if len(by_last) > top:
        terminal.line(f"  and {counted(len(by_last) - top, 'account')} more", style="dim")
