"""Effects where people chose whom to treat: the known one is found, and what cannot be known is refused."""

from __future__ import annotations

import numpy as np
import pytest

from keepwell.learning.effects.balance import balance
from keepwell.learning.effects.covariates import Covariates, covariates
from keepwell.learning.effects.differences import differences
from keepwell.learning.effects.doubly_robust import doubly_robust, weighing
from keepwell.learning.effects.estimate import Estimate
from keepwell.learning.effects.matching import CALIPER, Matched, matched
from keepwell.learning.effects.observational import Observational, observational
from keepwell.learning.effects.propensity import Propensity, folds, propensity
from keepwell.learning.effects.targets import Target, followed
from keepwell.learning.effects.units import Units, units
from tests.learning.effects.confounded import BY, EFFECT, confounded, shaken
from tests.learning.effects.made import history, ledger, on, put

SCORE = Target(60, "score")
pytestmark = pytest.mark.slow


def asked(**more: float) -> Observational:
    found = confounded(**more)  # type: ignore[arg-type]
    return observational(found.facts, found.units, SCORE, 200)


def parts() -> tuple[Units, Covariates, np.ndarray, Propensity, Matched]:
    found = confounded()
    result = followed(found.facts, SCORE, found.units.code, found.units.day)
    chosen = found.units.take(result.is_known)
    known = covariates(found.facts, chosen, SCORE)
    chance = propensity(chosen, known, 0)
    return chosen, known, result.change[result.is_known], chance, matched(chosen, known, chance)


@pytest.mark.parametrize("effect", [EFFECT, 0.0])
def test_both_ways_find_the_effect_that_is_there(effect: float) -> None:
    for one in asked(effect=effect).estimates:
        assert one.low is not None
        assert one.high is not None
        assert one.low <= effect <= one.high, one
        assert one.high - one.low < 3
        assert one.is_told_from_nothing == (effect != 0)


def test_a_plain_comparison_would_find_something_else() -> None:
    """Those who were low by chance rise by themselves."""
    chosen, _, change, _, _ = parts()
    naive = change[chosen.treated].mean() - change[~chosen.treated].mean()
    assert naive > EFFECT + 0.5


def test_what_is_hidden_from_the_data_is_not_found() -> None:
    """No method sees it: that is why the assumptions stand beside each estimate."""
    (_, one) = asked(hidden=8.0).estimates
    assert one.low is not None
    assert one.low > EFFECT


def test_treated_and_compared_are_alike_afterwards() -> None:
    found = asked()
    rows = {row.covariate: row for row in found.balance}
    before = rows["score"]
    assert abs(before.all_compared or 0) > 0.5
    assert max(abs(row.matched or 0) for row in found.balance) < 0.2
    assert max(abs(row.weighted or 0) for row in found.balance) < 0.2
    assert found.overlap is not None
    assert found.overlap.effective is not None
    assert found.overlap.effective < found.overlap.compared
    assert np.sum(found.overlap.bins, axis=0) == pytest.approx([1, 1])


def test_what_happens_later_changes_neither_matches_nor_balance() -> None:
    found = confounded()
    panel = found.facts.panel
    table = history(
        [
            (found.facts.ids[int(code)].as_py(), np.datetime64(int(day), "D").astype(object), score)
            for code, day, score in zip(panel.code, panel.day, panel.columns["score"], strict=True)
        ],
        other=panel.columns["other"].tolist(),
    )
    facts = put(found.facts.treatments, scores=shaken(table))
    other = observational(facts, units(facts, facts.treatments, BY, 4), SCORE, 200)
    mine = asked()
    assert (other.overlap, other.balance) == (mine.overlap, mine.balance)
    assert other.estimates[0].effect != mine.estimates[0].effect


def test_nobody_is_matched_twice_and_all_within_the_caliper() -> None:
    chosen, _, _, chance, pairs = parts()
    assert len(np.unique(chosen.code[pairs.compared])) == len(pairs)
    assert (chosen.risk_set[pairs.treated] == chosen.risk_set[pairs.compared]).all()
    apart = np.abs(chance.logit[pairs.treated] - chance.logit[pairs.compared])
    assert apart.max() <= CALIPER * chance.logit.std()
    assert chosen.treated[pairs.treated].all()
    assert not chosen.treated[pairs.compared].any()


def test_no_account_is_on_both_sides_of_a_fold() -> None:
    chosen = parts()[0]
    seen = []
    for train, test in folds(chosen.code, chosen.treated, 0):
        assert not set(chosen.code[train]) & set(chosen.code[test])
        seen += test.tolist()
    assert sorted(seen) == list(range(len(chosen)))


def test_without_columns_weighting_is_the_difference_of_means() -> None:
    chosen, _, change, _, _ = parts()
    nothing = Covariates((), np.empty((len(chosen), 0)), ())
    found = doubly_robust(chosen, nothing, change, Propensity(np.ones(len(chosen))), SCORE, 0)
    plain = change[chosen.treated].mean() - change[~chosen.treated].mean()
    assert found.effect == pytest.approx(plain, abs=0.1)


@pytest.mark.parametrize("wrong", ["chance", "line"])
def test_one_of_the_two_models_may_be_wrong(wrong: str) -> None:
    chosen, known, change, chance, _ = parts()
    if wrong == "chance":
        chance = Propensity(np.ones(len(chosen)))
        found = doubly_robust(chosen, known, change, chance, SCORE, 0)
    else:
        nothing = Covariates((), np.empty((len(chosen), 0)), ())
        found = doubly_robust(chosen, nothing, change, chance, SCORE, 0)
    assert found.effect == pytest.approx(EFFECT, abs=0.8)


def test_the_regression_is_that_of_least_squares() -> None:
    chosen, known, change, _, pairs = parts()
    found = differences(chosen, known, change, pairs, SCORE, 100, 0)
    own, count = np.unique(pairs.treated, return_counts=True)
    share = dict(zip(own.tolist(), (1 / count).tolist(), strict=True))
    rows = np.concatenate([own, pairs.compared])
    weight = np.sqrt(np.concatenate([np.ones(len(own)), [share[int(one)] for one in pairs.treated]]))
    design = np.column_stack([np.ones(len(rows)), chosen.treated[rows], known.values[rows]])
    by_hand = np.linalg.lstsq(design * weight[:, None], change[rows] * weight, rcond=None)[0][1]
    assert found.effect == pytest.approx(by_hand, abs=1e-3)


def test_weights_make_the_others_count_as_many_as_the_treated() -> None:
    chosen, known, _, chance, pairs = parts()
    weighed = weighing(chosen, chance)
    assert weighed.weights.sum() == pytest.approx((chosen.treated & weighed.kept).sum())
    assert (weighed.weights[chosen.treated] == 0).all()
    assert balance(chosen, known, pairs, weighed)[0].covariate in known.names


def refusals(found: Observational) -> list[str | None]:
    return [one.reason for one in found.estimates]


def test_too_few_are_refused_in_words() -> None:
    own = ledger(*({"account": f"t{at}"} for at in range(5)))
    scores = history([(f"{kind}{at}", on(day), 50.0 + at) for kind in "tc" for at in range(5) for day in (-1, 60)])
    facts = put(own, scores=scores)
    found = observational(facts, units(facts, own, "rule:x", 0), SCORE)
    assert refusals(found) == ["5 accounts treated with a known result; 20 are the least to say anything"] * 2


def test_where_nobody_like_them_is_left_it_is_refused_in_words() -> None:
    """Everybody below 50 is treated, and nobody above."""
    names = [f"a{at:03}" for at in range(200)]
    ends = np.random.default_rng(1).normal(50, 10, 200)
    looks = [(name, on(day), at / 2.0 if day < 0 else ends[at]) for at, name in enumerate(names) for day in (-1, 60)]
    scores = history(looks)
    own = ledger(*({"account": name} for name in names[:100]))
    facts = put(own, scores=scores)
    found = observational(facts, units(facts, own, "rule:x", 0), SCORE)
    assert all(reason is not None and "overlap" in reason for reason in refusals(found)), refusals(found)


def test_where_nothing_moved_it_is_refused_in_words() -> None:
    names = [f"a{at:03}" for at in range(80)]
    scores = history([(name, on(day), float(at)) for at, name in enumerate(names) for day in (-1, 60)])
    own = ledger(*({"account": name} for name in names[::2]))
    facts = put(own, scores=scores)
    found: tuple[Estimate, ...] = observational(facts, units(facts, own, "rule:x", 0), SCORE).estimates
    assert {one.reason for one in found} == {"nothing moved at all, on either side"}
