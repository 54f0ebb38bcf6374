"""A customer opens their own page on a phone without scripts, from the letter to the code to the figures; and the pages
around it, those of dashboards that leave included, have no fault that axe finds."""

from __future__ import annotations

import re
from datetime import time

import pytest
from playwright.sync_api import Browser, Page, expect

from keepwell.apps.access.actors import Person as Actor
from keepwell.apps.customer_pages.models import PageLink, PageView
from keepwell.apps.customers.models import Person
from keepwell.apps.dashboards.embedding.finding import LINKS
from keepwell.apps.dashboards.embedding.operations import make_embed
from keepwell.apps.dashboards.sending.operations import Said, make_schedule
from keepwell.apps.notices.letters import send_letters
from tests.apps.conftest import People
from tests.apps.customer_pages.conftest import contacts, link, path_of  # noqa: F401 - fixtures
from tests.apps.dashboards.small import publish_small
from tests.apps.notices.server import Inbox, mail_server
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults, faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
FROM = "success@keepwell.example"


def test_from_the_letter_to_the_page_on_a_phone(
    visitor: Visitor,
    chromium: Browser,
    link: PageLink,  # noqa: F811
    contacts: dict[str, Person],  # noqa: F811
    people: People,
) -> None:
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page, path = phone.new_page(), path_of(link)
    with mail_server() as (inbox, host):
        _through_the_gate(page, visitor.url + path, inbox, host)
        expect(page.get_by_role("heading", name="Acme Inc")).to_be_visible()
        expect(page.get_by_text("1 von 2 Zielen erreicht")).to_be_visible()
        width = page.locator("main").bounding_box()
        assert width is not None
        assert width["width"] <= 390
        page.get_by_role("link", name="English").click()
        expect(page.get_by_text("Not used yet")).to_be_visible()
        page.get_by_role("button", name="Close the page").click()
        expect(page.get_by_role("button", name="Send me a code")).to_be_visible()
        phone.close()
        assert PageView.objects.count() == 2
        found = faults(visitor.opens(path))
        _through_the_gate(visitor.page, visitor.url + path, inbox, host)
    found += faults(visitor.page)
    visitor.signs_in(people.owner.email)
    found += faults_of(visitor, _around(people))
    assert found == [], "\n".join(found)
    assert visitor.complaints == []


def _through_the_gate(page: Page, address: str, inbox: Inbox, host: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Code schicken").click()
    expect(page.get_by_label("Code", exact=True)).to_be_visible()
    send_letters(f"smtp://{host}", FROM, 300)
    letter = [one for one in inbox.got if one["Subject"] == "Ihr Code"][-1]
    code = re.search(r"\b\d{6}\b", letter.get_body(["plain"]).get_content())
    assert code is not None
    page.get_by_label("Code", exact=True).fill(code[0])
    page.get_by_role("button", name="Seite öffnen").click()


def _around(people: People) -> list[str]:
    """Pages of those who work here: of the page, and of what leaves a dashboard."""
    key, actor = publish_small(), Actor(people.owner)
    schedule = make_schedule(actor=actor, key=key, said=Said([people.owner.pk], "day", time(8), "UTC"))
    embed = make_embed(actor=actor, key=key, origins=["https://intranet.example"], days=7)
    view = PageView.objects.latest("pk")
    return [
        "/customers/acme/page/", f"/customers/acme/page/views/{view.pk}/", f"/schedules/{schedule.pk}/", "/embeds/",
        f"/e/{LINKS.token_of(embed.secret)}/",
    ]  # fmt: skip
