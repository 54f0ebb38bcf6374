"""Who is compared with whom: only those who could have been treated, seen as they were the day before."""

from __future__ import annotations

import numpy as np
import pytest

from keepwell.learning.effects.covariates import covariates
from keepwell.learning.effects.ledger import Treatments
from keepwell.learning.effects.targets import Target
from keepwell.learning.effects.units import APART_DAYS, Units, units
from tests.learning.effects.confounded import confounded
from tests.learning.effects.made import DAY, decided, history, ledger, number, on, put

SCORE = Target(30, "score")


def compared(own: Treatments, names: list[str], **more: object) -> set[str]:
    """Of some accounts known the day before those that are drawn for the one treated by rule:x."""
    rows = [(name, on(-1), 50.0) for name in names]
    facts = put(own, scores=history(rows), **more)  # type: ignore[arg-type]
    found = units(facts, own.of("rule:x"), "rule:x", 0)
    return {facts.ids[int(code)].as_py() for code in found.code[~found.treated]}


def test_others_are_those_who_were_there_and_free() -> None:
    own = ledger(
        {"account": "t"},
        {"account": "before", "day": on(-30)},
        {"account": "soon", "day": on(APART_DAYS)},
        {"account": "later", "day": on(APART_DAYS + 1)},
        {"account": "held", "is_held_out": True},
        {"account": "in another way", "by": "playbook:x", "day": on(-3)},
        {"account": "other", "by": "playbook:y", "day": on(-3)},
    )
    names = ["t", "before", "soon", "later", "held", "in another way", "other", "plain"]
    rest = compared(own.between(np.datetime64(DAY), np.datetime64(DAY)), names) - {"plain"}
    assert rest >= {"held", "other"}
    facts = put(own, scores=history([(name, on(-1), 50.0) for name in names]))
    found = units(facts, own.of("rule:x").between(np.datetime64(DAY), np.datetime64(DAY)), "rule:x", 0)
    drawn = {facts.ids[int(code)].as_py() for code in found.code[~found.treated]}
    assert drawn == {"later", "held", "other", "plain"}


def test_whoever_left_or_is_not_known_the_day_before_is_not_compared() -> None:
    own = ledger({"account": "t"})
    gone = decided(("gone", on(-5), "churned"))
    assert compared(own, ["t", "gone", "here"], outcomes=gone) == {"here"}
    late = history([("t", on(-1), 1.0), ("old", on(-30), 1.0), ("new", DAY, 1.0), ("here", on(-2), 1.0)])
    facts = put(own, scores=late)
    found = units(facts, own, "rule:x", 0)
    assert [facts.ids[int(code)].as_py() for code in found.code[~found.treated]] == ["here"]


def test_what_was_taken_back_is_neither_treated_nor_compared() -> None:
    own = ledger({"account": "t"}, {"account": "back", "withdrawn_on": on(1)})
    assert compared(own, ["t", "back", "here"]) == {"here"}


def test_whoever_was_held_out_first_and_treated_later_is_not_compared_from_then_on() -> None:
    held = {"account": "held", "day": on(-60), "is_held_out": True}
    own = ledger({"account": "t"}, held, {"account": "held", "day": on(-10)})
    assert compared(own, ["t", "held", "here"]) == {"here"}


@pytest.mark.slow
def test_equal_seeds_draw_the_same_and_others_do_not() -> None:
    facts = confounded().facts
    own = facts.treatments
    one, same, other = (units(facts, own, "playbook:x", seed) for seed in (1, 1, 2))
    assert (one.code == same.code).all()
    assert len(other) == len(one)
    assert (other.code != one.code).any()


def test_covariates_are_of_before() -> None:
    found = confounded()
    rows = found.facts.panel.day[found.units.row]
    assert (rows < found.units.day).all()
    assert found.units.day.tolist() == [number(DAY)] * len(found.units)


def test_columns_are_without_gaps_and_of_one_size() -> None:
    found = confounded()
    known = covariates(found.facts, found.units, SCORE)
    assert known.names == ("score", "other", "score, change in 28 days", "score, average of 84 days")
    assert [known.names[at] for at in known.key] == [known.names[at] for at in (0, 2, 3)]
    assert known.values.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-9)
    assert known.values.std(axis=0) == pytest.approx(np.ones(4))


def test_gaps_are_filled_and_told_in_a_column() -> None:
    rows = [(f"a{at}", on(-1), float(at)) for at in range(20)]
    column = [float("nan") if at % 2 else float(at) for at in range(20)]
    own = ledger({"account": "a0"})
    facts = put(own, scores=history(rows, visits=column, same=[3.0] * 20, none=[float("nan")] * 20))
    found: Units = units(facts, own, "rule:x", 0)
    known = covariates(facts, found, SCORE)
    assert {"visits", "visits is missing"} <= set(known.names)
    assert not {"same", "none"} & set(known.names)
    assert np.isfinite(known.values).all()
