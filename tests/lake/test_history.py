"""Score history: written once per run, read as it was shown or as it is known now."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from keepwell.errors import EngineFault
from keepwell.lake.history import read_run, read_scores, read_values, retain_history, write_scores, write_values
from keepwell.lake.place import Lake


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path)


def scores(run: str, as_of: date, known_day: int, **final: float | None) -> pa.Table:
    n = len(final)
    return pa.table(
        {
            "entity_kind": ["account"] * n,
            "account_id": list(final),
            "as_of": pa.array([as_of] * n, pa.date32()),
            "known_at": pa.array([datetime(2024, 6, known_day)] * n, pa.timestamp("us")),
            "run": [run] * n,
            "final_score": pa.array(list(final.values()), pa.float64()),
            "contributions": [[value, None] for value in final.values()],
        }
    )


def finals(table: pa.Table) -> list[tuple[str, str, float | None]]:
    return [(row["account_id"], row["as_of"].isoformat(), row["final_score"]) for row in table.to_pylist()]


def test_a_run_repeated_is_written_once(lake):
    table = scores("r1", date(2024, 5, 31), 1, a=50.0, b=None)
    assert write_scores(lake, table, "r1").written
    assert not write_scores(lake, table, "r1").written
    assert write_scores(lake, scores("r1", date(2024, 6, 30), 1, a=51.0), "r1", part=1).written
    assert read_run(lake, "r1").num_rows == 3


@pytest.mark.slow
def test_as_shown_and_restated(lake):
    day = date(2024, 5, 31)
    write_scores(lake, scores("late", day, 20, a=70.0), "late")
    write_scores(lake, scores("first", day, 1, a=50.0, b=10.0), "first")
    write_scores(lake, scores("again", day, 1, a=55.0), "again")
    assert finals(read_scores(lake)) == [("a", "2024-05-31", 50.0), ("b", "2024-05-31", 10.0)]
    assert finals(read_scores(lake, basis="restated")) == [("a", "2024-05-31", 70.0), ("b", "2024-05-31", 10.0)]
    write_scores(lake, scores("latest", day, 20, a=71.0), "latest")
    assert finals(read_scores(lake, basis="restated", accounts=["a"])) == [("a", "2024-05-31", 71.0)]


@pytest.mark.slow
def test_dates_accounts_and_columns_are_chosen(lake):
    for month in (3, 4, 5):
        write_scores(lake, scores(f"r{month}", date(2024, month, 15), 1, a=float(month), b=0.0), f"r{month}")
    found = read_scores(lake, since=date(2024, 4, 15), until=date(2024, 5, 14), accounts=["a"])
    assert finals(found) == [("a", "2024-04-15", 4.0)]
    assert found["contributions"].to_pylist() == [[4.0, None]]
    assert found["known_at"][0].as_py() == datetime(2024, 6, 1, tzinfo=UTC)
    only = read_scores(lake, columns=["final_score"], since=date(2024, 5, 15))
    assert only.to_pydict() == {"final_score": [5.0, 0.0]}
    assert read_scores(lake, accounts=[]).num_rows == 0


def test_accounts_and_relationships_of_one_id_stay_apart(lake):
    table = scores("r", date(2024, 5, 31), 1, a=1.0)
    unit = table.set_column(0, "entity_kind", pa.array(["relationship"]))
    write_scores(lake, pa.concat_tables([table, unit]), "r")
    assert read_scores(lake)["entity_kind"].to_pylist() == ["account", "relationship"]


def test_values_have_their_own_table(lake):
    write_values(lake, scores("r", date(2024, 5, 31), 1, a=1.0), "r")
    assert read_values(lake).num_rows == 1
    assert read_scores(lake).num_rows == 0


def test_retention_by_date(lake):
    for month in (3, 5):
        table = scores(f"r{month}", date(2024, month, 15), 1, a=1.0, b=2.0)
        write_scores(lake, table, f"r{month}")
    assert retain_history(lake, date(2024, 5, 1)) == {"history/scores": 2}
    assert {as_of for _, as_of, _ in finals(read_scores(lake))} == {"2024-05-15"}


def test_rows_of_another_run_or_without_keys_are_our_fault(lake):
    table = scores("r", date(2024, 5, 31), 1, a=1.0)
    with pytest.raises(EngineFault, match="another run than 's'"):
        write_scores(lake, table, "s")
    with pytest.raises(EngineFault, match="rows without known_at"):
        write_scores(lake, table.drop_columns(["known_at"]), "r")
    assert lake.names() == []
