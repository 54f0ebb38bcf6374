"""What the data's columns say to the definitions: values that make a column text, and columns without any value."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.errors import DefinitionsRefused
from tests.engine.building.places import metric, values_at

DEFINITIONS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  invoices: {file: invoices.csv, account: account_id, occurred_at: day}
metrics:
  seats: {attribute: seats}
  paid: {dataset: invoices, aggregate: sum(amount)}
  largest: {dataset: invoices, aggregate: max(amount)}
  urgent: {dataset: invoices, aggregate: count(), where: kind = 'urgent'}
  per_seat: {formula: paid / seats}
"""


def test_the_values_that_make_a_column_text_are_named_by_file_and_line(tmp_path: Path) -> None:
    files = {
        "invoices": "account_id,day,amount,kind\nA,2024-03-01,12,x\nB,2024-03-02,a lot,x\n",
        "accounts": "account_id,seats\nA,1\n",
    }
    with pytest.raises(DefinitionsRefused) as caught:
        values_at(tmp_path, DEFINITIONS, files, "2024-03-05")
    first, last = str(caught.value.problems[0]), str(caught.value.problems[-1])
    assert first.startswith("model.yaml:7: metrics.paid.aggregate: text where a number is needed")
    assert last.startswith("invoices.csv line 3: amount: 'a lot' is not a number")


@pytest.mark.slow
def test_columns_that_hold_nothing_yet_fit_every_expression(tmp_path: Path) -> None:
    files = {"invoices": "account_id,day,amount,kind\n", "accounts": "account_id,seats\nA,\nB,\n"}
    (values,) = values_at(tmp_path, DEFINITIONS, files, "2024-03-05")
    found = {name: metric(values, name)["A"] for name in ("seats", "paid", "largest", "urgent", "per_seat")}
    assert found == {"seats": None, "paid": 0, "largest": None, "urgent": 0, "per_seat": None}
