"""Chances of loss, from the button to revenue at risk on pages; whoever configures hears where they do not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person, System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.calibration.alarming import look_at_last_month
from keepwell.apps.experiments.calibration.asking import ask_for_calibration
from keepwell.apps.experiments.calibration.making import made
from keepwell.apps.experiments.kinds.work import Stopped, Work
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.health.at_risk import at_risk
from keepwell.apps.health.in_force import chances_in_force
from keepwell.apps.health.models import LossChances
from keepwell.apps.notices.models import Notice
from tests.apps.conftest import People
from tests.apps.experiments.conftest import DATED, LIGHTER
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow


def learned(people: People, wanted: Wanted) -> Experiment:
    one = ask_for_calibration(actor=Person(people.manager), wanted=replace(wanted, trusted=("all",)))
    make(one)
    assert one.error == ""
    return one


def test_chances_of_the_version_in_force_are_kept_and_shown(past: Wanted, people: People, as_manager: Client) -> None:
    assert "No chances were learned" in as_manager.get("/learning/calibration/").content.decode()
    one = learned(people, past)
    chances = chances_in_force()
    assert chances is not None
    assert (chances.version_number, chances.learned_by, chances.experiment_id) == (1, "Mo", one.pk)
    page = as_manager.get(f"/learning/{one.pk}/").content.decode()
    for said in ("is at risk", "The chance at each score", "The chances as a table", "Do chances hold?"):
        assert said in page, said
    assert "learned for version 1" in as_manager.get("/learning/calibration/").content.decode()


def test_those_of_one_card_alone_are_no_ground_for_revenue_at_risk(past: Wanted, people: People) -> None:
    learned(people, replace(past, card="main"))
    assert chances_in_force() is None


def kept(**more: object) -> LossChances:
    """One in ten is lost at a score of 100, nine in ten at 0; in the segment large nobody is."""
    curve = [0.9 - 0.8 * at / 200 for at in range(201)]
    asked = {"way": "before_decisions", "lead_days": 90, "every_days": 28, "horizon_days": None, "trusted": ["all"],
             "first": str(TODAY - timedelta(days=120)), "last": str(TODAY - timedelta(days=60))}  # fmt: skip
    lookup = {"overall": curve, "by_segment": {"large": [0.0] * 201}}
    return LossChances.objects.create(**{"version_number": 1, "lookup": lookup, "segments": ["large"], "asked": asked,
                                         "learned_at": "2026-01-01T00:00Z", "learned_by": "Mo", **more})  # fmt: skip


def test_revenue_at_risk_is_that_of_the_accounts_that_one_sees(
    company: object, people: People, as_admin: Client, as_stranger: Client
) -> None:
    assert "at risk" not in as_admin.get("/portfolio/renewals/").content.decode()
    chances = kept()
    by_hand = {}
    for account in Account.objects.filter(health__score__isnull=False, arr__isnull=False).select_related("health"):
        chance = 0.0 if "large" in account.segments else 0.9 - 0.8 * round(2 * account.health.score) / 200
        by_hand[account.pk] = (account.arr or 0) * chance
    everybody = at_risk(visible(Person(people.admin)), chances)[()]
    assert everybody.expected == pytest.approx(sum(by_hand.values()))
    assert everybody.accounts == len(by_hand)
    few = visible(Person(people.stranger))
    seen = at_risk(few, chances).get(())
    assert (seen.expected if seen else 0) == pytest.approx(sum(by_hand[pk] for pk in by_hand if few.filter(pk=pk)))
    assert sum(by_hand.values()) > (seen.expected if seen else 0)
    page = as_admin.get("/portfolio/renewals/").content.decode()
    assert "lost at their next decision" in page
    assert "Chances learned for version 1" in page
    months = {client: client.get("/api/v1/portfolio/renewals").json()["months"] for client in (as_admin, as_stranger)}
    risks = {client: sum(one["at_risk"] for one in found) for client, found in months.items()}
    assert risks[as_admin] > risks[as_stranger] >= 0


def test_chances_hold_until_scores_are_made_otherwise(past: Wanted, people: People, as_manager: Client) -> None:
    chances = kept()
    publish(actor=System("tests"), files={**DATED, "stages.yaml": "stages: {sold: {order: 1}}\n"}, note="A stage")
    assert chances_in_force() == chances
    publish(actor=System("tests"), files=LIGHTER, note="Other weights")
    assert chances_in_force() is None
    for address, said in (("/portfolio/renewals/", "learned anew"), ("/learning/calibration/", "since version 1")):
        assert said in as_manager.get(address).content.decode(), address
    for day in (3, 4):
        assert look_at_last_month(date(2026, 3, day)) is None
    told = Notice.objects.filter(kind="learning", text__contains="in force any more")
    assert sorted(notice.user.email for notice in told) == sorted([people.manager.email, people.admin.email])


def test_whoever_configures_hears_once_of_a_month_in_which_they_do_not_hold(past: Wanted, people: People) -> None:
    never = {"overall": [0.5] * 201, "by_segment": {}}
    kept(lookup=never, segments=[])
    today = date(2026, 3, 4)
    one = look_at_last_month(today)
    assert one is not None
    make(one)
    assert one.result["held"]["is_alarm"], one.result["held"]
    make(Experiment.objects.get(pk=one.pk))
    told = Notice.objects.filter(kind="learning")
    assert {notice.user.email for notice in told} == {people.manager.email, people.admin.email}
    assert "do not hold any more" in told[0].text
    assert look_at_last_month(today + timedelta(days=1)) is None, "a month is asked about once"
    assert LossChances.objects.get().lookup == never, "what is judged stays as it is"


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_look_that_came_to_nothing_is_asked_again(past: Wanted, people: People, status: Status) -> None:
    kept()
    first = look_at_last_month(date(2026, 3, 3))
    assert first is not None
    assert look_at_last_month(date(2026, 3, 4)) is None
    Experiment.objects.filter(pk=first.pk).update(status=status)
    assert look_at_last_month(date(2026, 3, 5)) is not None


def test_a_calibration_that_was_cancelled_in_the_end_keeps_nothing(past: Wanted, people: People) -> None:
    class CancelledMeanwhile(Work):
        def dates(self, done: int, total: int) -> None:
            Experiment.objects.update(status=Status.CANCELLED)

    one = ask_for_calibration(actor=Person(people.manager), wanted=replace(past, trusted=("all",)))
    Experiment.objects.update(status=Status.RUNNING)
    with pytest.raises(Stopped):
        made(one, CancelledMeanwhile(one))
    assert not LossChances.objects.exists()


def test_owner_colleague_and_stranger_may_not(
    as_owner: Client, as_colleague: Client, as_stranger: Client, people: People
) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        assert client.get("/learning/calibration/").status_code == 403
        assert client.post("/learning/calibration/", {}).status_code == 403
    with pytest.raises(Forbidden):
        ask_for_calibration(actor=Person(people.owner), wanted=Wanted("version:1", TODAY, TODAY))
