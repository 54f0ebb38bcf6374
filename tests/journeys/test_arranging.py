"""The editor by keyboard alone: parts change places and names; and what stands below the history of a score."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import start_draft
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.scored import TODAY
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults, looks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PATIENCE = timedelta(seconds=20).total_seconds() * 1000


def tells(page: Page, revision: int) -> None:
    expect(page.locator("#editor")).to_contain_text(f"revision {revision}", timeout=PATIENCE)


def test_parts_are_moved_and_renamed_with_the_keyboard(company: Account, visitor: Visitor) -> None:
    draft = start_draft(actor=System("tests"), name="Tried")
    visitor.signs_in("mo@test.example")
    page = visitor.opens(f"/configure/scorecards/{draft.pk}/main/")
    expect(page.locator("#effect")).to_contain_text("0 of 6 accounts move band", timeout=PATIENCE)

    page.get_by_role("button", name="Move Adoption down").focus()
    page.keyboard.press("Enter")
    tells(page, 2)
    expect(page.locator(".group h2").first).to_have_text("Relationship")
    expect(page.get_by_role("button", name="Move Adoption down")).to_be_focused()
    page.get_by_role("button", name="Move Adoption up").focus()
    page.keyboard.press("Space")
    tells(page, 3)
    expect(page.locator(".group h2").first).to_have_text("Adoption")

    page.locator("#structure > summary").focus()
    page.keyboard.press("Enter")
    name = page.get_by_label("Name of Active days")
    name.fill("busy_days")
    name.press("Tab")  # nothing is saved before the button or Enter says so
    expect(name).to_have_value("busy_days")
    name.press("Enter")
    tells(page, 4)
    expect(page.locator("#editor")).to_contain_text("is a new measure: its history begins")
    expect(page.locator("#effect")).to_contain_text("0 of 6 accounts move band", timeout=PATIENCE)
    page.get_by_label("Group of Busy days").select_option("relationship")
    page.get_by_role("button", name="Move Busy days to this group").press("Enter")
    tells(page, 5)
    expect(page.locator("#groups-relationship-measures-busy_days-measure")).to_be_visible()
    expect(page.locator("#structure")).to_have_attribute("open", "")
    draft = Draft.objects.get()
    assert "metric: active_days" in draft.files["card.yaml"]
    page.set_viewport_size({"width": 390, "height": 900})  # a morph that moved these parts ended the browser here
    expect(page.locator("#structure")).to_be_visible()

    found = []
    for look in looks(page):
        visitor.opens(f"/configure/scorecards/{draft.pk}/main/").locator("#structure > summary").click()
        found += [f"{look}: {one}" for one in faults(page)]
    assert found == []
    assert visitor.complaints == []


def test_events_tell_their_words_to_pointer_and_keyboard(company: Account, visitor: Visitor) -> None:
    for back, title in ((6, "They bought more"), (2, "Renewal talk")):
        day = TODAY - timedelta(days=back)
        TimelineEntry.objects.create(
            account=company, type=built_in("call"), title=title, author="Ada",
            occurred_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        )  # fmt: skip
    visitor.signs_in("ada@test.example")
    page = visitor.opens("/customers/acme/panels/history/")
    marks = page.locator(".event-mark")
    expect(marks).to_have_count(2, timeout=PATIENCE)
    words = marks.first.locator(".event-words")
    expect(words).to_be_hidden()
    marks.first.locator(".target").hover()
    expect(words).to_be_visible()
    expect(words).to_contain_text("Call: They bought more")
    page.mouse.move(0, 0)
    page.get_by_label("Events").first.focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if marks.last.evaluate("one => one === document.activeElement"):
            break
    expect(marks.last.locator(".event-words")).to_be_visible()
    box, chart = marks.first.locator("circle").bounding_box(), page.locator(".chart").bounding_box()
    assert box
    assert chart
    inside = chart["width"] - 36 - 84  # as the chart is told in its option
    middle = chart["x"] + 36 + inside / 7  # six days before the last of seven days
    assert abs(box["x"] + box["width"] / 2 - middle) < 2
    found = []
    for look in looks(page):
        found += [f"{look}: {one}" for one in faults(page)]
    assert found == []
    page.locator("#history-events").select_option("none")
    expect(marks).to_have_count(0, timeout=PATIENCE)
    assert visitor.complaints == []
