"""What customers say on the customer page, on Home and in the view that closes the loop."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.customers.models import Account
from tests.apps.scored import FILES
from tests.apps.surveys.results.asked import SURVEYS, answer, invite

pytestmark = pytest.mark.slow


@pytest.fixture
def definitions() -> dict[str, str]:
    return {**FILES, "surveys.yaml": SURVEYS}


@pytest.fixture
def answered(company: Account) -> Account:
    answer("acme", 2, days_ago=3, key="low", details="<b>Too slow</b>")
    answer("acme", 9, days_ago=2, key="good")
    answer("brix", 6, days_ago=4, key="lower")
    answer("zeta", 0, days_ago=1, key="theirs", details="A stranger's words")
    invite("acme", 1)
    return company


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def call(account: str, **more: object) -> CallToAction:
    now = timezone.now()
    return CallToAction.objects.create(
        account_id=account, type="risk", reason="low_answer", title="Win them back", opened_at=now, last_opened_at=now,
        opened_by="Ada", **more,
    )  # fmt: skip


def test_the_panel_has_the_value_answers_words_and_who_has_not_answered(
    answered: Account, as_owner: Client, as_stranger: Client
) -> None:
    panel = text_of(as_owner.get("/customers/acme/panels/surveys/"))
    assert "NPS, 365 days; 2 people" in panel
    assert "<strong>2</strong> of 10" in panel
    assert "&lt;b&gt;Too slow&lt;/b&gt;" in panel
    assert "Asked, not answered yet" in panel
    assert as_stranger.get("/customers/acme/panels/surveys/").status_code == 404
    assert "Nobody of Cato Inc" in text_of(as_owner.get("/customers/cato/panels/surveys/"))


def test_home_shows_answers_that_ask_for_one_the_lowest_first(
    answered: Account, as_owner: Client, as_stranger: Client
) -> None:
    mine = text_of(as_owner.get("/")).split("New responses")[1].split("Movers of the week")[0]
    assert mine.index("Acme Inc") < mine.index("Brix Inc")
    assert "stranger" not in mine
    assert "/responses/good/" not in mine
    assert "A stranger&#x27;s words" in text_of(as_stranger.get("/"))


def test_low_answers_are_followed_until_their_call_is_closed(
    answered: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    page = "/surveys/pulse/follow-up/"
    first = text_of(as_owner.get(page))
    assert "<dt>Without a call</dt><dd>2</dd>" in first
    assert "/responses/good/" not in first
    begun = re.search(r'href="(/customers/acme/calls/new/[^"]+)"', first)
    assert begun
    assert 'value="Answered 2 of 10: ask what is missing"' in text_of(as_owner.get(unescape(begun[1])))
    one = call("acme")
    assert "<dt>With an open call</dt><dd>1</dd>" in text_of(as_owner.get(page))
    assert "Win them back" in text_of(as_owner.get(f"{page}?state=open"))
    one.status, one.outcome, one.closed_at = "closed", "recovered", timezone.now()
    one.save()
    assert "<dt>Closed</dt><dd>1</dd>" in text_of(as_owner.get(page))
    assert "<dt>Without a call</dt><dd>1</dd>" in text_of(as_stranger.get(page))
    assert "<dt>Without a call</dt><dd>2</dd>" in text_of(as_manager.get(page))
    assert as_owner.get(f"{page}?state=sleeping&days=4").status_code == 422
    assert as_owner.get("/surveys/none/follow-up/").status_code == 404
