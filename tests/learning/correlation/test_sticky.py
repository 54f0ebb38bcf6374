"""Sticky features and patterns in a world whose truth is known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from keepwell.definitions import load_project
from keepwell.learning.correlation.correlating import Correlation, correlation
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.study import Request, study
from tests.learning.company import LAST, Company, company
from tests.learning.optimizer.asking import definitions


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Of 240 accounts that start within the facts, those that stay took up reports within 40 days; everybody mails."""
    folder = tmp_path_factory.mktemp("sticky") / "company"
    folder.mkdir()
    found = company(folder, accounts=240)
    found.definitions["datasets"]["uses"] = {"file": "uses.csv", "account": "account_id", "occurred_at": "day"}
    found.definitions["datasets"]["advocacy"] = {"file": "advocacy.csv", "account": "account_id", "occurred_at": "day"}
    found.definitions["metrics"]["features_28d"] = {
        "dataset": "uses",
        "aggregate": "count_distinct(feature)",
        "window": "28 days",
    }
    found.definitions["metrics"]["references"] = {"dataset": "advocacy", "aggregate": "count()"}
    _write_uses(found)
    return found


def _write_uses(made: Company) -> None:
    random = np.random.default_rng(6)
    lost = {row["account_id"]: row["result"] == "lost" for row in made.tables["renewals"]}
    decided = {row["account_id"]: row["decided_on"] for row in made.tables["renewals"]}
    made.tables["uses"], made.tables["advocacy"] = [], []
    for row in made.tables["accounts"]:
        name = row["account_id"]
        start = decided[name] - timedelta(days=120)
        row["signed_on"] = start
        row["changed_at"] = start
        late = lost[name] != (random.random() < 0.15)
        begin = start + timedelta(days=int(random.integers(95, 110)) if late else int(random.integers(1, 40)))
        for feature, first in (("mail", start), ("reports", begin)):
            for day in range((decided[name] - first).days):
                if day % 5 == 0:
                    made.tables["uses"].append(
                        {"account_id": name, "day": first + timedelta(days=day), "feature": feature}
                    )
        if not lost[name] and random.random() < 0.6:
            made.tables["advocacy"].append({"account_id": name, "day": start + timedelta(days=30)})
    made.tables["uses"].append({"account_id": "a000", "day": date(2025, 8, 1), "feature": "mail"})


def found_in(made: Company, limits: Limits | None = None) -> Correlation:
    with made.data() as data:
        request = Request("health", LAST, 1, limits or Limits(), draws=40)
        return correlation(study(load_project(definitions(made)), data, request))


@pytest.fixture(scope="module")
def found(made: Company) -> Correlation:
    return found_in(made)


@pytest.mark.slow
def test_the_feature_that_separates_is_first_and_says_by_when(found: Correlation) -> None:
    assert found.features is not None
    assert (found.features.dataset, found.features.column) == ("uses", "feature")
    reports = found.sticky[0]
    assert reports.feature == "reports"
    assert reports.is_sticky
    assert reports.by_when in (30, 60)
    mail = next(one for one in found.sticky if one.feature == "mail")
    assert not mail.is_sticky
    assert mail.by_when is None


@pytest.mark.slow
def test_use_after_the_observation_does_not_count(found: Correlation) -> None:
    """Accounts that leave took up reports less than 30 days before they decided: after they were looked at."""
    reports = found.sticky[0]
    assert reports.using.value is not None
    assert reports.not_using.value is not None
    assert reports.using.value < 0.3
    assert reports.not_using.value > 0.6


@pytest.mark.slow
def test_advocacy_goes_with_staying_and_the_words_do_not_call_it_a_cause(found: Correlation) -> None:
    (pattern,) = found.patterns
    assert pattern.advocacy == "references"
    assert pattern.raw is not None
    assert pattern.raw.high < 0
    assert "Neither says that advocacy keeps customers" in pattern.words


@pytest.mark.slow
def test_metrics_tell_less_the_earlier_they_are_looked_at(found: Correlation) -> None:
    by_days = {one.days: one for one in found.lags["logins_28d"]}
    assert by_days[30].auc is not None
    now = next(one.auc for one in found.curves if one.name == "logins_28d")
    assert now is not None
    assert abs(by_days[30].auc - 0.5) < abs(now - 0.5)


@pytest.mark.slow
def test_a_company_without_features_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    folder.mkdir()
    found = found_in(company(folder, accounts=80))
    assert found.sticky == ()
    assert found.no_features is not None
    assert "name one under 'features'" in found.no_features
