"""A proposal for a company whose quiet accounts leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from keepwell.definitions.measures import Linear
from keepwell.definitions.schemes import Scheme
from keepwell.errors import RequestRefused
from keepwell.learning.optimizer.bands import redrawn
from keepwell.learning.optimizer.proposal import Proposal
from keepwell.learning.optimizer.study import known_outcomes
from keepwell.learning.optimizer.validation import held_out
from keepwell.learning.outcomes import read_outcomes
from tests.learning.company import LAST, Company
from tests.learning.optimizer.asking import propose

pytestmark = pytest.mark.slow


def test_the_card_adds_up_to_a_hundred_points_and_scores_in_few_knots(proposal: Proposal) -> None:
    measures = proposal.card.measures
    assert sum(group.weight for group in proposal.card.groups.values()) == 100
    assert sum(measure.weight for measure in measures.values()) == 100
    logins = measures["logins"].score
    assert isinstance(logins, Linear)
    assert [score for _, score in logins.linear] == sorted(score for _, score in logins.linear)
    assert measures["logins"].metric == "logins_28d"


def test_figures_are_of_accounts_and_times_that_no_card_of_a_fold_saw(proposal: Proposal) -> None:
    observations = proposal.study.observations
    splits, since = held_out(observations, proposal.study.request.seed)
    assert since is not None
    for split in splits:
        assert not set(observations.codes[split.train]) & set(observations.codes[split.test])
        assert (observations.decided_on[split.train] < np.datetime64(since, "D")).all()
        assert (observations.as_of[split.test] >= np.datetime64(since, "D")).all()
    tested = np.concatenate([split.test for split in splits])
    assert len(np.unique(tested)) == len(tested) == len(proposal.validation.rows)


def test_it_tells_more_than_chance_and_says_how_sure_it_is(proposal: Proposal) -> None:
    found = proposal.validation.figures["auc"]
    assert found.new.low is not None
    assert found.new.low > 0.7
    assert found.difference.low is not None
    assert found.difference.high is not None
    assert found.difference.low < found.difference.high
    for change in proposal.changes:
        assert change.low is not None
        assert change.high is not None
        assert change.new_share is not None
        assert change.low <= change.new_share + 3
        assert change.new_share - 3 <= change.high


def test_bands_hold_about_as_many_accounts_as_before(proposal: Proposal) -> None:
    """Of the accounts at the date asked for: a whole edge between two scores may leave a few on its other side."""
    moves = proposal.moves
    assert sum(band.before for band in moves.bands) == sum(band.after for band in moves.bands) > 100
    for band in moves.bands:
        assert band.after == pytest.approx(band.before, abs=0.1 * len(moves.entities))


def test_an_edge_is_where_the_same_share_lies_below() -> None:
    scheme = Scheme.model_validate({"bands": ({"label": "red", "up_to": 50}, {"label": "green", "up_to": 100})})
    old, new = np.arange(100.0), np.linspace(60, 90, 100)
    assert [band.up_to for band in redrawn(scheme, old, new).bands] == [75, 100]
    assert redrawn(scheme, np.full(3, np.nan), np.arange(3.0)) == scheme


def test_the_same_input_and_seed_give_the_same_card(made: Company) -> None:
    first, second = propose(made), propose(made)
    assert first.card == second.card
    assert first.validation.figures == second.validation.figures


def test_what_was_decided_later_changes_nothing(made: Company) -> None:
    as_of = LAST - timedelta(days=60)
    before = propose(made, as_of=as_of)
    for row in made.tables["renewals"]:
        if row["decided_on"] > as_of:
            row["result"] = "won" if row["result"] == "lost" else "lost"
    after = propose(made, as_of=as_of)
    assert before.card == after.card
    assert before.validation.figures == after.validation.figures


def test_outcomes_that_became_known_later_are_not_known(made: Company) -> None:
    with made.data() as data:
        outcomes = read_outcomes(data.project, data)
        late = replace(outcomes, known_at=outcomes.known_at + np.timedelta64(400, "D"))
        known = known_outcomes(outcomes, data.project, date(2026, 6, 30))
        assert 0 < len(known) < len(outcomes)
        with pytest.raises(Exception, match="no outcome was known at 2026-06-30"):
            known_outcomes(late, data.project, date(2026, 6, 30))


def test_a_metric_that_tells_is_added_and_one_that_does_not_is_not(made: Company) -> None:
    del made.measures()["tickets"]
    made.definitions["metrics"]["coin"] = {"formula": "length('x') * logins_28d - logins_28d + tickets_90d % 2"}
    found = propose(made)
    added = {change.name: change for change in found.changes if change.kind == "added"}
    assert "tickets_90d" in added
    assert "coin" in found.left_out
    assert propose(made, limits={"additions": False}).card.measures.keys() == {"logins"}


def test_limits_are_kept(made: Company) -> None:
    limits = {"weights": {"logins": {"at_most": 55.0}}, "direction": {"tickets_90d": "lower_is_better"}}
    assert propose(made).card.measures["logins"].weight > 55
    found = propose(made, limits=limits)
    assert found.card.measures["logins"].weight <= 55
    fixed = propose(made, limits={"fixed": ("tickets",)})
    assert fixed.card.measures["tickets"].weight == 25
    assert fixed.card.measures["tickets"].score == fixed.study.original.scorecards["health"].measures["tickets"].score
    assert set(propose(made, limits={"most_measures": 1}).card.measures) == {"logins"}


def two_groups(made: Company) -> None:
    """A group `people` beside `use`, with one measure that tells nothing and one that has no value."""
    made.tables["calls"] = [{"account_id": "nobody", "day": "2026-01-01", "minutes": 3}]
    made.definitions["datasets"]["calls"] = {"file": "calls.csv", "account": "account_id", "occurred_at": "day"}
    made.definitions["metrics"] |= {
        "minutes": {"dataset": "calls", "aggregate": "avg(minutes)"},
        "odd": {"dataset": "logins", "aggregate": "count()", "where": "account_id like '%3' or account_id like '%7'"},
    }
    line = {"weight": 1, "score": {"linear": [[0, 0], [9, 100]]}}
    made.card()["groups"]["people"] = {"weight": 1, "measures": {"minutes": line, "odd": line}}


def test_a_group_keeps_its_least_share_even_where_it_tells_little(made: Company) -> None:
    two_groups(made)
    found = propose(made, limits={"groups": {"people": {"at_least": 20.0}}, "additions": False})
    assert found.card.groups["people"].weight >= 20
    assert set(found.card.groups["people"].measures) == {"odd"}


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"weights": {"minutes": {"at_least": 10.0}}}, "'minutes' at least 10 per cent of the card, but empty"),
        (
            {"weights": {"logins": {"at_most": 30.0}, "tickets": {"at_most": 30.0}}, "leave_out": ("odd", "minutes")},
            "Widen the ranges, or let other measures in",
        ),
        ({"groups": {"people": {"at_least": 20.0}}, "leave_out": ("odd",)}, "group 'people' at least 20 per cent"),
    ],
)
def test_limits_that_cannot_be_kept_are_told(made: Company, limits: dict[str, object], words: str) -> None:
    two_groups(made)
    with pytest.raises(RequestRefused, match=words):
        propose(made, limits={"additions": False, **limits})


def test_a_direction_that_the_data_speak_against_is_kept_and_the_measure_dropped(made: Company) -> None:
    found = propose(made, limits={"direction": {"tickets_90d": "higher_is_better"}})
    assert set(found.card.measures) == {"logins"}
    assert "no threshold" in found.left_out["tickets"]


def test_attributes_without_history_are_used_only_where_they_are_trusted(made: Company) -> None:
    made.definitions["datasets"]["accounts"].pop("changed_at")
    lost = {row["account_id"]: row["result"] == "lost" for row in made.tables["renewals"]}
    for row in made.tables["accounts"]:
        row["seats"] = 3 if lost[row["account_id"]] else 30  # written after the outcome, for all anybody knows
    made.definitions["metrics"]["seats"] = {"attribute": "seats"}
    made.measures()["seats"] = {"weight": 1, "score": {"linear": [[0, 0], [50, 100]]}}
    without = propose(made)
    assert "seats" not in without.card.measures
    assert "without history" in without.left_out["seats"]
    trusted = propose(made, limits={"trust": ("seats",)})
    assert trusted.card.measures["seats"].weight > 50
