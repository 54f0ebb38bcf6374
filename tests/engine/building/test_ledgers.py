"""Entered scores, overrides by hand and pins: which of them are in force at a date."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.engine.values import EntityValues
from tests.engine.building.places import values_at

DEFINITIONS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  units: {role: relationships, file: units.csv, key: unit, account: account_id}
  entries: {role: entries, file: entries.csv, account: account_id, relationship: unit, occurred_at: at}
  overrides: {role: overrides, file: overrides.csv, account: account_id, recorded_at: at}
  pins: {role: pins, file: pins.csv, account: account_id, recorded_at: at}
"""
FILES = {
    "units": "unit,account_id\nu1,A\n",
    "entries": """\
account_id,unit,measure,score,source,at,recorded_at,expires_at,comment,author
A,,pulse,50,,2024-03-01 10:00,2024-03-01 10:00,,fine,ann
A,,pulse,80,,2024-03-03 10:00,2024-03-03 10:00,,better,ann
A,,pulse,20,rule,2024-03-02 10:00,2024-03-02 10:00,2024-03-04,,
A,,pulse,,,2024-03-05 10:00,2024-03-05 10:00,,no idea,bob
A,,other,10,,2024-03-01 10:00,2024-03-09 10:00,,late,ann
Z,,pulse,10,,2024-03-01 10:00,2024-03-01 10:00,,nobody,ann
,u1,pulse,70,,2024-03-01 10:00,2024-03-01 10:00,,unit,ann
""",
    "overrides": """\
account_id,effect,value,reason,author,at,until,withdrawn_at
A,at_most,red,second,bob,2024-03-02 10:00,2024-03-06,
A,set,40,first,ann,2024-03-01 10:00,,2024-03-05 10:00
""",
    "pins": """\
account_id,scorecard,reason,author,at,until
A,first_card,,ann,2024-03-01 10:00,2024-03-10
A,second_card,because,bob,2024-03-03 10:00,2024-03-04
""",
}


def accounts(folder: Path, day: str) -> EntityValues:
    (values,) = values_at(folder, DEFINITIONS, FILES, day)
    return values.accounts


def entries(folder: Path, day: str) -> set[tuple[str, str, float | None, bool]]:
    rows = accounts(folder, day).entries.to_pylist()
    assert {row["entity"] for row in rows} <= {0}
    return {(row["measure"], row["source"], row["score"], row["expired"]) for row in rows}


@pytest.mark.slow
def test_each_source_keeps_its_latest_entry(tmp_path: Path) -> None:
    assert entries(tmp_path, "2024-02-28") == set()
    assert entries(tmp_path, "2024-03-01") == {("pulse", "manual", 50, False)}
    both = {("pulse", "manual", 80, False), ("pulse", "rule", 20, False)}
    assert entries(tmp_path, "2024-03-03") == both
    assert ("other", "manual", 10, False) in entries(tmp_path, "2024-03-09")  # recorded on the ninth


@pytest.mark.slow
def test_a_score_expires_and_can_be_withdrawn(tmp_path: Path) -> None:
    assert ("pulse", "rule", 20, True) in entries(tmp_path, "2024-03-04")
    assert ("pulse", "manual", None, False) in entries(tmp_path, "2024-03-05")


@pytest.mark.slow
def test_a_row_that_names_a_relationship_is_about_that(tmp_path: Path) -> None:
    (values,) = values_at(tmp_path, DEFINITIONS, FILES, "2024-03-02")
    assert values.relationships is not None
    (row,) = values.relationships.entries.to_pylist()
    assert (row["score"], row["comment"], row["author"]) == (70, "unit", "ann")
    assert str(row["occurred_on"]) == "2024-03-01"


@pytest.mark.slow
def test_overrides_hold_from_their_record_until_their_last_day_or_withdrawal(tmp_path: Path) -> None:
    def reasons(day: str) -> list[str]:
        return accounts(tmp_path, day).overrides["reason"].to_pylist()

    assert reasons("2024-02-29") == []
    assert reasons("2024-03-01") == ["first"]
    assert reasons("2024-03-04") == ["first", "second"]  # oldest first
    assert reasons("2024-03-05") == ["second"]
    assert reasons("2024-03-06") == ["second"]
    assert reasons("2024-03-07") == []


@pytest.mark.slow
def test_the_latest_pin_in_force_counts(tmp_path: Path) -> None:
    def pinned(day: str) -> list[str]:
        return accounts(tmp_path, day).pins["scorecard"].to_pylist()

    assert [pinned(f"2024-03-{day:02}") for day in (1, 3, 4, 5, 10, 11)] == [
        ["first_card"], ["second_card"], ["second_card"], ["first_card"], ["first_card"], []
    ]  # fmt: skip


@pytest.mark.slow
def test_an_unknown_measure_is_warned_of(tmp_path: Path) -> None:
    (values,) = values_at(tmp_path, DEFINITIONS, FILES, "2024-03-02")
    assert any("unknown measure 'pulse'" in warning for warning in values.warnings)


@pytest.mark.slow
def test_an_unknown_source_is_warned_of(tmp_path: Path) -> None:
    files = FILES | {"entries": FILES["entries"].replace(",rule,", ",Rule,")}
    (values,) = values_at(tmp_path, DEFINITIONS, files, "2024-03-02")
    assert any("unknown source 'Rule'; did you mean 'rule'?" in warning for warning in values.warnings)
