"""From signing in to the rows behind a score, with mouse and keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def test_a_csm_signs_in_finds_an_account_and_explains_its_score(
    visitor: Visitor, company: Account, people: People
) -> None:
    visitor.signs_in(people.owner.email)
    page = visitor.page
    page.keyboard.press("Control+k")
    page.keyboard.type("acm")
    expect(page.get_by_role("option", name="Acme Inc")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/acme/")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Inc")
    expect(page.locator("#scorecard .waterfall .total")).to_contain_text("Score")
    page.locator("#measure-active_days summary").click()
    page.locator("#measure-active_days").get_by_role("link", name="Rows behind").click()
    expect(page.locator("#rows-active_days")).to_contain_text("14 rows")
    assert visitor.complaints == []


def test_ways_into_a_band_follow_the_band_that_is_chosen(visitor: Visitor, company: Account, people: People) -> None:
    visitor.signs_in(people.stranger.email)
    page = visitor.opens("/customers/zeta/")
    expect(page.locator("#reach")).to_contain_text("open_urgent")
    with page.expect_response("**/panels/reach/?band=red"):
        page.locator("#reach-band").select_option("red")
    expect(page.locator("#reach")).to_contain_text("It is red already")
    assert visitor.complaints == []


def test_the_history_is_drawn_and_saved_as_a_picture(visitor: Visitor, company: Account, people: People) -> None:
    visitor.signs_in(people.owner.email)
    page = visitor.opens("/customers/acme/panels/history/")
    expect(page.locator(".chart svg")).to_be_visible()
    page.get_by_text("Save", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG picture").click()
    assert saved.value.suggested_filename == "score-history.png"
    assert saved.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert visitor.complaints == []


def test_keys_are_told_and_go_through_lists(visitor: Visitor, company: Account, people: People) -> None:
    visitor.signs_in(people.manager.email)
    page = visitor.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    assert visitor.complaints == []


def test_feedback_is_kept_in_place_and_says_what_it_needs(visitor: Visitor, company: Account, people: People) -> None:
    visitor.signs_in(people.owner.email)
    page = visitor.opens("/customers/acme/")
    page.locator("#id_expected").select_option("red")
    page.locator("#id_reason").fill("Their sponsor left, and nobody has entered it yet")
    page.locator("#feedback").get_by_role("button", name="Keep it").click()
    expect(page.locator("#feedback")).to_contain_text("expected red")
    assert visitor.complaints == []
