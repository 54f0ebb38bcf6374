"""A call is worked through its playbook to an outcome; cards of the board move by keyboard, by menu and by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.plans import add_objective, make_plan, open_objective_call
from keepwell.apps.cockpit.operations.talking import comment
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.notices.models import Mail
from tests.apps.cockpit.opened import opened, publish_playbooks
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def test_a_call_is_worked_through_its_playbook_to_an_outcome(
    company: Account, people: People, visitor: Visitor
) -> None:
    publish_playbooks()
    pat = Contact.objects.create(account=company, is_sponsor=True)
    PersonalData.objects.create(person=pat, name="Pat Plum", email="pat@acme.example")
    visitor.signs_in(people.owner.email)
    page = visitor.opens("/customers/acme/")
    page.get_by_role("link", name="Open a call").first.click()
    page.get_by_label("Title").fill("Win back the sponsor")
    page.get_by_label("Reason").fill("Champion left")
    page.get_by_label("Playbook").select_option("save_plan")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Win back the sponsor")
    expect(page.locator("#tasks")).to_have_text("Next: Call the sponsor")

    page.get_by_role("link", name="Write the e-mail").click()
    expect(page.get_by_label("Text")).to_have_value("Dear Pat Plum, may I call you? Ada")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#messages")).to_contain_text("stands on the timeline")
    assert Mail.objects.filter(to="pat@acme.example", subject="How Acme Inc is doing").count() == 1

    page.get_by_role("button", name="Done: Call the sponsor").click()
    page.get_by_role("button", name="Done: The manager joins").click()
    page.locator("#comment-text").fill("They stay, and want **single sign-on**")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".prose strong")).to_have_text("single sign-on")

    page.get_by_text("Close with an outcome").click()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#close .error")).to_be_visible()
    page.locator("#close select").select_option("succeeded")
    page.locator("#close textarea").fill("The new sponsor speaks for us")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(".outcome")).to_contain_text("Succeeded. The new sponsor speaks for us")
    expect(page.get_by_text("is measured by itself then")).to_have_count(3)

    page = visitor.opens("/customers/acme/timeline/")
    for words in ("Risk opened: Win back the sponsor", "How Acme Inc is doing", "Done: Call the sponsor",
                  "Risk closed, succeeded"):  # fmt: skip
        expect(page.get_by_text(words).first).to_be_visible()
    assert [one for one in visitor.complaints if "422" not in one] == [], "but for the outcome that was missing"


def test_cards_move_by_keyboard_by_menu_and_by_hand(company: Account, people: People, visitor: Visitor) -> None:
    call = opened(people.owner)
    visitor.signs_in(people.owner.email)
    page = visitor.opens("/cockpit/board/")
    card = page.locator(f"#call-{call.pk}")
    card.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-status=in_progress] .board-card")).to_have_count(1)
    expect(card).to_be_focused()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("[data-status=open] .board-card")).to_have_count(1)

    page.get_by_text("Move", exact=True).click()
    page.get_by_role("button", name="In progress").click()
    expect(page.locator("[data-status=in_progress] .board-card")).to_have_count(1)
    card.drag_to(page.locator("[data-status=open]"))
    expect(page.locator("[data-status=open] .board-card")).to_have_count(1)
    call.refresh_from_db()
    assert call.status == "open"

    card.drag_to(page.locator("section[data-status=snoozed]"))
    page.wait_for_url("**/?do=snooze#snooze")
    expect(page.locator("#snooze")).to_have_attribute("open", "")
    assert CallToAction.objects.get().status == "open", "to snooze it takes a day and a reason"
    assert visitor.complaints == []


def test_axe_finds_nothing_in_the_cockpit(company: Account, people: People, visitor: Visitor) -> None:
    publish_playbooks()
    call = opened(people.owner, playbook="save_plan")
    comment(actor=Person(people.colleague), call_id=call.pk, text="I know them")
    plan = make_plan(actor=Person(people.owner), account_id="acme", title="Roll out to all plants")
    objective = add_objective(actor=Person(people.owner), plan_id=plan.pk, title="400 active users")
    open_objective_call(actor=Person(people.owner), objective_id=objective.pk, title="Train the planners")
    visitor.signs_in(people.admin.email)
    names = ("", "board/", "calendar/", "calendar/?by=week&whose=all", "risks/", "plans/", "playbooks/", "new/?q=a",
             f"{call.pk}/?do=close", f"plans/{plan.pk}/", f"tasks/{call.tasks.first().pk}/",
             f"tasks/{call.tasks.first().pk}/mail/")  # fmt: skip
    others = ("/customers/acme/calls/new/", "/customers/acme/plans/new/", "/customers/acme/panels/calls/",
              "/customers/acme/panels/plan/", "/me/calendar/", "/")  # fmt: skip
    found = faults_of(visitor, [*(f"/cockpit/{name}" for name in names), *others])
    assert found == [], "\n".join(found)
    assert visitor.complaints == []
