"""One entity within a scored state: where it stands in the arrays, and the expressions and peers that scored it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.names import nearest
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.entities import Entities
from keepwell.engine.explain.explanation import Value
from keepwell.engine.explain.states import State
from keepwell.engine.percentiles import Percentiles
from keepwell.engine.scores import CardScores, EntityScores
from keepwell.engine.values import EntityValues
from keepwell.errors import RequestRefused


@dataclass(frozen=True)
class Subject:
    """An entity of a state. `row` is its row in the values."""

    state: State
    entity_kind: EntityKind
    row: int

    @property
    def entity_id(self) -> str:
        return str(self.values.ids[self.row].as_py())

    @property
    def values(self) -> EntityValues:
        found = self.state.values.of(self.entity_kind)
        assert found is not None
        return found

    @property
    def scores(self) -> EntityScores:
        found = self.state.scores.of(self.entity_kind)
        assert found is not None
        return found

    @cached_property
    def place(self) -> Placed | None:
        """Its card and position there; None if it is unassigned."""
        found = self.scores.place(self.row)
        return None if found is None else Placed(*found)

    @property
    def placed(self) -> Placed:
        """Its place, of an entity that is known to have one."""
        assert self.place is not None
        return self.place

    @cached_property
    def entities(self) -> Entities:
        """All entities of its kind, with the metrics that rest on scores."""
        values, as_of = self.state.values, self.state.values.as_of
        accounts = Entities(self.state.project, values.accounts, as_of)
        found = (
            accounts if self.entity_kind == "account" else Entities(self.state.project, self.values, as_of, accounts)
        )
        for name in self.scores.metrics.column_names:
            if found.metric(name) is None:
                found.add(name, self.scores.metrics[name].combine_chunks())
        return found

    @cached_property
    def percentiles(self) -> Percentiles:
        return Percentiles(self.entities)

    def ledger(self, table: pa.Table) -> pa.Table:
        """The rows of entries, overrides or pins that are about it, in their order."""
        return table.take(np.flatnonzero(table["entity"].to_numpy() == self.row))

    def metric(self, name: str) -> Value:
        """The metric's value; None for null, and for a metric that the values do not have."""
        column = self.scores.metrics.column_names
        return self.scores.metrics[name][self.row].as_py() if name in column else None

    def named(self, name: str) -> Value:
        """The metric of that name, else the attribute."""
        column = self.entities.column(name)
        return None if column is None else column[self.row].as_py()


@dataclass(frozen=True)
class Placed:
    """A position within the arrays of a card."""

    card: CardScores
    at: int

    def of_measure(self, name: str, j: int) -> Any:
        """One field of `settled` for one measure: its own item, or the single value that holds for all."""
        found = getattr(self.card.settled[j], name)
        return found[self.at] if isinstance(found, np.ndarray) and found.ndim else found

    @property
    def computed(self) -> float | None:
        return null_or(self.card.computed[self.at])

    @property
    def final(self) -> float | None:
        return null_or(self.card.final[self.at])

    @cached_property
    def scores(self) -> npt.NDArray[np.float64]:
        """[m]"""
        return self.card.measure_scores[:, self.at]

    @cached_property
    def freshness(self) -> npt.NDArray[np.float64]:
        """[m]"""
        part = slice(self.at, self.at + 1)
        return np.array([settled.freshness_or_one(part)[0] for settled in self.card.settled])

    @cached_property
    def weights(self) -> npt.NDArray[np.float64]:
        """[m] effective weights: sum to 1, null where there is no overall score."""
        factors = self.card.factors[self.card.group_of, self.at]
        found: npt.NDArray[np.float64] = self.card.whole_weights * self.freshness * factors
        return found

    @cached_property
    def by_measure(self) -> Mapping[str, int]:
        """The index of each measure by its name."""
        return {name: j for j, name in enumerate(self.card.measures)}


def subject(state: State, entity_kind: EntityKind, entity_id: str) -> Subject:
    """Raises RequestRefused for an entity that is not in the population."""
    row = row_of(state, entity_kind, entity_id)
    if row is None:
        raise RequestRefused(_not_there(state, entity_kind, entity_id))
    return Subject(state, entity_kind, row)


def row_of(state: State, entity_kind: EntityKind, entity_id: str) -> int | None:
    """The entity's row in the values; None if it is not in the population."""
    values = state.values.of(entity_kind)
    row = -1 if values is None else pc.index(values.ids, entity_id).as_py()
    return None if row < 0 else int(row)


def null_or(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


_ARTICLES: dict[EntityKind, str] = {"account": "an account", "relationship": "a relationship"}


def _not_there(state: State, entity_kind: EntityKind, entity_id: str) -> str:
    values, as_of = state.values.of(entity_kind), state.values.as_of
    if values is None:
        return f"this project has no {entity_kind}s; ask for an account"
    other: EntityKind = "account" if entity_kind == "relationship" else "relationship"
    if row_of(state, other, entity_id) is not None:
        return f"'{entity_id}' is the id of {_ARTICLES[other]}, not of {_ARTICLES[entity_kind]}; ask for the {other}"
    near = nearest(entity_id, map(str, values.ids.to_pylist()))
    meant = f"; did you mean '{near}'?" if near else ""
    return (
        f"{entity_kind} '{entity_id}' is not in the population at {as_of}: it is not known, had not started, or had "
        f"ended{meant} ({len(values)} {entity_kind}s are)"
    )
