from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.engine.assign import assign
from keepwell.engine.values import PINS

IDS = pa.array(["a", "b", "c"])
NO_PINS = PINS.empty_table()


def pin(entity: int, scorecard: str) -> pa.Table:
    return pa.Table.from_pylist([{"entity": entity, "scorecard": scorecard}], PINS)


def test_the_first_card_that_applies() -> None:
    found = assign({"large": np.array([True, False, False]), "rest": None}, NO_PINS, IDS)
    assert found.rows("large").tolist() == [0]
    assert found.rows("rest").tolist() == [1, 2]
    assert found.unassigned.tolist() == []


def test_no_match_is_unassigned() -> None:
    found = assign({"large": np.array([True, False, False])}, NO_PINS, IDS)
    assert found.unassigned.tolist() == [1, 2]


def test_a_pin_goes_before_conditions() -> None:
    conditions = {"large": np.array([True, False, False]), "small": np.array([False, True, False])}
    found = assign(conditions, pin(2, "large"), IDS)
    assert found.rows("large").tolist() == [0, 2]
    assert found.unassigned.tolist() == []


def test_a_pin_to_an_unknown_card_is_a_warning() -> None:
    found = assign({"large": None}, pin(1, "lorge"), IDS)
    assert found.rows("large").tolist() == [0, 1, 2]
    assert len(found.warnings) == 1
    assert "'b'" in found.warnings[0]
    assert "did you mean 'large'" in found.warnings[0]


def test_without_cards_all_are_unassigned() -> None:
    assert assign({}, NO_PINS, IDS).unassigned.tolist() == [0, 1, 2]


def test_a_later_card_does_not_take_what_an_earlier_one_has() -> None:
    found = assign({"one": np.array([True, False, False]), "two": np.array([True, True, False])}, NO_PINS, IDS)
    assert found.rows("one").tolist() == [0]
    assert found.rows("two").tolist() == [1]
