"""Files of values: kept for as long as was said, never those that pages need, and built again when asked for."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth, Run
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.place import values_path
from keepwell.apps.health.retaining import ASIDE_DAYS, retain_values
from keepwell.apps.health.running import carry_out
from keepwell.errors import RequestRefused
from keepwell.server.environment import read_environment
from tests.apps.conftest import People
from tests.apps.scored import TODAY


def written_long_ago(folder: Path) -> None:
    then = time.time() - (ASIDE_DAYS + 1) * 86400
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def scored(people: People, days_ago: int) -> Run:
    version = current_version()
    assert version is not None
    run = ask_for_run(actor=Person(people.manager), as_of=TODAY - timedelta(days=days_ago))
    carry_out(run, version)
    run.refresh_from_db()
    assert values_path(run.pk).exists()
    return run


@pytest.mark.slow
def test_values_of_old_dates_go_and_those_in_reach_stay(company: Account, people: People, data_dir: Path) -> None:
    near, far = scored(people, 9), scored(people, 12)
    written_long_ago(data_dir / "values")
    assert retain_values(10) == 1
    assert values_path(near.pk).exists()
    assert not values_path(far.pk).exists()
    far.refresh_from_db()
    assert far.values_file == ""
    assert retain_values(10) == 0


@pytest.mark.slow
def test_of_a_date_that_was_scored_again_the_newest_values_stay(
    company: Account, people: People, data_dir: Path
) -> None:
    first, second = scored(people, 3), scored(people, 3)
    written_long_ago(data_dir / "values")
    retain_values(35)
    assert not values_path(first.pk).exists()
    assert values_path(second.pk).exists()


@pytest.mark.slow
def test_what_pages_show_stays_however_old(company: Account, people: People, data_dir: Path) -> None:
    shown = scored(people, 30)
    CurrentHealth.objects.filter(pk="zeta").update(run=shown)
    newest = Run.objects.filter(status="done").latest("as_of", "known_at")
    written_long_ago(data_dir / "values")
    retain_values(7)
    assert values_path(shown.pk).exists()
    assert values_path(newest.pk).exists()


@pytest.mark.slow
def test_what_was_written_lately_and_half_written_files_wait_a_week(
    company: Account, people: People, data_dir: Path
) -> None:
    far = scored(people, 40)
    backtest = data_dir / "values" / "backtests" / "0123" / "2026-01-01.arrow"
    backtest.parent.mkdir(parents=True)
    backtest.write_text("")
    half = data_dir / "values" / "run-00000001.4711"
    half.write_text("")
    assert retain_values(7) == 0
    written_long_ago(data_dir / "values")
    assert retain_values(7) >= 3
    assert not values_path(far.pk).exists()
    assert not backtest.parent.exists()
    assert not half.exists()


@pytest.mark.slow
def test_pages_answer_after_values_went(company: Account, people: People, data_dir: Path, as_owner: Client) -> None:
    written_long_ago(data_dir / "values")
    retain_values(7)
    for panel in ("scorecard", "change", "history", "benchmark", "reach"):
        assert as_owner.get(f"/customers/acme/panels/{panel}/").status_code == 200
    assert as_owner.get("/portfolio/movers/").status_code == 200


@pytest.mark.parametrize(("said", "days"), [("", 35), ("90", 90), ("all", None)])
def test_how_long_is_a_setting(said: str, days: int | None, tmp_path: Path) -> None:
    assert environment(tmp_path, said).keep_values == days


@pytest.mark.parametrize("said", ["6", "-1", "a week", "1.5"])
def test_less_than_the_week_that_pages_compare_with_is_refused(said: str, tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match=r"KEEPWELL_KEEP_VALUES is .*: give a number of days of 7 or more"):
        environment(tmp_path, said)


def environment(folder: Path, said: str):  # type: ignore[no-untyped-def]
    return read_environment(
        {"DATABASE_URL": "postgresql://a@/b?host=/c", "KEEPWELL_DATA_DIR": str(folder), "KEEPWELL_KEEP_VALUES": said}
    )
