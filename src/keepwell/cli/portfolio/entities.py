"""Everybody of one kind in a run, as arrays: name, revenue, renewal, owner beside score and label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.definitions.schemes import UNKNOWN, Scheme
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.columns import numbers, texts
from keepwell.engine.run import Run
from keepwell.engine.scores import CardScores, EntityScores
from keepwell.engine.values import EntityValues

UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class Entities:
    """Accounts, or relationships, of one run, in order of id. NaN and None stand for what is not known."""

    project: Project
    values: EntityValues
    scores: EntityScores
    ids: npt.NDArray[np.object_]
    names: npt.NDArray[np.object_]
    accounts: npt.NDArray[np.object_]  # of relationships, the names of their accounts
    arr: npt.NDArray[np.float64]
    final: npt.NDArray[np.float64]
    labels: npt.NDArray[np.object_]
    coverage: npt.NDArray[np.float64]
    renews_on: npt.NDArray[np.object_]
    owners: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def kind(self) -> EntityKind:
        return self.scores.entity_kind

    def scheme(self, row: int) -> Scheme:
        card = self.card(row)
        return card.scheme if card else Scheme()

    def card(self, row: int) -> CardScores | None:
        place = self.scores.place(row)
        return place[0] if place else None

    def row(self, entity_id: str) -> int | None:
        at = int(np.searchsorted(self.ids, entity_id))
        return at if at < len(self.ids) and self.ids[at] == entity_id else None

    def by_score(self) -> npt.NDArray[np.int64]:
        """Rows, worst first, more revenue first among equals; those without a score last."""
        return np.lexsort((self.ids.astype(str), -np.nan_to_num(self.arr), np.nan_to_num(self.final, nan=np.inf)))


def entities_of(project: Project, run: Run, kind: EntityKind) -> Entities | None:
    """None where the project has no entities of this kind."""
    values, scores = run.values.of(kind), run.scores.of(kind)
    if values is None or scores is None:
        return None
    ids = _objects(values.ids)
    labels = np.full(len(values), UNASSIGNED, object)
    coverage = np.full(len(values), np.nan)
    for card in scores.cards.values():
        labels[card.rows] = card.labels
        coverage[card.rows] = card.coverage
    return Entities(
        project=project,
        values=values,
        scores=scores,
        ids=ids,
        names=_names(project, values),
        accounts=_account_names(project, run.values.accounts, values),
        arr=_numbers(_column(project, values, "arr"), len(values)),
        final=scores.finals,
        labels=labels,
        coverage=coverage,
        renews_on=_dates(_column(project, values, "renews_on"), len(values)),
        owners=_texts(_column(project, values, "owner"), len(values)),
    )


def _names(project: Project, values: EntityValues) -> npt.NDArray[np.object_]:
    """What people call them; the id where there is no name."""
    ids, names = _objects(values.ids), _texts(_column(project, values, "name"), len(values))
    return np.where(names == None, ids, names)  # noqa: E711 - elementwise


def _account_names(project: Project, accounts: EntityValues, values: EntityValues) -> npt.NDArray[np.object_]:
    names = dict(zip(accounts.ids.to_pylist(), _names(project, accounts).tolist(), strict=True))
    return _objects(pa.array([names.get(one, one) for one in values.accounts.to_pylist()], pa.string()))


def is_scored(label: str) -> bool:
    return label not in (UNKNOWN, UNASSIGNED)


def _column(project: Project, values: EntityValues, option: str) -> pa.ChunkedArray | None:
    found = project.with_role("accounts" if values.entity_kind == "account" else "relationships")
    column = getattr(found[1], option) if found else None
    return values.attributes[column] if column in values.attributes.column_names else None


def _objects(array: pa.Array) -> npt.NDArray[np.object_]:
    found = np.empty(len(array), object)
    found[:] = array.to_pylist()
    return found


def _texts(column: pa.ChunkedArray | None, n: int) -> npt.NDArray[np.object_]:
    return np.full(n, None, object) if column is None else _objects(texts(column))


def _numbers(column: pa.ChunkedArray | None, n: int) -> npt.NDArray[np.float64]:
    return np.full(n, np.nan) if column is None else numbers(column)


def _dates(column: pa.ChunkedArray | None, n: int) -> npt.NDArray[np.object_]:
    if column is None or not (pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)):
        return np.full(n, None, object)
    return _objects(column.cast(pa.date32(), safe=False))
