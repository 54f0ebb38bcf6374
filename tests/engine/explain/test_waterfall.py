"""Whatever the card and the data, the waterfall ends at the score, and what is shown adds up to what is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from keepwell.engine.explain import Explanation, State, explain
from tests.engine.explain.drawing import NEW, states
from tests.examples_tried import at_most


def explanations(state: State) -> list[Explanation]:
    ids = state.values.accounts.ids.to_pylist()
    return [explain(state.project, state.values, state.scores, str(one)) for one in ids]


@pytest.mark.slow
@at_most(60)
@given(states(NEW))
def test_steps_lead_from_zero_to_the_final_score(state: State) -> None:
    for found in explanations(state):
        if found.final is None:
            assert found.waterfall == ()
            continue
        steps = found.waterfall
        assert sum(step.change for step in steps) == pytest.approx(found.final, abs=1e-9)
        assert sum((step.shown for step in steps), Decimal(0)) == Decimal(str(found.shown))
        assert [step.before for step in steps] == [0.0, *(step.after for step in steps[:-1])]
        assert steps[-1].after == found.final


@pytest.mark.slow
@at_most(60)
@given(states(NEW))
def test_measures_and_groups_add_up(state: State) -> None:
    for found in explanations(state):
        if found.computed is None:
            assert {one.contribution for one in found.measures} <= {None}
            continue
        for nodes in (found.measures, found.groups):
            assert sum(node.contribution for node in nodes) == pytest.approx(found.computed, abs=1e-9)
        assert sum(one.effective_weight for one in found.measures) == pytest.approx(1, abs=1e-9)
        perfect = found.computed + sum(gain.points for gain in found.gains)
        assert perfect == pytest.approx(100, abs=1e-9)


@pytest.mark.slow
@at_most(30)
@given(states(NEW))
def test_every_line_says_how_or_why_not(state: State) -> None:
    for found in explanations(state):
        for one in found.measures:
            assert (one.score is None or one.imputed) == (one.missing_reason is not None)
            assert one.stale == (one.stale_reason is not None)
            assert len([source for source in one.sources if source.status == "counted"]) == (one.source is not None)
            assert one.how
