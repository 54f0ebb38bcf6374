"""What judges texts: one small interface, and what is made of its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from keepwell.errors import DataRefused
from keepwell.text.reading import readable

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

SENTIMENTS = ("negative", "neutral", "positive")
UNKNOWN = -1
_SUM = 1e-6


class Classifier(Protocol):
    """Anything that gives texts probabilities. It may also have `emphasis`, see `emphasis_of`."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Changes whenever the same text may get other probabilities."""
        ...

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """[texts, 3] of negative, neutral, positive, which sum to 1; a row of NaN where a text cannot be judged.

        Texts are readable (`keepwell.text.reading`) and not empty.
        """
        ...


@dataclass(frozen=True)
class Judgement:
    """n texts, judged. `labels`: places in `SENTIMENTS`, `UNKNOWN` where a text has no sentiment that can be known."""

    probabilities: Floats  # [n, 3]
    labels: Codes  # [n]

    @property
    def scores(self) -> Floats:
        """[n] from -1 to 1: how much likelier positive is than negative; NaN where unknown."""
        return self.probabilities[:, 2] - self.probabilities[:, 0]

    def words(self) -> list[str | None]:
        return [None if one == UNKNOWN else SENTIMENTS[one] for one in self.labels]


def judge(classifier: Classifier, texts: Sequence[str | None]) -> Judgement:
    """Judges texts of any kind. A text without content is unknown. Raises DataRefused for answers of the wrong form."""
    read = [readable(text) for text in texts]
    full = [at for at, text in enumerate(read) if text]
    found = np.full((len(read), 3), np.nan)
    if full:
        found[full] = _checked(classifier, classifier.probabilities([read[at] for at in full]), len(full))
    return Judgement(found, labels_of(found, emphasis_of(classifier)))


def emphasis_of(classifier: Classifier) -> Floats:
    """[3] what probabilities are multiplied by before the largest gives the label; without it, all the same.

    Where one sentiment is rare, the likeliest one is hardly ever it; a classifier can lean against that.
    """
    return np.asarray(getattr(classifier, "emphasis", (1.0, 1.0, 1.0)), np.float64)


def labels_of(probabilities: Floats, emphasis: Floats) -> Codes:
    """[n] for probabilities [n, 3]; of equal ones neutral wins, then negative."""
    weighed = np.nan_to_num(probabilities * emphasis, nan=0.0)[:, [1, 0, 2]]
    labels = np.array([1, 0, 2])[weighed.argmax(axis=1)]
    return np.where(np.isnan(probabilities[:, 0]), UNKNOWN, labels)


def _checked(classifier: Classifier, given: Floats, texts: int) -> Floats:
    given = np.asarray(given, np.float64)
    if given.shape != (texts, 3):
        raise DataRefused(
            f"classifier {classifier.name}: gave an array of shape {given.shape} for {texts} texts; "
            f"it must give ({texts}, 3): negative, neutral, positive for each text"
        )
    known = given[~np.isnan(given).all(axis=1)]
    if not (np.isfinite(known).all() and (known >= 0).all() and (abs(known.sum(axis=1) - 1) <= _SUM).all()):
        raise DataRefused(
            f"classifier {classifier.name}: gave probabilities that are negative, infinite or do not sum to 1; "
            "each row must be three probabilities, or all NaN for a text that it cannot judge"
        )
    return given
