"""A plan as a reviewer reads it: what changes in words, whom it moves, and what the server changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, joined, printable

Said = Mapping[str, Any]


def print_plan(terminal: Terminal, plan: Said) -> None:
    """`plan`: as the API answers it, without issues."""
    stands = f"version {plan['number']} is in force" if plan["number"] else "nothing is published there yet"
    if not plan["files"]:
        terminal.line(f"Nothing changes: {stands} and holds these definitions.")
        return
    terminal.heading(_summary(plan), stands)
    for one in plan["definitions"]:
        terminal.line(f"{terminal.glyphs.plain} {one['kind']} {printable(one['name'])}: {one['what']}")
        for words in one["words"]:
            terminal.line(f"    {printable(words)}")
    files = (f"{printable(one['path'])} ({one['what']})" for one in plan["files"])
    terminal.line(f"Files: {joined(files)}", style="dim")
    _print_effect(terminal, plan)
    _print_theirs(terminal, plan)


def _summary(plan: Said) -> str:
    written = [one for one in plan["definitions"] if one["what"] != "rests on a change"]
    resting = len(plan["definitions"]) - len(written)
    more = f", {counted(resting, 'other rests', 'others rest')} on them" if resting else ""
    return f"{counted(len(written), 'definition')} would change{more}"


def _print_effect(terminal: Terminal, plan: Said) -> None:
    effect = plan["effect"]
    if effect is None:
        terminal.paragraph(f"Whom it would move cannot be told: {printable(plan['no_effect'])}.")
        return
    moved = effect["up"] + effect["down"] + effect["other"]
    terminal.heading(
        f"{moved:,} of {counted(effect['accounts'], 'account')} would move band",
        f"{effect['up']:,} up, {effect['down']:,} down",
    )
    for band in effect["bands"]:
        change = f"{band['after'] - band['before']:+,}" if band["after"] != band["before"] else "same"
        terminal.line(f"  {printable(band['label']):<16} {band['before']:>8,} {band['after']:>8,} {change:>8}")


def _print_theirs(terminal: Terminal, plan: Said) -> None:
    if plan["base"] is None and plan["number"]:
        terminal.heading("Nothing says which version these definitions were begun from")
        terminal.paragraph(
            "What was changed on the server since would be put aside. Look at what changes above; if that is all "
            f"meant, apply with --base {plan['number']}."
        )
    elif plan["theirs"]:
        files = joined(printable(one["path"]) for one in plan["theirs"])
        terminal.heading("Both sides changed", f"since version {plan['base']}")
        terminal.paragraph(f"The server published changes of {files} meanwhile, so that apply is refused.")
        if plan["both"]:
            terminal.paragraph(f"Changed on both sides: {joined(map(printable, plan['both']))}.")
        terminal.paragraph(
            f"Download version {plan['number']} from its page, merge it in Git, then apply with "
            f"--base {plan['number']}."
        )
