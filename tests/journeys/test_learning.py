"""A manager starts a backtest of the card in force, leaves, comes back and reads its answer; axe finds nothing."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment
from tests.apps.conftest import People
from tests.apps.experiments.conftest import past  # noqa: F401 - a fixture
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


def test_a_card_is_backtested_from_the_button_to_the_answer(
    visitor: Visitor, past: Wanted, people: People  # noqa: F811
) -> None:  # fmt: skip
    visitor.signs_in(people.manager.email)
    page = start(visitor, past)
    visitor.opens("/learning/")
    page.get_by_role("link", name="Backtest of version 1").click()
    make(Experiment.objects.get())
    expect(page.get_by_role("heading", name="What became of each label")).to_be_visible(timeout=30_000)
    expect(page.locator(".chart svg")).to_be_visible()
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("table", name="Foretold and come true")).to_be_visible()
    accessible(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    accessible(page)
    visitor.opens("/learning/")
    accessible(page)
    assert visitor.complaints == []
