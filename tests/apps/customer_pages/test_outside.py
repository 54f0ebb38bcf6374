"""What a customer meets: the gate, the code and the page; and whoever has no business there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keepwell.apps.access.actors import Person as Actor
from keepwell.apps.adoption.counting import StillCounting
from keepwell.apps.customer_pages.models import PageCode, PageLink, PageView
from keepwell.apps.customer_pages.operations import Chosen, prepare, revoke, send
from keepwell.apps.customer_pages.outside import codes
from keepwell.apps.customer_pages.widgets import BY_NAME
from keepwell.apps.customer_pages.widgets.block import Block, Given, Widget
from keepwell.apps.customers.forgetting import forget_everywhere
from keepwell.apps.customers.models import Person
from keepwell.apps.notices.letters import send_letters
from keepwell.apps.notices.models import Mail, Notice
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.ui.outside import guessing
from tests.apps.conftest import People
from tests.apps.customer_pages.conftest import code_for, path_of
from tests.apps.killing import is_cut
from tests.apps.notices.server import mail_server

pytestmark = pytest.mark.slow
FROM = "success@keepwell.example"
SECRETS = ("Acme", "Ann", "ann@", "Book a workshop", "Roll out", "Boards")


def opens(browser: Client, link: PageLink) -> str:
    """Goes through the gate; returns the page."""
    path = path_of(link)
    browser.post(f"{path}/code")
    answer = browser.post(f"{path}/open", {"code": code_for(link)})
    assert answer.status_code == 303, answer.content
    return browser.get(path).content.decode()


def test_from_the_letter_to_the_code_to_the_page(link: PageLink) -> None:
    """As a person does it, with the mail that arrives and without a script."""
    browser = Client()
    with mail_server() as (inbox, host):
        send_letters(f"smtp://{host}", FROM, 300)
        text = inbox.got[0].get_body(["plain"]).get_content()
        assert inbox.got[0]["To"] == "ann@acme.example"
        path = re.search(r"https?://[^/\s]+(/c/\S+)", text)[1]  # type: ignore[index]
        gate = browser.get(path)
        assert "Code schicken" in gate.content.decode()
        assert browser.post(f"{path}/code").headers["Location"] == f"{path}?sent=1&lang=de"
        send_letters(f"smtp://{host}", FROM, 300)
        letter = inbox.got[1].get_body(["plain"]).get_content()
    code = re.search(r"\b\d{6}\b", letter)[0]  # type: ignore[index]
    answer = browser.post(f"{path}/open", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).content.decode()
    for shown in ("Acme Inc", "Hello Ann, well done", "Book a workshop", "All plants live", "Boards", "50\xa0%",
                  "1 von 2 Zielen erreicht", "<script"):  # fmt: skip
        assert (shown in page) == (shown != "<script"), shown
    assert "secret_event" not in page
    assert "Zeta" not in page
    assert PageLink.objects.get().sent_at is not None


def test_before_the_code_nothing_is_told_of_whose_page_it_is(link: PageLink) -> None:
    browser, path = Client(), path_of(link)
    browser.post(f"{path}/code")
    answers = [browser.get(path), browser.get(f"{path}?sent=1"), browser.post(f"{path}/open", {"code": "1"}),
               browser.post(f"{path}/close")]  # fmt: skip
    for answer in answers:
        assert not [one for one in SECRETS if one in answer.content.decode()]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert PageView.objects.count() == 0


def test_no_link_stands_in_the_log(link: PageLink, caplog: pytest.LogCaptureFixture) -> None:
    path = path_of(link)
    for answer in (
        Client().put(path),
        Client().get(f"{path}/code"),
        Client().post(f"{path}/open"),
        Client().get("/c/x"),
    ):
        assert answer.status_code in (404, 405, 422)
    assert caplog.text == ""


def test_looking_at_a_link_sends_no_code(link: PageLink) -> None:
    path = path_of(link)
    Client().get(path), Client().head(path), Client().get(f"{path}?sent=1")
    assert PageCode.objects.count() == 0
    assert Client().get(f"{path}/code").status_code == 405


def test_links_that_open_nothing_are_answered_alike(
    link: PageLink, contacts: dict[str, Person], people: People
) -> None:
    actor, now = Actor(people.owner), timezone.now()
    others = [send(actor=actor, account_id="acme", person=contacts["Ann"].pk) for _ in range(2)]
    gone = send(actor=actor, account_id="acme", person=contacts["Ann"].pk)
    PageLink.objects.filter(pk=others[0].pk).update(expires_at=now)
    revoke(actor=actor, account_id="acme", link_id=others[1].pk)
    PageLink.objects.filter(pk=gone.pk).update(person=None)
    moved = send(actor=actor, account_id="acme", person=contacts["Ann"].pk)
    PageLink.objects.filter(pk=moved.pk).update(person=contacts["Zoe"])  # who is of another customer now
    paths = [
        *(path_of(one) for one in (*others, gone, moved)),
        "/c/" + "A" * 27,
        "/c/short",
        "/c/" + "x" * 500,
        "/c/%00",
    ]
    for ending, method in (("", "get"), ("/code", "post"), ("/open", "post"), ("/close", "post")):
        found = {_answered(f"{path}{ending}", method) for path in paths}
        assert len(found) == 1, (ending, found)
        assert next(iter(found))[0] == 404
    assert not PageCode.objects.exists()


def _answered(path: str, method: str) -> tuple[int, object, bytes, int]:
    browser = Client()
    with CaptureQueriesContext(connection) as queries:
        found = getattr(browser, method)(path, {"code": "123456"})
    return found.status_code, tuple(sorted(found.headers.items())), found.content, len(queries)


def test_after_too_many_wrong_codes_the_right_one_opens_nothing_for_an_hour(link: PageLink) -> None:
    browser, path = Client(), path_of(link)
    wrong = set()
    for _ in range(2):  # a code takes five tries, and the page ten
        browser.post(f"{path}/code")
        typed = "000000" if code_for(link) != "000000" else "111111"
        wrong |= {browser.post(f"{path}/open", {"code": typed}).content for _ in range(codes.TRIES)}
        assert browser.post(f"{path}/open", {"code": code_for(link)}).status_code == 422
    browser.post(f"{path}/code")
    assert PageCode.objects.count() == 2, "nothing is sent while it is shut"
    wrong.add(browser.post(f"{path}/open", {"code": code_for(link)}).content)
    assert len(wrong) == 1, "whoever guesses learns nothing"
    PageLink.objects.update(wrong_since=timezone.now() - codes.SHUT_FOR)
    assert "Acme" in opens(browser, link)


def test_so_many_codes_an_hour_are_sent_and_the_newest_alone_fits(link: PageLink) -> None:
    browser, path, seen = Client(), path_of(link), []
    for _ in range(codes.CODES + 2):
        answer = browser.post(f"{path}/code")
        seen.append(code_for(link))
    assert answer.status_code == 303
    assert len(set(seen)) <= codes.CODES == PageCode.objects.count()
    assert Mail.objects.filter(about__startswith="code:").count() == codes.CODES
    if seen[0] != seen[-1]:
        assert browser.post(f"{path}/open", {"code": seen[0]}).status_code == 422
    assert browser.post(f"{path}/open", {"code": seen[-1]}).status_code == 303
    assert browser.post(f"{path}/open", {"code": seen[-1]}).status_code == 422, "it opens once"


def test_a_code_ends(link: PageLink) -> None:
    browser, path = Client(), path_of(link)
    browser.post(f"{path}/code")
    PageCode.objects.update(expires_at=timezone.now())
    assert browser.post(f"{path}/open", {"code": code_for(link)}).status_code == 422


def test_what_was_opened_closes_with_the_link_the_time_and_the_person(link: PageLink, people: People) -> None:
    browser, path = Client(), path_of(link)
    assert "Acme" in opens(browser, link)
    assert "Acme" not in Client().get(path).content.decode(), "the cookie is this browser's"
    browser.post(f"{path}/close")
    assert "Acme" not in browser.get(path).content.decode()
    opens(browser, link)
    PageCode.objects.update(open_until=timezone.now())
    assert "Acme" not in browser.get(path).content.decode()
    opens(browser, link)
    revoke(actor=Actor(people.colleague), account_id="acme", link_id=link.pk)
    assert browser.get(path).status_code == 404


def test_a_cookie_opens_the_page_that_it_was_given_for_alone(
    link: PageLink, contacts: dict[str, Person], people: People
) -> None:
    browser = Client()
    opens(browser, link)
    prepare(actor=Actor(people.admin), account_id="zeta", chosen=Chosen(["seats"]))
    other = send(actor=Actor(people.admin), account_id="zeta", person=contacts["Zoe"].pk)
    stolen = browser.cookies["keepwell_page"].value
    another = Client()
    another.cookies["keepwell_page"] = stolen
    assert "Zeta Inc" not in another.get(path_of(other)).content.decode()
    assert browser.cookies["keepwell_page"]["httponly"]
    assert browser.cookies["keepwell_page"]["path"] == path_of(link)


def test_what_was_shown_to_whom_is_kept(link: PageLink, people: People) -> None:
    browser, path = Client(), path_of(link)
    opens(browser, link)
    browser.get(path)
    (view,) = PageView.objects.all()
    assert (view.link, view.times, view.language) == (link, 2, "de")
    assert [one["name"] for one in view.shown] == link.widgets
    assert ["Ihre Plätze", "4"] in view.shown[0]["figures"]
    browser.get(f"{path}?lang=en")
    assert PageView.objects.count() == 2, "in another language it is shown anew"
    titles = set(TimelineEntry.objects.filter(type__name="customer_page").values_list("title", flat=True))
    assert titles == {"Page sent to the customer", "The customer opened their page"}
    assert Notice.objects.filter(user=people.owner, kind="customer_page").count() == 1
    assert not Notice.objects.filter(user=people.stranger).exists()


def test_killed_anywhere_a_view_is_kept_whole_and_told_once(link: PageLink, people: People) -> None:
    browser, path = Client(), path_of(link)
    browser.post(f"{path}/code")
    browser.post(f"{path}/open", {"code": code_for(link)})
    browser.get(path)  # what a process reads once
    PageView.objects.all().delete(), Notice.objects.all().delete()
    TimelineEntry.objects.filter(key__endswith=":opened").delete()
    statement = 1
    while is_cut(lambda: browser.get(path), statement):
        told = TimelineEntry.objects.filter(key__endswith=":opened").count()
        assert (PageView.objects.count(), told) in {(0, 0), (1, 1)}, statement
        statement += 1
    assert PageView.objects.count() == 1
    assert Notice.objects.filter(user=people.owner).count() == 1


def test_who_is_erased_leaves_no_link_that_opens(link: PageLink, contacts: dict[str, Person]) -> None:
    browser = Client()
    opens(browser, link)
    forget_everywhere(contacts["Ann"].pk, ["ann@acme.example"])
    assert browser.get(path_of(link)).status_code == 404
    link.refresh_from_db()
    assert (link.person, link.greeting, link.steps, PageView.objects.count()) == (None, "", [], 1)
    (shown,) = [one for one in PageView.objects.get().shown if one["name"] == "steps"]
    assert [one["text"] for one in shown["points"]] == ["All plants live"], "of the plan, not what the CSM wrote"


def test_who_left_or_cannot_be_written_to_gets_no_letter(link: PageLink, contacts: dict[str, Person]) -> None:
    Person.objects.filter(pk=contacts["Ann"].pk).update(left_on=timezone.now().date())
    with mail_server() as (inbox, host):
        send_letters(f"smtp://{host}", FROM, 300)
    assert inbox.got == []
    assert Mail.objects.get(composer="customer page").withdrawn_at is not None


def test_guessing_is_slowed_whatever_is_asked_for(link: PageLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MISSES", 3)
    browser = Client()
    for _ in range(3):
        assert browser.get("/c/" + "A" * 27).status_code == 404
    assert browser.get(path_of(link)).status_code == 429


def test_a_link_that_has_ended_is_no_guess(link: PageLink, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MISSES", 2)
    other = send(actor=Actor(people.owner), account_id="acme", person=link.person_id)
    revoke(actor=Actor(people.owner), account_id="acme", link_id=other.pk)
    assert [Client().get(path_of(other)).status_code for _ in range(3)] == [404] * 3
    assert Client().get(path_of(link)).status_code == 200, "behind the same address"


def test_figures_shown_while_others_are_counted_are_kept(link: PageLink, monkeypatch: pytest.MonkeyPatch) -> None:
    def counts(given: Given) -> Block:
        raise StillCounting(0.0, 1)

    monkeypatch.setitem(BY_NAME, "seats", Widget("seats", "", "", counts))
    page = opens(Client(), link)
    assert "All plants live" in page
    assert 'http-equiv="refresh"' in page
    assert [one["name"] for one in PageView.objects.get().shown] == link.widgets[1:]


def test_a_code_goes_before_letters_that_wait_in_line(link: PageLink) -> None:
    Mail.objects.update(due_at=F("due_at") - timedelta(hours=1))
    Client().post(f"{path_of(link)}/code")
    assert Mail.objects.order_by("due_at", "pk").first().about.startswith("code:")  # type: ignore[union-attr]
