"""What of a change of columns is news, and what some rows alone cannot tell."""

from __future__ import annotations

from keepwell.connect.document import document_of
from keepwell.connect.drift import Part, drift_of, remembered

DOCUMENT = document_of(
    {"stream": "s", "dataset": "d", "columns": {"id": "id", "day": "opened", "mood": "mood"}, "keys": ["id"]}
)
BEFORE = {"id": "text", "opened": "text", "mood": "text", "size": "number"}


def what(now: dict[str, str], part: Part | None = None) -> dict[str, str]:
    return {one.column: one.what for one in drift_of(DOCUMENT, BEFORE, now, part)}


def test_columns_that_are_new_gone_or_of_another_type_are_told() -> None:
    now = {"id": "text", "opened": "date", "size": "text", "colour": "text"}
    found = drift_of(DOCUMENT, BEFORE, now)
    assert {one.column: (one.what, one.breaks) for one in found} == {
        "opened": ("retyped", False), "mood": ("gone", True), "size": ("retyped", False), "colour": ("new", False),
    }  # fmt: skip


def test_nothing_is_told_the_first_time_and_of_columns_that_are_empty() -> None:
    assert drift_of(DOCUMENT, {}, BEFORE) == []
    assert what({**BEFORE, "mood": "empty"}) == {}


def test_some_rows_do_not_tell_whether_a_text_is_always_a_date() -> None:
    assert what({**BEFORE, "opened": "date"}, Part(500, False)) == {}
    assert what({**BEFORE, "size": "text"}, Part(500, False)) == {"size": "retyped"}


def test_few_objects_do_not_tell_which_columns_there_are() -> None:
    now = {"id": "text", "opened": "text", "size": "number"}
    assert what(now, Part(3, True)) == {}
    assert what(now, Part(3, False)) == {"mood": "gone"}, "a table says its columns in every row"
    assert what(now, Part(100, True)) == {"mood": "gone"}
    assert what(now) == {"mood": "gone"}


def test_what_some_rows_could_not_tell_is_remembered_as_it_was() -> None:
    now = {"id": "text", "opened": "date", "size": "number"}
    assert remembered(BEFORE, now, Part(3, True)) == BEFORE
    assert remembered(BEFORE, now) == now
    assert remembered(BEFORE, {**now, "mood": "empty"}) == {**now, "mood": "text"}
