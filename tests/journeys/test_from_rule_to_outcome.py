"""A rule proposes calls, a manager approves, a CSM works hers to an outcome, and the score and the timeline tell."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from keepwell.apps.access.actors import System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account
from keepwell.apps.health.entering import enter_score
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.news import after_run
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import RuleRun
from tests.apps.conftest import People
from tests.apps.scored import FILES
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
RULES = """\
rules:
  look_after:
    title: Look after accounts that are not green
    when: label <> 'green'
    approval_above: 0
    actions:
      - open_call:
          {type: risk, reason: not_green, title: "{account.name} is {label}", due: 2 business days, playbook: save_plan}
playbooks:
  save_plan:
    title: Save plan
    tasks: [{name: talk, title: Talk to the sponsor, required: true}]
"""


def test_from_the_rule_to_the_outcome(company: Account, people: People, visitor: Visitor) -> None:
    publish(actor=System("tests"), files={**FILES, "rules.yaml": RULES}, note="Rules")
    run = latest_run()
    assert run is not None
    mine = CurrentHealth.objects.exclude(label="green").filter(account__owner=people.colleague).order_by("pk").first()
    assert mine is not None
    name = mine.account.name

    visitor.signs_in(people.manager.email)
    page = visitor.opens("/configure/rules/look_after/")
    page.get_by_role("link", name="What would it do now").click()
    expect(page.locator("main")).to_contain_text("calls to action")
    after_run(run.pk)
    decided = RuleRun.objects.get()
    assert not CallToAction.objects.exists(), "nothing is done before it is approved"
    page = visitor.opens(f"/configure/rules/runs/{decided.pk}/")
    page.get_by_role("button", name="Approve: do it").click()
    do_run(decided.pk)
    visitor.page.context.clear_cookies()

    visitor.signs_in(people.colleague.email)
    page = visitor.opens("/")
    page.get_by_role("link", name=f"{name} is").first.click()
    expect(page.locator("main")).to_contain_text("label is not green")
    page.get_by_role("button", name="Done: Talk to the sponsor").click()
    before = CurrentHealth.objects.get(pk=mine.pk).score
    enter_score(actor=System("tests"), account_id=mine.pk, measure="executive_relationship", score=100)
    page.get_by_text("Close with an outcome").click()
    page.locator("#close select").select_option("succeeded")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(".outcome")).to_contain_text("Succeeded")
    page = visitor.opens(f"/customers/{mine.pk}/timeline/")
    for words in (f"Risk opened: {name} is", "Done: Talk to the sponsor", "Risk closed, succeeded"):
        expect(page.get_by_text(words).first).to_be_visible()
    after = CurrentHealth.objects.get(pk=mine.pk).score
    assert before is not None
    assert after is not None
    assert after > before
    assert visitor.complaints == []
