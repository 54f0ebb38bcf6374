"""A survey is sent and answered from the letter, on a phone without scripts and by keyboard; the measure, the score and
a call to action follow at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from keepwell.apps.access.actors import System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.live.scoring import Live
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.running import carry_out as carry_out_run
from keepwell.apps.notices.letters import send_letters
from keepwell.apps.rules.deciding.news import on_occasions
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import RuleRun
from keepwell.apps.surveys.ledgers import DATASETS
from keepwell.apps.surveys.models import Response, SurveySend
from keepwell.apps.surveys.sending.inviting import carry_out
from keepwell.apps.surveys.sending.queueing import queue_letters
from tests.apps.conftest import People
from tests.apps.notices.server import mail_server
from tests.apps.scored import FILES
from tests.apps.surveys.conftest import SURVEY, add_people
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
MEASURED = {
    **FILES,
    "voice.yaml": DATASETS,
    "surveys.yaml": SURVEY,
    "metrics_of_voice.yaml": """\
metrics:
  pulse_nps:
    dataset: responses
    aggregate: avg(case when number >= 9 then 100 when number <= 6 then -100 else 0 end)
    where: survey = 'pulse' and question = 'recommend'
    window: 365 days
""",
    "card.yaml": FILES["card.yaml"].replace(
        "          logins_28d:",
        """\
          pulse_nps: {weight: 6, score: {linear: [[-100, 0], [100, 100]]}, when_missing: {score: 50}}
          logins_28d:""",
    ),
    "rules.yaml": """\
rules:
  detractor:
    title: Talk to detractors
    on: {response: pulse, where: recommend <= 6}
    when: pulse_nps < 0
    actions:
      - open_call: {type: risk, reason: detractor, title: "{account.name} is unhappy", owner: csm, due: 2 business days}
""",
}


def scored_now(people: People) -> None:
    run = ask_for_run(actor=System("tests"), as_of=timezone.localdate())
    version = current_version()
    assert version is not None
    carry_out_run(run, version)


def as_customer(chromium: Browser) -> Page:
    """A phone without scripts, that prefers German."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="de-DE")
    return context.new_page()


def test_from_the_letter_to_the_call(company: Account, people: People, visitor: Visitor, chromium: Browser) -> None:
    publish(actor=System("tests"), files=MEASURED, note="Voice")
    scored_now(people)
    add_people({"acme": [("Art", "art@acme.example", {})]})
    before = CurrentHealth.objects.get(pk="acme").score

    visitor.signs_in(people.manager.email)
    page = visitor.opens("/surveys/pulse/send/")
    expect(page.locator("#plan")).to_contain_text("1 of 1 people")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Ask 1 person").click()
    expect(page.get_by_text("It is being sent")).to_be_visible()
    carry_out(SurveySend.objects.get().pk)
    object.__setattr__(settings.ENVIRONMENT, "public_url", visitor.url)
    with mail_server() as (inbox, host):
        queue_letters()
        assert send_letters(f"smtp://{host}", "Keepwell <k@test.example>", 300).sent == 1
    html = inbox.got[0].get_body(["html"]).get_content()
    link = next(iter(re.findall(r'href="([^"]+\?score=3)"', html)))

    answers_by_keyboard(as_customer(chromium), link)
    response = Response.objects.get()
    assert (response.answers["recommend"], response.answers["details"], response.language) == (3, "Zu langsam", "de")

    Live().renew(now=timezone.now())
    on_occasions()
    for run in RuleRun.objects.all():
        do_run(run.pk)
    assert (CurrentHealth.objects.get(pk="acme").score or 0) < (before or 0)
    call = CallToAction.objects.get()
    assert (call.account_id, call.reason) == ("acme", "detractor")
    page = visitor.opens("/customers/acme/timeline/")
    expect(page.get_by_text("Relationship: 3 of 10, detractor").first).to_be_visible()
    page = visitor.opens("/cockpit/")
    expect(page.get_by_text("Acme Inc is unhappy").first).to_be_visible()
    assert visitor.complaints == []


def answers_by_keyboard(page: Page, link: str) -> None:
    """What the letter chose stands there; the keys move it, and Enter sends."""
    page.goto(link)
    expect(page.get_by_role("heading", name="Ihre Meinung")).to_be_visible()
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()
    page.get_by_role("radio", name="3", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Was fehlt?")).to_be_visible()
    width: Any = page.locator("main").bounding_box()
    assert width["width"] <= 390
    page.keyboard.press("Tab")
    page.get_by_label("Erzählen Sie mehr").fill("Zu langsam")
    page.get_by_role("button", name="Absenden").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vielen, vielen Dank.")).to_be_visible()
    page.context.close()


def test_pages_of_respondents_have_no_faults_that_axe_finds(company: Account, people: People, visitor: Visitor) -> None:
    from tests.apps.surveys.conftest import invited, publish_survey
    from tests.apps.surveys.test_respondents import EVERY_KIND

    publish_survey(EVERY_KIND)
    _, token = invited(survey="all")
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page = visitor.opens(f"/s/{token}")
        for _ in range(3):
            found = [
                f"{scheme} {one['id']}: {one['nodes'][0]['html'][:200]}"
                for one in Axe().run(page).response["violations"]
            ]
            assert found == []
            page.get_by_role("button").click()
            page.wait_for_load_state("networkidle")
        assert "/s/" in page.url
