"""The catalogue says what is in the lake, from the lake alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from keepwell.errors import RequestRefused
from keepwell.lake.catalogue import Catalogue
from keepwell.lake.place import Lake
from keepwell.lake.tables import TableLayout


def moments(*hours: int | None) -> pa.Array:
    values = [None if hour is None else datetime(2024, 1, 1, hour, tzinfo=UTC) for hour in hours]
    return pa.array(values, pa.timestamp("us", "UTC"))


def test_schema_rows_and_freshness(tmp_path):
    lake = Lake(tmp_path)
    tickets = lake.table("facts/tickets")
    tickets.append(pa.table({"id": ["a", "b"], "occurred_at": moments(5, 9), "recorded_at": moments(None, None)}))
    tickets.append(pa.table({"id": ["c"], "occurred_at": moments(7), "recorded_at": moments(11)}))
    (described,) = Catalogue(lake).describe()
    assert described.name == "facts/tickets"
    assert described.columns == {
        "id": "string",
        "occurred_at": "timestamp[us, tz=UTC]",
        "recorded_at": "timestamp[us, tz=UTC]",
        "load_id": "int64",
    }
    assert (described.rows, described.files, described.version, described.load_id) == (3, 2, 1, 2)
    assert described.newest_occurred_at == datetime(2024, 1, 1, 9, tzinfo=UTC)
    assert described.newest_recorded_at == datetime(2024, 1, 1, 11, tzinfo=UTC)
    assert described.loaded_at is not None
    assert timedelta(0) <= datetime.now(UTC) - described.loaded_at < timedelta(minutes=1)
    assert described.size > 0


def test_freshness_follows_the_layout_and_survives_compaction_and_retention(tmp_path):
    lake = Lake(tmp_path)
    usage = lake.table("facts/usage", TableLayout(month_of="day", occurred_at="day", recorded_at=None))
    for month in (1, 2, 2):
        usage.append(pa.table({"n": [1], "day": pa.array([date(2024, month, 3)], pa.date32())}))
    loaded_at = Catalogue(lake).describe_table("facts/usage").loaded_at
    usage.compact()
    usage.retain("day", date(2024, 2, 1))
    described = Catalogue(lake).describe_table("facts/usage")
    assert (described.rows, described.files, described.load_id) == (2, 1, 3)
    assert described.newest_occurred_at == date(2024, 2, 3)
    assert described.newest_recorded_at is None
    assert described.loaded_at == loaded_at
    assert described.partitions == ("day_month",)


def test_beyond_the_columns_with_statistics_the_newest_is_read(tmp_path):
    lake = Lake(tmp_path)
    wide = {f"c{i:02}": [1] for i in range(40)}
    lake.table("facts/wide").append(pa.table({**wide, "occurred_at": moments(6)}))
    assert Catalogue(lake).describe()[0].newest_occurred_at == datetime(2024, 1, 1, 6, tzinfo=UTC)


def test_a_lake_with_nothing(tmp_path):
    lake = Lake(tmp_path / "nowhere")
    assert Catalogue(lake).describe() == []
    assert Catalogue(lake).describe_table("facts/none").version == -1


@pytest.mark.parametrize("name", ["../x", "Facts", "a/../b", "", "a//b", "/a"])
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(RequestRefused, match="no name of a table"):
        Lake(tmp_path).table(name)


def test_tables_are_found_by_name(tmp_path):
    lake = Lake(tmp_path)
    for name in ("history/scores", "facts/keepwell.accounts"):
        lake.table(name).append(pa.table({"n": [1]}))
    lake.table("facts/never_written")
    assert lake.names() == ["facts/keepwell.accounts", "history/scores"]
