"""The advocacy example: numbers worked by hand, and rules that thank and protect."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from keepwell.cli.app import app
from keepwell.engine.run import Run
from tests.examples.reading import EXAMPLES, run_example, seen

FOLDER = EXAMPLES / "advocacy"
DATA = FOLDER / "data"
DAY = date(2026, 10, 31)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run() -> Run:
    return run_example("advocacy", DATA, DAY)


def test_points_halve_or_fall_to_nothing_and_a_won_deal_counts_from_its_day(run: Run) -> None:
    acme = seen(run, "acme")
    # 32 points since the deal was won, 180 days ago, half of them gone; 42 of a tour 4 days ago; the review came later
    assert acme.metrics["advocacy_points"] == pytest.approx(32 * 0.5 + 42 * 0.5 ** (4 / 365))
    assert (acme.metrics["advocacy_influenced"], acme.metrics["advocacy_won"]) == (110_000, 50_000)
    assert (acme.metrics["advocacy_count"], acme.metrics["advocacy_recency"]) == (2, 4)
    dune = seen(run, "dune")
    assert dune.metrics["advocacy_points"] == pytest.approx(25 * (1 - 244 / 365))  # the other one was taken back
    before = run_example("advocacy", DATA, date(2026, 7, 31))
    assert seen(before, "acme").metrics["advocacy_points"] == pytest.approx(17 * 0.5 ** (88 / 180))


def test_customers_and_partners_have_cards_of_their_own(run: Run) -> None:
    brix, east = seen(run, "brix"), seen(run, "east")
    assert set(brix.groups) == {"usage", "advocacy"}
    assert set(east.groups) == {"business", "voice"}
    assert brix.groups["usage"] == pytest.approx(87.5)
    points = 10 * 0.5 ** (273 / 365)
    assert brix.groups["advocacy"] == pytest.approx((3 * (50 + points / 40 * 50) + 75) / 4)
    assert brix.final == pytest.approx(0.8 * brix.groups["usage"] + 0.2 * brix.groups["advocacy"])
    assert east.metrics["win_rate"] == pytest.approx(2 / 3)
    assert seen(run, "cato").groups["advocacy"] == 50  # never asked is no fault


def test_rules_thank_and_wake_those_they_should() -> None:
    found = CliRunner().invoke(app, ["rules", str(FOLDER), "--data", str(DATA), "--as-of", str(DAY)])
    assert found.exit_code == 0, found.output
    parts = found.output.split("   thank_advocates")[1].split("   wake_sleeping_advocates")
    assert "acme" in parts[0]
    assert "brix" in parts[1]
    assert "dune" not in parts[1]
