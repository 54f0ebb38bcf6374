"""CDNOW at the end of 1997: all customers against published snapshots, three of them worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from keepwell.engine.run import Run
from tests.examples.reading import run_example, seen

exactly = pytest.approx
SNAPSHOT = "recency_days, tenure_days, orders, spend, cds, orders_90, spend_90, avg_order"


@pytest.fixture(scope="module")
def run(shared: Path) -> Run:
    return run_example("cdnow", shared / "data" / "cdnow", date(1997, 12, 31))


@pytest.mark.slow
def test_every_customer_equals_the_snapshot(run: Run, shared: Path) -> None:
    file = shared / "data" / "cdnow" / "snapshots.csv.gz"
    with duckdb.connect() as connection:
        expected = connection.sql(
            f"select customer_id::varchar as customer_id, {SNAPSHOT} from read_csv(?) "
            "where snapshot = date '1997-12-31' order by 1",
            params=[str(file)],
        ).to_arrow_table()
    assert run.values.accounts.ids.to_pylist() == expected["customer_id"].to_pylist()
    assert len(expected) == 23570
    for name in SNAPSHOT.split(", "):
        found = run.values.accounts.metrics[name].to_numpy().astype(float)
        np.testing.assert_allclose(found, expected[name].to_numpy().astype(float), rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.slow
def test_a_customer_who_is_on_time(run: Run) -> None:
    """Customer 3: 01-02, 03-30, 04-02, 11-15 and 11-25; in all 139.47 dollars."""
    found = seen(run, "3")
    assert found.metrics["usual_gap_days"] == 81.75  # 327 days between the first and the last of 5
    assert found.measures == exactly(
        {
            "recency": 87,  # 36 days, from (30, 90) to (90, 60): 90 - 3
            "overdue": 100,  # 36 / 81.75 of the usual gap
            "purchases": 69.897000,  # 100 ln 5 / ln 10
            "trend": 100,  # 2 since October 3rd, none in the 90 days before
            "spend_rank": 83.938815,  # 6585 of the 7846 who began in January spent less: 100 * 6585 / 7845
        }
    )
    # 0.5 * (2 * 87 + 100) / 3 + 0.3 * (69.897000 + 100) / 2 + 0.2 * 83.938815
    assert found.computed == exactly(87.938980)
    assert (found.final, found.label, found.overrides) == (found.computed, "A", ())


@pytest.mark.slow
def test_a_customer_who_bought_once(run: Run) -> None:
    """Customer 1: 11.77 dollars on January 1st and nothing since; no rhythm to be overdue against."""
    found = seen(run, "1")
    assert found.metrics["usual_gap_days"] is None
    assert found.metrics["overdue"] is None
    # Recency 364 days: 20 (1 - 184/185) = 0.108108; one purchase is 0, no change is 50
    # Spent less: 371 of 7846, as much: 223. 100 (371 + 222/2) / 7845 = 6.144041
    assert found.groups == exactly({"recency": 0.108108, "frequency": 25, "money": 6.144041}, rel=1e-5)
    assert found.computed == exactly(8.782862)  # 0.5 * 0.108108 + 0.3 * 25 + 0.2 * 6.144041
    assert (found.label, found.overrides) == ("F", ("silent",))  # in that band already: nothing to change
    assert found.final == found.computed
    assert found.coverage == exactly(0.833333)  # a third of recency, half of the card, is missing


@pytest.mark.slow
def test_a_customer_who_fell_silent(run: Run) -> None:
    """Customer 9: 01-01 and 05-13, 53.87 dollars; 232 days of silence after a gap of 132."""
    found = seen(run, "9")
    # Recency 20 (1 - 52/185) = 14.378378; 232/132 = 1.76 times the gap is 70; (2 * 14.378378 + 70) / 3
    assert found.groups["recency"] == exactly(32.918919)
    assert found.groups["frequency"] == exactly(40.051500)  # (30.103000 + 50) / 2
    assert found.groups["money"] == exactly(58.6, abs=0.02)  # 4597 below, one with the same sum but for a last bit
    assert found.computed == exactly(40.195, abs=0.01)
    assert (found.final, found.label, found.overrides) == (20, "F", ("silent",))
