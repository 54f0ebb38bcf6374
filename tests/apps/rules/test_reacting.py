"""What happens reaches its rules within seconds, with all processes at work; killed, nothing is doubled."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import msgspec
import pytest
from procrastinate.contrib.django import app

from keepwell.apps.access.actors import Person, System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.entering import enter_score
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.running import carry_out
from keepwell.apps.rules.models import Effect
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.usage.models import WriteKey
from tests.apps.conftest import People
from tests.apps.health.live.test_live_scores import LIVE
from tests.apps.rules.effects import run_of
from tests.apps.usage.draining.running import wait_for
from tests.apps.usage.draining.test_killed_everything import Installation

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS, KEY = 10, "wk_test_of_reacting"
RULES = """
rules:
  busy:
    when: reports_7d >= 3
    actions: [{open_call: {type: opportunity, reason: busy, title: They export reports, owner: csm}}]
  at_odds:
    when: measure.executive_relationship <= 10
    actions: [{open_call: {type: risk, reason: at_odds, title: The sponsor is unhappy, owner: csm}}]
"""


@pytest.fixture
def installation(company: Account, people: People, data_dir: Path) -> Iterator[Installation]:
    """The company scored today with rules that wait, and every process at work."""
    publish(actor=System("tests"), files={**LIVE, "rules.yaml": RULES}, note="Rules")
    WriteKey.objects.create(name="product", key=KEY)
    version, run = current_version(), ask_for_run(actor=Person(people.manager), as_of=datetime.now(UTC).date())
    assert version is not None
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == "done", run.error
    found = Installation(data_dir)
    with found.running():
        wait_for(lambda: _answers(found.port), 60)
        time.sleep(3)  # the first round of the drain makes its tables
        yield found


def test_an_event_becomes_a_call_within_seconds(installation: Installation) -> None:
    with seconds("an event"):
        for number in range(3):
            _track(installation.port, f"u{number}")
        wait_for(lambda: _calls("busy") == ["acme"], 60)


def test_a_score_entered_by_hand_becomes_a_call_within_seconds(installation: Installation, people: People) -> None:
    with seconds("a score by hand"):
        enter_score(actor=Person(people.owner), account_id="acme", measure="executive_relationship", score=0)
        wait_for(lambda: "acme" in _calls("at_odds"), 60)


@contextmanager
def seconds(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    print(f"{what}: {took:.1f} s to the call")
    assert took < SECONDS


def _calls(reason: str) -> list[str]:
    return list(CallToAction.objects.filter(reason=reason).values_list("account_id", flat=True))


def _answers(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
    except OSError:
        return False


def _track(port: int, user: str) -> None:
    body = {"event": "Report Exported", "userId": user, "context": {"groupId": "acme"}}
    login = base64.b64encode(f"{KEY}:".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {login}"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", "/v1/track", msgspec.json.encode(body), headers)
        assert connection.getresponse().status == 200


@pytest.mark.faults
def test_a_worker_killed_at_its_work_is_followed_by_one_that_ends_it(company: Account, data_dir: Path) -> None:
    run = run_of(*[("log", {"title": f"Seen {number}"}) for number in range(400)])

    def done() -> int:
        return Effect.objects.filter(run=run, status="done").count()

    installation = Installation(data_dir)
    installation.verbs = {"worker": ["worker"]}
    with installation.running():
        app.configure_task("rules:do").defer(run_id=run.pk)
        wait_for(lambda: done() >= 20, 60)
        installation.kill("worker")
        assert 20 <= done() < 400, "it was killed in the middle"
        wait_for(lambda: done() == 400, 120)
    assert TimelineEntry.objects.filter(account="acme", title__startswith="Seen ").count() == 400
    assert Effect.objects.filter(run=run).exclude(status="done").count() == 0
