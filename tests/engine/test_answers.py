"""Scores worked by hand: each file of tests/answers/scoring holds definitions, rows of values and expected numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from keepwell.definitions import parse_project
from keepwell.engine.score import score_values
from keepwell.engine.scores import SOURCES, CardScores, EntityScores
from tests.engine.asking import TRAFFIC_LIGHT, entities_of, entry, values_of

CASES = sorted((Path(__file__).parent.parent / "answers" / "scoring").glob("*.yaml"))
_DATASETS = {
    "accounts": {"role": "accounts", "file": "a.csv", "key": "id", "parent": "parent"},
    "units": {"role": "relationships", "file": "u.csv", "key": "id", "account": "account"},
}
_MATRICES = {
    "measures": "measure_scores",
    "groups": "group_scores",
    "contributions": "contributions",
    "effective_weights": "effective_weights",
    "freshness": "freshness",
    "imputed": "imputed",
    "stale": "stale",
}
_VECTORS = ("computed", "final", "coverage")


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_scores_are_those_worked_by_hand(path: Path) -> None:
    case = yaml.safe_load(path.read_text())
    definitions = case["definitions"]
    definitions["schemes"] = {"traffic_light": TRAFFIC_LIGHT, **definitions.get("schemes", {})}
    project = parse_project({"datasets": _DATASETS, **definitions})
    entries = [entry(**row) for row in case.get("entries", ())]
    ledgers = {"entries": entries, "overrides": case.get("overrides", ()), "pins": case.get("pins", ())}
    accounts = entities_of(case["accounts"], metrics=case["metrics"], **ledgers)
    relationships = None
    if "relationships" in case:
        relationships = entities_of(case["relationships"], "relationship", metrics=case["relationship_metrics"])
    scores = score_values(project, values_of(accounts, relationships, case["as_of"]))
    _check(scores.accounts, case["expected"], case.get("unassigned", []))
    if scores.relationships:
        _check(scores.relationships, case["expected_relationships"], case.get("unassigned_relationships", []))
    _check_sentences(scores.problems, case.get("problems", []))
    _check_sentences(scores.warnings, case.get("warnings", []))


def _check(entities: EntityScores, expected: dict[str, Any], unassigned: list[str]) -> None:
    ids = entities.ids.to_pylist()
    assert [ids[row] for row in entities.unassigned] == unassigned
    assert sorted([*expected, *unassigned]) == ids
    for name, answer in expected.items():
        place = entities.place(ids.index(name))
        assert place is not None, name
        _check_one(name, *place, dict(answer), entities)


def _check_one(name: str, card: CardScores, at: int, answer: dict[str, Any], entities: EntityScores) -> None:
    for metric, value in answer.pop("values", {}).items():
        assert entities.metrics[metric][int(card.rows[at])].as_py() == pytest.approx(value), (name, metric)
    found: dict[str, Any] = {key: float(getattr(card, key)[at]) for key in _VECTORS}
    found |= {key: getattr(card, attribute)[:, at].tolist() for key, attribute in _MATRICES.items()}
    found |= {"label": card.labels[at], "overrides": list(card.overrides[at])}
    found["sources"] = [SOURCES[code] if code >= 0 else None for code in card.source[:, at]]
    for key, value in answer.items():
        assert _with_none(found[key]) == _near(value), (name, key)


def _with_none(found: Any) -> Any:
    if isinstance(found, list):
        return [_with_none(one) for one in found]
    return None if isinstance(found, float) and np.isnan(found) else found


def _near(value: Any) -> Any:
    if isinstance(value, list):
        return [_near(one) for one in value]
    return pytest.approx(value, rel=1e-12) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _check_sentences(found: tuple[str, ...], parts: list[str]) -> None:
    assert len(found) == len(parts), found
    for sentence, part in zip(found, parts, strict=True):
        assert part in sentence
