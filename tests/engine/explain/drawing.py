"""Scored states of small projects: written out, and drawn by Hypothesis."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from keepwell.definitions import Project
from keepwell.engine.explain import State
from keepwell.engine.score import score_values
from tests.engine.asking import entities_of, entry, project_of, values_of

OLD, NEW = date(2026, 9, 30), date(2026, 10, 31)
METRICS = {name: {"attribute": name} for name in ("usage", "seats", "spend")}
PLAIN = {"linear": [[0, 0], [100, 100]]}


def card(measures: dict[str, Any], **more: Any) -> dict[str, Any]:
    complete = {name: {"score": PLAIN, **one} for name, one in measures.items()}
    for one in complete.values():
        if one.get("manual"):
            del one["score"]
    return {"scheme": "traffic_light", "groups": {"all": {"weight": 1, "measures": complete}}, **more}


def state(cards: dict[str, Any], as_of: date, *rows: dict[str, Any], metrics: Any = METRICS, **more: Any) -> State:
    project = project_of(cards, metrics)
    return scored(project, as_of, *rows, metrics=metrics, **more)


def scored(project: Project, as_of: date, *rows: dict[str, Any], metrics: Any = METRICS, **more: Any) -> State:
    values = values_of(entities_of(rows, metrics=metrics, **more), as_of=as_of)
    return State(project, values, score_values(project, values))


def row(name: str = "a", **values: Any) -> dict[str, Any]:
    return {"id": name, "usage": None, "seats": None, "spend": None, **values}


TWO = {"main": card({"usage": {"weight": 3}, "seats": {"weight": 1}})}

values_ = st.one_of(st.floats(0, 100), st.sampled_from([0.0, 50.0, 100.0, None]), st.floats(0, 100))
rows_ = st.builds(
    lambda name, usage, seats, spend: row(name, usage=usage, seats=seats, spend=spend),
    st.sampled_from("abc"),
    values_,
    values_,
    values_,
)
people_ = st.lists(rows_, min_size=2, max_size=3, unique_by=lambda one: one["id"])
shapes_ = st.sampled_from(
    [
        PLAIN,
        {"linear": [[0, 100], [100, 0]]},
        {"steps": [{"up_to": 30, "score": 10}, {"up_to": 80, "score": 70}]},
        {"percentile": {}},
        {"percentile": {"within": "plan", "descending": True}},
        {"formula": "value * value / 50"},
    ]
)
weights_ = st.sampled_from([0.5, 1, 2, 7])


@st.composite
def measures_(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(["usage", "seats", "spend"]), min_size=1, unique=True)):
        missing = draw(st.sampled_from(["skip", {"score": 50}]))
        found[name] = {"weight": draw(weights_), "score": draw(shapes_), "when_missing": missing}
    if draw(st.booleans()):
        found["sponsor"] = {"weight": draw(weights_), "manual": True, "valid_for": "15 days"}
        found["sponsor"]["when_stale"] = draw(st.sampled_from(["flag", "drop", "decay"]))
    return found


@st.composite
def cards_(draw: st.DrawFn) -> dict[str, Any]:
    found = {}
    for order, name in enumerate(draw(st.lists(st.sampled_from(["one", "two"]), min_size=1, unique=True))):
        overrides = draw(st.sampled_from([[], [{"name": "cap", "when": "seats > 50", "effect": {"at_most": "red"}}]]))
        found[name] = {**card(draw(measures_())), "order": order, "overrides": overrides}
        found[name]["minimum_coverage"] = draw(st.sampled_from([0, 0.3]))
        if draw(st.booleans()):
            found[name]["applies_to"] = draw(st.sampled_from(["usage > 40", "plan = 'x' or seats > 20"]))
    return found


@st.composite
def states(draw: st.DrawFn, as_of: date) -> State:
    cards, rows = draw(cards_()), draw(people_)
    rows = [{**one, "plan": draw(st.sampled_from(["x", "y"]))} for one in rows]
    ledger = [entry(one["id"], "sponsor", draw(st.floats(0, 100)), date(2026, 9, 20)) for one in rows[:2]]
    by_hand = [{"entity": rows[0]["id"], "effect": "at_most", "value": "30"}] if draw(st.booleans()) else []
    metrics = METRICS if draw(st.booleans()) else {**METRICS, "extra": {"attribute": "extra"}}
    return state(cards, as_of, *rows, metrics=metrics, entries=ledger, overrides=by_hand)
