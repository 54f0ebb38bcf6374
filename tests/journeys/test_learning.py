"""A manager backtests the card in force, asks for a better one within limits and publishes it; axe finds nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.health.running import back_fill
from tests.apps.conftest import People
from tests.apps.experiments.conftest import long_past  # noqa: F401 - a fixture
from tests.apps.scored import TODAY
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
NARROW = {"width": 390, "height": 844}


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def start(visitor: Visitor, wanted: Wanted) -> Page:
    page = visitor.opens("/")
    page.get_by_role("link", name="Learning").click()
    accessible(page)
    page.get_by_role("link", name="Start a backtest").first.click()
    accessible(page)
    page.get_by_label("Decisions from").fill(str(wanted.first))
    page.get_by_label("Decisions to").fill(str(wanted.last))
    page.get_by_label("Days between dates").fill("28")
    page.get_by_role("button", name="Start the backtest").click()
    expect(page.get_by_text("This page can be left")).to_be_visible()
    accessible(page)
    return page


def backtest(visitor: Visitor, wanted: Wanted) -> None:
    """From the button to the answer; the page is left and come back to."""
    page = start(visitor, wanted)
    visitor.opens("/learning/")
    page.get_by_role("link", name="Backtest of version 1").click()
    make(Experiment.objects.get())
    expect(page.get_by_role("heading", name="What became of each label")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-name=reliability] svg")).to_be_visible()
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("table", name="Foretold and come true")).to_be_visible()
    accessible(page)
    page.get_by_role("table", name="Losses by label").get_by_role("link").first.click()
    expect(page.get_by_role("columnheader", name="What became of it")).to_be_visible()
    accessible(page)


def ask_for_a_proposal(visitor: Visitor) -> Page:
    """Within limits; then its answer with the reasons."""
    page = visitor.opens("/learning/")
    page.get_by_role("link", name="Ask for a proposal").click()
    page.get_by_label("Largest share of logins_28d").fill("80")
    page.get_by_label("Metrics that may be added").select_option("none")
    accessible(page)
    page.get_by_role("button", name="Ask for a proposal").click()
    expect(page.get_by_text("This page can be left")).to_be_visible()
    make(Experiment.objects.get(kind="proposal"))
    expect(page.get_by_role("heading", name="What changes, and why")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("table", name="Both cards on accounts that were not learned from")).to_be_visible()
    accessible(page)
    return page


def publish_it(visitor: Visitor, page: Page) -> None:
    """From the draft in the editor, where the reasons stand too, to a version in force."""
    reason = page.get_by_role("table", name="Measures of the card and of the draft").locator("td.answer-words").first
    said = reason.inner_text()
    page.get_by_role("button", name="Open it as a draft").click()
    expect(page.get_by_role("heading", name="What was learned of it")).to_be_visible(timeout=30_000)
    expect(page.locator("dl.reasons")).to_contain_text(said)
    page.get_by_role("link", name="Difference and publish").click()
    page.get_by_label("Note").fill("Learned from who left")
    page.get_by_role("button", name="Publish").first.click()
    expect(page.get_by_text("Version 2 is published")).to_be_visible(timeout=30_000)
    assert visitor.complaints == []


def test_from_a_backtest_to_a_better_card_in_force(
    visitor: Visitor, long_past: Wanted, people: People  # noqa: F811
) -> None:  # fmt: skip
    list(back_fill(current(), [TODAY - timedelta(days=1)], "tests"))
    visitor.signs_in(people.manager.email)
    backtest(visitor, long_past)
    page = ask_for_a_proposal(visitor)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    accessible(page)
    publish_it(visitor, page)
    list(back_fill(current(), [TODAY], "tests"))
    visitor.opens("/customers/a00/")
    expect(page.get_by_text("new version").first).to_be_visible(timeout=30_000)
    visitor.opens("/learning/")
    accessible(page)
    assert visitor.complaints == []


def current() -> Version:
    version = current_version()
    assert version is not None
    return version
