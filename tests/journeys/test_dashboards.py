"""An executive opens a dashboard, drills from a red bar to the accounts behind it, and from one to the reason."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults, looks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
BOARD = "/dashboards/retention/"
PATIENCE = 60_000


def arrived(page: Page) -> None:
    """Every widget was answered."""
    expect(page.locator(".waits")).to_have_count(0, timeout=PATIENCE)


def test_from_a_red_bar_to_the_reason(visitor: Visitor, company: Account, people: People) -> None:
    visitor.signs_in(people.manager.email)
    page = visitor.opens("/dashboards/")
    page.get_by_role("link", name="Retention and ARR at risk").click()
    arrived(page)
    assert _number(page, "arr") == round(sum(one.arr or 0 for one in Account.objects.all()) / 1000)

    red = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--bad').trim()")
    page.locator(f"#w-by_band svg path[fill='{red}']").first.click()
    expect(page.locator(".point-menu")).to_contain_text("Band: red")
    page.get_by_role("link", name="Rows behind it").click()
    page.wait_for_url(re.compile(r"widgets/by_band/rows/"))
    expect(page.get_by_role("heading", name="Band: red")).to_be_visible()
    found = set(page.locator("a[data-row]").all_inner_texts())
    assert found == set(Account.objects.filter(health__label="red").values_list("name", flat=True))

    page.get_by_role("link", name="Zeta Inc").click()
    page.wait_for_url(re.compile(r"/customers/zeta/"))
    expect(page.get_by_text("Two urgent tickets open").first).to_be_visible(timeout=PATIENCE)

    _narrows_and_moves_by_keys(visitor)
    assert visitor.complaints == []


def _narrows_and_moves_by_keys(visitor: Visitor) -> None:
    """A point of one widget narrows the others; j goes to the next widget, t shows its table, Enter its rows."""
    page = visitor.opens(f"{BOARD}?x.by_band.by=s:red")
    arrived(page)
    expect(page.locator(".page-filters .chip.is-on")).to_contain_text("Band: red")
    for _ in ("arr", "at_risk", "by_band"):
        page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "w-by_band"
    page.keyboard.press("t")
    expect(page.locator("#w-by_band [data-twin]")).to_be_visible()
    for look in looks(page):
        assert faults(page) == [], look
    page.locator("#w-by_band").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"widgets/by_band/rows/"))


def _number(page: Page, widget: str) -> int:
    """In thousands, as it is shown."""
    text = page.locator(f"#w-{widget} .big").inner_text()
    assert text.endswith("k"), text
    return round(float(text.removesuffix("k")))
