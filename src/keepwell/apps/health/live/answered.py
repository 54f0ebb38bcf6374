"""What was asked of facts before, and how they answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aggregating import Answers, Question

Table = tuple[date, pa.Table]
_Who = tuple[EntityKind, frozenset[str]]
_Days = tuple[date, ...]


@dataclass
class Answered:
    """The last answers, by kind of entity and metrics: of the dates that were asked for last."""

    _kept: dict[_Who, tuple[_Days, list[Table]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._kept)

    def clear(self) -> None:
        self._kept.clear()

    def keep(self, asked: Question, tables: Iterable[Table]) -> None:
        self._kept[_who(asked)] = _days(asked), list(tables)

    def of(self, asked: Question) -> list[Table] | None:
        """None where these metrics were not asked for, or of other dates."""
        days, tables = self._kept.get(_who(asked), ((), []))
        return tables if days == _days(asked) else None

    def tables(self, asked: Question) -> Answers:
        """As they were kept, whatever has become known since."""
        of_day = {moment.as_of: moment for moment in asked.moments}
        for day, table in self.of(asked) or ():
            yield of_day[day], table


def dated(answers: Answers) -> Iterable[Table]:
    return ((moment.as_of, table) for moment, table in answers)


def _who(asked: Question) -> _Who:
    return asked.entity_kind, frozenset(asked.metrics)


def _days(asked: Question) -> _Days:
    return tuple(moment.as_of for moment in asked.moments)
