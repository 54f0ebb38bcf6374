"""Rows of answers make the same value of an account as a metric, read as any dataset is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow.csv as pc
import pytest

from keepwell.engine.surveys.facts import Given, Response, account_values, rows
from tests.engine.building.places import metric, values_at
from tests.engine.surveys.asking import survey
from tests.engine.surveys.test_facts import DAY

DEFINITIONS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  responses:
    file: responses.csv
    key: subject
    changed_at: occurred_at
    account: account_id
    occurred_at: occurred_at
    recorded_at: recorded_at
metrics:
  nps:
    dataset: responses
    aggregate: avg(case when number >= 9 then 100 when number <= 6 then -100 else 0 end)
    where: question = 'recommend'
    window: 365 days
  answers: {dataset: responses, aggregate: count(number), where: question = 'recommend', window: 365 days}
"""


@pytest.mark.slow
def test_a_metric_over_the_rows_is_the_value_of_the_account(tmp_path: Path) -> None:
    given = [
        ("A", "p", 0, 40),
        ("A", "p", 10, 3),
        ("A", "q", 3, 5),
        ("A", None, 9, 6),
        ("A", None, 9, 7),
        ("B", "r", 10, 365),
    ]
    responses = [
        Response(f"r{place}", {"recommend": float(number)}, at := DAY - timedelta(days=days), at, account, person)
        for place, (account, person, number, days) in enumerate(given)
    ]
    table = rows("relationship", "v", survey(), responses)
    pc.write_csv(table, tmp_path / "responses.csv")
    (values,) = values_at(tmp_path, DEFINITIONS, {}, "2026-10-31")
    answers = [
        Given(one.id, one.account or "", one.person, one.answers["recommend"], one.answered_at) for one in responses
    ]
    (found,) = account_values(survey(), answers, date(2026, 10, 31))
    assert metric(values, "nps") == {"A": found.value, "B": None}
    assert metric(values, "answers") == {"A": found.count, "B": 0}
    assert (found.value, found.count) == (50, 4)
