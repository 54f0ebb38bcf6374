"""Nothing is seen before it happened or was known, in places where a plain reading would look ahead."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepwell.errors import RequestRefused
from tests.engine.building.places import metric, values_at

ACCOUNTS = "datasets:\n  accounts: {role: accounts, file: accounts.csv, key: account_id}\n"

MOVING = f"""{ACCOUNTS}
  deals: {{file: deals.csv, key: id, account: account_id, occurred_at: closes, changed_at: changed}}
metrics:
  closed: {{dataset: deals, aggregate: count()}}
  lately: {{dataset: deals, aggregate: count(), window: 10 days}}
"""
DEALS = """\
id,account_id,closes,changed
put_off,A,2024-03-05,2024-03-01
put_off,A,2024-03-20,2024-03-06
put_back,B,2024-03-05,2024-03-01
put_back,B,2024-01-05,2024-03-06
"""


@pytest.mark.slow
def test_a_change_that_moves_when_a_row_happened_leaves_no_trace_of_the_row_before_it(tmp_path: Path) -> None:
    before, after = values_at(tmp_path, MOVING, {"deals": DEALS}, "2024-03-05", "2024-03-10")
    (alone,) = values_at(tmp_path, MOVING, {"deals": DEALS}, "2024-03-10")
    assert metric(before, "closed") == {"A": 1, "B": 1}
    for values in (after, alone):
        assert metric(values, "closed") == {"A": 0, "B": 1}
        assert metric(values, "lately") == {"A": 0, "B": 0}


@pytest.mark.slow
def test_what_arrives_a_day_later_does_not_arrive_on_a_day_of_25_hours(tmp_path: Path) -> None:
    (tmp_path / "keepwell.yaml").write_text("time_zone: Europe/Berlin\n")
    definitions = f"""{ACCOUNTS}
  logins: {{file: logins.csv, account: account_id, occurred_at: day, arrives_after: 1 day}}
metrics:
  logins: {{dataset: logins, aggregate: count()}}
"""
    rows = {"logins": "account_id,day\nA,2026-10-25\n"}
    found = values_at(tmp_path, definitions, rows, "2026-10-25", "2026-10-26")
    assert [metric(values, "logins")["A"] for values in found] == [0, 1]


UNITS = f"""{ACCOUNTS}
  units: {{role: relationships, file: units.csv, key: unit, account: account_id, started_at: since, ended_at: gone}}
metrics:
  units: {{dataset: units, aggregate: count()}}
  open: {{dataset: units, aggregate: count(), where: gone is null}}
"""


@pytest.mark.slow
def test_relationships_are_no_facts_before_they_start_and_their_end_is_not_known_before_its_day(tmp_path: Path) -> None:
    rows = {"units": "unit,account_id,since,gone\nu1,A,2024-01-01,2024-05-01\nu2,A,2024-04-01,\n"}
    found = values_at(tmp_path, UNITS, rows, "2024-03-01", "2024-04-01", "2024-05-01")
    assert [(metric(values, "units")["A"], metric(values, "open")["A"]) for values in found] == [(1, 1), (2, 2), (2, 1)]


@pytest.mark.slow
def test_an_account_is_there_once_it_was_recorded(tmp_path: Path) -> None:
    definitions = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, recorded_at: recorded}
metrics:
  seats: {attribute: seats}
"""
    rows = {"accounts": "account_id,recorded,seats\nA,2024-03-01,1\nB,2024-04-01,2\nC,,3\n"}
    before, after = values_at(tmp_path, definitions, rows, "2024-03-31", "2024-04-01")
    (restated,) = values_at(tmp_path, definitions, rows, "2024-03-31", known_at="2024-04-02")
    assert metric(before, "seats") == {"A": 1, "C": 3}
    assert metric(after, "seats") == metric(restated, "seats") == {"A": 1, "B": 2, "C": 3}


VIA = f"""{ACCOUNTS}
  contracts: {{file: contracts.csv, key: id, account: account_id%s}}
  usage: {{file: usage.csv, account: {{via: contracts, on: contract}}, occurred_at: day}}
metrics:
  uses: {{dataset: usage, aggregate: count()}}
"""
CONTRACTS = "id,account_id,changed\nk,B,2024-01-01\nk,A,2024-03-01\n"


@pytest.mark.slow
def test_the_way_to_the_account_is_the_one_known_then(tmp_path: Path) -> None:
    rows = {"contracts": CONTRACTS, "usage": "contract,day\nk,2024-02-01\n"}
    found = values_at(tmp_path, VIA % ", changed_at: changed", rows, "2024-02-28", "2024-03-01")
    (alone,) = values_at(tmp_path, VIA % ", changed_at: changed", rows, "2024-02-28")
    assert [metric(values, "uses") for values in (*found, alone)] == [
        {"A": 0, "B": 1},
        {"A": 1, "B": 0},
        {"A": 0, "B": 1},
    ]
    (fixed,) = values_at(tmp_path, VIA % "", rows, "2024-02-28")
    assert metric(fixed, "uses") == {"A": 1, "B": 0}  # without history, the smallest of several accounts


@pytest.mark.slow
@pytest.mark.parametrize("gone", [[0.0, None, 1.0], [0, None, 1], [False, None, True], ["no", "", "yes"]])
def test_a_key_is_ended_by_a_true_value_however_it_is_written(tmp_path: Path, gone: list[object]) -> None:
    pq.write_table(
        pa.table({"account_id": ["A", "B", "C"], "gone": gone, "seats": [1, 2, 3]}), tmp_path / "all.parquet"
    )
    definitions = """
datasets:
  accounts: {role: accounts, file: all.parquet, key: account_id, deleted: gone}
metrics:
  seats: {attribute: seats}
"""
    (values,) = values_at(tmp_path, definitions, {}, "2024-03-31")
    assert metric(values, "seats") == {"A": 1, "B": 2}


ENTRIES = f"""{ACCOUNTS}
  entries: {{role: entries, file: entries.csv, account: account_id, occurred_at: entered_at}}
"""


@pytest.mark.slow
def test_an_entry_counts_once_it_was_recorded_where_its_file_says_when(tmp_path: Path) -> None:
    rows = {"entries": "account_id,entered_at,measure,score,recorded_at\nA,2024-03-01,mood,40,2024-03-20 10:00:00\n"}
    before, after = values_at(tmp_path, ENTRIES, rows, "2024-03-10", "2024-03-20")
    assert [values.accounts.entries["score"].to_pylist() for values in (before, after)] == [[], [40]]


def test_changes_that_look_back_beyond_the_calendar_are_refused(tmp_path: Path) -> None:
    chain = [f"  c{n}: {{change_of: c{n - 1}, over: 36525 days}}" for n in range(1, 22)]
    definitions = f"{ACCOUNTS}metrics:\n  c0: {{attribute: seats}}\n" + "\n".join(chain)
    with pytest.raises(RequestRefused, match="further than dates go"):
        values_at(tmp_path, definitions, {"accounts": "account_id,seats\nA,1\n"}, "2024-03-10")
