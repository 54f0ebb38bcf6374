"""Answering by a link: page by page, in every language, and nothing to learn from it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.rules.models import Occasion
from keepwell.apps.surveys.models import Invitation, Refusal, Response
from keepwell.apps.surveys.operations import add_link, close_link
from keepwell.apps.surveys.tokens import token_of
from keepwell.apps.ui.outside import guessing
from tests.apps.at_once import at_once
from tests.apps.surveys.conftest import SURVEY, invited, publish_survey

pytestmark = pytest.mark.slow

EVERY_KIND = """\
surveys:
  all:
    per_page: 3
    questions:
      - {name: nps, kind: nps, text: N}
      - {name: csat, kind: csat, text: S, low: Bad, high: Good}
      - {name: stars, kind: rating, from: -5, to: 20, text: R}
      - {name: one, kind: single_choice, text: O, choices: [{value: a, text: A}, {value: b, text: B}]}
      - {name: some, kind: multiple_choice, at_least: 2, text: M,
         choices: [{value: a, text: A}, {value: b, text: B}, {value: c, text: C}]}
      - {name: order, kind: ranking, required: true, text: K, choices: [{value: a, text: A}, {value: b, text: B}]}
      - {name: grid, kind: matrix, required: true, text: X, rows: [{value: r, text: Row}, {value: q, text: Other}],
         columns: [{value: yes, text: Well}, {value: no, text: Badly}]}
      - {name: words, kind: text, characters: 20, text: T}
"""


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=True)


@pytest.fixture
def link(contacts: dict[str, Person]) -> str:
    _, token = invited(contacts["Art"])
    return f"/s/{token}"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_a_survey_is_answered_page_by_page_and_the_link_is_spent_at_the_end(link: str, browser: Client) -> None:
    first = browser.get(link)
    assert "How likely are you to recommend us?" in text(first)
    assert "It takes a minute." in text(first)
    assert "What is missing?" not in text(first)
    answer = browser.post(link, {"at": "recommend", "lang": "en", "q.recommend": "4"})
    assert (answer.status_code, answer["Location"]) == (303, f"{link}?at=missing&lang=en")
    assert not Invitation.objects.get().finished_at
    second = text(browser.get(answer["Location"]))
    assert "What is missing?" in second
    assert "Tell us more" in second
    assert "33 % done" in second
    end = browser.post(link, {"at": "missing", "lang": "en", "q.missing": "speed", "q.details": "Slow 🐢\n<b>x</b>"})
    assert "Thank you, truly." in text(end)
    response = Response.objects.get()
    assert response.answers == {"recommend": 4, "missing": "speed", "details": "Slow 🐢\n<b>x</b>"}
    assert (response.status, response.account_id, response.language) == ("finished", "acme", "en")
    assert Occasion.objects.get().name == "pulse"
    assert browser.get(link).status_code == 404


def test_looking_changes_nothing_and_a_number_of_the_letter_is_only_chosen(link: str, browser: Client) -> None:
    page = text(browser.get(f"{link}?score=9"))
    assert re.search(r'value="9" checked', page)
    assert not Response.objects.exists()
    assert Invitation.objects.get().opened_at is None
    for odd in ("x", "99", "-1", "9; drop"):
        assert "checked" not in text(browser.get(f"{link}?score={odd}"))
    browser.post(link, {"at": "recommend", "q.recommend": "9"})
    assert Response.objects.get().answers == {"recommend": 9}


def test_coming_back_goes_on_where_it_was_left_and_going_back_keeps_what_was_said(link: str, browser: Client) -> None:
    browser.post(link, {"at": "recommend", "q.recommend": "5"})
    page = text(Client().get(link))
    assert "What is missing?" in page
    assert f'href="{link}?at=recommend&amp;lang=en"' in page
    back = text(browser.get(f"{link}?at=recommend"))
    assert 'value="5" checked' in back
    browser.post(link, {"at": "recommend", "q.recommend": "10"})
    assert Response.objects.get().answers == {"recommend": 10}
    assert Response.objects.get().status == "finished"


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(company: Account, browser: Client) -> None:
    publish_survey(EVERY_KIND)
    _, token = invited(survey="all")
    link = f"/s/{token}"
    browser.post(link, {"at": "nps", "q.nps": "3", "q.csat": "", "q.stars": "-5"})
    wrong = browser.post(link, {"at": "one", "q.one": "a", "q.some": ["b"], "q.order.a": "1", "q.order.b": "1"})
    page = text(wrong)
    assert wrong.status_code == 422
    assert "Please choose at least 2." in page
    assert "Please put 2 in order" in page
    assert '<option value="1" selected>' in page
    assert 'value="b" checked' in page
    assert Response.objects.get().answers == {"nps": 3, "csat": None, "stars": -5}
    browser.post(link, {"at": "one", "q.one": "a", "q.some": ["b", "c"], "q.order.a": "2", "q.order.b": "1"})
    page = text(browser.post(link, {"at": "grid", "q.grid.r": "yes", "q.words": "x" * 21}))
    assert "Please answer for “Other”." in page
    assert "at most 20 characters; these are 21" in page
    assert "x" * 21 in page
    browser.post(link, {"at": "grid", "q.grid.r": "yes", "q.grid.q": "no", "q.words": "fine"})
    assert Response.objects.get().answers == {
        "nps": 3, "csat": None, "stars": -5, "one": "a", "some": ["b", "c"], "order": ["b", "a"],
        "grid": {"r": "yes", "q": "no"}, "words": "fine",
    }  # fmt: skip


def test_each_reads_it_in_their_own_language_and_may_choose_another(link: str, browser: Client) -> None:
    german = text(browser.get(link, headers={"Accept-Language": "fr;q=0.3, de-CH, en;q=0.8"}))
    assert '<html lang="de" dir="ltr">' in german
    assert "Würden Sie uns empfehlen?" in german
    arabic = text(browser.get(f"{link}?lang=ar"))
    assert '<html lang="ar" dir="rtl">' in arabic
    refused = text(browser.post(link, {"at": "recommend", "lang": "ar"}))
    assert "يرجى الإجابة عن هذا السؤال." in refused
    browser.post(link, {"at": "recommend", "lang": "ar", "q.recommend": "3"})
    assert Response.objects.get().language == "ar"
    assert 'lang="ar"' in text(Client().get(link))


def answers_of(browser: Client, tokens: list[str], method: str) -> set[tuple[int, bytes]]:
    return {
        (one.status_code, one.content)
        for token in tokens
        for one in [getattr(browser, method)(f"/s/{token}", {"q.recommend": "9"})]
    }


def test_whatever_opens_nothing_is_answered_alike(contacts: dict[str, Person], browser: Client) -> None:
    now = timezone.now()
    _, spent = invited(contacts["Art"], finished_at=now)
    _, closed = invited(contacts["Ann"], closes_on=dt.date(2020, 1, 1))
    _, withdrawn = invited(contacts["Bob"], withdrawn_at=now)
    tokens = [spent, closed, withdrawn, "A" * 27, "short", "%00", "x" * 500, "é", "..", "A" * 27 + "="]
    for method in ("get", "post"):
        assert len(found := answers_of(browser, tokens, method)) == 1
        assert next(iter(found))[0] == 404
    assert not Response.objects.exists()
    pages = {browser.get(f"/s/{one}/unsubscribe").content for one in (*tokens, spent)}
    assert len(pages) == 1


def test_links_do_not_stand_in_logs(
    contacts: dict[str, Person], browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    _, spent = invited(contacts["Art"], finished_at=timezone.now())
    browser.get(f"/s/{spent}")
    assert spent not in caplog.text


def test_guessing_is_slowed_and_then_says_nothing_of_what_exists(
    link: str, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "MISSES", 5)
    assert [browser.get(f"/s/{number:027}").status_code for number in range(7)] == [404] * 5 + [429] * 2
    assert browser.get(link).status_code == 429
    assert browser.get(link).content == browser.get("/s/nothing").content
    assert browser.post(link, {"q.recommend": "9"}).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get(link).status_code == 200


def test_sending_the_last_page_twice_is_one_response(contacts: dict[str, Person], browser: Client) -> None:
    _, token = invited(contacts["Art"])
    sent = [browser.post(f"/s/{token}", {"at": "recommend", "q.recommend": "9"}).status_code for _ in range(2)]
    assert sent == [200, 404]
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_open_twice_at_once_is_one_response(contacts: dict[str, Person]) -> None:
    _, token = invited(contacts["Art"])

    def send() -> None:
        Client().post(f"/s/{token}", {"at": "recommend", "q.recommend": "9"})

    assert at_once(send, 4) == []
    assert Response.objects.get().answers == {"recommend": 9}
    assert Occasion.objects.count() == 1


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7|add:7 }} 😀👩‍👩‍👧 \u202eשלום مرحبا \u0000"


def test_scripts_emoji_and_right_to_left_text_stay_text(company: Account, browser: Client) -> None:
    publish_survey(
        """\
surveys:
  all:
    heading: '<script>alert(1)</script>'
    intro: '<b onclick=x>hi</b>'
    thanks: '</h1><script>1</script>'
    questions:
      - {name: words, kind: text, text: '<img src=x onerror=alert(1)>', help: '"><svg onload=1>', required: true}
      - {name: one, kind: single_choice, required: true, text: O, choices: [{value: a, text: '<i>A</i> 😀 שלום'}]}
"""
    )
    _, token = invited(survey="all")
    link = f"/s/{token}"
    pages = [text(browser.get(link)), text(browser.post(link, {"at": "words", "q.words": HOSTILE}))]
    pages.append(text(browser.post(link, {"at": "words", "q.words": HOSTILE, "q.one": "a"})))
    for page in pages:
        assert not re.search(r"<(script|img|b |i>|svg onload)", page)
    assert "{{ 7|add:7 }}" in pages[1].replace("&#x27;", "'")
    assert "😀👩‍👩‍👧" in pages[1]
    assert Response.objects.get().answers["words"] == HOSTILE.replace("\0", "").strip()


def test_a_page_weighs_little_and_sets_no_cookie(link: str, browser: Client) -> None:
    page = browser.get(link, headers={"Accept-Language": "ar"})
    linked = re.findall(r'(?:href|src)="([^"]+)"', text(page))
    files = [one for one in linked if one.startswith("/static/")]
    assert files == ["/static/surveys/respond.css"]
    weight = len(page.content) + sum(Path(str(find(one[8:]))).stat().st_size for one in files)
    assert weight < 50_000 / 2
    assert "<script" not in text(page)
    assert "style=" not in text(page)
    assert not page.cookies
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_session_is_neither_asked_for_nor_told(link: str, as_owner: Client) -> None:
    page = as_owner.get(link)
    assert not page.cookies
    assert "Ada" not in text(page)


def test_one_click_and_the_page_of_the_letter_end_all_asking(contacts: dict[str, Person], browser: Client) -> None:
    _, token = invited(contacts["Art"], finished_at=timezone.now())
    assert "Do not ask me again" in text(browser.get(f"/s/{token}/unsubscribe"))
    assert not Refusal.objects.exists()
    done = browser.post(f"/s/{token}/unsubscribe", "List-Unsubscribe=One-Click",
                        content_type="application/x-www-form-urlencoded")  # fmt: skip
    again = browser.post(f"/s/{token}/unsubscribe")
    nobody = browser.post("/s/nothing/unsubscribe")
    assert (done.status_code, done.content) == (again.status_code, again.content) == (200, nobody.content)
    assert Refusal.objects.get().person == contacts["Art"]


def test_many_answer_by_an_anonymous_link_each_once(contacts: dict[str, Person], browser: Client) -> None:
    found = add_link(actor=System("test"), survey="pulse", title="Web page", account_id="acme")
    link = f"/s/a/{token_of(found.key)}"
    page = text(browser.get(link))
    assert not Invitation.objects.exists()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    sent = {"at": "recommend", "q.recommend": "2", "once": once[1]}
    first = browser.post(link, sent)
    again = browser.post(link, sent)
    assert first.status_code == again.status_code == 303
    assert first["Location"] == again["Location"]
    assert Response.objects.count() == 1
    assert "What is missing?" in text(browser.get(first["Location"]))
    browser.post(first["Location"], {"at": "missing", "q.details": "More"})
    response = Response.objects.get()
    assert (response.person, response.account_id, response.channel) == (None, "acme", "anonymous_link")
    other = re.search(r'name="once" value="([^"]+)"', text(browser.get(link)))
    assert other
    browser.post(link, {**sent, "once": other[1], "q.recommend": "10"})
    assert Response.objects.count() == 2
    assert browser.post(link, {**sent, "once": "made up"}).status_code == 404
    close_link(actor=System("test"), link_id=found.pk)
    assert browser.get(link).content == browser.get("/s/nothing").content


def test_a_page_is_read_by_the_version_that_was_asked(contacts: dict[str, Person], browser: Client) -> None:
    _, token = invited(contacts["Art"])
    publish_survey(SURVEY.replace("How likely are you to recommend us?", "Another question"))
    assert "How likely are you to recommend us?" in text(browser.get(f"/s/{token}"))
