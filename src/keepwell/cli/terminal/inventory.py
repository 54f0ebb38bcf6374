"""What a project defines, at a glance: kinds with their names, and each card with its weights as shares."""

from __future__ import annotations

from rich.text import Text

from keepwell.cli.terminal.bands import mark
from keepwell.cli.terminal.bars import bar
from keepwell.cli.terminal.numbers import percent, plain
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable, titled
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.project import Project
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Group, Scorecard
from keepwell.definitions.versions import Versions

_WEIGHT_BAR = 12
_ALWAYS = frozenset({"schemes", "datasets", "metrics", "segments", "scorecards"})
"""Kinds that are worth a line though there are none."""


def print_inventory(terminal: Terminal, project: Project, folder: str, *, columns_checked: bool) -> None:
    versions = Versions(project)
    count = sum(len(getattr(project, kind)) for kind in KINDS)
    terminal.line(
        Text.assemble(
            (f"{terminal.glyphs.good} ", "bold"),
            (f"{counted(count, 'definition')} in {printable(folder)}, no errors", "bold"),
            (f"   version {versions.project}", "dim"),
        )
    )
    terminal.line(_about_columns(columns_checked), style="dim")
    terminal.line()
    _kinds(project).print(terminal)
    for name, card in project.scorecards.items():
        _print_card(terminal, project, name, card, versions.of("scorecards", name))


def _about_columns(checked: bool) -> str:
    if checked:
        return "Columns and types fit the data."
    return "Columns and types were not checked: no data lie below this folder. Name their folder with --data DIR."


def _kinds(project: Project) -> Table:
    shown = Table(words(), number(), rest())
    for kind in KINDS:
        names = list(getattr(project, kind))
        if kind not in _ALWAYS and not names:
            continue
        shown.add(kind, str(len(names)), Text(", ".join(names), "dim"))
    return shown


def _print_card(terminal: Terminal, project: Project, name: str, card: Scorecard, version: str) -> None:
    terminal.heading(f"{name}  {titled(card.title, name)}" if card.title else name, f"version {version}")
    terminal.line(_about_card(terminal, project.schemes[card.scheme], card))
    total = sum(group.weight for group in card.groups.values())
    shown = Table(words(), number(), words(), rest(), indent=2)
    for group_name, group in card.groups.items():
        _add_group(terminal, shown, group_name, group, group.weight / total)
    shown.print(terminal)
    for override in card.overrides:
        effect = f"{override.effect.kind.replace('_', ' ')} {_value(override.effect.value)}"
        terminal.line(Text.assemble((f"  {override.name}: ", ""), f"{effect} ", (f"when {override.when}", "dim")))


def _about_card(terminal: Terminal, scheme: Scheme, card: Scorecard) -> Text:
    parts = [f"for {'relationships' if card.entity_kind == 'relationship' else 'accounts'}"]
    parts += [f"where {card.applies_to}"] if card.applies_to is not None else []
    parts += [f"needs {percent(card.minimum_coverage)} coverage"] if card.minimum_coverage else []
    text = Text("  " + ", ".join(parts) + "  ", "dim")
    for band in scheme.bands:
        text.append_text(mark(terminal.glyphs, scheme, band.label)).append(
            f" {terminal.glyphs.less} {band.up_to:g}  ", "dim"
        )
    return text


def _add_group(terminal: Terminal, shown: Table, name: str, group: Group, share: float) -> None:
    total = sum(measure.weight for measure in group.measures.values())
    measures = [f"{one} {percent(measure.weight / total)}" for one, measure in group.measures.items()]
    weight = bar(terminal.glyphs, share, _WEIGHT_BAR, of=1.0, style="cyan")
    shown.add(name, percent(share), weight, Text(f" {terminal.glyphs.dot} ".join(measures), "dim"))


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else plain(value)
