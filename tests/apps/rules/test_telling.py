"""notify and webhook: who is told, with what, once, and what of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.access.models import User
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.notices.channels.delivering import deliver_what_is_due
from keepwell.apps.notices.models import Delivery, Mail, Notice
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.operations import undo_run
from keepwell.apps.rules.performers import action_problems
from tests.apps.conftest import People
from tests.apps.notices.conftest import slack, webhook
from tests.apps.notices.hooks import Target, target
from tests.apps.rules.effects import run_of, statuses

ADMIN = System("a test")
TEXT = {"title": "Acme turned red", "text": "Call them"}


@pytest.fixture
def place() -> Iterator[Target]:
    before = settings.ENVIRONMENT.outgoing
    object.__setattr__(settings.ENVIRONMENT, "outgoing", ("127.0.0.1",))
    with target() as found:
        yield found
    object.__setattr__(settings.ENVIRONMENT, "outgoing", before)


def told() -> set[str]:
    return {one.user.name for one in Notice.objects.filter(kind="rule").select_related("user")}


def error(run: object) -> str:
    return Effect.objects.get(run=run).error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("to", "names"),
    [
        (["csm"], {"Ada"}),
        (["manager"], {"Mo"}),
        (["csm", "bea@test.example"], {"Ada", "Bea"}),
        (["team:South", "csm"], {"Ada"}),  # the team has Cyd, who does not see Acme
    ],
)
def test_people_who_see_the_account_are_told_by_their_role(company: Account, to: list[str], names: set[str]) -> None:
    run = run_of(("notify", {"to": to, "by": ["in_app"], **TEXT}))
    do_run(run.pk)
    do_run(run.pk)
    assert (statuses(run), told()) == (["done"], names)


@pytest.mark.slow
def test_it_says_the_score_its_change_and_why(company: Account, people: People) -> None:
    CurrentHealth.objects.filter(pk="acme").update(score=38, label="red", change=-14.2, why="logins fell")
    do_run(run_of(("notify", {"to": ["csm"], "by": ["in_app", "email"], **TEXT})).pk)
    notice, mail = Notice.objects.get(kind="rule"), Mail.objects.get()
    assert notice.facts == {
        "score": 38, "label": "red", "tone": notice.facts["tone"], "change": -14.2, "before": notice.facts["before"],
        "why": "logins fell",
    }  # fmt: skip
    assert (mail.to, "−14.2 in a week" in mail.text, "logins fell" in mail.text) == (people.owner.email, True, True)


@pytest.mark.slow
def test_where_the_csm_left_a_manager_hears_of_it(company: Account, people: People) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    do_run(run_of(("notify", {"to": ["csm"], "by": ["in_app"], **TEXT})).pk)
    assert told() == {"Mo"}


@pytest.mark.slow
def test_where_nobody_may_know_it_says_so(company: Account, people: People) -> None:
    run = run_of(("notify", {"to": ["cyd@test.example"], "by": ["in_app"], **TEXT}))
    do_run(run.pk)
    assert (statuses(run), error(run)) == (["failed"], "nobody of those to be told may see Acme Inc")


@pytest.mark.slow
def test_channels_and_endpoints_are_called_once(company: Account, place: Target) -> None:
    slack(f"{place.address}/slack")
    webhook(f"{place.address}/hook", "crm")
    run = run_of(
        ("notify", {"to": ["csm"], "by": ["cs-alerts"], **TEXT}),
        ("webhook", {"to": "crm", "data": {"note": "Call Acme", "count": 3}}),
        reason=[{"condition": "label = 'red'", "name": "label", "value": "red"}],
    )
    do_run(run.pk)
    do_run(run.pk)
    assert (statuses(run), told()) == (["done", "done"], set())
    assert deliver_what_is_due() == {"sent": 2}
    said = {one.path: one.body for one in place.got}
    assert said["/slack"]["blocks"][1]["text"]["text"] == "Call them\n\nBecause label is red."
    event = said["/hook"]
    assert event["type"] == "rule.fired"
    assert event["data"]["data"] == {"note": "Call Acme", "count": 3}
    assert event["data"]["reason"] == [{"condition": "label = 'red'", "name": "label", "value": "red"}]
    health = CurrentHealth.objects.get(pk="acme")
    assert (event["data"]["account"]["score"], event["data"]["account"]["why"]) == (health.score, health.why)


@pytest.mark.slow
def test_a_channel_that_is_not_there_is_refused_in_words_and_listed_when_checked(
    company: Account, place: Target
) -> None:
    slack(f"{place.address}/slack")
    actions = [("notify", {"to": ["csm"], "by": ["in_app", "cs-alert"], **TEXT}), ("webhook", {"to": "cs-alerts"})]
    assert action_problems(actions) == [
        "there is no channel 'cs-alert'; there are: cs-alerts. An admin makes them under Configure › Channels",
        "the channel 'cs-alerts' is Slack: tell it with notify",
    ]
    run = run_of(*actions)
    do_run(run.pk)
    assert statuses(run) == ["failed", "skipped"]
    assert not Notice.objects.filter(kind="rule").exists()
    assert action_problems([("notify", {"by": ["in_app", "cs-alerts"]}), ("log", {})]) == []


@pytest.mark.slow
def test_undoing_withdraws_what_has_not_gone_out(company: Account, place: Target) -> None:
    webhook(f"{place.address}/hook", "crm")
    run = run_of(("notify", {"to": ["csm"], "by": ["in_app", "email"], **TEXT}), ("webhook", {"to": "crm", "data": {}}))
    do_run(run.pk)
    found = undo_run(actor=ADMIN, run_id=run.pk)
    assert (found.taken_back, found.stays, told()) == (2, [], set())
    assert not Mail.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.slow
def test_undoing_says_what_cannot_be_taken_back(company: Account, place: Target) -> None:
    webhook(f"{place.address}/hook", "crm")
    run = run_of(("notify", {"to": ["csm"], "by": ["in_app"], **TEXT}), ("webhook", {"to": "crm", "data": {}}))
    do_run(run.pk)
    deliver_what_is_due()
    Notice.objects.update(read_at=timezone.now())
    found = undo_run(actor=ADMIN, run_id=run.pk)
    assert [why for _, why in found.stays] == [
        "it cannot be taken back: crm has it", "it cannot be taken back: 1 person has read it",
    ]  # fmt: skip


@pytest.mark.slow
def test_it_says_in_words_why_the_rule_acts(company: Account) -> None:
    run = run_of(("notify", {"to": ["csm"], "by": ["in_app"], **TEXT}))
    reason = {"condition": "change_over(score, 28) <= -5", "name": "change_over(score, 28)", "value": -7.5}
    Effect.objects.filter(run=run).update(reason=[reason])
    do_run(run.pk)
    because = "Call them\n\nBecause score fell by at least 5 over 28 days (-7.5)."
    assert Notice.objects.get(kind="rule").more == because
