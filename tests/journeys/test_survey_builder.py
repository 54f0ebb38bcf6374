"""A manager builds an NPS survey by form, looks at it as respondents see it, publishes it, and sees its results."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account, Person, PersonalData
from tests.apps.conftest import People
from tests.apps.surveys.results.asked import answers_of
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def saved(page: Page) -> None:
    """What is typed is saved as it is left."""
    page.keyboard.press("Tab")
    page.wait_for_load_state("networkidle")


def build(visitor: Visitor) -> Page:
    """From the empty list to a survey in two languages."""
    page = visitor.opens("/surveys/")
    expect(page.get_by_text("Nobody has been asked yet")).to_be_visible()
    page.get_by_role("link", name="Build a survey").click()
    page.get_by_label("What it is called").fill("Relationship NPS")
    page.get_by_role("button", name="Write the survey").click()
    expect(page.get_by_role("heading", name="Relationship NPS")).to_be_visible()
    page.get_by_label("Languages, the default first").fill("en, de")
    saved(page)
    expect(page.get_by_text("Deutsch lacks")).to_be_visible()
    texts = {
        "questions-0-text": "Empfehlen Sie uns?",
        "questions-1-text": "Erzählen Sie mehr?",
        "thanks": "Vielen Dank.",
    }
    for place, text in texts.items():
        page.locator(f"[id='{place}-de']").fill(text)
        saved(page)
    expect(page.get_by_text("Deutsch lacks")).to_have_count(0)
    page.locator("select[name='new/question']").select_option("single_choice")
    page.locator("button[value='add-question']").click()
    expect(page.get_by_text("Deutsch lacks 3 texts")).to_be_visible()
    accessible(page)
    page.locator("button[value='remove-question:questions/2']").click()
    expect(page.get_by_text("Deutsch lacks")).to_have_count(0)
    return page


def look(page: Page) -> None:
    """As respondents see it, through a branch, in German."""
    audience = page.locator("#audience")
    expect(audience.get_by_text("Rana (Acme Inc)")).to_be_visible()
    with page.expect_popup() as popped:
        audience.get_by_role("link", name="Preview, Deutsch").click()
    preview = popped.value
    expect(preview.get_by_text("Empfehlen Sie uns?")).to_be_visible()
    preview.locator("input[name='q.recommend'][value='3']").check()
    preview.get_by_role("button").click()
    expect(preview.get_by_text("Erzählen Sie mehr?")).to_be_visible()
    preview.get_by_role("button").click()
    expect(preview.get_by_text("Vielen Dank.")).to_be_visible()
    preview.close()


def publish(page: Page) -> None:
    page.get_by_role("link", name="Difference and publish").click()
    page.get_by_label("Note").fill("We ask our customers")
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    project = current_project()
    assert project is not None
    assert "relationship_nps" in project.surveys


def read(visitor: Visitor) -> None:
    """Every page of the survey, with answers."""
    page = visitor.opens("/surveys/")
    page.get_by_role("link", name="Relationship NPS", exact=True).click()
    expect(page.locator(".chart svg").first).to_be_visible()
    assert "24 answers" in page.inner_text("main")
    accessible(page)
    page.get_by_role("link", name="Comments", exact=True).click()
    page.get_by_label("Score").select_option("detractors")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("12 comments, the newest first")).to_be_visible()
    accessible(page)
    for tab in ("Responses", "Follow-up", "Use in a scorecard", "Import"):
        page.get_by_role("navigation", name="Pages of this survey").get_by_role("link", name=tab).click()
        page.wait_for_load_state("networkidle")
        accessible(page)


def test_a_survey_is_built_looked_at_published_and_read(visitor: Visitor, company: Account, people: People) -> None:
    person = Person.objects.create(account_id="acme", role="admin")
    PersonalData.objects.create(person=person, name="Rana", email="rana@acme.example")
    visitor.signs_in(people.manager.email)
    page = build(visitor)
    look(page)
    publish(page)
    low = {"account": "zeta", "recommend": 2, "details": "Slow"}
    answers_of([{"account": "acme", "recommend": 10}] * 12 + [low] * 12, "relationship_nps")
    read(visitor)
    assert visitor.complaints == []
