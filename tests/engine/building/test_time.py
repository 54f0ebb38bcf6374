"""What had happened, and what was known: each clause of the definition reference's "Time"."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.building.places import metric, values_at

DATASETS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  tickets:
    file: tickets.csv
    key: id
    account: account_id
    occurred_at: opened
    %s
metrics:
  opened: {dataset: tickets, aggregate: count()}
  last_week: {dataset: tickets, aggregate: count(), window: 1 week}
  last_day: {dataset: tickets, aggregate: count(), window: 1 day}
  still_open: {dataset: tickets, aggregate: count(), where: closed is null}
  satisfaction: {dataset: tickets, aggregate: avg(stars)}
"""
TICKETS = """\
id,account_id,opened,loaded,closed,stars
1,A,2024-03-01,2024-03-01,2024-03-05,4
2,A,2024-03-07,2024-03-10,,
3,A,2024-03-08,2024-03-08,2024-03-09,2
4,B,2024-03-02,2024-03-02,2024-03-20,1
"""


def of_a(folder: Path, day: str, options: str = "", known_at: str | None = None) -> dict[str, object]:
    (values,) = values_at(folder, DATASETS % options, {"tickets": TICKETS}, day, known_at=known_at)
    names = ("opened", "last_week", "last_day", "still_open", "satisfaction")
    return {name: metric(values, name)["A"] for name in names}


@pytest.mark.slow
def test_what_happened_by_the_end_of_the_day_counts(tmp_path: Path) -> None:
    assert of_a(tmp_path, "2024-02-29")["opened"] == 0
    assert of_a(tmp_path, "2024-03-01")["opened"] == 1
    assert of_a(tmp_path, "2024-03-07")["opened"] == 2


@pytest.mark.slow
def test_a_window_covers_its_last_day_and_the_days_before(tmp_path: Path) -> None:
    assert of_a(tmp_path, "2024-03-07")["last_week"] == 2  # the first to the seventh
    assert of_a(tmp_path, "2024-03-08")["last_week"] == 2  # the second to the eighth
    assert of_a(tmp_path, "2024-03-08")["last_day"] == 1
    assert of_a(tmp_path, "2024-03-09")["last_day"] == 0


@pytest.mark.slow
def test_a_row_counts_once_it_was_recorded(tmp_path: Path) -> None:
    recorded = "recorded_at: loaded"
    assert of_a(tmp_path, "2024-03-08", recorded)["opened"] == 2  # the second arrives on the tenth
    assert of_a(tmp_path, "2024-03-10", recorded)["opened"] == 3
    assert of_a(tmp_path, "2024-03-08", recorded, known_at="2024-03-10T12:00:00")["opened"] == 3
    assert of_a(tmp_path, "2024-03-08", known_at="2024-03-07T12:00:00")["opened"] == 2


@pytest.mark.slow
def test_without_an_arrival_of_its_own_a_row_arrives_after_a_while(tmp_path: Path) -> None:
    later = "arrives_after: 2 days"
    assert of_a(tmp_path, "2024-03-08", later)["opened"] == 1
    assert of_a(tmp_path, "2024-03-09", later)["opened"] == 2


@pytest.mark.slow
def test_what_is_known_later_is_null_until_then(tmp_path: Path) -> None:
    later = "known_later: {closed: closed, stars: closed}"
    assert of_a(tmp_path, "2024-03-04", later)["satisfaction"] is None
    assert of_a(tmp_path, "2024-03-05", later)["satisfaction"] == 4
    assert of_a(tmp_path, "2024-03-04", later)["still_open"] == 1
    assert of_a(tmp_path, "2024-03-08", later)["still_open"] == 2
    assert of_a(tmp_path, "2024-03-09", later)["satisfaction"] == 3
    assert of_a(tmp_path, "2024-03-09", "known_later: [closed]")["still_open"] == 1


@pytest.mark.slow
def test_many_dates_give_what_each_gives_alone(tmp_path: Path) -> None:
    options = "recorded_at: loaded\n    known_later: {closed: closed, stars: closed}"
    days = [f"2024-03-{day:02}" for day in range(1, 15)]
    together = values_at(tmp_path, DATASETS % options, {"tickets": TICKETS}, *days)
    for day, values in zip(days, together, strict=True):
        (alone,) = values_at(tmp_path, DATASETS % options, {"tickets": TICKETS}, day)
        assert values.accounts.metrics.equals(alone.accounts.metrics), day
        assert values.as_of == alone.as_of


ZONED = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  logins: {file: logins.csv, account: account_id, occurred_at: at%s}
metrics:
  logins: {dataset: logins, aggregate: count(), window: 1 day}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("project_zone", "source_zone", "at", "day"),
    [
        ("UTC", None, "2024-03-01 23:30:00", "2024-03-01"),
        ("Europe/Berlin", None, "2024-03-01 23:30:00", "2024-03-01"),
        ("Europe/Berlin", "UTC", "2024-03-01 23:30:00", "2024-03-02"),
        ("America/New_York", "UTC", "2024-03-01 03:00:00", "2024-02-29"),
        ("UTC", "Asia/Tokyo", "2024-03-01 08:00:00", "2024-02-29"),
        ("Europe/Berlin", "UTC", "2024-03-01 23:30:00+02:00", "2024-03-01"),
        ("Europe/Berlin", "Asia/Tokyo", "2024-03-01", "2024-03-01"),  # a date is that day in the project's zone
    ],
)
def test_times_are_read_in_their_zone_and_days_in_the_projects(
    tmp_path: Path, project_zone: str, source_zone: str | None, at: str, day: str
) -> None:
    (tmp_path / "keepwell.yaml").write_text(f"time_zone: {project_zone}\n")
    definitions = ZONED % (f", time_zone: {source_zone}" if source_zone else "")
    around = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02", "2024-03-03"]
    found = values_at(tmp_path, definitions, {"logins": f"account_id,at\nA,{at}\n"}, *around)
    assert [one for one, values in zip(around, found, strict=True) if metric(values, "logins")["A"]] == [day]


HISTORY = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  deals: {file: deals.csv, key: deal, account: account_id, occurred_at: created, changed_at: changed, deleted: gone}
metrics:
  pipeline: {dataset: deals, aggregate: sum(amount), where: "state <> 'lost'"}
"""
DEALS = """\
deal,account_id,created,changed,state,amount,gone
d1,A,2024-01-01,2024-01-01,new,10,
d1,A,2024-01-01,2024-02-01,new,30,
d1,A,2024-01-01,2024-03-01,lost,30,
d2,A,2024-01-15,2024-01-15,new,5,
d2,A,2024-01-15,2024-02-15,new,5,true
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "pipeline"),
    [("2024-01-01", 10), ("2024-01-31", 15), ("2024-02-01", 35), ("2024-02-15", 30), ("2024-03-01", 0)],
)
def test_of_several_rows_a_key_the_latest_change_counts(tmp_path: Path, day: str, pipeline: float) -> None:
    (values,) = values_at(tmp_path, HISTORY, {"deals": DEALS}, day)
    assert metric(values, "pipeline")["A"] == pipeline


POPULATION = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: id, started_at: started, ended_at: ended, changed_at: changed}
metrics:
  seats: {attribute: seats}
  still_here: {formula: "case when ended is null then 1 else 0 end"}
"""
LIVES = """\
id,started,ended,changed,seats
A,2024-01-01,,2024-01-01,5
A,2024-01-01,2024-03-01,2024-02-01,7
B,2024-02-01,,2024-01-15,1
"""


@pytest.mark.slow
def test_the_population_is_who_has_started_and_has_not_ended(tmp_path: Path) -> None:
    days = ["2023-12-31", "2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"]
    found = values_at(tmp_path, POPULATION, {"accounts": LIVES}, *days)
    assert [metric(values, "seats") for values in found] == [{}, {"A": 5}, {"A": 7, "B": 1}, {"A": 7, "B": 1}, {"B": 1}]
    assert metric(found[3], "still_here") == {"A": 1, "B": 1}  # the end is never known before its day
    assert str(found[2].accounts.observed["seats"][0]) == "2024-02-01"  # type: ignore[index]


@pytest.mark.slow
def test_attributes_without_history_are_said_to_have_none(tmp_path: Path) -> None:
    (values,) = values_at(tmp_path, DATASETS % "", {"tickets": TICKETS}, "2024-03-01")
    assert any("has no history" in warning for warning in values.warnings)


SILENT = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  logins: {file: logins.csv, account: account_id, occurred_at: day, expected_every: 2 days}
metrics:
  logins: {dataset: logins, aggregate: count(), window: 30 days}
"""


@pytest.mark.slow
def test_a_silent_dataset_is_warned_of_and_its_metrics_are_marked(tmp_path: Path) -> None:
    rows = {"logins": "account_id,day\nA,2024-03-01\nB,2024-03-03\n"}
    fresh, silent = values_at(tmp_path, SILENT, rows, "2024-03-05", "2024-03-06")
    assert fresh.accounts.silent == {}
    assert {name: str(day) for name, day in silent.accounts.silent.items()} == {"logins": "2024-03-03"}
    assert any("'logins' is silent" in warning for warning in silent.warnings)


@pytest.mark.slow
def test_texts_that_stand_for_no_value_are_null(tmp_path: Path) -> None:
    definitions = DATASETS % 'nulls: ["?", NA]'
    rows = "id,account_id,opened,loaded,closed,stars\n1,A,2024-03-01,2024-03-01,?,4\n2,A,2024-03-01,2024-03-01,NA,?\n"
    (values,) = values_at(tmp_path, definitions, {"tickets": rows}, "2024-03-05")
    assert metric(values, "still_open")["A"] == 2
    assert metric(values, "satisfaction")["A"] == 4
