"""Score and revenue 30, 60 and 90 days after a call was closed are those of that very day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit import measuring
from keepwell.apps.cockpit.measuring import record_due
from keepwell.apps.cockpit.models import Measurement
from keepwell.apps.cockpit.operations.closing import close_call, reopen_call
from keepwell.apps.cockpit.progress import fared
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.dating import Dates
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.running import back_fill
from tests.apps.cockpit.opened import opened, publish_playbooks
from tests.apps.conftest import People
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are closed on the day that the company was scored last."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    monkeypatch.setattr(measuring, "dates", lambda: Dates(noon, TODAY, TODAY, "UTC"))


def test_scores_are_recorded_on_their_day_and_no_earlier(company: Account, people: People) -> None:
    call = opened(people.owner)
    began = CurrentHealth.objects.get(account=company)
    close_call(actor=Person(people.owner), call_id=call.pk, outcome="succeeded", note="")
    assert record_due(TODAY + timedelta(days=29)) == 0

    month = TODAY + timedelta(days=30)
    assert record_due(month) == 0, "the day is not scored yet"
    version = current_version()
    assert version is not None
    list(back_fill(version, [month, month + timedelta(days=2)], "tests"))
    assert record_due(month + timedelta(days=3)) == 1
    assert record_due(month + timedelta(days=3)) == 0, "again changes nothing"
    after = Measurement.objects.get(call=call, moment="30")
    assert after.arr == company.arr
    assert after.score is not None
    assert began.score is not None
    assert after.score < began.score, "nobody signed in for a month"
    on_the_day = {one.moment: one.score for one in call.measurements.exclude(recorded_at=None)}
    assert on_the_day["opened"] == on_the_day["closed"] == began.score

    two = TODAY + timedelta(days=60)
    assert record_due(two + timedelta(days=3)) == 0, "a week is waited for the day"
    assert record_due(two + timedelta(days=8)) == 1
    assert Measurement.objects.get(call=call, moment="60").score is None, "that day was never scored"


def test_a_call_that_goes_on_has_not_ended(company: Account, people: People) -> None:
    call = opened(people.owner)
    close_call(actor=Person(people.owner), call_id=call.pk, outcome="failed")
    reopen_call(actor=Person(people.owner), call_id=call.pk)
    assert set(call.measurements.values_list("moment", flat=True)) == {"opened"}


def test_playbooks_tell_how_they_fared(company: Account, people: People) -> None:
    publish_playbooks()
    actor = Person(people.owner)
    good, bad = opened(people.owner, playbook="save_plan"), opened(people.owner, "brix", playbook="save_plan")
    good.tasks.update(status="done")
    close_call(actor=actor, call_id=good.pk, outcome="succeeded")
    close_call(actor=actor, call_id=bad.pk, outcome="failed")
    opened(people.owner, "dune", playbook="save_plan")
    Measurement.objects.filter(call=good, moment="90").update(score=90.0)
    Measurement.objects.filter(call=good, moment="opened").update(score=60.0)
    one = next(one for one in fared(actor) if one.name == "save_plan")
    assert (one.applied, one.running, one.closed, one.completed, one.succeeded) == (3, 1, 2, 1, 1)
    assert (one.tasks_done, one.tasks, one.change) == (3, 9, 30.0)
    stranger = next(one for one in fared(Person(people.stranger)) if one.name == "save_plan")
    assert stranger.applied == 0, "calls of others count for nobody who does not see them"
