"""Pages and calls of experiments: for those who configure; others are told that they may not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.customers.models import Account
from keepwell.apps.experiments.asides import seen_by
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.correlations.kind import CORRELATION
from keepwell.apps.experiments.jobs import carry_out
from keepwell.apps.experiments.kinds.proposals import PROPOSAL
from keepwell.apps.experiments.kinds.work import Stopped, Work
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.operations import ask_for_backtest
from tests.apps.conftest import People
from tests.apps.experiments.conftest import DATED

pytestmark = pytest.mark.slow


def typed(wanted: Wanted) -> dict[str, str]:
    asked = {"of": wanted.of, "first": wanted.first, "last": wanted.last, "lead_days": wanted.lead_days,
             "every_days": wanted.every_days, "versus": wanted.versus}  # fmt: skip
    return {name: str(value) for name, value in asked.items()}


def test_from_the_button_to_the_answer(draft: Draft, past: Wanted, as_manager: Client, people: People) -> None:
    assert "Nothing was asked of the past yet" in as_manager.get("/learning/").content.decode()
    form = as_manager.get("/learning/backtest/").content.decode()
    assert "Version 1 (in force)" in form
    assert "Draft draft" not in form
    assert 'value="main">Main card' in form
    sent = as_manager.post("/learning/backtest/", typed(replace(past, of=f"draft:{draft.pk}", versus="version:1")))
    one = Experiment.objects.get()
    assert sent["Location"] == f"/learning/{one.pk}/"
    waiting = as_manager.get(sent["Location"]).content.decode()
    assert "No worker runs; once one does, it begins" in waiting
    assert "This page can be left" in waiting
    make(one)
    inside = as_manager.get(f"/learning/{one.pk}/progress/").content.decode()
    assert "hx-trigger" not in inside, "what is done is not asked for any more"
    html = as_manager.get(sent["Location"]).content.decode()
    for said in ("What became of each label", "Side by side", "AUC", "The same as a table", "reliability-option",
                 "Over time", "To mind", "ended in a loss", "Brier"):  # fmt: skip
        assert said in html, said
    assert "version 1 (in force)" in html
    listed = as_manager.get("/learning/").content.decode()
    assert "Backtest of draft Lighter, revision" in listed
    _every_cell_opens_its_accounts(as_manager, one, html, people)
    assert "was changed since" not in html
    change_draft(actor=Person(people.manager), draft=draft, change=lambda _: DATED)
    assert "was changed since" in as_manager.get(sent["Location"]).content.decode()
    assert f'value="{past.first}"' in as_manager.get(f"/learning/backtest/?like={one.pk}").content.decode()


def _every_cell_opens_its_accounts(as_manager: Client, one: Experiment, html: str, people: People) -> None:
    """Each link holds as many observations as it says, and no name of an account that the reader does not see."""
    links = re.findall(r'href="(/learning/[0-9]+/accounts/[^"]*)">([0-9,]+)<', html)
    assert {link.partition("cell=")[2].partition("%3A")[0].partition(":")[0] for link, _ in links} >= {
        "band", "tenth", "period", "early",
    }  # fmt: skip
    for link, count in links:
        assert re.search(rf"\b{count} observation", as_manager.get(link).content.decode()), link
    address = f"/learning/{one.pk}/accounts/?cell="
    assert "0 observations of 0 accounts" in as_manager.get(f"{address}band:nothing").content.decode()
    Account.objects.create(pk="a50", name="Fifty Inc")
    red = as_manager.get(links[0][0]).content.decode()
    assert "Fifty Inc" in red
    assert "you see 1 of them" in red
    by_program = as_manager.get(f"/api/v1/experiments/{one.pk}/accounts?cell=early:30:seen").json()
    assert [row["name"] for row in by_program["items"]] == ["Fifty Inc"]
    own = User.objects.create_user("wy@test.example", "a-long-password", name="Wy", role=Role.MANAGER, reach=Reach.OWN)
    client = Client()
    client.force_login(own)
    seen = client.get(links[0][0]).content.decode()
    assert "you see 0 of them" in seen
    assert "/customers/" not in seen.partition("<main")[2]


def test_two_backtests_stand_side_by_side(past: Wanted, as_manager: Client, people: People) -> None:
    both = [ask_for_backtest(actor=Person(people.manager), wanted=replace(past, lead_days=days)) for days in (60, 90)]
    refused = as_manager.get(f"/learning/side-by-side/?one={both[0].pk}", follow=True)
    assert "Choose two backtests" in refused.content.decode()
    for one in both:
        make(one)
    html = as_manager.get(f"/learning/side-by-side/?one={both[0].pk}&one={both[1].pk}").content.decode()
    assert "60 days ahead" in html
    assert "90 days ahead" in html
    assert "Average precision" in html


def test_one_that_waits_or_runs_can_be_cancelled(past: Wanted, as_manager: Client, people: People) -> None:
    one = ask_for_backtest(actor=Person(people.manager), wanted=past)
    assert as_manager.post(f"/learning/{one.pk}/cancel/").status_code == 302
    carry_out(experiment_id=one.pk)
    one.refresh_from_db()
    assert (one.status, one.attempts, one.cancelled_by) == ("cancelled", 0, people.manager.name)
    html = as_manager.get(f"/learning/{one.pk}/").content.decode()
    assert f"{people.manager.name} cancelled it" in html
    again = ask_for_backtest(actor=Person(people.manager), wanted=past)
    assert again.pk != one.pk, "what was cancelled stands in nobody's way"
    Experiment.objects.filter(pk=again.pk).update(status="running")
    assert as_manager.post(f"/api/v1/experiments/{again.pk}/cancel").json()["status"] == "cancelled"
    with pytest.raises(Stopped):
        Work(again).dates(1, 2)


def test_what_is_refused_keeps_what_was_typed(past: Wanted, as_manager: Client) -> None:
    answer = as_manager.post("/learning/backtest/", {**typed(past), "card": "mian"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="mian"' in html
    assert "main" in html
    assert not Experiment.objects.exists()


def test_a_refusal_leads_back_to_the_question(past: Wanted, as_manager: Client, people: People) -> None:
    one = ask_for_backtest(actor=Person(people.manager), wanted=replace(past, first=past.first.replace(year=2001),
                                                                        last=past.last.replace(year=2002)))  # fmt: skip
    make(one)
    html = as_manager.get(f"/learning/{one.pk}/").content.decode()
    assert "There is no answer" in html
    assert f"/learning/backtest/?like={one.pk}" in html


def test_the_api_asks_follows_and_reads(past: Wanted, as_manager: Client) -> None:
    body = {"of": past.of, "first": str(past.first), "last": str(past.last), "every_days": 28}
    sent = as_manager.post("/api/v1/experiments/backtests", body, content_type="application/json")
    assert sent.status_code == 202, sent.content
    again = as_manager.post("/api/v1/experiments/backtests", body, content_type="application/json")
    assert again.json()["id"] == sent.json()["id"]
    address = f"/api/v1/experiments/{sent.json()['id']}"
    assert as_manager.get(address).json()["result"] is None
    make(Experiment.objects.get())
    found = as_manager.get(address).json()
    assert (found["status"], found["result"]["observations"]) == ("done", 60)
    assert "result" not in as_manager.get("/api/v1/experiments").json()["items"][0]
    wrong = as_manager.post("/api/v1/experiments/backtests", {**body, "of": "x"}, content_type="application/json")
    assert wrong.status_code == 422
    assert "neither a version nor a draft" in wrong.content.decode()


def test_owner_colleague_and_stranger_may_not(
    past: Wanted, as_owner: Client, as_colleague: Client, as_stranger: Client, people: People
) -> None:
    one = ask_for_backtest(actor=Person(people.manager), wanted=past)
    for client in (as_owner, as_colleague, as_stranger):
        for path in ("/learning/", "/learning/backtest/", f"/learning/{one.pk}/", f"/api/v1/experiments/{one.pk}"):
            assert client.get(path).status_code == 403, path
        assert client.post("/learning/backtest/", typed(past)).status_code == 403
    assert Experiment.objects.count() == 1


@pytest.mark.django_db
def test_accounts_that_somebody_does_not_see_are_not_named(people: People) -> None:
    own = User.objects.create_user("vo@test.example", "a-long-password", name="Vo", role=Role.MANAGER, reach=Reach.OWN)
    result = {"asides": [{"what": "days count twice", "rows": 2, "accounts": ["acme"]}]}
    assert seen_by(Person(own), result)["asides"][0]["accounts"] == []
    assert seen_by(Person(people.admin), result)["asides"][0]["accounts"] == ["acme"]
    of_outcomes = {"outcomes": result, "moves": {"movers": []}}
    for kind in (PROPOSAL, CORRELATION):
        assert kind.seen_by(Person(own), of_outcomes)["outcomes"]["asides"][0]["accounts"] == []
        assert kind.seen_by(Person(people.admin), of_outcomes) == of_outcomes
