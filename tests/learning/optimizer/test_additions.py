"""What a card does not have is added where it tells something, and seldom where it tells nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from keepwell.definitions.scorecards import Scorecard
from keepwell.learning.optimizer.fitting import fitted
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.lines import Line, Material
from tests.learning.asking import observations_of

pytestmark = pytest.mark.slow

ACCOUNTS, NOISE, WEAK, COMPANIES = 800, 10, 3, 6
LINE = {"weight": 1, "score": {"linear": ((0, 0), (1, 100))}}
CARD = Scorecard.model_validate(
    {"scheme": "numeric", "groups": {"use": {"weight": 1, "measures": {"first": LINE, "second": LINE}}}}
)


def material(seed: int) -> Material:
    """Two measures that tell, three metrics that tell a little, and ten that tell nothing."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(ACCOUNTS, 2 + WEAK + NOISE))
    odds = -1.2 - values[:, : 2 + WEAK] @ np.array([0.8, 0.5, 0.4, 0.4, 0.4])
    lost = random.random(ACCOUNTS) < 1 / (1 + np.exp(-odds))
    rows = [(f"a{place:04}", date(2026, 1, 1), bool(gone), None) for place, gone in enumerate(lost)]
    names = ["first", "second", *(f"weak_{i}" for i in range(WEAK)), *(f"noise_{i}" for i in range(NOISE))]
    columns = [pa.chunked_array([pa.array(values[:, place])]) for place in range(values.shape[1])]
    own = CARD.measures
    lines = [
        Line(name, "number", column, name, "use" if name in own else None, own.get(name))
        for name, column in zip(names, columns, strict=True)
    ]
    return Material("health", CARD, observations_of(rows), tuple(lines), {})


@pytest.mark.slow
def test_noise_is_seldom_added_and_a_weak_signal_often() -> None:
    chosen = []
    for seed in range(COMPANIES):
        found = fitted(material(seed), np.arange(ACCOUNTS), Limits())
        chosen.append([one.line.name for one in found.lines])
        assert {"first", "second"} <= set(chosen[-1])
        assert set(found.dropped) | set(chosen[-1]) == {line.name for line in material(seed).lines}
    noise = sum(name.startswith("noise") for names in chosen for name in names)
    weak = sum(name.startswith("weak") for names in chosen for name in names)
    assert noise <= 0.05 * NOISE * COMPANIES
    assert weak >= 0.8 * WEAK * COMPANIES
