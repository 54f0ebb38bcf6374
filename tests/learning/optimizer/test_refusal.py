"""Where outcomes do not support a proposal, there is none, and the words say why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from keepwell.errors import RequestRefused
from keepwell.learning.asides import told
from keepwell.learning.plain import plain
from keepwell.learning.report.telling import outcomes_of
from tests.learning.company import Company
from tests.learning.optimizer.asking import propose

pytestmark = pytest.mark.slow


def refused(made: Company, **more: Any) -> str:
    with pytest.raises(RequestRefused) as caught:
        propose(made, **more)
    return str(caught.value)


def results(made: Company, lost: Any) -> None:
    for place, row in enumerate(made.tables["renewals"]):
        row["result"] = "lost" if lost(place) else "won"


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (lambda _: False, "Nobody left and 200 accounts stayed, and at least 30 of each are needed"),
        (lambda place: place == 7, "1 account left and 199 accounts stayed, and at least 30 of each are needed"),
        (lambda place: place < 29, "29 accounts left"),
    ],
    ids=["no churn", "one churn", "one too few"],
)
def test_too_few_outcomes(made: Company, lost: Any, words: str) -> None:
    results(made, lost)
    said = refused(made)
    assert "too few outcomes" in said
    assert words in said


def test_everybody_left(made: Company) -> None:
    results(made, lambda _: True)
    assert "nobody stayed" in refused(made, horizon_days=30) or "too few outcomes" in refused(made)


def test_outcomes_at_random_do_not_beat_chance(made: Company) -> None:
    random = np.random.default_rng(1)
    results(made, lambda _: random.random() < 0.4)
    said = refused(made)
    assert "the data do not support one" in said
    assert "chance" in said


def test_constant_and_empty_measures_are_named(made: Company) -> None:
    made.definitions["metrics"]["logins_28d"]["where"] = "day < date '2000-01-01'"
    made.definitions["metrics"]["tickets_90d"] = {"dataset": "tickets", "aggregate": "max(reason)", "where": "1 = 0"}
    made.measures()["tickets"]["score"] = {"levels": {"question": 10, "else": 50}}
    said = refused(made)
    assert "logins: constant" in said
    assert "tickets: empty" in said


def test_a_constant_measure_is_left_out_of_a_proposal(made: Company) -> None:
    made.definitions["metrics"]["always"] = {"formula": "logins_28d - logins_28d"}
    made.measures()["always"] = {"weight": 5, "score": {"linear": [[0, 0], [1, 100]]}}
    found = propose(made)
    assert "always" not in found.card.measures
    assert found.left_out["always"].startswith("constant")


def test_of_two_that_say_the_same_one_stays_and_the_words_name_it(made: Company) -> None:
    made.definitions["metrics"]["twice"] = {"formula": "2 * logins_28d"}
    made.measures()["twice"] = {"weight": 3, "score": {"linear": [[0, 0], [40, 100]]}}
    found = propose(made)
    assert len({"logins", "twice"} & set(found.card.measures)) == 1
    (gone,) = {"logins", "twice"} - set(found.card.measures)
    assert "says the same as" in found.left_out[gone]
    assert "cannot be known" in found.left_out[gone]


def test_few_accounts_with_history(made: Company) -> None:
    known = {"a001", "a002", "a003", "a004"}
    for name in ("logins", "tickets"):
        made.tables[name] = [row for row in made.tables[name] if row["account_id"] in known]
    said = refused(made)
    assert "too few outcomes" in said
    assert "of accounts of which nothing was known by then were left out; 4 remain" in said


def test_outcomes_before_the_first_fact(made: Company) -> None:
    for row in made.tables["renewals"]:
        row["decided_on"] = date(2025, 3, 1) + timedelta(days=3)
    said = refused(made)
    assert "nothing was known yet" in said


def test_duplicated_and_contradicting_outcomes_are_told(made: Company) -> None:
    rows = made.tables["renewals"]
    rows += [dict(rows[0]), {**rows[1], "result": "won" if rows[1]["result"] == "lost" else "lost"}]
    kept = outcomes_of(propose(made).study)["asides"]
    asides = "\n".join(told(plain(kept)))
    assert all(set(one) == {"what", "rows", "accounts"} for one in plain(kept)), "accounts stay apart: not all see them"
    assert "repeats another row and counts once" in asides
    assert "they contradict each other" in asides


def test_an_unknown_card(made: Company) -> None:
    made.definitions["scorecards"]["health"]["order"] = 1
    made.definitions["scorecards"]["wealth"] = made.definitions["scorecards"].pop("health")
    assert "did you mean" in refused(made) or "unknown scorecard" in refused(made)
