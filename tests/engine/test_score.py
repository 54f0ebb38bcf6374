from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions import Versions
from keepwell.engine.score import LastRun, score_values
from keepwell.engine.scores import CardScores, Scores
from keepwell.errors import DataRefused
from tests.engine.asking import (
    AS_OF,
    attributes_as_metrics,
    card_of,
    entities_of,
    entry,
    only_card,
    project_of,
    scored,
    values_of,
)
from tests.examples_tried import at_most

IDENTITY = {"linear": [[0, 0], [100, 100]]}


def one_measure(measure: dict[str, Any], value: Any = 40.0, **more: Any) -> CardScores:
    """The scores of one account whose card has the measure `m`, with the metric `m` at `value`."""
    project = project_of({"card": card_of({"m": measure})}, attributes_as_metrics("m"))
    return only_card(scored(project, entities_of([{"id": "a", "m": value}], metrics=["m"], **more)))


def finals(scores: Scores) -> dict[str, float | None]:
    found = scores.accounts.finals
    return {
        name: None if np.isnan(score) else float(score)
        for name, score in zip(scores.accounts.ids.to_pylist(), found, strict=True)
    }


# what a measure goes by


def test_a_metric_without_an_observation_date_was_observed_at_the_date() -> None:
    card = one_measure({"valid_for": "1 day"})
    assert card.observed[0, 0] == np.datetime64(AS_OF)
    assert not card.stale[0, 0]


def test_an_old_observation_is_stale() -> None:
    day = AS_OF - timedelta(days=31)
    card = one_measure({"valid_for": "30 days", "when_stale": "drop"}, observed={"m": day})
    assert np.isnan(card.final[0])
    assert card.stale[0, 0]
    assert card.observed[0, 0] == np.datetime64(day)
    assert card.source[0, 0] == -1


def test_observations_may_differ_by_account() -> None:
    project = project_of({"card": card_of({"m": {"valid_for": "30 days"}})}, attributes_as_metrics("m"))
    days = np.array([AS_OF, AS_OF - timedelta(days=60), "NaT"], "datetime64[D]")
    rows = [{"id": name, "m": 10.0} for name in "abc"]
    card = only_card(scored(project, entities_of(rows, metrics=["m"], observed={"m": days})))
    assert card.stale[0].tolist() == [False, True, False]


@pytest.mark.slow
def test_observations_go_with_their_accounts_on_every_card() -> None:
    measure = {"m": {"valid_for": "30 days"}}
    cards = {"one": card_of(measure, order=1, applies_to="m < 5"), "two": card_of(measure, order=2)}
    days = np.array([AS_OF, AS_OF - timedelta(days=60)], "datetime64[D]")
    rows = [{"id": "a", "m": 1.0}, {"id": "b", "m": 10.0}]
    accounts = entities_of(rows, metrics=["m"], observed={"m": days})
    scores = scored(project_of(cards, attributes_as_metrics("m")), accounts).accounts
    assert scores.cards["one"].observed.tolist() == [[AS_OF]]
    assert scores.cards["two"].stale.tolist() == [[True]]


def test_a_silent_dataset_is_stale_whatever_valid_for_says() -> None:
    newest = AS_OF - timedelta(days=3)
    for valid_for in ({}, {"valid_for": "30 days"}):
        card = one_measure({**valid_for, "when_stale": "drop"}, silent={"m": newest})
        assert np.isnan(card.final[0])
        assert card.observed[0, 0] == np.datetime64(newest)


def test_a_silent_metric_gives_way_to_a_live_source() -> None:
    measure = {"sources": ["metric", "manual"], "score": IDENTITY}
    entries = [entry("a", "m", 90, AS_OF - timedelta(days=200))]
    assert one_measure(measure, entries=entries).final.tolist() == [40]
    silent = one_measure(measure, entries=entries, silent={"m": AS_OF - timedelta(days=3)})
    assert silent.final.tolist() == [90]
    assert not silent.stale[0, 0]


def test_entries_belong_to_the_name_of_the_measure_across_cards() -> None:
    manual = {"m": {"manual": True}}
    project = project_of(
        {"one": card_of(manual, order=1, applies_to="plan = 'x'"), "two": card_of(manual, order=2)},
    )
    entries = [entry("a", "m", 10, AS_OF), entry("b", "m", 20, AS_OF), entry("b", "other", 99, AS_OF)]
    accounts = entities_of([{"id": "a", "plan": "x"}, {"id": "b", "plan": "y"}], entries=entries)
    assert finals(scored(project, accounts)) == {"a": 10, "b": 20}


def test_a_formula_of_the_value_is_clamped_and_its_faults_are_counted() -> None:
    project = project_of({"card": card_of({"m": {"score": {"formula": "100 / value"}}})}, attributes_as_metrics("m"))
    rows = [{"id": "a", "m": 4.0}, {"id": "b", "m": 0.5}, {"id": "c", "m": 0.0}, {"id": "d", "m": -1.0}, {"id": "e"}]
    scores = scored(project, entities_of(rows, metrics=["m"]))
    assert finals(scores) == {"a": 25, "b": 100, "c": None, "d": 0, "e": None}
    assert len(scores.warnings) == 1
    assert "measure 'm'" in scores.warnings[0]
    assert "1 account " in scores.warnings[0]


def test_levels_of_a_boolean_metric() -> None:
    assert one_measure({"score": {"levels": {"true": 80, "false": 20}}}, True).final.tolist() == [80]


def test_a_measure_may_band_itself() -> None:
    halves = {"bands": [{"label": "low", "up_to": 30}, {"label": "high", "up_to": 100}]}
    project = project_of(
        {"card": card_of({"m": {"scheme": "halves"}})}, attributes_as_metrics("m"), schemes={"halves": halves}
    )
    card = only_card(scored(project, entities_of([{"id": "a", "m": 40.0}], metrics=["m"])))
    assert card.measure_scheme(0).labels == ("low", "high")
    assert card.labels.tolist() == ["red"]


# conditions


def test_overrides_see_everything_as_computed() -> None:
    overrides = [
        {"name": "lift", "when": "overall < 50", "effect": {"set": 60}},
        {"name": "still_low", "when": "overall < 50 and group.all = overall", "effect": {"at_most": 55}},
        {"name": "by_measure", "when": "measure.m = 40 and m = 4", "effect": {"at_most": 52}},
        {"name": "never", "when": "missing_attribute > 1", "effect": {"set": 0}},
    ]
    measure = {"m": {"score": {"linear": [[0, 0], [10, 100]]}}}
    project = project_of({"card": card_of(measure, overrides=overrides)}, attributes_as_metrics("m"))
    card = only_card(scored(project, entities_of([{"id": "a", "m": 4.0, "missing_attribute": None}], metrics=["m"])))
    assert card.computed.tolist() == [40]
    assert card.final.tolist() == [52]
    assert card.overrides[0] == ("lift", "still_low", "by_measure")


def test_a_metric_goes_before_an_attribute_of_its_name() -> None:
    project = project_of(
        {"card": card_of(["m"], applies_to="seats > 5")}, {"m": {"attribute": "m"}, "seats": {"attribute": "licences"}}
    )
    accounts = entities_of([{"id": "a", "m": 1.0, "seats": 9.0}], metrics=["m"])
    as_metric = entities_of([{"id": "a", "m": 1.0, "seats": 9.0}], metrics=["m", "seats"])
    assert finals(scored(project, accounts)) == finals(scored(project, as_metric)) == {"a": 1}


def test_null_is_false_and_segments_may_rest_on_segments() -> None:
    project = project_of(
        {"card": card_of(["m"], applies_to="in_segment('big') and not in_segment('old')")},
        attributes_as_metrics("m"),
        segments={"big": "seats > 5 and in_segment('open')", "open": "closed is null", "old": "since < as_of"},
    )
    rows = [
        {"id": "a", "m": 1.0, "seats": 9, "since": AS_OF},
        {"id": "b", "m": 1.0, "seats": 9, "since": AS_OF - timedelta(days=1)},
        {"id": "c", "m": 1.0, "seats": None, "since": AS_OF},
        {"id": "d", "m": 1.0, "seats": 9, "since": AS_OF, "closed": "yes"},
        {"id": "e", "m": 1.0, "seats": 9, "since": None},
    ]
    scores = scored(project, entities_of(rows, metrics=["m"]))
    assert scores.accounts.unassigned.tolist() == [1, 2, 3]


def test_a_name_that_the_values_do_not_have_is_refused() -> None:
    project = project_of({"card": card_of(["usage"], applies_to="usge > 1")}, attributes_as_metrics("usage"))
    with pytest.raises(DataRefused, match=r"'usge'.*did you mean 'usage'"):
        scored(project, entities_of([{"id": "a", "usage": 1.0}], metrics=["usage"]))


def test_a_type_that_does_not_fit_is_refused_with_the_place() -> None:
    project = project_of({"card": card_of(["m"], applies_to="plan > 1")}, attributes_as_metrics("m"))
    with pytest.raises(DataRefused, match="applies_to of scorecard 'card'"):
        scored(project, entities_of([{"id": "a", "m": 1.0, "plan": "x"}], metrics=["m"]))


# metrics that rest on scores


def test_changes_and_formulas_of_scores_of_children() -> None:
    metrics = {
        "own": {"attribute": "own"},
        "below": {"children": "overall_score", "of": "accounts", "aggregate": "max"},
        "moved": {"change_of": "below", "over": "28 days", "as": "difference"},
        "verdict": {"formula": "case when moved > 0 then 'up' else 'down' end"},
    }
    project = project_of({"card": card_of({"own": {}})}, metrics)  # a card may not rest on earlier scores
    rows = [{"id": "kid", "own": 30.0, "parent": "top"}, {"id": "top", "own": 50.0}]
    accounts = entities_of(rows, metrics=["own"], previous={"moved": pa.array([None, 10.0])})
    scores = scored(project, accounts)
    assert scores.accounts.metrics["moved"].to_pylist() == [None, 20]
    assert scores.accounts.metrics["verdict"].to_pylist() == ["down", "up"]  # of the child: null is not above 0


def test_children_metrics_are_dated_by_the_oldest_input() -> None:
    metrics = {
        "own": {"attribute": "own"},
        "below": {"children": "overall_score", "of": "accounts", "aggregate": "avg"},
        "both": {"formula": "own + below"},
    }
    project = project_of({"card": card_of({"own": {}, "both": {"valid_for": "5 days"}})}, metrics)
    old = AS_OF - timedelta(days=10)
    rows = [{"id": "kid", "own": 30.0, "parent": "top"}, {"id": "top", "own": 50.0}]
    card = only_card(scored(project, entities_of(rows, metrics=["own"], observed={"own": old})))
    assert card.observed[1].tolist() == [old, old]
    assert card.stale[1].tolist() == [True, True]


def test_a_long_chain_of_accounts_is_scored_from_the_bottom() -> None:
    metrics = {
        "own": {"attribute": "own"},
        "below": {"children": "overall_score", "of": "accounts", "aggregate": "sum"},
    }
    project = project_of({"card": card_of({"own": {}, "below": {}})}, metrics)
    rows = [{"id": f"a{i:02}", "own": 64.0 if i == 19 else None, "parent": f"a{i - 1:02}"} for i in range(20)]
    scores = scored(project, entities_of(rows, metrics=["own"]))
    assert set(finals(scores).values()) == {64}


# the whole


def test_unassigned_accounts_are_listed_and_have_no_card() -> None:
    project = project_of({"card": card_of(["m"], applies_to="m > 10")}, attributes_as_metrics("m"))
    scores = scored(project, entities_of([{"id": "a", "m": 5.0}, {"id": "b", "m": 50.0}], metrics=["m"]))
    assert scores.accounts.unassigned.tolist() == [0]
    assert scores.accounts.place(0) is None
    assert finals(scores) == {"a": None, "b": 50}


def test_nobody_to_score() -> None:
    project = project_of({"card": card_of(["m"], applies_to="m > 10")}, attributes_as_metrics("m"))
    scores = scored(project, entities_of([{"id": "a", "m": 5.0}], metrics=["m"]))
    assert scores.accounts.cards == {}
    no_rows = entities_of([], metrics=["m"])
    assert scored(project_of({"card": card_of({"m": {"manual": True}})}), no_rows).accounts.cards == {}


def test_a_card_names_its_version() -> None:
    project = project_of({"card": card_of(["m"])}, attributes_as_metrics("m"))
    card = only_card(scored(project, entities_of([{"id": "a", "m": 5.0}], metrics=["m"])))
    assert card.version == Versions(project).of("scorecards", "card")


values = st.one_of(st.none(), st.floats(-10, 110))


@pytest.mark.slow
@given(st.lists(st.tuples(values, values), min_size=2, max_size=12), st.randoms(use_true_random=False))
@at_most(25)
def test_the_order_of_accounts_is_irrelevant(rows: list[tuple[Any, Any]], random: Any) -> None:
    overrides = [{"name": "cap", "when": "m > 60", "effect": {"at_most": "yellow"}}]
    measures = {"m": {"weight": 2}, "n": {"score": {"percentile": {}}}}
    project = project_of({"card": card_of(measures, overrides=overrides)}, attributes_as_metrics("m", "n"))
    names = [f"a{i:02}" for i in range(len(rows))]
    shuffled = names[:]
    random.shuffle(shuffled)

    def scores_of(order: list[str]) -> dict[str, float | None]:
        given_rows = [{"id": name, "m": m, "n": n} for name, (m, n) in zip(order, rows, strict=True)]
        return finals(scored(project, entities_of(given_rows, metrics=["m", "n"])))

    straight, other = scores_of(names), scores_of(shuffled)
    assert [straight[name] for name in names] == [other[name] for name in shuffled]


def test_the_same_values_give_the_same_bits() -> None:
    n = 70_000  # enough for several blocks and threads
    rng = np.random.default_rng(7)
    columns = {name: pa.array(rng.uniform(0, 120, n), mask=rng.random(n) < 0.1) for name in ("m", "n", "o")}
    project = project_of(
        {"card": card_of({"m": {"weight": 0.3}, "n": {"weight": 0.7}, "o": {}})}, attributes_as_metrics(*columns)
    )
    accounts = entities_of([])
    full = {**accounts.__dict__, "ids": pa.array([str(i) for i in range(n)]), "metrics": pa.table(columns)}
    full |= {"accounts": full["ids"], "parents": pa.nulls(n, pa.string()), "attributes": pa.table({"x": pa.nulls(n)})}
    one, other = (only_card(scored(project, type(accounts)(**full))) for _ in range(2))
    np.testing.assert_array_equal(one.final, other.final)
    np.testing.assert_array_equal(one.contributions, other.contributions)
    part = {
        **full,
        **{name: full[name].slice(40_000, 11) for name in ("ids", "accounts", "parents", "metrics", "attributes")},
    }
    some = only_card(scored(project, type(accounts)(**part)))
    np.testing.assert_array_equal(some.final, one.final[40_000:40_011])
    np.testing.assert_array_equal(some.contributions, one.contributions[:, 40_000:40_011])


def test_single_accounts_are_scored_among_the_peers_of_the_last_run() -> None:
    measure = {"m": {"score": {"percentile": {"within": "region"}}}}
    project = project_of({"card": card_of(measure)}, attributes_as_metrics("m"))
    rows = [
        {"id": name, "m": value, "region": region}
        for name, value, region in (
            ("a", 10.0, "eu"),
            ("b", 20.0, "eu"),
            ("c", 30.0, "eu"),
            ("d", 5.0, "us"),
            ("e", 99.0, None),
        )
    ]
    everybody = values_of(entities_of(rows, metrics=["m"]))
    last = LastRun("run 7", everybody)
    full = score_values(project, everybody)
    assert full.peers_of is None
    for row in rows:
        alone = score_values(project, values_of(entities_of([row], metrics=["m"])), last_run=last)
        assert finals(alone) == {row["id"]: finals(full)[row["id"]]}
        assert alone.peers_of == "run 7"
    moved = values_of(entities_of([{"id": "a", "m": 25.0, "region": "eu"}], metrics=["m"]))
    assert finals(score_values(project, moved, last_run=last)) == {"a": 50}
    elsewhere = values_of(entities_of([{"id": "a", "m": 25.0, "region": "us"}], metrics=["m"]))
    assert finals(score_values(project, elsewhere, last_run=last)) == {"a": 100}


def test_as_of_is_the_date_of_the_values() -> None:
    project = project_of({"card": card_of(["m"], applies_to="as_of = date '2026-01-05'")}, attributes_as_metrics("m"))
    accounts = entities_of([{"id": "a", "m": 5.0}], metrics=["m"])
    assert len(score_values(project, values_of(accounts, as_of=date(2026, 1, 5))).accounts.cards) == 1
    assert len(score_values(project, values_of(accounts)).accounts.cards) == 0
