"""One account of which everything is worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from keepwell.engine.explain import Explanation, MeasureExplanation, explain
from keepwell.engine.score import score_values
from keepwell.errors import RequestRefused
from tests.engine.asking import AS_OF, entities_of, entry, project_of, values_of

METRICS = {
    "utilisation": {"attribute": "utilisation", "unit": "%", "title": "Seat utilisation", "help": "Seats in use"},
    "trend": {"attribute": "trend"},
    "plan": {"attribute": "plan"},
    "spend": {"attribute": "spend"},
    "open_urgent": {"attribute": "open_urgent"},
}
CARD: dict[str, Any] = {
    "scheme": "traffic_light",
    "minimum_coverage": 0.5,
    "groups": {
        "adoption": {
            "weight": 60,
            "measures": {
                "utilisation": {"weight": 3, "score": {"linear": [[0.1, 0], [0.5, 60], [0.8, 100]]}},
                "trend": {"weight": 2, "score": {"steps": [{"up_to": -30, "score": 0}, {"up_to": 0, "score": 60}]}},
            },
        },
        "relationship": {
            "weight": 40,
            "measures": {
                "sponsor": {
                    "weight": 1,
                    "manual": True,
                    "valid_for": "90 days",
                    "when_stale": "decay",
                    "levels": [
                        {"score": 0, "label": "None", "help": "Nobody answers"},
                        {"score": 60, "label": "Working", "help": "A sponsor answers"},
                        {"score": 100, "label": "Champion", "help": "The sponsor speaks for us"},
                    ],
                },
                "plan": {"weight": 1, "score": {"levels": {"gold": 80, "else": 20}}, "scheme": "letters"},
            },
        },
    },
    "overrides": [
        {"name": "urgent", "when": "open_urgent >= 2", "effect": {"at_most": "yellow"}, "reason": "Two urgent tickets"},
        {"name": "small", "when": "overall < 10 and measure.plan < 50", "effect": {"set": 5}},
    ],
}
LETTERS = {"bands": [{"label": "C", "up_to": 70}, {"label": "B", "up_to": 85}, {"label": "A", "up_to": 100}]}
ACME = {"id": "acme", "name": "Acme", "utilisation": 0.8, "trend": -5, "plan": "gold", "open_urgent": 0, "spend": 5}
UNKNOWN = {**ACME, "utilisation": None, "trend": None}


def explained(*rows: dict[str, Any], card: dict[str, Any] = CARD, entity: str = "acme", **ledgers: Any) -> Explanation:
    accounts = {"role": "accounts", "file": "a.csv", "key": "id", "name": "name"}
    project = project_of({"main": card}, METRICS, schemes={"letters": LETTERS}, datasets={"accounts": accounts})
    values = values_of(entities_of(rows or [ACME], metrics=METRICS, **ledgers))
    return explain(project, values, score_values(project, values), entity)


def measure(explanation: Explanation, name: str) -> MeasureExplanation:
    return next(one for one in explanation.measures if one.name == name)


def with_sponsor(score: float | None = 70, on: date = AS_OF, **more: Any) -> dict[str, Any]:
    return {"entries": [entry("acme", "sponsor", score, on, author="Ann", comment="Met in May", **more)]}


def test_contributions_are_shares_of_the_score() -> None:
    """adoption (3 x 100 + 2 x 60) / 5 = 84, relationship (70 + 80) / 2 = 75, overall 0.6 x 84 + 0.4 x 75 = 80.4."""
    found = explained(**with_sponsor())
    assert (found.computed, found.final, found.label, found.shown) == (
        pytest.approx(80.4),
        found.computed,
        "green",
        "80",
    )
    assert (found.name, found.scorecard, found.coverage, found.reason) == ("Acme", "main", 1.0, None)
    assert [(group.score, group.share) for group in found.groups] == [
        (pytest.approx(84), pytest.approx(0.6)),
        (pytest.approx(75), pytest.approx(0.4)),
    ]
    assert {one.name: one.contribution for one in found.measures} == {
        "utilisation": pytest.approx(36),
        "trend": pytest.approx(14.4),
        "sponsor": pytest.approx(14),
        "plan": pytest.approx(16),
    }


def test_the_waterfall_climbs_largest_first_to_the_score_and_its_shown_parts_add_up() -> None:
    steps = explained(**with_sponsor()).waterfall
    assert [step.name for step in steps] == ["utilisation", "plan", "trend", "sponsor"]
    assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]
    assert (steps[0].before, steps[-1].after) == (0, pytest.approx(80.4))
    assert [step.shown for step in steps] == [Decimal(36), Decimal(16), Decimal(14), Decimal(14)]


def test_points_lost_say_what_would_help_most() -> None:
    """utilisation is perfect; trend loses 0.24 x 40 = 9.6, sponsor 0.2 x 30 = 6, plan 0.2 x 20 = 4."""
    gains = explained(**with_sponsor()).gains
    assert [(gain.measure, gain.points) for gain in gains] == [
        ("trend", pytest.approx(9.6)),
        ("sponsor", pytest.approx(6)),
        ("plan", pytest.approx(4)),
    ]


def test_what_each_shape_did_is_said_in_words() -> None:
    found = explained({**ACME, "utilisation": 0.32}, **with_sponsor())
    assert measure(found, "utilisation").how == "between 0.1 -> 0 and 0.5 -> 60"
    assert measure(found, "trend").how == "above -30, up to 0 -> 60"
    assert measure(found, "plan").how == "'gold' -> 80"
    assert measure(found, "sponsor").how == f"entered as 70 by Ann on {AS_OF}"
    assert measure(explained(), "utilisation").how == "at or above 0.8 -> 100"
    assert measure(explained({**ACME, "plan": "tin"}), "plan").how == "'tin' is none of the levels -> 20"


def test_a_measure_shows_its_metric_its_level_and_its_own_band() -> None:
    found = explained(**with_sponsor())
    utilisation, plan, sponsor = (measure(found, name) for name in ("utilisation", "plan", "sponsor"))
    assert (utilisation.metric_title, utilisation.unit, utilisation.value) == ("Seat utilisation", "%", 0.8)
    assert utilisation.metric_definition == "attribute utilisation"
    assert (plan.label, plan.scheme, plan.value) == ("B", "letters", "gold")
    assert sponsor.level is not None
    assert (sponsor.level.label, sponsor.level.help) == ("Working", "A sponsor answers")
    assert (sponsor.sources[0].author, sponsor.sources[0].comment) == ("Ann", "Met in May")


def test_a_decayed_measure_says_for_how_much_it_counts() -> None:
    """135 days before with 90 valid: 2 - 135/90 = 0.5."""
    found = measure(explained(**with_sponsor(on=date(2026, 6, 18))), "sponsor")
    assert (found.freshness, found.stale) == (0.5, True)
    assert found.stale_reason == (
        "observed 135 days before, on 2026-06-18, and valid for 90 days: it counts for 50% of its weight"
    )
    assert found.effective_weight == pytest.approx(0.4 * 0.5 / 1.5)


def test_a_missing_score_says_why_and_has_no_step() -> None:
    found = explained({**ACME, "trend": None})
    assert measure(found, "trend").missing_reason == "trend has no value"
    assert measure(found, "sponsor").missing_reason == "there is no manual score"
    assert measure(found, "trend").effective_weight == 0
    assert {step.name for step in found.waterfall} == {"utilisation", "plan"}
    above = measure(explained({**ACME, "trend": 3}), "trend")
    assert above.missing_reason == "3 gives no score: above 0, where no step gives a score"
    withdrawn = measure(explained(**with_sponsor(score=None)), "sponsor")
    assert withdrawn.missing_reason == f"the manual score was withdrawn by Ann on {AS_OF}"


def test_an_imputed_score_says_so() -> None:
    card = replace_measure("adoption", "trend", when_missing={"score": 50})
    found = measure(explained({**ACME, "trend": None}, card=card), "trend")
    assert (found.score, found.imputed, found.source) == (50, True, None)
    assert (found.how, found.missing_reason) == ("50 stands in for a missing score", "trend has no value")


def test_a_dropped_score_says_what_was_dropped() -> None:
    card = replace_measure("relationship", "sponsor", when_stale="drop")
    found = measure(explained(card=card, **with_sponsor(on=date(2026, 1, 1))), "sponsor")
    assert (found.score, found.stale, found.sources[0].status, found.sources[0].score) == (None, True, "stale", 70)
    assert found.missing_reason == "what is known is stale, and the measure drops what is stale"


def test_sources_that_lost_are_told_with_what_they_said() -> None:
    card = replace_measure("adoption", "utilisation", sources=["manual", "api", "metric"])
    ledger = [
        entry("acme", "utilisation", 10, AS_OF, author="Ann", expired=True, expires_at=datetime(2026, 10, 31)),
        entry("acme", "utilisation", 40, AS_OF, source="api"),
    ]
    found = measure(explained(card=card, entries=ledger), "utilisation")
    assert (found.source, found.score, found.value) == ("api", 40, 0.8)
    assert [(one.source, one.status, one.score) for one in found.sources] == [
        ("manual", "expired", 10),
        ("api", "counted", 40),
        ("metric", "outranked", 100),
    ]


@pytest.mark.parametrize(("since", "words"), [(date(2026, 10, 20), "since 2026-10-20"), (None, "at all")])
def test_a_silent_dataset_is_named(since: date | None, words: str) -> None:
    logins = {"file": "l.csv", "account": "account", "occurred_at": "day", "expected_every": "1 day"}
    metrics = {**METRICS, "trend": {"dataset": "logins", "aggregate": "count()", "window": "7 days"}}
    project = project_of({"main": CARD}, metrics, schemes={"letters": LETTERS}, datasets={"logins": logins})
    seen = np.array([since or "NaT"], "datetime64[D]")
    accounts = entities_of([ACME], metrics=METRICS, silent={"trend": since}, observed={"trend": seen})
    values = values_of(accounts)
    found = measure(explain(project, values, score_values(project, values), "acme"), "trend")
    assert found.metric_definition == "count() of logins over 7 days"
    assert found.stale_reason == (
        f"dataset logins, expected every 1 day, has had no row {words}: it still counts in full"
    )


def test_a_percentile_counts_its_peers() -> None:
    score = {"percentile": {"within": "plan"}}
    card = replace_measure("adoption", "trend", metric="spend", score=score)
    rows = [{**ACME, "id": f"p{spend}", "spend": spend} for spend in (1, 2, 5, 9)] + [ACME]
    rows.append({**ACME, "id": "other", "plan": "tin", "spend": 0})
    found = measure(explained(*rows, card=card), "trend")
    assert found.how == "better than 2 of 4 peers within plan = 'gold', equal to 1"
    assert found.score == pytest.approx(100 * 2.5 / 4)
    alone = measure(explained(*rows, card=card, entity="other"), "trend")
    assert alone.how == "the only one within plan = 'tin', which gives 50"


def test_overrides_are_replayed_with_what_their_conditions_saw() -> None:
    found = explained({**ACME, "open_urgent": 3}, **with_sponsor())
    urgent, small = found.overrides
    assert (urgent.held, urgent.before, urgent.after) == (True, found.computed, 75)
    assert (urgent.effect, urgent.saw, urgent.condition) == ("at most yellow", {"open_urgent": 3}, "open_urgent >= 2")
    assert (small.held, small.before, small.after) == (False, 75, 75)
    assert small.saw == {"overall": found.computed, "measure.plan": 80}
    assert (found.final, found.label) == (75, "yellow")
    assert (found.waterfall[-1].kind, found.waterfall[-1].shown) == ("override", Decimal(-5))
    assert (
        found.gains_note
        == "while override urgent holds (at most yellow), the final score does not follow the measures freely"
    )


def test_a_condition_on_a_segment_shows_whether_it_is_in() -> None:
    override = {"name": "gold", "when": "in_segment('rich') and spend > 1", "effect": {"at_most": 60}}
    project = project_of(
        {"main": {**CARD, "overrides": [override]}},
        METRICS,
        schemes={"letters": LETTERS},
        segments={"rich": "spend > 3"},
    )
    values = values_of(entities_of([ACME], metrics=METRICS))
    (found,) = explain(project, values, score_values(project, values), "acme").overrides
    assert (found.held, found.saw) == (True, {"spend": 5, "in_segment('rich')": True})


def test_a_relationship_is_explained_with_its_account() -> None:
    project = project_of({"units": {**CARD, "for": "relationship"}}, METRICS, schemes={"letters": LETTERS})
    units = entities_of([{**ACME, "id": "u1", "account": "acme"}], "relationship", metrics=METRICS)
    values = values_of(entities_of([ACME], metrics=METRICS), units)
    found = explain(project, values, score_values(project, values), "u1", "relationship")
    assert (found.entity_kind, found.entity_id, found.account_id) == ("relationship", "u1", "acme")
    assert found.final == pytest.approx(0.6 * 84 + 0.4 * 80)
    assert (
        explain(project, values, score_values(project, values), "acme").reason == "there is no scorecard for accounts"
    )


def test_overrides_by_hand_come_last_with_who_and_why() -> None:
    ledger = [
        {"entity": "acme", "effect": "set", "value": "red", "reason": "Merger", "author": "Bo"},
        {"entity": "acme", "effect": "set", "value": "purple", "reason": "Typo", "author": "Bo"},
    ]
    found = explained(overrides=ledger, **with_sponsor())
    merger, typo = found.by_hand
    assert (merger.before, merger.after, merger.reason, merger.author) == (found.computed, 25, "Merger", "Bo")
    assert (typo.before, typo.after) == (25, 25)
    assert "'purple'" in str(typo.problem)
    assert (found.final, found.waterfall[-1].title, sum(step.shown for step in found.waterfall)) == (25, "Merger", 25)


def test_too_little_coverage_is_unknown_and_says_so() -> None:
    found = explained(UNKNOWN)
    assert (found.computed, found.final, found.label, found.waterfall) == (None, None, "unknown", ())
    assert found.reason == "only 20% of the weight is observed, and the card asks for 50%"
    assert [override.held for override in found.overrides] == [None, None]
    assert measure(found, "plan").effective_weight is None
    assert measure(found, "plan").score == 80


def test_a_score_set_by_hand_where_there_is_none_starts_from_zero() -> None:
    ledger = [{"entity": "acme", "effect": "set", "value": "40", "reason": "We know them"}]
    found = explained(UNKNOWN, overrides=ledger)
    (step,) = found.waterfall
    assert (found.computed, found.final, step.before, step.after, step.shown) == (None, 40, 0, 40, Decimal(40))


def test_without_a_card_the_reason_lists_the_cards() -> None:
    found = explained(card={**CARD, "applies_to": "plan = 'tin'"})
    assert (found.scorecard, found.label, found.groups) == (None, "unassigned", ())
    assert found.reason == "no scorecard applies: main is for plan = 'tin'"


def test_a_pin_is_told_with_its_reason() -> None:
    pins = [{"entity": "acme", "scorecard": "main", "reason": "Asked for it", "author": "Cy"}]
    found = explained(card={**CARD, "applies_to": "plan = 'tin'"}, pins=pins)
    assert found.assignment == "pinned to main by Cy: Asked for it"


def test_an_account_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(RequestRefused, match="did you mean 'acme'"):
        explained(entity="acne")


def replace_measure(group: str, name: str, **changes: Any) -> dict[str, Any]:
    groups = CARD["groups"]
    measures = {**groups[group]["measures"], name: {**groups[group]["measures"][name], **changes}}
    return {**CARD, "groups": {**groups, group: {**groups[group], "measures": measures}}}
