"""Why a score changed between two dates: parts that add up, drawn from a common zero."""

from __future__ import annotations

from rich.text import Text

from keepwell.cli.terminal.bands import mark
from keepwell.cli.terminal.glyphs import Glyphs
from keepwell.cli.terminal.numbers import signed
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import printable
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain import Attribution, Part

_HALF = 12
_GAIN, _LOSS = "#3c8d40", "#c8453b"
_SHOWN = 0.05


def print_attribution(terminal: Terminal, attribution: Attribution, scheme: Scheme) -> None:
    terminal.line(_answer(terminal, attribution, scheme))
    if attribution.reason:
        terminal.line(printable(attribution.reason))
    widest = max([abs(part.change) for part in _told(attribution.parts)], default=0.0)
    shown = Table(number("points"), words(), rest(), indent=2)
    for part in _told(attribution.parts):
        shown.add(
            signed(terminal.glyphs, part.change, 1), _drawn(terminal.glyphs, part.change, widest), printable(part.words)
        )
    if attribution.change is not None and attribution.parts:
        shown.add(
            Text(signed(terminal.glyphs, attribution.change, 1), "bold"),
            Text(" " * (2 * _HALF + 1)),
            Text("in all", "bold"),
        )
    shown.print(terminal)
    for note in attribution.notes:
        terminal.line(f"  {printable(note)}", style="dim")


def _answer(terminal: Terminal, attribution: Attribution, scheme: Scheme) -> Text:
    text = Text(f"{attribution.old_as_of} ", "dim")
    text.append_text(mark(terminal.glyphs, scheme, attribution.old_label)).append(_number(attribution.old_final))
    text.append(f"  to  {attribution.new_as_of} ", "dim")
    text.append_text(mark(terminal.glyphs, scheme, attribution.new_label)).append(_number(attribution.new_final))
    return text.append(f"   {signed(terminal.glyphs, attribution.change, 1)}", "bold")


def _number(score: float | None) -> str:
    return "" if score is None else f" {score:.1f}"


def _told(parts: tuple[Part, ...]) -> list[Part]:
    """Parts that moved the score; where all are small, the largest."""
    large = [part for part in parts if abs(part.change) >= _SHOWN]
    return large or sorted(parts, key=lambda part: -abs(part.change))[:1]


def _drawn(glyphs: Glyphs, change: float, widest: float) -> Text:
    """Losses to the left of the line, gains to the right."""
    cells = max(round(abs(change) / widest * _HALF), 1) if widest > 0 and change else 0
    full = glyphs.eighths[-1] * cells
    left = Text.assemble(" " * (_HALF - cells), (full, _LOSS)) if change < 0 else Text(" " * _HALF)
    right = Text.assemble((full, _GAIN), " " * (_HALF - cells)) if change > 0 else Text(" " * _HALF)
    return Text.assemble(left, ("|" if glyphs.rule == "-" else "│", "dim"), right)
