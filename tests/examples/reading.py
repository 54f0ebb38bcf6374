"""Runs an example on its data, and reads single numbers of single accounts out of the run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from keepwell.definitions import load_project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.run import Run, score
from keepwell.engine.scores import CardScores
from keepwell.lake.data import open_data

EXAMPLES = Path(__file__).parents[2] / "examples"


def run_example(name: str, data: Path, as_of: date) -> Run:
    project = load_project(EXAMPLES / name)
    with open_data(project, data) as source:
        return score(project, source, as_of=as_of)


@dataclass(frozen=True)
class Seen:
    """What a run says about one account or relationship."""

    row: int
    metrics: dict[str, Any]
    card: CardScores
    at: int

    @property
    def measures(self) -> dict[str, float]:
        return dict(zip(self.card.measures, self.card.measure_scores[:, self.at].tolist(), strict=True))

    @property
    def groups(self) -> dict[str, float]:
        return dict(zip(self.card.groups, self.card.group_scores[:, self.at].tolist(), strict=True))

    @property
    def freshness(self) -> dict[str, float]:
        return dict(zip(self.card.measures, self.card.freshness[:, self.at].tolist(), strict=True))

    @property
    def imputed(self) -> set[str]:
        return {
            name for name, imputed in zip(self.card.measures, self.card.imputed[:, self.at], strict=True) if imputed
        }

    @property
    def computed(self) -> float:
        return float(self.card.computed[self.at])

    @property
    def final(self) -> float:
        return float(self.card.final[self.at])

    @property
    def coverage(self) -> float:
        return float(self.card.coverage[self.at])

    @property
    def label(self) -> str:
        return str(self.card.labels[self.at])

    @property
    def overrides(self) -> tuple[str, ...]:
        return tuple(self.card.overrides[self.at])


def seen(run: Run, entity: str, kind: EntityKind = "account") -> Seen:
    scores = run.scores.of(kind)
    assert scores is not None
    row = scores.ids.to_pylist().index(entity)
    place = scores.place(row)
    assert place is not None, f"no card applies to {entity}"
    metrics = scores.metrics.slice(row, 1).to_pylist()[0]
    return Seen(row, metrics, *place)
