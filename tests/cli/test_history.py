"""keepwell history: many dates in one file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet
import pytest

from keepwell.cli.dates import Every, parse_every, steps
from tests.cli.project import AS_OF, Command, Project


@pytest.mark.slow
def test_one_file_with_every_date_and_a_summary(keepwell: Command, project: Project, tmp_path: Path) -> None:
    file = tmp_path / "history.parquet"
    answer = keepwell(*project.arguments("history", "--from", "2026-09-20", "--to", AS_OF, "--out", str(file)))
    assert answer.code == 0
    assert answer.err == ""
    written = pyarrow.parquet.read_table(file)
    dates = sorted(set(written["as_of"].to_pylist()))
    assert dates == [date(2026, 9, 26), *(date(2026, 10, day) for day in (3, 10, 17, 24, 31))]
    cedar = written.filter(pc.equal(written["entity_id"], "a3"))["as_of"].to_pylist()
    assert set(cedar) == {date(2026, 9, 26)}
    assert f"{written.num_rows} rows of 6 dates" in answer.out
    assert "mean score" in answer.out


@pytest.mark.slow
def test_a_refused_date_leaves_no_file(keepwell: Command, project: Project, tmp_path: Path) -> None:
    project.fill(
        "accounts.csv", "account_id,company,signed_on,churned_on,arr,renewal_date,seats\na1,A,,,1,,2\na1,A,,,1,,2\n"
    )
    file = tmp_path / "history.csv"
    answer = keepwell(*project.arguments("history", "--from", "2026-10-01", "--to", AS_OF, "--out", str(file)))
    assert answer.code == 1
    assert "a1" in answer.err
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_dates_the_wrong_way_round_are_refused(keepwell: Command, project: Project, tmp_path: Path) -> None:
    answer = keepwell(
        *project.arguments("history", "--from", AS_OF, "--to", "2026-10-01", "--out", str(tmp_path / "h.csv"))
    )
    assert answer.code == 1
    assert "lies after" in answer.err


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("day", Every(1)),
        ("week", Every(7)),
        ("month", Every(1, months=True)),
        ("10 days", Every(10)),
        ("2 Weeks", Every(14)),
        ("3 months", Every(3, months=True)),
    ],
)
def test_steps_as_people_write_them(text: str, every: Every) -> None:
    assert parse_every(text) == every


def test_months_keep_the_day_where_they_can() -> None:
    found = steps(date(2026, 1, 1), date(2026, 5, 31), Every(1, months=True))
    assert found == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
