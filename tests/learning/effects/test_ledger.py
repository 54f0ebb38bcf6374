"""Who was treated, who was held out, and what of the ledger cannot be used."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepwell.learning.effects.ledger import treatments
from tests.learning.effects.made import DAY, ledger, on


def test_the_first_of_each_account_counts_and_the_rest_is_told() -> None:
    found = ledger(
        {"account": "a", "day": on(5)}, {"account": "a", "day": on(1), "is_held_out": True}, {"account": "b"}
    )
    assert found.account.to_pylist() == ["b", "a"]
    assert found.is_held_out.tolist() == [False, True]
    assert [str(one) for one in found.asides] == [
        "1 treatment was left out: an earlier one of the same account by the same counts (such as a)"
    ]


def test_a_hold_out_comes_before_a_treatment_of_the_same_day() -> None:
    found = ledger({"account": "a"}, {"account": "a", "is_held_out": True})
    assert found.is_held_out.tolist() == [True]


def test_one_account_may_have_several_treatments() -> None:
    found = ledger({"account": "a"}, {"account": "a", "by": "playbook:y"})
    assert found.names == ("playbook:y", "rule:x")
    assert len(found.of("rule:x")) == 1


def test_rows_that_name_nobody_are_left_out() -> None:
    found = ledger({"account": None}, {"account": "a", "day": None}, {"account": "b", "by": None}, {"account": "c"})
    assert found.account.to_pylist() == ["c"]
    assert found.asides[0].rows == 3


def test_the_same_name_behind_another_colon_is_the_same_treatment() -> None:
    found = ledger({"account": "a"}, {"account": "b", "by": "playbook:x"}, {"account": "c", "by": "playbook:xy"})
    assert found.kin("rule:x") == ("playbook:x", "rule:x")


def test_columns_that_are_absent_mean_treated_and_never_taken_back() -> None:
    found = treatments(pa.table({"account": ["a"], "by": ["rule:x"], "day": [DAY]}))
    assert not found.is_held_out.any()
    assert str(found.withdrawn_on[0]) == "NaT"
    assert found.version.to_pylist() == [""]


@pytest.mark.parametrize("by", ["x", "rule:x", "a:rule:x"])
def test_names_without_a_colon_stand_for_themselves(by: str) -> None:
    assert by in ledger({"account": "a", "by": by}).kin(by)
