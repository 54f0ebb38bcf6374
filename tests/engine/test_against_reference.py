"""Random cards and rows: the engine and the slow reference agree on every number."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.score import score_values
from tests.engine import reference
from tests.engine.asking import (
    TRAFFIC_LIGHT,
    attributes_as_metrics,
    entities_of,
    only_card,
    project_of,
    values_of,
)
from tests.examples_tried import at_most

whole = st.integers(0, 100)
# quarters and whole numbers are exact in binary, so that values on the edge of a step or band are on it in both
quarters = st.integers(-200, 600).map(lambda number: number / 4)
weights = st.integers(1, 9)


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, Any]:
    edges = sorted(draw(st.sets(st.integers(-40, 140), min_size=1, max_size=4)))
    if draw(st.booleans()):
        return {"linear": [[edge, draw(whole)] for edge in edges]}
    steps: list[dict[str, Any]] = [{"up_to": edge, "score": draw(whole)} for edge in edges]
    return {"steps": [*steps, {"score": draw(whole)}] if draw(st.booleans()) else steps}


@st.composite
def effects(draw: st.DrawFn) -> dict[str, Any]:
    labels = [band["label"] for band in TRAFFIC_LIGHT["bands"]]
    return {draw(st.sampled_from(["set", "at_most", "at_least"])): draw(st.one_of(whole, st.sampled_from(labels)))}


@st.composite
def cards(draw: st.DrawFn) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    count = 0
    for g in range(draw(st.integers(1, 3))):
        measures = {}
        for _ in range(draw(st.integers(1, 3))):
            missing = draw(st.sampled_from(["skip", {"score": 50}]))
            measures[f"m{count}"] = {"weight": draw(weights), "score": draw(shapes()), "when_missing": missing}
            count += 1
        groups[f"g{g}"] = {"weight": draw(weights), "measures": measures}
    overrides = [
        {"name": f"o{index}", "when": f"m{draw(st.integers(0, count - 1))} > {draw(whole)}", "effect": draw(effects())}
        for index in range(draw(st.integers(0, 3)))
    ]
    minimum = draw(st.sampled_from([0, 0.25, 0.5, 1]))
    return {"scheme": "traffic_light", "groups": groups, "overrides": overrides, "minimum_coverage": minimum}


def near(value: Fraction | None) -> Any:
    return pytest.approx(np.nan if value is None else float(value), rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.slow
@given(cards(), st.data())
@at_most(40)
def test_the_engine_agrees_with_the_definition_page(card: dict[str, Any], data: st.DataObject) -> None:
    names = [name for group in card["groups"].values() for name in group["measures"]]
    row = st.fixed_dictionaries({name: st.one_of(st.none(), quarters) for name in names})
    rows = data.draw(st.lists(row, min_size=1, max_size=8))
    project = project_of({"card": card}, attributes_as_metrics(*names))
    accounts = entities_of([{"id": f"a{i}", **one} for i, one in enumerate(rows)], metrics=names)
    scored = only_card(score_values(project, values_of(accounts)))
    for i, one in enumerate(rows):
        expected = reference.score(card, TRAFFIC_LIGHT, one)
        assert scored.measure_scores[:, i].tolist() == [near(expected.measures[name]) for name in names]
        assert scored.imputed[:, i].tolist() == [expected.imputed[name] for name in names]
        assert scored.group_scores[:, i].tolist() == [near(value) for value in expected.groups.values()]
        assert scored.coverage[i] == near(expected.coverage)  # type: ignore[arg-type]
        assert scored.computed[i] == near(expected.computed)
        assert scored.contributions[:, i].tolist() == [near(expected.contributions[name]) for name in names]
        assert list(scored.overrides[i]) == expected.fired
        if not _on_an_edge(expected):
            assert scored.final[i] == near(expected.final)
            assert scored.labels[i] == expected.label


def _on_an_edge(expected: reference.Expected) -> bool:
    """So near to the edge of a band that the last digit of a float decides, with groups' scores rounded already."""
    if expected.computed is None or all(_exact(score) for score in expected.groups.values()):
        return False
    return any(abs(expected.computed - edge) < Fraction(1, 10**9) for edge in (50, 75))


def _exact(score: Fraction | None) -> bool:
    return score is None or Fraction(float(score)) == score
