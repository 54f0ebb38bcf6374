"""Somebody in operations builds a report, saves it to a dashboard, arranges and shares it; another role opens it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from keepwell.apps.customers.models import Account
from keepwell.apps.dashboards.boards.reading import entry_of
from keepwell.apps.dashboards.models import Board
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor
from tests.journeys.test_survey_builder import accessible

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def build(visitor: Visitor) -> Page:
    """Customers by CSM, in two numbers."""
    page = visitor.opens("/dashboards/")
    page.get_by_role("link", name="New report").click()
    expect(page.locator(".drawn-report svg")).to_be_visible()
    typed(page, "by/of", "csm")
    typed(page, "measures/1/aggregate", "sum(arr)")
    typed(page, "title", "Books by CSM")
    expect(page.get_by_role("heading", name="Books by CSM").first).to_be_visible()
    expect(page.locator("#lines")).to_contain_text("by: csm")
    page.get_by_text("The numbers").click()
    expect(page.locator(".numbers tbody tr")).to_have_count(4)
    expect(page.locator(".sql pre").first).to_contain_text("SELECT")
    accessible(page)
    return page


def typed(page: Page, name: str, text: str) -> None:
    """Drawn anew as the field is left."""
    with page.expect_response(lambda got: got.request.method == "POST"):
        page.locator(f"[name='{name}']").fill(text)
        page.keyboard.press("Escape")  # of the names that are offered
        page.keyboard.press("Tab")


def save(page: Page) -> Board:
    page.get_by_label("Name of the new dashboard").fill("Operations")
    page.get_by_role("button", name="Save as widget").click()
    expect(page.get_by_role("heading", name="Operations")).to_be_visible()
    expect(page.locator("#w-books_by_csm svg")).to_be_visible()
    return Board.objects.get()


def arrange(page: Page, board: Board) -> None:
    """By keys, by button and by the mouse, and the last back again."""
    tile = page.locator("#w-books_by_csm")
    tile.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#places")).to_contain_text("columns 1 to 7")
    expect(tile).to_be_focused()
    box = tile.locator("h2").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 480, box["y"] + 12, steps=6)
    page.mouse.up()
    expect(page.locator("#places")).to_contain_text("columns 6 to 12")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#places")).to_contain_text("Taken back")
    board.refresh_from_db()
    assert entry_of(board.text)[1]["widgets"]["books_by_csm"]["place"] == {"x": 0, "y": 0, "w": 7, "h": 4}
    accessible(page)


def share(page: Page) -> None:
    page.get_by_role("link", name="Name, filters and sharing").click()
    page.get_by_role("checkbox", name="CSM").check()
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("checkbox", name="CSM")).to_be_checked()
    accessible(page)


def test_a_report_becomes_a_widget_of_a_dashboard_that_another_role_opens(
    visitor: Visitor, company: Account, people: People, chromium: Browser
) -> None:
    visitor.signs_in("mo@test.example")
    page = build(visitor)
    board = save(page)
    arrange(page, board)
    share(page)
    assert visitor.complaints == []
    page.context.clear_cookies()
    visitor.signs_in("cyd@test.example")
    page = visitor.opens("/dashboards/")
    page.get_by_role("link", name="Operations").click()
    expect(page.locator("#w-books_by_csm svg")).to_be_visible()
    expect(page.locator("#w-books_by_csm .twin tbody tr")).to_have_count(1)  # the one account that she sees
    assert visitor.complaints == []
