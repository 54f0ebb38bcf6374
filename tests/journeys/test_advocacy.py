"""A seller asks for a reference; it goes through to a won deal, and the measure of advocacy and the score follow."""

# ruff: noqa: F811 - fixtures of another folder

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from keepwell.apps.access.actors import System
from keepwell.apps.advocacy.models import Request
from keepwell.apps.advocacy.operations.activities import Said, correct, log
from keepwell.apps.advocacy.operations.advocates import Profile, make_advocate
from keepwell.apps.advocacy.operations.requests import Wanted, ask
from keepwell.apps.health.live.scoring import Live
from keepwell.apps.health.models import CurrentHealth
from tests.apps.advocacy.conftest import Contacts, contacts, definitions  # noqa: F401 - fixtures
from tests.apps.conftest import People
from tests.apps.scored import TODAY
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def _score() -> float:
    found = CurrentHealth.objects.get(pk="acme").score
    assert found is not None
    return found


def test_a_request_goes_through_to_a_won_deal_and_the_score_follows(
    contacts: Contacts, people: People, visitor: Visitor
) -> None:
    assert _score() == 80
    live = Live()
    live.renew()
    visitor.signs_in(people.owner.email)
    page = visitor.opens("/customers/acme/advocates/new/")
    page.get_by_label("Who").select_option(label="Dana")
    page.get_by_label("Languages").fill("English, German")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dana")

    page = visitor.opens("/advocacy/requests/new/")
    page.get_by_label("What is asked for").select_option("reference_call")
    page.get_by_label("For which deal").fill("Northwind roll-out")
    page.get_by_label("Amount of the deal").fill("100000")
    page.get_by_label("Whom you look for").fill("a live customer around arr 200k, in german")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Looking for somebody").first).to_be_visible()

    page.get_by_role("link", name="Find somebody", exact=True).last.click()
    expect(page.locator("#where")).to_have_value(
        "arr between 100000 and 400000 and stage = 'live' and contains(languages, 'german') "
        "and health <> 'bad' and open_risks = 0"
    )
    page.get_by_role("button", name="Ask Dana").click()
    expect(page.locator("main")).to_contain_text("Asked")
    page.get_by_role("button", name="Agreed").click()
    page.get_by_label("For when").fill(str(Request.objects.get().asked_on))
    page.get_by_role("button", name="Scheduled").click()
    page.get_by_role("link", name="Done …").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reference call for Northwind roll-out")
    expect(page.get_by_text("20.0 points today")).to_be_visible()  # 10 and 10 for the amount

    live.renew()
    assert _score() == pytest.approx(80 + 20 / 40 * 20)

    page.get_by_role("button", name="Deal won").click()
    expect(page.locator("#messages")).to_contain_text("The deal is won; one activity says so")
    expect(page.get_by_role("row", name="Northwind roll-out")).to_contain_text("100k")
    live.renew()
    assert _score() == pytest.approx(80 + 30 / 40 * 20)

    page = visitor.opens("/customers/acme/")
    expect(page.get_by_text("100k influenced, 100k of it won")).to_be_visible()
    page = visitor.opens("/customers/acme/timeline/")
    expect(page.get_by_text("Reference call: Reference call for Northwind roll-out").first).to_be_visible()
    assert visitor.complaints == []


def test_axe_finds_nothing_in_advocacy(contacts: Contacts, people: People, visitor: Visitor) -> None:
    actor = System("test")
    advocate = make_advocate(actor=actor, account_id="acme", person=contacts.dana.pk, profile=Profile(topics=["SSO"]))
    said = Said(TODAY, "Call with Brix", deal="Brix", amount=50_000)
    done = log(actor=actor, kind="reference_call", account_id="acme", person=contacts.dana.pk, said=said)
    correct(
        actor=actor, activity_id=done.pk, said=Said(TODAY, "Call", deal="Brix", amount=60_000), reason="Typing error"
    )
    asked = ask(actor=actor, wanted=Wanted("webinar", "Cato", 9000), account_id="acme", person=contacts.eli.pk)
    ask(actor=actor, wanted=Wanted("review", wanted="a large customer"))
    visitor.signs_in(people.admin.email)
    kinds = visitor.opens("/configure/advocacy/")
    kinds.get_by_role("button", name="Change Review").click()
    kinds.wait_for_url("**/review/")
    editor = kinds.url.removeprefix(visitor.url)
    names = ("", "advocates/", f"advocates/{advocate.pk}/", f"advocates/{advocate.pk}/edit/", "candidates/",
             "find/?q=arr 200k live&everyone=yes", "requests/", f"requests/{asked.pk}/", f"requests/{asked.pk}/done/",
             "requests/new/", "activities/", f"activities/{done.pk}/", "pipeline/", "trend/", "new/?q=a")  # fmt: skip
    others = ("/customers/acme/advocacy/new/", "/customers/acme/advocates/new/", "/customers/acme/panels/advocacy/",
              "/configure/advocacy/", "/configure/candidates/", editor)  # fmt: skip
    found = faults_of(visitor, [*(f"/advocacy/{name}" for name in names), *others])
    assert found == [], "\n".join(found)
    assert visitor.complaints == []
