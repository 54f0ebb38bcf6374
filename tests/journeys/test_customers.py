"""Finding customers in a real browser: filters swap what they change, addresses can be shared, keys go through rows."""

from __future__ import annotations

import pytest

from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PAGES = (
    "/customers/",
    "/customers/?where=seatz+%3E+1&arr_from=much",
    "/customers/acme/details/",
    "/portfolio/heatmap/",
    "/portfolio/movers/",
    "/portfolio/renewals/?month=2026-04",
    "/lists/",
)


def test_a_filter_swaps_the_list_and_back_brings_it_back(visitor: Visitor, company: Account, people: People) -> None:
    visitor.signs_in(people.manager.email)
    page = visitor.opens("/customers/")
    page.evaluate("window.same = true")
    page.fill("#where", "arr >= 100000 and not in_segment('nope')")
    page.press("#where", "Enter")
    page.wait_for_selector("#error-where")
    assert "nope" in page.inner_text("#error-where")
    page.fill("#where", "in_segment('large')")
    page.press("#where", "Enter")
    page.wait_for_selector("tbody tr")
    assert page.locator("tbody tr").count() == 2
    assert page.evaluate("window.same"), "the page was swapped, not loaded"
    assert page.url.endswith("/customers/?where=in_segment%28%27large%27%29")
    page.click("thead a:has-text('Customer')")
    page.wait_for_url("**sort=name**")
    page.go_back()
    page.wait_for_url(lambda url: "sort=name" not in url)
    page.go_back()
    page.keyboard.press("Escape")
    page.goto(visitor.url + "/customers/?segment=large")
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/brix/")
    assert [said for said in visitor.complaints if "422" not in said] == []


def test_axe_finds_nothing_on_pages_about_customers(visitor: Visitor, company: Account, people: People) -> None:
    visitor.signs_in(people.admin.email)
    found = faults_of(visitor, PAGES, details=3)
    assert found == [], "\n".join(found)
    assert [said for said in visitor.complaints if "422" not in said] == []
