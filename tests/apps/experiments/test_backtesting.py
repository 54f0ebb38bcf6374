"""A backtest from question to answer: carried out once, gone on with after a death, told in words when refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from keepwell.apps.access.actors import Forbidden, Person, System
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, publish
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.jobs import carry_out
from keepwell.apps.experiments.kinds.work import folder_of
from keepwell.apps.experiments.making import MAX_ATTEMPTS, make
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.experiments.operations import ask_for_backtest
from keepwell.apps.experiments.retaining import retain_behind
from keepwell.apps.experiments.subjects import outdated
from keepwell.errors import FieldRefused
from tests.apps.at_once import at_once
from tests.apps.conftest import People
from tests.apps.experiments.conftest import DATED
from tests.apps.health.test_killed_run import wait_for, worker
from tests.apps.killing import is_cut, killed_at
from tests.apps.scored import FILES

pytestmark = pytest.mark.slow


def asked(people: People, wanted: Wanted) -> Experiment:
    return ask_for_backtest(actor=Person(people.manager), wanted=wanted)


def test_the_card_in_force_is_judged(past: Wanted, people: People) -> None:
    one = asked(people, past)
    make(one)
    assert (one.status, one.error, one.step) == (Status.DONE, "", "")
    assert one.done == one.total > 0
    assert one.result["observations"] == 60
    assert one.result["variants"]["as_shown"]["auc"]["value"] > 0.7, "those who sign in seldom leave"
    assert one.result["labels"] == {"worst": "red", "best": "green"}
    assert Change.objects.filter(object_kind="experiment", object_id=str(one.pk)).count() == 1


def test_a_segment_is_judged_by_itself(past: Wanted, people: People) -> None:
    """Those who seldom sign in at the time: no more of them than there were, and all that left among them."""
    quiet = {**DATED, "quiet.yaml": "segments: {quiet: logins_28d < 5}\n"}
    publish(actor=System("tests"), files=quiet, note="A segment")
    whole = asked(people, replace(past, of="version:2"))
    part = asked(people, replace(past, of="version:2", segment="quiet"))
    make(whole)
    make(part)
    assert part.status == Status.DONE, part.error
    (row,) = [one for one in whole.result["parts"] if one["name"] == "quiet"]
    numbers = row["loss_rate"]["numbers"]
    assert 0 < part.result["observations"] == numbers["observations"] < whole.result["observations"]
    assert part.result["lost"] == numbers["lost"]
    assert part.result["variants"]["as_shown"]["auc"] == row["ranks"]["auc"]
    early = part.result["warned"]["rows"][0]["below_best"]["numbers"]
    assert early["observations"] == part.result["lost"]


def test_two_who_ask_the_same_share_a_run_until_it_ends(past: Wanted, people: People) -> None:
    one = asked(people, past)
    same = ask_for_backtest(actor=Person(people.admin), wanted=past)
    assert same.pk == one.pk
    assert ProcrastinateJob.objects.filter(task_name="experiments:carry out").count() == 1
    assert asked(people, replace(past, lead_days=60)).pk != one.pk
    make(one)
    assert asked(people, past).pk != one.pk, "what has ended is asked anew: facts may have come"


@pytest.mark.django_db(transaction=True)
def test_those_who_ask_at_the_same_moment_share_a_run_too(past: Wanted, people: People) -> None:
    assert at_once(lambda: asked(people, past), workers=4) == []
    assert Experiment.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="experiments:carry out").count() == 1


def test_a_run_that_was_killed_goes_on_from_the_dates_that_it_had(past: Wanted, people: People, data_dir: Path) -> None:
    whole = asked(people, replace(past, every_days=7))
    make(whole)
    kept = data_dir / "values" / "backtests"
    for path in kept.rglob("*.arrow"):
        path.unlink()
    one = asked(people, replace(past, every_days=7))
    statement = next(number for number in range(4, 40) if _progressed(one, number))
    one.refresh_from_db()
    assert one.status == Status.RUNNING
    before = {path: path.stat().st_mtime_ns for path in kept.rglob("*.arrow")}
    assert before, statement
    carry_out(experiment_id=one.pk)
    one.refresh_from_db()
    assert (one.status, one.attempts > 1) == (Status.DONE, True)
    assert one.result == whole.result
    assert {path: path.stat().st_mtime_ns for path in before} == before, "dates that were done are read"


def _progressed(one: Experiment, statement: int) -> bool:
    """Killed before this statement, after the first dates were told."""
    Experiment.objects.filter(pk=one.pk).update(attempts=0)  # else it is given up
    one.refresh_from_db()
    assert is_cut(lambda: make(one), statement)
    one.refresh_from_db()
    return 2 <= one.done < one.total


def test_one_that_dies_again_and_again_fails_in_words(people: People) -> None:
    one = Experiment.objects.create(kind="backtest", of={}, files={}, parameters={}, asked_by="Mo",
                                    status=Status.RUNNING, attempts=MAX_ATTEMPTS)  # fmt: skip
    carry_out(experiment_id=one.pk)
    one.refresh_from_db()
    assert (one.status, one.attempts) == (Status.FAILED, 3)
    assert one.error.startswith("its process ended 3 times before it was done")


def test_accounts_behind_figures_go_and_the_page_says_so(people: People, as_manager: Client, data_dir: Path) -> None:
    old, new = (
        Experiment.objects.create(kind="backtest", of={"name": "version 1"}, files={}, parameters={}, asked_by="Mo",
                                  status=Status.DONE, ended_at=timezone.now() - timedelta(days=days))
        for days in (91, 89)
    )  # fmt: skip
    kept = [folder_of(one.pk) / "behind.arrow" for one in (old, new)]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.write_text("")
    assert retain_behind() == 1
    assert [path.exists() for path in kept] == [False, True]
    page = as_manager.get(f"/learning/{old.pk}/accounts/?cell=tenth:0").content.decode()
    assert "kept for 90 days; those of this backtest are gone" in page
    assert as_manager.get(f"/api/v1/experiments/{old.pk}/accounts?cell=tenth:0").json()["is_gone"] is True


def test_what_is_done_is_left_alone(past: Wanted, people: People) -> None:
    one = asked(people, past)
    make(one)
    with killed_at(3):
        carry_out(experiment_id=one.pk)
    one.refresh_from_db()
    assert one.attempts == 1


def test_one_that_failed_gives_way_to_who_asked_the_same_since(past: Wanted, people: People) -> None:
    one = asked(people, past)
    Experiment.objects.filter(pk=one.pk).update(status=Status.FAILED, error="The disk was full")
    other = asked(people, past)
    assert other.pk != one.pk
    carry_out(experiment_id=one.pk)
    one.refresh_from_db()
    assert (one.status, one.error) == (Status.FAILED, "The disk was full")


def test_a_draft_may_change_while_it_is_judged(draft: Draft, past: Wanted, people: People) -> None:
    one = asked(people, replace(past, of=f"draft:{draft.pk}", versus="version:1"))
    assert one.of["revision"] == draft.revision
    change_draft(actor=Person(people.manager), draft=draft, change=lambda _: DATED)
    make(one)
    assert one.status == Status.DONE, one.error
    assert one.result["versus"]["name"] == "version 1 (in force)"
    assert f"this is about revision {one.of['revision']}" in outdated(one.of)


def test_a_refusal_of_the_engine_is_told_in_words(past: Wanted, people: People) -> None:
    one = asked(people, replace(past, first=past.first.replace(year=2001), last=past.last.replace(year=2002)))
    make(one)
    assert one.status == Status.FAILED
    assert "2002" in one.error
    assert "Traceback" not in one.error


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"of": "version:99"}, "of", "neither a version nor a draft"),
        ({"of": "version:²"}, "of", "neither a version nor a draft"),
        ({"versus": "draft:1x"}, "versus", "neither a version nor a draft"),
        ({"versus": "version:1"}, "versus", "both are the same definitions"),
        ({"card": "mian"}, "card", "main"),
        ({"segment": "huge"}, "segment", "huge"),
        ({"lead_days": -1}, "lead_days", "give 0 to 3,660"),
        ({"every_days": 0}, "every_days", "give 1 to 3,660"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    past: Wanted, people: People, change: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(FieldRefused, match=says) as refused:
        asked(people, replace(past, **change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_definitions_without_outcomes_or_with_faults_are_refused(draft: Draft, past: Wanted, people: People) -> None:
    wanted = replace(past, of=f"draft:{draft.pk}")
    change_draft(actor=Person(people.manager), draft=draft, change=lambda _: FILES)
    with pytest.raises(FieldRefused, match="role: outcomes"):
        asked(people, wanted)
    change_draft(actor=Person(people.manager), draft=draft, change=lambda now: {**now, "card.yaml": "scorecards: 3"})
    with pytest.raises(FieldRefused, match="is not valid"):
        asked(people, wanted)


def test_it_takes_the_right_to_configure(past: Wanted, people: People) -> None:
    for somebody in (people.owner, people.colleague, people.stranger):
        with pytest.raises(Forbidden):
            ask_for_backtest(actor=Person(somebody), wanted=past)
    assert not Experiment.objects.exists()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_it_to_the_next(
    transactional_db: None, past: Wanted, people: People, data_dir: Path
) -> None:
    one = asked(people, replace(past, every_days=1))
    with worker(data_dir) as first:
        wait_for(lambda: Experiment.objects.get(pk=one.pk).done > 0, 60)
        first.kill()
        first.wait(30)
    one.refresh_from_db()
    assert (one.status, 0 < one.done < one.total) == (Status.RUNNING, True)
    before = {path: path.stat().st_mtime_ns for path in (data_dir / "values" / "backtests").rglob("*.arrow")}
    carry_out(experiment_id=one.pk)
    one.refresh_from_db()
    assert (one.status, one.attempts) == (Status.DONE, 2)
    assert {path: path.stat().st_mtime_ns for path in before} == before, "dates that were done are read"
