"""What a run found, entity by entity: score, band, tone, and in a few words what costs most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keepwell.apps.health.tones import NONE, tone_of
from keepwell.engine.scores import CardScores, EntityScores

UNASSIGNED = "unassigned"
_NAMED, _SMALL = 2, 0.5


@dataclass(frozen=True)
class Found:
    """The health of one account or relationship; without a card all that follows from one is empty."""

    entity_id: str
    row: int
    scorecard: str = ""
    version: str = ""
    computed: float | None = None
    score: float | None = None
    label: str = UNASSIGNED
    tone: str = NONE
    coverage: float | None = None
    overrides: tuple[str, ...] = ()
    why: str = ""


def found(entities: EntityScores) -> Iterator[Found]:
    """Every entity of the population once, card by card, then those that no card applies to."""
    for card in entities.cards.values():
        yield from _of_card(entities, card)
    ids = entities.ids.take(entities.unassigned).to_pylist() if len(entities.unassigned) else []
    for entity_id, row in zip(ids, entities.unassigned, strict=True):
        yield Found(entity_id, int(row))


def _of_card(entities: EntityScores, card: CardScores) -> Iterator[Found]:
    ids = entities.ids.take(card.rows).to_pylist()
    tones = {label: tone_of(str(label), card.scheme) for label in np.unique(card.labels)}
    words = _costs(card)
    for place, entity_id in enumerate(ids):
        label = str(card.labels[place])
        yield Found(
            entity_id,
            int(card.rows[place]),
            card.scorecard,
            card.version,
            _number(card.computed[place]),
            _number(card.final[place]),
            label,
            tones[label],
            _number(card.coverage[place]),
            tuple(card.overrides[place]),
            words[place],
        )


def _costs(card: CardScores) -> list[str]:
    """What a page says beside each score: overrides that fired, and the measures that cost most points."""
    lost = np.nan_to_num(card.effective_weights * (100 - card.measure_scores))
    order = np.argsort(-lost, axis=0, kind="stable")[:_NAMED]
    titles = [measure.title or name.replace("_", " ") for name, measure in card.card.measures.items()]
    reasons = {one.name: one.reason or one.name.replace("_", " ") for one in card.card.overrides}
    return [_sentence(titles, reasons, lost[:, i], order[:, i], card.overrides[i]) for i in range(len(card))]


def _sentence(
    titles: list[str],
    reasons: dict[str, str],
    lost: npt.NDArray[np.float64],
    order: npt.NDArray[np.int64],
    fired: tuple[str, ...],
) -> str:
    bounds = [reasons.get(name, "set by hand") for name in fired]
    costs = [f"{titles[j]} costs {lost[j]:.0f}" for j in order if lost[j] >= _SMALL]
    said = "; ".join([*bounds, *([" and ".join(costs)] if costs else [])])
    return (said[:1].upper() + said[1:])[:300] or "Nothing costs it a point"


def _number(value: np.floating | float) -> float | None:
    return None if np.isnan(value) else float(value)
