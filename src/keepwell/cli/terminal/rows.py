"""Accounts in rows: the score first, then how it came here, whom it is about, what is at stake, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from rich.text import Text

from keepwell.cli.portfolio.entities import Entities, is_scored
from keepwell.cli.portfolio.series import Series
from keepwell.cli.terminal.bands import colored, mark
from keepwell.cli.terminal.bars import bar
from keepwell.cli.terminal.numbers import compact, distance, percent, signed
from keepwell.cli.terminal.sparklines import sparkline
from keepwell.cli.terminal.tables import Column, Table, number, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import printable
from keepwell.engine.scoring.bands import display_score

_NAME = 26

CellOf = Callable[[int], Text | str]


@dataclass(frozen=True)
class Beside:
    """What a list shows beside the scores: reasons by id, and the history over the dates of `series`."""

    as_of: date
    reasons: Mapping[str, str]
    series: Series | None = None
    weeks: int = 4


def print_rows(terminal: Terminal, entities: Entities, rows: Iterable[int], beside: Beside) -> None:
    """One entity a row, in the order given, each with its reason below."""
    columns = _columns(terminal, entities, beside)
    shown = Table(*(column for column, _ in columns))
    for row in rows:
        reason = Text(printable(beside.reasons.get(entities.ids[row], "")), "dim")
        shown.add(*(cell(int(row)) for _, cell in columns), below=reason if reason else None)
    shown.print(terminal)


def _columns(terminal: Terminal, entities: Entities, beside: Beside) -> list[tuple[Column, CellOf]]:
    """Columns that have something to show, each with what it shows of a row."""
    found = _score_columns(terminal, entities)
    if beside.series:
        found += _history_columns(terminal, entities, beside, beside.series)
    found.append((words(entities.kind, _NAME), lambda row: printable(str(entities.names[row]))))
    if entities.kind == "relationship":
        found.append((words("of account", _NAME), lambda row: printable(str(entities.accounts[row]))))
    if not np.isnan(entities.arr).all():
        found.append((number("ARR"), lambda row: compact(entities.arr[row])))
    if any(day is not None for day in entities.renews_on):
        found.append((words("renewal"), lambda row: _renewal(terminal, entities.renews_on[row], beside.as_of)))
    if not beside.series:
        found.append((number("coverage"), lambda row: percent(entities.coverage[row])))
    return found


def _score_columns(terminal: Terminal, entities: Entities) -> list[tuple[Column, CellOf]]:
    def paint(row: int) -> str:
        return colored(entities.scheme(row))(float(entities.final[row])) if is_scored(entities.labels[row]) else "dim"

    def score(row: int) -> Text:
        shown = display_score(float(entities.final[row]), entities.scheme(row))
        return Text(shown or terminal.glyphs.dash, f"bold {paint(row)}")

    return [
        (number("score"), score),
        (
            words(),
            lambda row: bar(
                terminal.glyphs, float(entities.final[row]), 10 if terminal.is_roomy else 8, style=paint(row)
            ),
        ),
        (words(), lambda row: mark(terminal.glyphs, entities.scheme(row), str(entities.labels[row]))),
    ]


def _history_columns(
    terminal: Terminal, entities: Entities, beside: Beside, series: Series
) -> list[tuple[Column, CellOf]]:
    width = 26 if terminal.is_roomy else 16

    def line(row: int) -> Text:
        return sparkline(terminal.glyphs, series.scores(entities.ids[row]), width, colored(entities.scheme(row)))

    def change(row: int) -> str:
        then = series.score(entities.ids[row], max(len(series) - 1 - beside.weeks, 0))
        return signed(terminal.glyphs, float(entities.final[row]) - then)

    return [(words("two years" if len(series) > 100 else "history"), line), (number(f"{beside.weeks} weeks"), change)]


def _renewal(terminal: Terminal, day: date | None, today: date) -> str:
    if day is None:
        return terminal.glyphs.dash
    return f"{day} {distance(day, today)}" if terminal.is_roomy else str(day)
