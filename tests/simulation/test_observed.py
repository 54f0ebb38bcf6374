"""What a study of effects sees of a simulated company: the truth shows in it exactly as it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from keepwell.simulation.company import Company
from keepwell.simulation.observed import Observed, observed, true_score_effect

pytestmark = pytest.mark.slow

COMPANY = Company(end=date(2026, 10, 31), accounts=200, seed=3, randomised_share=0.5)
WORKSHOP = "adoption_workshop"


@pytest.fixture(scope="module")
def seen() -> Observed:
    return observed(COMPANY)


def scores(one: Observed) -> dict[tuple[str, date], float]:
    rows = one.history.select(["account", "as_of", "score"]).to_pylist()
    return {(row["account"], row["as_of"]): row["score"] for row in rows}


def test_a_workshop_lifts_scores_by_as_much_as_is_told_and_an_invitation_by_nothing(seen: Observed) -> None:
    """Against the same company, in which workshops do nothing: all chance is the same in both."""
    own, other = scores(seen), scores(observed(replace(COMPANY, effect=0.0)))
    rows = [row for row in seen.ledger.to_pylist() if row["by"].endswith(WORKSHOP) and not row["is_held_out"]]
    started = {row["account_id"]: row["occurred_at"] for row in rows}
    assert len(started) > 20
    both = [(name, day) for name, day in own.keys() & other.keys() if name in started]
    apart = [((day - started[name]).days, own[name, day] - other[name, day]) for name, day in both]
    before = [lifted for days, lifted in apart if days < 0]
    later = [lifted for days, lifted in apart if days > 40]
    assert np.abs(before).max() < 1e-9
    assert later == pytest.approx([true_score_effect(COMPANY, WORKSHOP)] * len(later), abs=1e-4)
    assert true_score_effect(COMPANY, "webinar_invitation") == 0


def test_the_ledger_names_whom_a_lottery_drew_and_whom_a_manager_chose(seen: Observed) -> None:
    by = pc.unique(seen.ledger["by"]).to_pylist()
    assert {one.partition(":")[0] for one in by} == {"rule", "playbook"}
    held = seen.ledger.filter(seen.ledger["is_held_out"])
    assert all(one.startswith("rule:") for one in held["by"].to_pylist())
    assert 0.3 < len(held) / pc.sum(pc.starts_with(seen.ledger["by"], "rule:")).as_py() < 0.7


def test_the_pulse_that_a_treatment_rests_on_was_known_the_day_before(seen: Observed) -> None:
    treated = {(row["account_id"], row["occurred_at"]) for row in seen.ledger.to_pylist()}
    rows = seen.history.select(["account", "as_of", "csm_pulse"]).to_pylist()
    known = {(row["account"], row["as_of"]) for row in rows if row["csm_pulse"] is not None}
    before = [(name, date.fromordinal(day.toordinal() - 1)) in known for name, day in treated]
    assert np.mean(before) > 0.95


def test_equal_parameters_give_equal_tables(seen: Observed) -> None:
    again = observed(COMPANY)
    for one, other in ((seen.history, again.history), (seen.ledger, again.ledger)):
        assert isinstance(one, pa.Table)
        assert one.equals(other)
