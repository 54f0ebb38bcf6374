"""The texts and the sentiments that their writers' own scores give them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwell.text.own.scales import SCALES

PLACE = "shared/data/nps_verbatims"
_FILE = Path(__file__).resolve().parents[3] / PLACE / "nps_verbatims.csv"


@dataclass(frozen=True)
class Verbatims:
    texts: list[str]
    scores: list[float]

    @property
    def labels(self) -> np.ndarray:
        return SCALES["nps"].labels(self.scores)

    def split(self, share: float, seed: int) -> tuple[Verbatims, Verbatims]:
        """Each sentiment is split by the same share."""
        order = np.random.default_rng(seed).permutation(len(self.texts))
        order = order[np.argsort(self.labels[order], kind="stable")]
        is_learned = np.floor(np.arange(1, len(order) + 1) * share) > np.floor(np.arange(len(order)) * share)
        return self._of(order[is_learned]), self._of(order[~is_learned])

    def drawn(self, number: int, seed: int) -> Verbatims:
        return self._of(np.random.default_rng(seed).permutation(len(self.texts))[:number])

    def _of(self, at: np.ndarray) -> Verbatims:
        return Verbatims([self.texts[one] for one in at], [self.scores[one] for one in at])


def verbatims() -> Verbatims | None:
    """None where they are not there. Answers without a score are left out."""
    if not _FILE.exists():
        return None
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["NPS_SCORE"] not in ("", "NA")]
    return Verbatims([row["text"] for row in rows], [float(row["NPS_SCORE"]) for row in rows])
