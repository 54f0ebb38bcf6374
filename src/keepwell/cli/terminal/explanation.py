"""One score explained: the waterfall from 0 to the score, what each measure saw, and what bounded it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from keepwell.cli.terminal.bands import band_at, color, colored, mark
from keepwell.cli.terminal.bars import bar, step
from keepwell.cli.terminal.numbers import percent, signed
from keepwell.cli.terminal.reasons import reason_of, saw, value_text
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import printable, titled
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain import ByHandExplanation, Explanation, GroupExplanation, MeasureExplanation

_SMALL_BAR = 10


def _wide(terminal: Terminal) -> int:
    """The waterfall takes what names and numbers leave."""
    return max(min(terminal.width - 58, 76), 20)


def print_explanation(terminal: Terminal, explanation: Explanation) -> None:
    """Answer first, then the waterfall, then what each measure went by, then overrides, then what would help."""
    _print_answer(terminal, explanation)
    if explanation.waterfall:
        terminal.line()
        _waterfall(terminal, explanation).print(terminal)
    if explanation.groups:
        terminal.heading("What each measure saw", _weights_note(explanation))
        _measures(terminal, explanation).print(terminal)
    _print_overrides(terminal, explanation)
    _print_gains(terminal, explanation)


def _print_answer(terminal: Terminal, explanation: Explanation) -> None:
    scheme = _scheme(explanation)
    name = printable(explanation.name or explanation.entity_id)
    heading = Text.assemble(
        (name, "bold"), (f"  {explanation.entity_id}" if name != explanation.entity_id else "", "dim")
    )
    heading.append("   ")
    if explanation.final is not None:
        style = colored(scheme)(explanation.final)
        heading.append(f"{explanation.shown} ", f"bold {style}").append_text(
            bar(terminal.glyphs, explanation.final, 20, style=style)
        )
        heading.append("  ")
    heading.append_text(mark(terminal.glyphs, scheme, explanation.label))
    terminal.line(heading)
    card = f"card {explanation.scorecard} version {explanation.version}" if explanation.scorecard else "no card"
    of = [f"of account {printable(explanation.account_id)}"] if explanation.entity_kind == "relationship" else []
    facts = [*of, f"as of {explanation.as_of}", card, f"coverage {percent(explanation.coverage)}"]
    terminal.line(f" {terminal.glyphs.dot} ".join(facts), style="dim")
    terminal.line(f"{explanation.assignment}", style="dim")
    terminal.line(reason_of(explanation, most=3))


def _waterfall(terminal: Terminal, explanation: Explanation) -> Table:
    shown = Table(words(), number("points"), words("0 to 100" if terminal.glyphs.rule == "-" else "0 ─ 100"), rest())
    scheme = _scheme(explanation)
    measures = {measure.name: measure for measure in explanation.measures}
    for one in explanation.waterfall:
        measure = measures.get(one.name) if one.kind == "measure" else None
        style = _step_style(scheme, measure, one.change)
        drawn = step(terminal.glyphs, one.before, one.after, _wide(terminal), style=style)
        note = _lost(measure) if measure else Text("override" if one.kind == "override" else "by hand", "dim")
        shown.add(Text(titled(one.title, one.name)), _shown(terminal, one.shown), drawn, note)
    if explanation.final is not None:
        style = f"bold {colored(scheme)(explanation.final)}"
        total = bar(terminal.glyphs, explanation.final, _wide(terminal), style=style)
        shown.add(
            Text("Score", "bold"),
            Text(explanation.shown or "", style),
            total,
            mark(terminal.glyphs, scheme, explanation.label),
        )
    return shown


def _shown(terminal: Terminal, points: object) -> str:
    text = str(points)
    return f"{terminal.glyphs.minus}{text[1:]}" if text.startswith("-") else f"+{text}" if text.strip("0.") else text


def _step_style(scheme: Scheme, measure: MeasureExplanation | None, change: float) -> str:
    if measure is not None:
        return color(scheme, band_at(scheme, measure.score))
    return "bold" if change else "dim"


def _lost(measure: MeasureExplanation) -> Text:
    if measure.points_lost is None:
        return Text(measure.missing_reason or "does not count", "dim")
    if measure.points_lost < 0.5:
        return Text()
    return Text(f"costs {measure.points_lost:.0f}", "dim")


def _weights_note(explanation: Explanation) -> str:
    return "share: of the overall score, after missing and stale measures" if explanation.final is not None else ""


def _measures(terminal: Terminal, explanation: Explanation) -> Table:
    shown = Table(words("", 34), words("saw", 24), number("score"), words(), words("band", 16), number("share"), rest())
    scheme = _scheme(explanation)
    for group in explanation.groups:
        shown.add(*_group_cells(terminal, scheme, group))
        for measure in group.measures:
            shown.add(*_measure_cells(terminal, scheme, measure))
    return shown


def _group_cells(terminal: Terminal, scheme: Scheme, group: GroupExplanation) -> list[Text | str]:
    style = color(scheme, band_at(scheme, group.score))
    return [
        Text(titled(group.title, group.name), "bold"),
        "",
        Text(_score(terminal, group.score), f"bold {style}"),
        bar(terminal.glyphs, group.score, _SMALL_BAR, style=style),
        mark(terminal.glyphs, scheme, group.label) if group.label else Text("no score", "dim"),
        Text(percent(group.share), "bold"),
        Text("" if group.coverage > 0.9995 else f"{percent(group.coverage)} observed", "dim"),
    ]


def _measure_cells(terminal: Terminal, scheme: Scheme, measure: MeasureExplanation) -> list[Text | str]:
    style = color(scheme, band_at(scheme, measure.score)) if measure.scheme is None else ""
    return [
        f"  {titled(measure.title, measure.name)}",
        saw(measure) or Text("nothing", "dim"),
        Text(_score(terminal, measure.score), style),
        bar(terminal.glyphs, measure.score, _SMALL_BAR, style=style),
        _measure_label(terminal, scheme, measure),
        percent(measure.effective_weight),
        Text(f" {terminal.glyphs.dot} ".join(_remarks(measure)), "dim"),
    ]


def _measure_label(terminal: Terminal, scheme: Scheme, measure: MeasureExplanation) -> Text:
    if measure.label is None:
        return Text()
    if measure.scheme is not None:  # another scheme's words; its colours are not the card's
        return Text(printable(measure.label))
    return mark(terminal.glyphs, scheme, measure.label)


def _remarks(measure: MeasureExplanation) -> Iterator[str]:
    """Whatever makes this more or less than a plain, fresh observation."""
    if measure.missing_reason:
        yield measure.missing_reason
    if measure.stale_reason:
        yield measure.stale_reason
    if 0 < measure.freshness < 1:
        yield f"counts {percent(measure.freshness)}"
    for source in measure.sources:
        if source.status == "counted" and source.source != "metric":
            by = f" by {source.author}" if source.author else ""
            yield f"{source.source}{by}, {source.observed_on}"
            if source.comment:
                yield printable(source.comment, 80)
    if measure.level and measure.level.help:
        yield printable(measure.level.help, 80)


def _print_overrides(terminal: Terminal, explanation: Explanation) -> None:
    if not (explanation.overrides or explanation.by_hand):
        return
    held = sum(bool(one.held) for one in explanation.overrides)
    terminal.heading("Overrides", f"{len(explanation.overrides)} on the card, {held} held")
    shown = Table(words(), words(), rest(), indent=2)
    for one in explanation.overrides:
        sign, style = _verdict(terminal, one.held, one.before, one.after)
        effect = f"{one.effect}{_moved(terminal, one.before, one.after)}" if one.held else _not_held(one.held)
        saw = ", ".join(f"{name} is {value_text(value) or 'null'}" for name, value in one.saw.items())
        because = f"{one.reason}: " if one.held and one.reason else ""
        shown.add(
            Text(f"{sign} {one.name}", style), Text(effect, style), Text(f"{because}{one.condition}; {saw}", "dim")
        )
    for hand in explanation.by_hand:
        sign, style = _verdict(terminal, not hand.problem, hand.before, hand.after)
        effect = f"{hand.effect}{_moved(terminal, hand.before, hand.after)}"
        shown.add(Text(f"{sign} by hand", style), Text(effect, style), Text(_by_hand_note(hand), "dim"))
    shown.print(terminal)


def _verdict(terminal: Terminal, held: bool | None, before: float | None, after: float | None) -> tuple[str, str]:
    """A mark and a style: moved the score, held without moving it, did not hold."""
    if not held:
        return terminal.glyphs.dash, "dim"
    return (terminal.glyphs.bad, "bold") if before != after else (terminal.glyphs.good, "")


def _not_held(held: bool | None) -> str:
    return "did not hold" if held is False else "not asked, there is no score"


def _moved(terminal: Terminal, before: float | None, after: float | None) -> str:
    return f": {_score(terminal, before)} to {_score(terminal, after)}" if before != after else ", already so"


def _by_hand_note(hand: ByHandExplanation) -> str:
    until = f"until {hand.until:%Y-%m-%d}" if hand.until else "until withdrawn"
    return printable(", ".join(filter(None, [hand.problem or hand.reason, hand.author, until])))


def _print_gains(terminal: Terminal, explanation: Explanation) -> None:
    if not explanation.gains:
        return
    terminal.heading("What would help most", "points the score would gain if the measure scored 100")
    for gain in explanation.gains[:3]:
        style = "cyan"
        line = Text.assemble(f"  {signed(terminal.glyphs, gain.points, 1).rjust(6)}  ")
        line.append_text(bar(terminal.glyphs, gain.points, 20, of=max(explanation.gains[0].points, 1e-9), style=style))
        terminal.line(line.append(f"  {titled(gain.title, gain.measure)}"))
    if explanation.gains_note:
        terminal.line(f"  {explanation.gains_note}", style="dim")


def _scheme(explanation: Explanation) -> Scheme:
    return explanation.scheme or Scheme()


def _score(terminal: Terminal, score: float | None) -> str:
    return terminal.glyphs.dash if score is None else f"{score:.0f}"
