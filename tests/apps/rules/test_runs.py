"""Pages and API of runs: what a run would do, whom it considered, approving, rejecting, undoing; for three people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.carrying import carry_out
from keepwell.apps.rules.deciding.news import by_hand
from keepwell.apps.rules.deciding.writing import Cause
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import Effect, RuleRun, Treatment
from keepwell.apps.rules.standing.table import of_run
from keepwell.engine.rules.needs import needs_of
from keepwell.engine.rules.starting import Start
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.apps.rules.conftest import rule_files
from tests.apps.rules.effects import NOW

RULES = """\
rules:
  call_when_red:
    title: Look after red customers
    when: open_urgent >= 1 or arr < 60000
    approval_above: 0
    actions:
      - log: {title: "{account.name} turned red"}
      - set_score: {measure: sentiment, score: 20}
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def waiting(company: Account) -> RuleRun:
    """A run that waits for approval, decided as the product decides it."""
    publish(actor=System("tests"), files={**rule_files(), "rules.yaml": RULES},
            note="Rules")  # fmt: skip
    return decided()


def decided() -> RuleRun:
    project, run = current_project(), latest_run()
    assert project is not None
    assert run is not None
    table = of_run(run, needs_of(project))
    cause = Cause("tests", "new scores", NOW, always=True)
    (found,) = carry_out(project, table, [Start("by_hand", rules=dict.fromkeys(project.rules))], cause, everybody=True)
    return found


def test_waiting_runs_stand_above_the_rules(waiting: RuleRun, as_manager: Client) -> None:
    page = as_manager.get("/configure/rules/").content.decode()
    assert "1 run waits for approval" in page
    assert f"/configure/rules/runs/{waiting.pk}/" in page
    assert "would set 3 scores, write 3 timeline entries, for 3 accounts" in page


def test_csms_see_no_run_and_decide_nothing(waiting: RuleRun, as_owner: Client, as_stranger: Client) -> None:
    for client in (as_owner, as_stranger):
        for page in ("", "considered/"):
            assert client.get(f"/configure/rules/runs/{waiting.pk}/{page}").status_code == 403
        for what in ("approve", "reject", "undo", "again"):
            assert client.post(f"/configure/rules/runs/{waiting.pk}/{what}/").status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_a_run_says_what_it_would_do_for_whom_and_why(waiting: RuleRun, as_manager: Client) -> None:
    page = as_manager.get(f"/configure/rules/runs/{waiting.pk}/").content.decode()
    assert "would <strong>set 3 scores, write 3 timeline entries</strong>" in page
    assert "Zeta Inc turned red" in page
    assert "(open urgent 3, arr" in page
    found = as_manager.get(f"/configure/rules/runs/{waiting.pk}/", {"q": "zeta", "kind": "log"}).content.decode()
    assert found.count("Wait for approval") + found.count("Waits for approval</td>") >= 1
    assert "Dune Inc turned red" not in found


def test_everybody_considered_is_found_with_why_or_why_not(waiting: RuleRun, as_manager: Client) -> None:
    at = f"/configure/rules/runs/{waiting.pk}/considered/"
    assert "6 accounts that you see" in as_manager.get(at).content.decode()
    page = as_manager.get(at, {"q": "acme"}).content.decode()
    assert "1 account that you see" in page
    assert "Acme Inc" in page
    assert "<td>no</td>" in page
    assert "arr 200,000)" in page
    assert "3 accounts that you see" in as_manager.get(at, {"only": "matching"}).content.decode()


def test_accounts_are_named_to_those_who_see_them(waiting: RuleRun, people: People, as_manager: Client) -> None:
    people.manager.reach = "own"
    people.manager.save()
    page = as_manager.get(f"/configure/rules/runs/{waiting.pk}/").content.decode()
    assert "Eyre Inc" in page
    assert "Zeta" not in page
    assert "4 more for accounts that you do not see" in page
    assert "Zeta" not in as_manager.get("/configure/rules/call_when_red/").content.decode()
    assert "Zeta" not in as_manager.get("/configure/rule-plan/").content.decode()


def test_an_approved_run_is_done_and_undone(waiting: RuleRun, as_manager: Client) -> None:
    at = f"/configure/rules/runs/{waiting.pk}/"
    assert "Approve: do it" in as_manager.get(at).content.decode()
    as_manager.post(f"{at}approve/")
    do_run(waiting.pk)
    page = as_manager.get(at).content.decode()
    assert "Undo this run" in page
    assert set(Effect.objects.values_list("status", flat=True)) == {"done"}
    page = as_manager.post(f"{at}undo/", follow=True).content.decode()
    assert "6 taken back" in page
    assert set(Effect.objects.values_list("status", flat=True)) == {"undone"}
    again = as_manager.post(f"{at}undo/", follow=True).content.decode()
    assert "there is nothing to undo" in again


def test_who_sees_some_accounts_decides_for_these_alone(
    waiting: RuleRun, people: People, as_manager: Client, as_admin: Client
) -> None:
    people.manager.reach = "own"
    people.manager.save()
    at = f"/configure/rules/runs/{waiting.pk}/"
    assert "4 effects are for accounts that you do not see" in as_manager.get(at).content.decode()
    page = as_manager.post(f"{at}approve/", follow=True).content.decode()
    assert "4 effects for accounts that you do not see still wait" in page
    do_run(waiting.pk)
    waiting.refresh_from_db()
    mine = set(Effect.objects.filter(status="done").values_list("account_id", flat=True))
    assert (waiting.status, mine, Effect.objects.filter(status="proposed").count()) == ("waiting", {"eyre"}, 4)
    again = as_manager.post(f"{at}reject/", follow=True).content.decode()
    assert "nothing of this run is for an account that you see" in again.lower()
    assert "Approve: do it" not in again
    as_admin.post(f"{at}reject/", {"remark": "Not the others"})
    do_run(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, Effect.objects.filter(status="withdrawn").count()) == ("done", 4)
    assert set(Treatment.objects.filter(withdrawn_at=None).values_list("account_id", flat=True)) == {"eyre"}


def test_who_sees_some_accounts_undoes_these_alone(waiting: RuleRun, people: People, as_admin: Client) -> None:
    as_admin.post(f"/configure/rules/runs/{waiting.pk}/approve/")
    do_run(waiting.pk)
    people.manager.reach = "own"
    people.manager.save()
    undone = Caller(people.manager).post(f"/rule-runs/{waiting.pk}/undo").json()
    assert undone == {"taken_back": 2, "stays": [], "unseen": 4}
    waiting.refresh_from_db()
    assert waiting.status == "done"
    assert Caller(people.admin).post(f"/rule-runs/{waiting.pk}/undo").json()["taken_back"] == 4
    waiting.refresh_from_db()
    assert waiting.status == "undone"


def test_who_is_held_out_was_not_acted_for(company: Account, people: People, as_manager: Client) -> None:
    text = RULES.replace("approval_above: 0", "hold_out: 50%").replace("open_urgent >= 1 or arr < 60000", "arr > 0")
    publish(actor=System("tests"), files={**rule_files(), "rules.yaml": text}, note="Rules")
    run = decided()
    RuleRun.objects.update(decided_at=datetime.now(UTC))
    out = Treatment.objects.filter(is_held_out=True).count()
    assert 0 < out < 6 == run.fired
    acted = f'<td class="number">{6 - out}</td><td class="number">{out}</td>'
    for page in ("/configure/rules/call_when_red/", "/configure/rule-runs/"):
        assert acted in as_manager.get(page).content.decode(), page
    page = as_manager.get(f"/configure/rules/runs/{run.pk}/").content.decode()
    assert f"acted for <strong>{6 - out}</strong>; {out} more" in page
    assert page.count("yes, held out") == out
    assert page.count("yes, acted") == 6 - out
    assert [one["fired"] for one in Caller(people.manager).get("/rules").json()] == [6 - out]


def test_a_rejected_run_says_why(waiting: RuleRun, as_manager: Client) -> None:
    page = as_manager.post(f"/configure/rules/runs/{waiting.pk}/reject/", {"remark": "Called last week"}, follow=True)
    assert "Remark: Called last week" in page.content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "rejected"


def test_runs_are_narrowed(waiting: RuleRun, as_manager: Client) -> None:
    def shown(**asked: str) -> bool:
        return f"/configure/rules/runs/{waiting.pk}/" in as_manager.get("/configure/rule-runs/", asked).content.decode()

    assert shown()
    assert shown(rule="call_when_red", status="waiting", q="zeta")
    assert not shown(q="acme")
    assert not shown(status="done")
    assert not shown(rule="other")


def test_the_api_does_what_the_pages_do(waiting: RuleRun, people: People) -> None:
    manager = Caller(people.manager)
    (rule,) = manager.get("/rules").json()
    assert (rule["name"], rule["waiting"], rule["last_run_id"]) == ("call_when_red", 1, waiting.pk)
    assert "label" not in manager.get("/rules/call_when_red").json()["yaml"]
    assert manager.get("/rules/nobody").status_code == 404
    (run,) = manager.get("/rule-runs", status="waiting").json()["items"]
    assert (run["does"], run["fired"]) == ("set 3 scores, write 3 timeline entries", 3)
    detail = manager.get(f"/rule-runs/{waiting.pk}").json()
    assert detail["effects"] == {"log": {"proposed": 3}, "set_score": {"proposed": 3}}
    effects = manager.get(f"/rule-runs/{waiting.pk}/effects", kind="log", account="zeta").json()["items"]
    assert [one["reason"][0]["value"] for one in effects] == [3.0]
    looked = manager.get(f"/rule-runs/{waiting.pk}/considered", account="acme").json()
    assert [(one["account_id"], one["matches"]) for one in looked["items"]] == [("acme", False)]
    assert manager.get("/rule-plan").json()["effects"] == {}  # all of it is proposed already
    approved = manager.post(f"/rule-runs/{waiting.pk}/approve")
    assert approved.json()["status"] == "doing"
    assert manager.post(f"/rule-runs/{waiting.pk}/approve").status_code == 422
    do_run(waiting.pk)
    assert len(manager.get("/rules/call_when_red/open").json()["items"]) == 3
    assert manager.post(f"/rule-runs/{waiting.pk}/undo").json() == {"taken_back": 6, "stays": [], "unseen": 0}
    assert manager.post(f"/rule-runs/{waiting.pk}/retry").status_code == 422


def test_a_rule_is_run_now_by_whoever_may_edit_rules(
    waiting: RuleRun, people: People, as_manager: Client, as_owner: Client, as_stranger: Client
) -> None:
    at = "/configure/rules/call_when_red/run/"
    assert [client.post(at).status_code for client in (as_owner, as_stranger)] == [403, 403]
    assert at in as_manager.get("/configure/rules/call_when_red/").content.decode()
    assert "A worker looks at it now" in as_manager.post(at, follow=True).content.decode()
    (asked,) = jobs("rules:by hand")
    by_hand(asked["rule"], asked["asked_by"], datetime.fromisoformat(asked["asked_at"]))
    by_hand(asked["rule"], asked["asked_by"], datetime.fromisoformat(asked["asked_at"]))
    again = RuleRun.objects.exclude(pk=waiting.pk).get()
    assert (again.trigger, again.considered, again.fired) == ("asked for by Mo", 6, 0)  # it is proposed already
    manager = Caller(people.manager)
    assert manager.post("/rules/call_when_red/run").status_code == 202
    assert manager.post("/rules/nobody/run").status_code == 404
    off = RULES.replace("    when", "    enabled: false\n    when")
    publish(actor=System("tests"), files={**rule_files(), "rules.yaml": off}, note="Off")
    assert manager.post("/rules/call_when_red/run").status_code == 422


def jobs(name: str) -> list[dict[str, str]]:
    return [one.args for one in ProcrastinateJob.objects.filter(task_name=name)]


def test_tokens_of_csms_see_nothing_of_it(waiting: RuleRun, people: People) -> None:
    for user in (people.owner, people.stranger):
        caller = Caller(user)
        for path in ("/rules", "/rules/call_when_red", "/rule-plan", "/rule-runs", f"/rule-runs/{waiting.pk}"):
            assert caller.get(path).status_code == 403, path
        assert caller.post(f"/rule-runs/{waiting.pk}/approve").status_code == 403
