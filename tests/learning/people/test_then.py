"""In which segment an account was when it was spoken of, not in which it is now."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml

from keepwell.definitions import parse_project
from keepwell.lake.data import open_data
from keepwell.learning.people.then import segments_then

DEFINITIONS = yaml.safe_load("""
datasets:
  accounts: {role: accounts, file: accounts.csv, key: id}
  logins: {file: logins.csv, account: id, occurred_at: day}
metrics:
  logins_28d: {dataset: logins, aggregate: count(), window: 28 days}
segments:
  busy: logins_28d >= 2
  quiet: logins_28d < 2
""")


@pytest.mark.slow
def test_an_account_counts_with_the_segment_of_its_day(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("id\na\nb\n")
    (tmp_path / "logins.csv").write_text("id,day\na,2026-01-05\na,2026-01-06\nb,2026-03-01\n")
    project = parse_project(DEFINITIONS)
    day = np.array([date(2026, 3, 2), date(2026, 1, 10), date(2026, 1, 10), date(2026, 1, 10)], "datetime64[D]")
    with open_data(project, tmp_path) as data:
        found = segments_then(project, data, pa.array(["a", "a", "b", "gone"]), day, None)
    assert found.to_pylist() == ["quiet", "busy", "quiet", None]
