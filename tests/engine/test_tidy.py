from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keepwell.engine.scores import Scores
from keepwell.engine.tidy import TIDY, tidy, tidy_batches, tidy_from_wide
from keepwell.engine.wide import WIDE, wide, wide_batches
from tests.engine.asking import AS_OF, KNOWN_AT, TRAFFIC_LIGHT, entities_of, entry, project_of, scored

LISTED = """
    entity_kind, account_id, as_of, known_at, scorecard, version, node_kind, node, value, computed_score, final_score,
    label, weight, effective_weight, contribution, coverage, freshness, imputed, observed_at, source, overrides
""".replace(",", "").split()


@pytest.fixture(scope="module")
def scores() -> Scores:
    """Two accounts on one card, one on another, one on none; a relationship."""
    identity = {"linear": [[0, 0], [100, 100]]}
    own = {"weight": 3, "score": identity, "when_missing": {"score": 50}}
    halves = {"bands": [{"label": "low", "up_to": 30}, {"label": "high", "up_to": 100}]}
    project = project_of(
        {
            "full": {
                "order": 1,
                "applies_to": "plan = 'full'",
                "scheme": "traffic_light",
                "minimum_coverage": 0.3,
                "groups": {
                    "use": {
                        "weight": 60,
                        "measures": {
                            "own": own,
                            "tier": {"weight": 2, "score": {"levels": {"gold": 100}}, "scheme": "halves"},
                            "open": {"weight": 1, "score": {"levels": {"true": 10, "false": 90}}},
                        },
                    },
                    "people": {"weight": 40, "measures": {"pulse": {"weight": 1, "manual": True}}},
                },
                "overrides": [{"name": "cap", "when": "own > 50", "effect": {"at_most": "red"}}],
            },
            "basic": {
                "order": 2,
                "applies_to": "plan = 'basic'",
                "scheme": "traffic_light",
                "groups": {"all": {"weight": 1, "measures": {"own": own}}},
            },
            "unit": {
                "for": "relationship",
                "scheme": "traffic_light",
                "groups": {"all": {"weight": 1, "measures": {"own": own}}},
            },
        },
        {name: {"attribute": name} for name in ("own", "tier", "open")},
        schemes={"halves": halves},
    )
    rows: list[dict[str, Any]] = [
        {"id": "a", "plan": "full", "own": 80.0, "tier": "gold", "open": True},
        {"id": "b", "plan": "basic", "own": 20.0, "tier": "gold", "open": True},
        {"id": "c", "plan": "full", "own": None, "tier": None, "open": None},
        {"id": "d", "plan": "none", "own": 1.0, "tier": None, "open": None},
    ]
    accounts = entities_of(rows, metrics=["own", "tier", "open"], entries=[entry("a", "pulse", 30, date(2026, 10, 1))])
    units = entities_of([{"id": "u", "account": "b", "own": 64.0}], "relationship", metrics=["own"])
    return scored(project, accounts, units)


def rows_of(scores: Scores, entity: str) -> dict[str, dict[str, Any]]:
    return {row["node"]: row for row in tidy(scores).to_pylist() if row["entity_id"] == entity}


def test_the_columns_are_those_of_the_definition_page() -> None:
    assert [name for name in TIDY.names if name in LISTED] == LISTED
    assert set(TIDY.names) - set(LISTED) == {"entity_id", "value_text", "stale"}


def test_an_account_has_a_row_for_each_node_in_the_order_of_the_card(scores: Scores) -> None:
    rows = [row for row in tidy(scores).to_pylist() if row["entity_id"] == "a"]
    kinds = [(row["node_kind"], row["node"]) for row in rows]
    assert kinds == [
        ("overall", "overall"),
        ("group", "use"),
        ("group", "people"),
        ("measure", "own"),
        ("measure", "tier"),
        ("measure", "open"),
        ("measure", "pulse"),
    ]


def test_what_the_columns_say(scores: Scores) -> None:
    rows = rows_of(scores, "a")
    # G = (3*80 + 2*100 + 1*10)/6 = 75, pulse 30: S = 0.6*75 + 0.4*30 = 57, capped to red
    overall = rows["overall"]
    assert (overall["computed_score"], overall["final_score"], overall["label"]) == (pytest.approx(57), 50, "red")
    assert (overall["contribution"], overall["effective_weight"]) == (pytest.approx(57), 1)
    assert (overall["overrides"], overall["coverage"], overall["weight"]) == (["cap"], 1, None)
    assert overall["known_at"] == KNOWN_AT
    assert overall["as_of"] == AS_OF
    use = rows["use"]
    assert (use["final_score"], use["label"], use["weight"], use["overrides"]) == (75, "yellow", 60, None)
    assert (use["contribution"], use["effective_weight"]) == (pytest.approx(45), pytest.approx(0.6))
    own = rows["own"]
    assert (own["value"], own["value_text"], own["weight"], own["source"]) == (80, None, 3, "metric")
    assert (own["contribution"], own["effective_weight"]) == (pytest.approx(24), pytest.approx(0.3))
    assert (own["imputed"], own["stale"], own["freshness"], own["coverage"]) == (False, False, 1, 1)
    assert (rows["tier"]["value"], rows["tier"]["value_text"], rows["tier"]["label"]) == (None, "gold", "high")
    assert (rows["open"]["value"], rows["open"]["value_text"]) == (1, "true")
    pulse = rows["pulse"]
    assert (pulse["value"], pulse["source"], pulse["observed_at"]) == (30, "manual", date(2026, 10, 1))


def test_where_the_overall_is_null(scores: Scores) -> None:
    rows = rows_of(scores, "c")
    assert (rows["overall"]["final_score"], rows["overall"]["label"], rows["overall"]["contribution"]) == (
        None,
        "unknown",
        None,
    )
    assert rows["overall"]["effective_weight"] is None
    assert (rows["use"]["final_score"], rows["use"]["contribution"]) == (50, None)
    own = rows["own"]
    assert (own["imputed"], own["source"], own["value"], own["final_score"], own["coverage"]) == (
        True,
        None,
        None,
        50,
        0,
    )
    assert (rows["pulse"]["freshness"], rows["pulse"]["label"]) == (0, "unknown")


def test_unassigned_accounts_have_no_rows(scores: Scores) -> None:
    assert rows_of(scores, "d") == {}


def test_relationships_say_so_and_name_their_account(scores: Scores) -> None:
    overall = rows_of(scores, "u")["overall"]
    assert (overall["entity_kind"], overall["account_id"], overall["final_score"]) == ("relationship", "b", 64)
    of_accounts = tidy(scores).filter(pc.field("entity_kind") == "account")
    assert set(of_accounts["entity_id"].to_pylist()) == {"a", "b", "c"}


def test_contributions_sum_to_the_score_within_each_kind_of_node(scores: Scores) -> None:
    table = tidy(scores).filter(pc.field("entity_id") == "a")
    by_kind = table.group_by("node_kind").aggregate([("contribution", "sum"), ("effective_weight", "sum")])
    assert by_kind["contribution_sum"].to_pylist() == pytest.approx([57, 57, 57])
    assert by_kind["effective_weight_sum"].to_pylist() == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("rows", [1, 2, 1000])
def test_batches_and_stored_rows_give_the_same(scores: Scores, rows: int) -> None:
    stored = pa.Table.from_batches(wide_batches(scores, rows), WIDE)
    assert stored.equals(wide(scores))
    assert tidy_from_wide(stored).equals(tidy(scores))
    assert pa.Table.from_batches(tidy_batches(scores, rows), TIDY).equals(tidy(scores))


def test_stored_rows_in_any_order_give_the_same_rows(scores: Scores) -> None:
    order = [("entity_id", "ascending")]
    stored = wide(scores)
    mixed = stored.take(pa.array(np.arange(stored.num_rows)[::-1]))
    by = [*order, ("node", "ascending")]
    assert tidy_from_wide(mixed).sort_by(by).equals(tidy(scores).sort_by(by).select(TIDY.names))


def test_stored_rows_explain_themselves(scores: Scores) -> None:
    row = next(row for row in wide(scores).to_pylist() if row["entity_id"] == "a")
    assert row["measures"] == ["own", "tier", "open", "pulse"]
    assert row["group_sizes"] == [3, 1]
    assert row["measure_weights"] == [3, 2, 1, 1]
    assert sum(row["contributions"]) == pytest.approx(row["computed_score"])
    assert row["measure_labels"] == ["green", "high", "red", "red"]
    assert TRAFFIC_LIGHT["bands"][0]["label"] == row["label"] == "red"
