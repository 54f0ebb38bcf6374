"""Alerts in a real browser: what one is told, and a channel from its making to a dead letter."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from keepwell.apps.customers.models import Account
from keepwell.apps.notices.channels.delivering import deliver_what_is_due
from keepwell.apps.notices.models import Delivery
from keepwell.apps.notices.operations import Alert, ScoreNow, alert
from tests.apps.conftest import People
from tests.apps.notices.hooks import Target, target
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults, looks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PICTURES = os.environ.get("KEEPWELL_PICTURES", "")  # a folder: pictures of the pages are put there


@pytest.fixture
def place():  # type: ignore[no-untyped-def]
    before = settings.ENVIRONMENT.outgoing
    object.__setattr__(settings.ENVIRONMENT, "outgoing", ("127.0.0.1",))
    with target() as found:
        yield found
    object.__setattr__(settings.ENVIRONMENT, "outgoing", before)


def red(people: People) -> Alert:
    score = ScoreNow(38.0, "red", "bad", -14.2, "yellow", "Active users fell from 20 to 9")
    return Alert("red", "rule", "Acme Inc turned red", "Call them this week.", "/customers/acme/", "acme", "Acme Inc",
                 score)  # fmt: skip


def test_a_channel_is_made_fails_and_its_letter_is_sent_again(
    visitor: Visitor, company: Account, people: People, place: Target
) -> None:
    place.answers["/hook"] = [(410, {}), (200, {})]
    visitor.signs_in(people.admin.email)
    page = visitor.opens("/configure/channels/")
    page.get_by_label("Signed webhook").check()
    page.get_by_label("Name").fill("crm")
    page.get_by_label("Address").fill(f"{place.address}/hook")
    page.get_by_role("button", name="Add").click()
    assert page.get_by_label("Signing secret").input_value().startswith("whsec_")
    alert(red(people), people=[people.admin], channels=["crm"])
    assert deliver_what_is_due() == {"dead": 1}
    letter = f"/configure/deliveries/{Delivery.objects.get().pk}/"
    _looked_at(visitor, ["/configure/channels/", "/configure/channels/crm/", letter, "/notices/", "/me/alerts/"])
    page = visitor.opens("/configure/channels/crm/")
    page.get_by_role("button", name="Send what was given up again (1)").click()
    page.get_by_text("1 are sent again.").wait_for()
    assert deliver_what_is_due() == {"sent": 1}
    assert visitor.complaints == []


def test_a_notice_is_opened_and_settings_are_kept(visitor: Visitor, company: Account, people: People) -> None:
    alert(red(people), people=[people.owner])
    visitor.signs_in(people.owner.email)
    page = visitor.opens("/notices/")
    page.get_by_role("button", name="Open and mark as read").click()
    page.wait_for_url("**/customers/acme/")
    page = visitor.opens("/me/alerts/")
    page.get_by_label("Scores of your accounts").select_option("email")
    page.get_by_label("Mail comes").select_option("daily")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert page.get_by_label("Scores of your accounts").input_value() == "email"
    assert f"{timezone.now().year}" in page.locator("header.answer").inner_text()


def _looked_at(visitor: Visitor, paths: list[str]) -> None:
    """Without a fault in light and dark, and not wider than a phone."""
    found: list[str] = []
    wide = visitor.page.viewport_size
    for look in looks(visitor.page):
        for path in paths:
            page = visitor.opens(path)
            found += [f"{look} {path}: {one}" for one in faults(page)]
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{path.strip('/').replace('/', '-')}-{look}.png", full_page=True)
    visitor.page.set_viewport_size(wide)  # type: ignore[arg-type]
    assert found == [], "\n".join(found)
