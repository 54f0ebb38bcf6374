"""A manager writes a rule from nothing, sees whom it matches, publishes it, approves what it would do, undoes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.carrying import carry_out
from keepwell.apps.rules.deciding.writing import Cause
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import RuleRun
from keepwell.apps.rules.standing.table import of_run
from keepwell.engine.rules.needs import needs_of
from keepwell.engine.rules.starting import Start
from tests.apps.rules.effects import NOW
from tests.apps.scored import FILES
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PATIENCE = timedelta(seconds=30).total_seconds() * 1000
RULES = """\
# agreed with the team
rules:
  call_when_red:
    title: Look after red customers
    help: So that nobody is forgotten.
    on: [score_change, {schedule: every monday at 08:00}]
    when: open_urgent >= 1 or arr < 60000 and label <> 'green'
    hold_out: 10%
    approval_above: 0
    actions:
      - log: {title: "{account.name} turned red", text: Look at the tickets}
      - notify: {to: [csm], text: "{account.name} is {label}"}
    until: {when: label = 'green', persists: 2 runs, actions: [{log: {title: Green again}}]}
"""


def act() -> None:
    """As the worker does after scores."""
    project, run = current_project(), latest_run()
    assert project is not None
    assert run is not None
    cause = Cause("tests", "new scores", NOW, always=True)
    start = Start("by_hand", rules=dict.fromkeys(project.rules))
    carry_out(project, of_run(run, needs_of(project)), [start], cause, everybody=True)


def typed(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")


def test_build_publish_approve_and_undo_a_rule(company: Account, visitor: Visitor) -> None:
    visitor.signs_in("mo@test.example")
    page = visitor.opens("/configure/rules/")
    expect(page.locator("main")).to_contain_text("No rule acts yet")
    page.get_by_label("What it is to do").fill("Look after accounts with urgent tickets")
    page.get_by_role("button", name="Write the rule").click()
    matching = page.locator("#matching")
    expect(matching).to_contain_text("accounts match", timeout=PATIENCE)

    when = page.get_by_label("it acts if")
    when.fill("")
    when.press_sequentially("open_ur")
    expect(page.get_by_role("option", name="open_urgent")).to_be_visible()
    when.press("Enter")
    expect(when).to_have_value("open_urgent")
    when.press_sequentially(" >= 1")
    when.press("Tab")
    expect(matching).to_contain_text("1 of 6 accounts match", timeout=PATIENCE)
    expect(matching).to_contain_text("open urgent is at least 1")

    page.locator("select[name='new/actions']").select_option("log")
    page.locator("button[value='add-action:actions']").click()
    expect(page.locator("#part-actions1")).to_contain_text("Writes on the timeline", timeout=PATIENCE)
    page.locator("#actions-1-log-title").fill("{account.name} has urgent tickets")
    page.locator("#actions-1-log-title").press("Tab")
    typed(page, "Ask above", "0")
    expect(page.locator("#lines")).to_have_value(_holding("approval_above: 0"), timeout=PATIENCE)
    expect(page.locator("#lines")).to_have_value(_holding("has urgent tickets"))
    page.get_by_role("button", name="What would it do now").click()
    expect(page.locator("#planned")).to_contain_text("would write 1 timeline entry, send 1 notice", timeout=PATIENCE)
    expect(page.locator("#planned")).to_contain_text("would wait for approval")

    page.get_by_role("link", name="Difference and publish").click()
    page.get_by_label("Note").fill("Nobody overlooks urgent tickets")
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    act()
    page = visitor.opens("/configure/rules/")
    expect(page.locator("main")).to_contain_text("1 run waits for approval")
    page.locator(".warning a").click()
    expect(page.locator("#run")).to_contain_text("Zeta Inc has urgent tickets")
    page.get_by_role("button", name="Approve: do it").click()
    do_run(RuleRun.objects.get().pk)
    page = visitor.opens(f"/configure/rules/runs/{RuleRun.objects.get().pk}/")
    expect(page.locator("#run")).to_contain_text("done: 1")
    page.get_by_role("button", name="Undo this run").click()
    expect(page.locator(".messages")).to_contain_text("taken back")
    assert visitor.complaints == []


def _holding(text: str) -> re.Pattern[str]:
    return re.compile(text)


def test_a_wrong_word_stands_beside_its_field_on_a_phone(company: Account, visitor: Visitor) -> None:
    publish(actor=System("tests"), files={**FILES, "rules.yaml": RULES}, note="Rules")
    visitor.signs_in("mo@test.example")
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    page = visitor.opens("/configure/rules/call_when_red/")
    page.get_by_role("button", name="Edit").click()
    expect(page.locator("#matching")).to_contain_text("accounts match", timeout=PATIENCE)
    typed(page, "it acts if", "label = red and")
    expect(page.locator("#when-error")).to_contain_text("cannot be read", timeout=PATIENCE)
    expect(page.get_by_label("it acts if")).to_have_value("label = red and")
    expect(page.locator("#matching")).to_contain_text("once the draft is valid", timeout=PATIENCE)
    page.locator("#lines").fill("call_when_red: [")
    page.locator("#lines").press("Tab")
    expect(page.locator("#lines-error")).to_contain_text("no YAML", timeout=PATIENCE)
    expect(page.locator("#lines")).to_have_value("call_when_red: [")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [one for one in visitor.complaints if "422" not in one] == []


def test_axe_finds_nothing_about_rules(company: Account, visitor: Visitor) -> None:
    publish(actor=System("tests"), files={**FILES, "rules.yaml": RULES}, note="Rules")
    act()
    visitor.signs_in("mo@test.example")
    page = visitor.opens("/configure/rules/call_when_red/")
    page.get_by_role("button", name="Edit").click()
    expect(page.locator("#matching")).to_contain_text("accounts match", timeout=PATIENCE)
    editor = page.evaluate("location.pathname")
    run = RuleRun.objects.get().pk
    paths = ["/configure/rules/", "/configure/rules/call_when_red/", "/configure/rules/call_when_red/plan/",
             "/configure/rule-plan/", "/configure/rule-runs/", f"/configure/rules/runs/{run}/",
             f"/configure/rules/runs/{run}/considered/", editor, f"{editor.rsplit('/', 2)[0]}/"]  # fmt: skip
    assert faults_of(visitor, paths, details=99) == []
    assert visitor.complaints == []
