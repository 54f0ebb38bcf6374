"""What goes together with leaving, worked out again from the rows by plain loops and by other libraries."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from keepwell.definitions import load_project
from keepwell.learning.correlation.correlating import Correlation, correlation
from keepwell.learning.correlation.curves import curve
from keepwell.learning.correlation.patterns import THIRDS
from keepwell.learning.correlation.rates import Rate, wilson
from keepwell.learning.correlation.sticky import FEWEST, TENURES
from keepwell.learning.correlation.uses import STRETCH_DAYS
from keepwell.learning.optimizer.study import Request, Study, study
from tests.learning.company import LAST, Company, company
from tests.learning.optimizer.asking import definitions

FEATURES = ("mail", "reports", "export")
Days = dict[str, list[date]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Accounts that start at different days, use three features now and then, and sometimes speak for us."""
    found = company(tmp_path_factory.mktemp("by_hand") / "company", accounts=160, seed=9)
    found.definitions["datasets"] |= {
        "uses": {"file": "uses.csv", "account": "account_id", "occurred_at": "day", "recorded_at": "loaded_on"},
        "advocacy": {"file": "advocacy.csv", "account": "account_id", "occurred_at": "day"},
    }
    found.definitions["metrics"] |= {
        "features_28d": {"dataset": "uses", "aggregate": "count_distinct(feature)", "window": "28 days"},
        "references": {"dataset": "advocacy", "aggregate": "count()"},
    }
    random = np.random.default_rng(12)
    found.tables["uses"], found.tables["advocacy"] = [], []
    outcomes = {row["account_id"]: row for row in found.tables["renewals"]}
    for row in found.tables["accounts"]:
        _live(found, row, outcomes[row["account_id"]], random)
    return found


def _live(made: Company, row: dict[str, Any], outcome: dict[str, Any], random: np.random.Generator) -> None:
    name, decided, lost = row["account_id"], outcome["decided_on"], outcome["result"] == "lost"
    start = decided - timedelta(days=int(random.integers(60, 300)))
    row["signed_on"] = row["changed_at"] = start
    for feature in FEATURES:
        if random.random() < (0.4 if lost and feature == "reports" else 0.8):
            first = int(random.integers(0, 120))
            for day in range(first, (decided - start).days, int(random.integers(3, 60))):
                used, late = start + timedelta(days=day), int(random.choice([0, 0, 0, 9]))
                loaded = used + timedelta(days=late)
                made.tables["uses"].append({"account_id": name, "day": used, "loaded_on": loaded, "feature": feature})
    if random.random() < (0.2 if lost else 0.6):
        made.tables["advocacy"].append({"account_id": name, "day": start + timedelta(days=20)})


@pytest.fixture(scope="module")
def asked(made: Company, tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Correlation]:
    with made.data() as data:
        request = Request("health", LAST, 1, draws=40, values=tmp_path_factory.mktemp("values"))
        found = study(load_project(definitions(made)), data, request)
        return found, correlation(found)


@pytest.fixture(scope="module")
def seen(asked: tuple[Study, Correlation]) -> list[tuple[str, date, bool]]:
    """Account, day and outcome of each observation."""
    one = asked[0].observations
    return [(a, d.astype(date), bool(x)) for a, d, x in zip(one.account.to_pylist(), one.as_of, one.lost, strict=True)]


def days_of(made: Company, table: str, when: str = "day", **chosen: str) -> Days:
    found: Days = {}
    for row in made.tables[table]:
        if all(row[key] == value for key, value in chosen.items()):
            found.setdefault(row["account_id"], []).append(row[when])
    return found


def count(days: Days, account: str, last: date, window: int) -> int:
    return sum(last - timedelta(days=window) < day <= last for day in days.get(account, []))


def same(found: Rate, lost: list[bool]) -> None:
    assert (found.observations, found.lost) == (len(lost), sum(lost))
    if lost:
        assert found.value == pytest.approx(np.mean(lost))
        assert (found.low, found.high) == pytest.approx(wilson(float(np.mean(lost)), found.accounts))


@pytest.mark.slow
def test_the_metric_now_and_earlier(made: Company, asked: tuple[Study, Correlation], seen: Any) -> None:
    """Earlier values are those of the last date of the study that lies far enough back."""
    logins, started = days_of(made, "logins"), {row["account_id"]: row["signed_on"] for row in made.tables["accounts"]}
    dates = sorted({day for _, day, _ in seen})
    for days in (0, 30, 60, 90):
        rows = []
        for account, day, lost in seen:
            before = [one for one in dates if one <= day - timedelta(days=days)]
            if before and started[account] <= before[-1]:
                rows.append((count(logins, account, before[-1], 28), lost))
        expected = roc_auc_score([lost for _, lost in rows], [-value for value, _ in rows])
        if days == 0:
            found = next(one.auc for one in asked[1].curves if (one.kind, one.name) == ("metric", "logins_28d"))
        else:
            (lag,) = (one for one in asked[1].lags["logins_28d"] if one.days == days)
            assert lag.observations == len(rows)
            found = lag.auc
        assert found == pytest.approx(expected)


def test_deciles_are_those_of_a_sort() -> None:
    random = np.random.default_rng(1)
    values, lost = random.normal(size=1_000), random.random(1_000) < 0.2
    found = curve("metric", "x", pa.chunked_array([pa.array(values)]), lost, np.arange(1_000))
    for part, one in zip(np.array_split(np.argsort(values), 10), found.slices, strict=True):
        same(one.rate, lost[part].tolist())
        assert (one.low, one.high) == (values[part].min(), values[part].max())
    assert found.auc == pytest.approx(roc_auc_score(lost, -values))


@pytest.mark.slow
def test_information_value_is_that_of_optbinning() -> None:
    random = np.random.default_rng(2)
    values = random.normal(size=5_000)
    lost = random.random(5_000) < 1 / (1 + np.exp(values + 1.5))
    found = curve("metric", "x", pa.chunked_array([pa.array(values)]), lost, np.arange(5_000))
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from optbinning import OptimalBinning

        edges = [one.high for one in found.slices[:-1]]
        binning = OptimalBinning(user_splits=edges, user_splits_fixed=[True] * len(edges), monotonic_trend=None)
        table = binning.fit(values, lost.astype(int)).binning_table.build()
    logging.disable(logging.NOTSET)
    assert found.information_value == pytest.approx(float(table.loc["Totals", "IV"]), rel=0.01)


@pytest.mark.slow
def test_who_used_a_feature(made: Company, asked: tuple[Study, Correlation], seen: Any) -> None:
    anchor = max(day for _, day, _ in seen)
    for one in asked[1].sticky:
        known = days_of(made, "uses", "loaded_on", feature=one.feature)
        using, others = [], []
        for account, day, lost in seen:
            end = anchor - timedelta(days=-(-(anchor - day).days // STRETCH_DAYS) * STRETCH_DAYS)
            (using if count(known, account, end, STRETCH_DAYS) else others).append(lost)
        same(one.using, using)
        same(one.not_using, others)
        assert one.difference is not None
        assert one.difference.value == pytest.approx(np.mean(using) - np.mean(others))


@pytest.mark.slow
def test_by_when_a_feature_is_taken_up(made: Company, asked: tuple[Study, Correlation], seen: Any) -> None:
    started = {row["account_id"]: row["signed_on"] for row in made.tables["accounts"]}
    begin = min(row["loaded_on"] for row in made.tables["uses"])
    for one in asked[1].sticky:
        first = {
            account: min(days) for account, days in days_of(made, "uses", "loaded_on", feature=one.feature).items()
        }
        clear: dict[int, float] = {}
        for found, tenure in zip(one.by_tenure, TENURES, strict=True):
            adopted, others = [], []
            for account, day, lost in seen:
                limit = started[account] + timedelta(days=tenure)
                if started[account] >= begin and day >= limit:
                    (adopted if first.get(account, date.max) < limit else others).append(lost)
            same(found.adopted, adopted)
            same(found.others, others)
            assert (found.difference is None) == (min(len(adopted), len(others)) < FEWEST)
            if found.difference is not None and found.difference.high < 0:
                clear[found.days] = found.difference.high
        assert one.by_when == min(clear, key=lambda days: clear[days], default=None)
    assert asked[1].sticky[0].feature == "reports"


@pytest.mark.slow
def test_advocacy_among_accounts_of_like_adoption(made: Company, asked: tuple[Study, Correlation], seen: Any) -> None:
    (pattern,) = asked[1].patterns
    assert (pattern.advocacy, pattern.adoption) == ("references", "features_28d")
    speaks, uses = days_of(made, "advocacy"), {}
    for row in made.tables["uses"]:
        uses.setdefault(row["account_id"], []).append(row)

    def adoption(account: str, day: date) -> int:
        window = day - timedelta(days=28)
        return len({u["feature"] for u in uses.get(account, []) if window < u["day"] <= day and u["loaded_on"] <= day})

    rows = [(adoption(a, d), any(day <= d for day in speaks.get(a, [])), lost) for a, d, lost in seen]
    cuts = np.quantile([value for value, _, _ in rows], [1 / 3, 2 / 3])
    in_third: tuple[Callable[[int], bool], ...] = (
        lambda value: value <= cuts[0],
        lambda value: cuts[0] < value <= cuts[1],
        lambda value: value > cuts[1],
    )
    above = below = 0.0
    for name, belongs in zip(THIRDS, in_third, strict=True):
        yes, no = (
            [lost for value, speaks_, lost in rows if belongs(value) and speaks_ is flag] for flag in (True, False)
        )
        cells = {cell.is_advocate: cell.rate for cell in pattern.cells if cell.adoption == name}
        same(cells[True], yes)
        same(cells[False], no)
        if yes and no:
            weight = len(yes) * len(no) / (len(yes) + len(no))
            above, below = above + weight * (np.mean(yes) - np.mean(no)), below + weight
    assert pattern.within == pytest.approx(above / below)
    assert pattern.raw is not None
    both = [np.mean([lost for _, speaks_, lost in rows if speaks_ is flag]) for flag in (True, False)]
    assert pattern.raw.value == pytest.approx(both[0] - both[1])
