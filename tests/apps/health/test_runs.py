"""Runs: incremental as in full, restated beside as shown, followed on their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.access.locks import Lock
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth, Entry, Run
from keepwell.apps.health.operations import after_nightly, ask_for_run, ask_nightly, last_due
from keepwell.apps.health.overlap import one_at_a_time
from keepwell.apps.health.place import lake, opened, values_path, versions_of_facts
from keepwell.apps.health.reminding import remind_owners
from keepwell.apps.health.restating import restate
from keepwell.apps.health.running import carry_out
from keepwell.apps.notices.models import Notice
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.engine.storing import read_values
from keepwell.errors import RequestRefused
from keepwell.lake.data import open_data
from keepwell.lake.history import read_scores
from keepwell.lake.loading import load_dataset
from tests.apps.conftest import People
from tests.apps.scored import TODAY

NIGHT = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=2)


def load_late(data_dir: Path, day: object, account: str = "zeta", count: int = 5) -> None:
    """A file of logins that arrives after the runs."""
    lines = ["account,unit,day,count", *(f"{account},{account}-east,{day},{count}" for _ in range(3))]
    folder = data_dir / "late"
    folder.mkdir()
    (folder / "logins.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    project = current_project()
    assert project is not None
    with open_data(project, folder) as data:
        load_dataset(data, lake(), "logins", append=True)


def nightly(due: datetime = NIGHT) -> Run:
    run = ask_nightly(due=due, now=due)
    version = current_version()
    assert run is not None
    assert version is not None
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == "done", run.error
    return run


def zeta_logins(run: Run) -> float:
    values = read_values(values_path(run.pk)).accounts
    return values.metrics["logins_28d"].to_pylist()[values.ids.to_pylist().index("zeta")]


def shown(basis: str, account: str = "zeta") -> dict[object, float]:
    table = read_scores(lake(), basis=basis, accounts=[account], columns=["entity_kind", "as_of", "final_score"])  # type: ignore[arg-type]
    return {row["as_of"]: row["final_score"] for row in table.to_pylist() if row["entity_kind"] == "account"}


@pytest.mark.slow
def test_a_run_from_what_is_new_gives_what_all_facts_give(company: Account, data_dir: Path) -> None:
    nightly()
    load_late(data_dir, TODAY + timedelta(days=1))
    run = nightly(NIGHT + timedelta(days=1))
    assert run.reading["rebuilt"] == {}
    assert run.reading["touched"]["logins of accounts"] == 1
    project = current_project()
    assert project is not None
    with opened(project) as data:
        at = moment(run.as_of, "UTC", run.known_at)
        in_full = build_values(project, data, [at])[0]
    kept = read_values(values_path(run.pk))
    assert kept.accounts.metrics.equals(in_full.accounts.metrics)
    assert kept.accounts.ids.equals(in_full.accounts.ids)


@pytest.mark.slow
def test_an_attempt_after_a_killed_one_reads_the_same_facts(company: Account, people: People, data_dir: Path) -> None:
    version, project = current_version(), current_project()
    assert version is not None
    assert project is not None
    run = ask_for_run(actor=Person(people.manager), as_of=TODAY)
    run.facts = versions_of_facts(project)  # as the attempt that was killed left it
    run.save()
    load_late(data_dir, TODAY - timedelta(days=1))  # of rows that came without a time of arrival
    carry_out(run, version)
    again = ask_for_run(actor=Person(people.manager), as_of=TODAY)
    carry_out(again, version)
    for one in (run, again):
        one.refresh_from_db()
    assert run.load_ids["logins"] == again.load_ids["logins"] - 1
    assert zeta_logins(again) > zeta_logins(run)


@pytest.mark.slow
def test_late_facts_restate_the_past_beside_what_was_shown(company: Account, data_dir: Path) -> None:
    before = shown("as_shown")
    assert shown("restated") == before
    load_late(data_dir, TODAY - timedelta(days=8))
    run, version = nightly(), current_version()
    assert version is not None
    after_nightly(run, version)
    restated = list(Run.objects.filter(purpose="restated").order_by("as_of"))
    assert [one.as_of for one in restated] == [TODAY - timedelta(weeks=1), TODAY]
    restate(version, restated)
    assert set(Run.objects.filter(purpose="restated").values_list("status", flat=True)) == {"done"}
    for day in (TODAY - timedelta(weeks=1), TODAY):
        assert shown("as_shown")[day] == before[day]
        assert shown("restated")[day] > before[day]
    assert CurrentHealth.objects.get(pk="zeta").as_of == run.as_of  # the past does not become current


@pytest.mark.slow
def test_nothing_late_restates_nothing_and_asking_twice_asks_once(company: Account) -> None:
    run, version = nightly(), current_version()
    assert version is not None
    after_nightly(run, version)
    assert not Run.objects.filter(purpose="restated").exists()
    assert ask_nightly(due=NIGHT, now=NIGHT + timedelta(minutes=5)) == run


@pytest.mark.slow
def test_a_nightly_run_that_was_missed_is_made_up_for(company: Account) -> None:
    run = nightly()
    now = NIGHT + timedelta(days=1, hours=7)  # no worker ran at night
    due = last_due(now, 2, 0)
    assert due == NIGHT + timedelta(days=1)
    late = ask_nightly(due=due, now=now)
    assert late is not None
    assert late != run
    assert (late.as_of, late.known_at) == (now.date(), now)
    assert last_due(NIGHT - timedelta(minutes=1), 2, 0) == NIGHT - timedelta(days=1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_runs_never_overlap(transactional_db: None) -> None:
    def is_free() -> bool:
        with connection.copy().cursor() as other:
            other.execute("select pg_try_advisory_lock(%s)", [Lock.RUNS.value])
            (got,) = other.fetchone()
            other.connection.close()
        return bool(got)

    with one_at_a_time():
        assert not is_free()
    assert is_free()


@pytest.mark.slow
def test_the_score_of_the_day_may_be_computed_again(company: Account, people: People) -> None:
    version = current_version()
    assert version is not None
    for _ in range(2):
        carry_out(ask_for_run(actor=Person(people.manager), as_of=TODAY), version)
    assert Run.objects.filter(as_of=TODAY, status="done").count() == 3
    assert CurrentHealth.objects.count() == 6
    assert len(shown("restated")) == 2  # one row a date, however often it was scored


@pytest.mark.slow
def test_what_fails_is_told_with_what_to_do(company: Account, people: People, as_manager: Client) -> None:
    import shutil

    version = current_version()
    assert version is not None
    shutil.rmtree(lake().root / "facts" / "logins")
    run = ask_for_run(actor=Person(people.manager), as_of=TODAY)
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == "failed"
    text = as_manager.get(f"/configure/runs/{run.pk}/").content.decode()
    assert "What failed, and what to do" in text
    assert "logins" in text
    assert "Run it again" in text
    assert CurrentHealth.objects.exclude(run=run).count() == 6


@pytest.mark.slow
def test_a_manager_starts_a_run_and_follows_it(company: Account, as_manager: Client) -> None:
    text = as_manager.post("/configure/runs/", {"as_of": str(TODAY)}, follow=True).content.decode()
    assert "this page follows it" in text
    assert "waiting" in text
    assert as_manager.post("/configure/runs/", {"as_of": "2999-01-01"}).status_code == 422
    done = Run.objects.filter(status="done").latest("pk")
    text = as_manager.get(f"/configure/runs/{done.pk}/").content.decode()
    assert "writing history" in text
    assert "6 accounts" in text


def test_a_csm_may_not_start_runs(company: Account, people: People, as_owner: Client) -> None:
    assert as_owner.get("/configure/runs/").status_code == 403
    with pytest.raises(Forbidden):
        ask_for_run(actor=Person(people.owner), as_of=TODAY)
    with pytest.raises(RequestRefused, match="has not come yet"):
        ask_for_run(actor=Person(people.manager), as_of=datetime.max.date())


def test_the_owner_hears_once_of_a_score_that_went_stale(company: Account, people: People) -> None:
    entered = datetime(2026, 3, 2, 12, tzinfo=UTC)
    Entry.objects.create(account=company, measure="executive_relationship", score=60, author="Bea",
                         occurred_at=entered, recorded_at=entered)  # fmt: skip
    assert remind_owners(entered + timedelta(days=90)) == 0  # valid for 90 days
    for days in (92, 93):
        assert remind_owners(entered + timedelta(days=days)) == 1
    notice = Notice.objects.get()
    assert notice.user == people.owner
    assert "has gone stale" in notice.text
    assert notice.link == "/customers/acme/scores/executive_relationship/"
