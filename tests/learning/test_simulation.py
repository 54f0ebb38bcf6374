"""A simulated company, whose true chances of loss are known: a score from honest values cannot beat them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from keepwell.definitions import load_project
from keepwell.lake.data import open_data
from keepwell.learning.backtest import Contender, Settings, backtest
from keepwell.learning.figures.ranking import auc
from keepwell.learning.observing import Question
from keepwell.simulation import simulate
from keepwell.simulation.shipped import write_definitions

pytestmark = pytest.mark.slow

FIRST, END = date(2026, 2, 1), date(2026, 10, 31)


@pytest.mark.slow
def test_the_shipped_score_tells_and_not_more_than_the_truth_does(tmp_path: Path) -> None:
    write_definitions(tmp_path / "definitions")
    simulate(tmp_path, end=END, accounts=1_500, days=600, seats=(3.0, 5.0, 8.0))
    project = load_project(tmp_path / "definitions")
    with open_data(project, tmp_path / "data") as data:
        asked = Question(FIRST, END, lead_days=30, every_days=30)
        report = backtest(Contender("shipped", project, data), asked, Settings(draws=200))
    truth = pq.read_table(tmp_path / "truth" / "renewals.parquet").to_pandas()
    seen = truth[(truth.decided_on >= FIRST) & (truth.decided_on <= END)]
    best = auc(-seen.churn_probability.to_numpy(), (seen.result == "lost").to_numpy())
    found = report.ranks.auc
    assert 0.55 < found.low < found.high
    assert found.value < best + 0.02
    assert abs(report.loss_rate.value - np.mean(seen.result == "lost")) < 0.02
    rates = {row.label: row.loss_rate.value for row in report.bands if row.observations > 100}
    assert rates["red"] > rates["yellow"] > rates["green"]
