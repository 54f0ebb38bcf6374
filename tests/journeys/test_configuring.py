"""A manager changes a weight, sees what it would do, publishes it, and finds the version."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.operations import change_draft, start_draft
from keepwell.apps.customers.models import Account
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PATIENCE = timedelta(seconds=20).total_seconds() * 1000


def test_change_a_weight_preview_publish_and_see_the_version(company: Account, visitor: Visitor) -> None:
    visitor.signs_in("mo@test.example")
    page = visitor.opens("/configure/scorecards/")
    page.get_by_role("button", name="Start a draft").click()
    page.get_by_role("link", name="Main card").click()
    effect = page.locator("#effect")
    expect(effect).to_contain_text("0 of 6 accounts move band", timeout=PATIENCE)

    page.get_by_label("Weight of Adoption").fill("5")
    page.get_by_label("Weight of Adoption").press("Tab")
    expect(page.locator("#editor")).to_contain_text("revision 2", timeout=PATIENCE)
    expect(effect).to_contain_text(re.compile(r"[1-6] of 6 accounts move band"), timeout=PATIENCE)
    expect(page.locator("#editor pre.code")).to_contain_text("weight: 5\n")
    expect(page.locator(".curve svg polyline").first).to_be_visible()
    expect(page.get_by_label("Weight of Adoption")).to_have_value("5")

    page.get_by_role("link", name="Difference and publish").click()
    expect(page.locator("main")).to_contain_text("adoption › weight: 70 → 5")
    page.get_by_label("Note").fill("Adoption weighs less")
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    page.get_by_role("link", name="Versions").click()
    expect(page.locator("tbody tr").first).to_contain_text("Adoption weighs less")
    assert Version.objects.get(number=2).author_name == "Mo"
    assert not Draft.objects.exists()
    assert visitor.complaints == []


def test_a_wrong_word_stands_beside_its_field_and_a_narrow_screen_works(company: Account, visitor: Visitor) -> None:
    visitor.signs_in("mo@test.example")
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    page = visitor.opens("/configure/scorecards/")
    page.get_by_role("button", name="Start a draft").click()
    page.get_by_role("link", name="Main card").click()
    page.get_by_label("Weight of Adoption").fill("5")
    page.get_by_label("Weight of Adoption").press("Tab")
    expect(page.locator("#effect")).to_contain_text("1 of 6 accounts move band", timeout=PATIENCE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"the page is {wide} wide"
    page.get_by_label("Weight of Adoption").fill("much")
    page.get_by_label("Weight of Adoption").press("Tab")
    expect(page.locator(".weight.wrong .error").first).to_contain_text("number", timeout=PATIENCE)
    expect(page.get_by_label("Weight of Adoption")).to_have_value("much")
    expect(page.locator("#effect")).to_contain_text("once the draft is valid", timeout=PATIENCE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"the page is {wide} wide"
    assert visitor.complaints == []


def test_axe_finds_nothing_about_a_draft(company: Account, visitor: Visitor) -> None:
    draft = start_draft(actor=System("tests"), name="Tried")
    change_draft(actor=System("tests"), draft=draft, change=lambda now: {
        **now, "card.yaml": now["card.yaml"].replace("weight: 70", "weight: 5")})  # fmt: skip
    visitor.signs_in("mo@test.example")
    at = f"/configure/scorecards/{draft.pk}/"
    found = faults_of(
        visitor,
        (at, f"{at}main/", f"/configure/drafts/{draft.pk}/", f"/configure/drafts/{draft.pk}/files/card.yaml/",
         "/configure/versions/1/"),
        details=99,
    )  # fmt: skip
    assert found == []
    assert visitor.complaints == []
