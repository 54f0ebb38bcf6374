"""What was done and what it did, from the ledgers of the application to the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.experiments.effects.asking import WantedEffects, ask_for_effects
from keepwell.apps.experiments.effects.counts import done
from keepwell.apps.experiments.effects.ledger import rows_of
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.rules.models import Treatment
from keepwell.errors import FieldRefused
from keepwell.learning.effects.ledger import treatments
from tests.apps.conftest import People
from tests.apps.experiments.effects.conftest import WANTED
from tests.apps.experiments.effects.lottery import CALL, PLAYBOOK, RULE

pytestmark = pytest.mark.slow


def test_a_playbook_is_judged_against_those_held_out(studied: Experiment, as_manager: Client) -> None:
    found = {one["by"]: one for one in studied.result["treatments"]}
    assert set(found) == {RULE, PLAYBOOK, CALL}
    lost, score = found[PLAYBOOK]["effects"]
    first = lost["estimates"][0]
    assert (first["way"], first["treated"], first["compared"]) == ("randomised", 30, 30)
    assert first["low"] < first["effect"] < first["high"]
    assert score["target"] == {"days": 30, "column": "score"}
    page = as_manager.get(f"/learning/{studied.pk}/").content.decode()
    for said in ("Playbook save plan", "against those held out by chance", "30 accounts treated, 30 held out",
                 "What must hold for these to be effects", "Chance alone decided who was held out"):  # fmt: skip
        assert said in page, said
    assert "Playbook save plan" in as_manager.get("/learning/effects/").content.decode()
    told = as_manager.get("/api/v1/treatments").json()
    assert {one["by"]: (one["treated"], one["held_out"]) for one in told} == dict.fromkeys(found, (30, 30))


def test_what_was_done_is_counted_and_what_cannot_be_asked_is_said_beside_its_field(
    lottery: WantedEffects, people: People
) -> None:
    """Whom a rule held out it held out of its playbook and call too, by the count as by the ledger of a study."""
    project = current_project()
    assert project is not None
    counts = {one.by: (one.treated, one.held_out) for one in done(project)}
    assert counts == {RULE: (30, 30), PLAYBOOK: (30, 30), CALL: (30, 30)}
    ledger = treatments(rows_of(project))
    assert {by: int(ledger.of(by).is_held_out.sum()) for by in ledger.names} == dict.fromkeys(counts, 30)
    Treatment.objects.filter(by=RULE, account_id="a01").update(version="before")
    ledger = treatments(rows_of(project))
    assert [int(ledger.of(by).is_held_out.sum()) for by in (RULE, PLAYBOOK)] == [30, 29], (
        "another version did other things"
    )
    assert {one.by: one.held_out for one in done(project)} == {RULE: 30, PLAYBOOK: 29, CALL: 29}
    actor = Person(people.manager)
    with pytest.raises(FieldRefused, match="did you mean 'playbook:save_plan'"):
        ask_for_effects(actor=actor, wanted=replace(lottery, by=("playbook:save_plam",)))
    with pytest.raises(FieldRefused, match="give the earlier date first"):
        ask_for_effects(actor=actor, wanted=replace(lottery, last=lottery.first - timedelta(days=1)))
    with pytest.raises(FieldRefused, match="out of range"):
        ask_for_effects(actor=actor, wanted=replace(lottery, within_days=0))


def test_the_form_asks_and_two_who_ask_the_same_share_one(lottery: WantedEffects, as_manager: Client,
                                                         as_admin: Client) -> None:  # fmt: skip
    typed = {"by": PLAYBOOK, "of": "version:2", "first": str(lottery.first), "last": str(lottery.last),
             "within_days": "60", "every_days": "28"}  # fmt: skip
    wrong = as_manager.post("/learning/effects/", {**typed, "by": "playbook:none"})
    assert wrong.status_code == 422
    assert 'value="playbook:none"' in wrong.content.decode()
    first, second = (client.post("/learning/effects/", typed) for client in (as_manager, as_admin))
    one = Experiment.objects.get()
    assert first["Location"] == second["Location"] == f"/learning/{one.pk}/"
    assert f'value="{PLAYBOOK}"' in as_manager.get(f"/learning/effects/?like={one.pk}").content.decode()


def test_owner_colleague_and_stranger_may_not(
    as_owner: Client, as_colleague: Client, as_stranger: Client, people: People
) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        assert client.get("/learning/effects/").status_code == 403
        assert client.post("/learning/effects/", {}).status_code == 403
    with pytest.raises(Forbidden):
        ask_for_effects(actor=Person(people.owner), wanted=WANTED)
