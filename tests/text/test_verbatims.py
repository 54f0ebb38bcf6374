"""The lexicon on real answers, whose writers' own scores say what they felt."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from keepwell.text.classifier import judge
from keepwell.text.lexicon import Lexicon, lexicon
from keepwell.text.own.figures import Figures, Told, figures
from keepwell.text.own.scales import SCALES


def _figures(shared: Path, classifier: Lexicon) -> Figures:
    with (shared / "data/nps_verbatims/nps_verbatims.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["NPS_SCORE"] not in ("", "NA")]
    found = judge(classifier, [row["text"] for row in rows])
    truth = SCALES["nps"].labels([float(row["NPS_SCORE"]) for row in rows])
    return figures(truth, Told(np.nan_to_num(found.scores), np.where(found.labels < 0, 1, found.labels)))


@pytest.mark.slow
def test_without_the_words_of_the_field_it_is_vader(shared: Path) -> None:
    found = _figures(shared, Lexicon({}))
    assert (found.accuracy, found.macro_f1, found.auc) == pytest.approx((0.582, 0.532, 0.883), abs=0.0005)


@pytest.mark.slow
def test_with_them_it_tells_more(shared: Path) -> None:
    found = _figures(shared, lexicon())
    assert (found.accuracy, found.macro_f1, found.auc) == pytest.approx((0.683, 0.583, 0.929), abs=0.0005)
