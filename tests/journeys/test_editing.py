"""An operations person writes a playbook and a stage in the browser, by keyboard and on a phone, and publishes both."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from tests.apps.scored import FILES
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PATIENCE = timedelta(seconds=30).total_seconds() * 1000
FOUND = """\
# agreed with the team
playbooks:
  save_plan:
    title: Save plan   # since March
    tasks:
      - {name: call, title: Call the sponsor, after: 2 business days}
stages:
  onboarding: {order: 1, enter: open_urgent >= 1}   # for now
  live: {order: 2, enter: score >= 0}
"""


def typed(page: Page, selector: str, text: str) -> None:
    page.locator(selector).fill(text)
    page.locator(selector).press("Tab")


def holding(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


def begun() -> None:
    publish(actor=System("tests"), files={**FILES, "acting.yaml": FOUND}, note="Playbooks and stages")


def test_a_playbook_is_written_task_by_task_and_published(company: Account, visitor: Visitor) -> None:
    begun()
    visitor.signs_in("mo@test.example")
    page = visitor.opens("/cockpit/playbooks/")
    page.get_by_role("link", name="Edit the playbooks").click()
    page.get_by_role("button", name="Edit Save plan").click()
    dates = page.locator("#dates")
    expect(dates).to_contain_text("1 task, the last due", timeout=PATIENCE)

    page.locator("input[name='new/task']").fill("Review with the manager")
    page.locator("button[value='add-task']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#part-tasks1")).to_contain_text("2. Review with the manager", timeout=PATIENCE)
    page.locator("select[name='tasks/1/after/task']").select_option("call")
    expect(page.locator("#lines")).to_have_value(holding("task: call"), timeout=PATIENCE)
    typed(page, "#tasks-1-after", "3")
    typed(page, "#tasks-1-owner", "the boss")
    expect(page.locator("#tasks-1-owner-error")).to_contain_text("names nobody", timeout=PATIENCE)
    expect(dates).to_contain_text("once it is valid", timeout=PATIENCE)
    typed(page, "#tasks-1-owner", "manager")
    expect(dates).to_contain_text("3 business days after “Call the sponsor” · the CSM's manager", timeout=PATIENCE)
    dates.get_by_label("Begun on").fill("2026-11-20")
    dates.get_by_label("Begun on").press("Tab")
    expect(dates).to_contain_text("Tue 24 Nov 2026 · day 4, business day 2", timeout=PATIENCE)

    page.locator("#part-tasks1 summary").press("Enter")
    page.locator("#tasks-1-email-text").press_sequentially("Dear {cont")
    page.get_by_role("option", name="contact.name").click()
    expect(page.locator("#tasks-1-email-text")).to_have_value("Dear {contact.name}")
    typed(page, "#tasks-1-email-subject", "Hello")
    expect(page.locator("#lines")).to_have_value(holding("Dear {contact.name}"), timeout=PATIENCE)
    page.locator("button[value='up:tasks/1']").press("Enter")
    expect(page.locator("#part-tasks0")).to_contain_text("1. Review with the manager", timeout=PATIENCE)
    expect(page.locator("#lines")).to_have_value(holding("# since March"))
    publish_it(page, "The manager reviews")
    project = current_project()
    assert project is not None
    assert [one.name for one in project.playbooks["save_plan"].tasks] == ["review_with_the_manager", "call"]
    assert visitor.complaints == []


def test_a_stage_is_written_with_a_milestone_and_goes_up(company: Account, visitor: Visitor) -> None:
    begun()
    visitor.signs_in("mo@test.example")
    page = visitor.opens("/lifecycle/")
    page.get_by_role("link", name="Edit the stages").click()
    page.get_by_role("button", name="Edit Onboarding").click()
    standing = page.locator("#standing")
    expect(standing).to_contain_text("1 meets what lets in", timeout=PATIENCE)
    enter = page.locator("#enter")
    enter.fill("")
    enter.press_sequentially("sco")
    expect(page.get_by_role("option", name="score", exact=False).first).to_be_visible()
    enter.press("Enter")
    enter.press_sequentially(" >= 0")
    enter.press("Tab")
    expect(standing).to_contain_text("6 meet what lets in", timeout=PATIENCE)
    page.locator("input[name='new/milestone']").fill("First value")
    page.locator("button[value='add-milestone']").press("Enter")
    reached = "#milestones-first_value-reached"
    expect(page.locator(reached)).to_have_value("false", timeout=PATIENCE)
    typed(page, reached, "score >")
    expect(page.locator(f"{reached}-error")).to_contain_text("cannot be read", timeout=PATIENCE)
    expect(standing).to_contain_text("once the draft is valid", timeout=PATIENCE)
    typed(page, reached, "score > 50")
    expect(page.locator("#lines")).to_have_value(holding("score > 50"), timeout=PATIENCE)
    expect(standing).to_contain_text("Milestones", timeout=PATIENCE)

    page.locator("header.answer a").first.click()
    page.get_by_role("button", name="Up Live").click()
    expect(page.locator("tbody tr").first).to_contain_text("1. Live")
    publish_it(page, "Live comes first")
    project = current_project()
    assert project is not None
    assert list(project.stages_in_order()) == ["live", "onboarding"]
    assert visitor.complaints == []


def publish_it(page: Page, note: str) -> None:
    page.get_by_role("link", name="Difference and publish").click()
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_role("heading", name="Version 3")).to_be_visible()


def test_axe_finds_nothing_about_playbooks_and_stages(company: Account, visitor: Visitor) -> None:
    begun()
    visitor.signs_in("mo@test.example")
    paths = ["/configure/playbooks/", "/configure/stages/", "/cockpit/playbooks/", "/lifecycle/"]
    for path in paths[:2]:
        page = visitor.opens(path)
        page.get_by_role("button", name="Edit").first.click()
        page.wait_for_load_state("networkidle")
        editor = page.evaluate("location.pathname")
        paths += [editor, f"{editor.rsplit('/', 2)[0]}/"]
    assert faults_of(visitor, paths, details=99) == []
    assert visitor.complaints == []
