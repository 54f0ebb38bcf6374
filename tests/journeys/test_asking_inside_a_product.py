"""A page of somebody's product, on an origin of its own and with a strict policy, asks whoever uses it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from playwright.sync_api import Response as Answer

from keepwell.apps.customers.models import Account, Person
from keepwell.apps.surveys.models import Invitation, Response
from keepwell.apps.surveys.respondents.in_product import secret_of
from keepwell.apps.usage.models import SourcePerson, WriteKey
from tests.apps.surveys.conftest import add_people, invited, publish_survey
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
PAGE = """<!doctype html><html lang="en"><head><title>The product</title><link rel="icon" href="data:,">
<script async src="{host}/static/keepwell/dist/asking.js"
  data-key="{key}" data-user="{user}" data-signature="{signature}"></script></head><body><h1>Hello</h1></body></html>"""
POLICY = "default-src 'none'; script-src {host}; connect-src {host}; frame-src {host}; img-src data:"


@contextmanager
def product(host: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Its origin, and its pages by path, which the test fills in."""
    pages: dict[str, str] = {}

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY.format(host=host))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", pages
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def known(name: str, person: Person) -> None:
    SourcePerson.objects.create(kind="user", source_id=name, key=person.pk)


def page_for(visitor: Visitor, key: WriteKey, user: str, signature: str = "") -> str:
    """As the product's server writes it, with a signature by the secret that it was given."""
    signed = hmac.new(secret_of(key).encode(), user.encode(), hashlib.sha256).hexdigest()
    return PAGE.format(host=visitor.url, key=key.key, user=user, signature=signature or signed)


def asks(page: Page, address: str) -> Answer:
    with page.expect_response("**/s/ask") as asked:
        page.goto(address)
    page.wait_for_load_state("networkidle")
    return asked.value


def seen(answer: Answer) -> str:
    """All that a page can tell one answer from another by."""
    headers = {name: text for name, text in answer.headers.items() if name != "date"}
    return json.dumps([answer.status, answer.text(), headers])


@pytest.fixture
def reached(visitor: Visitor) -> Iterator[Visitor]:
    """Links lead to the server of the test."""
    before = settings.ENVIRONMENT.public_url
    object.__setattr__(settings.ENVIRONMENT, "public_url", visitor.url)
    yield visitor
    object.__setattr__(settings.ENVIRONMENT, "public_url", before)


def test_a_survey_is_answered_inside_the_product(company: Account, reached: Visitor) -> None:
    visitor = reached
    publish_survey()
    people = add_people({"acme": [("Art", "art@acme.example", {})]})
    known("art", people["Art"])
    with product(visitor.url) as (origin, pages):
        key = WriteKey.objects.create(name="web", origins=[origin])
        pages["/"] = page_for(visitor, key, "art")
        page = visitor.page
        asks(page, f"{origin}/")
        dialog = page.get_by_role("dialog", name="The product")
        expect(dialog).to_be_visible()
        box = dialog.bounding_box()
        assert box is not None
        assert 500 < box["width"] < 700
        survey = page.frame_locator("dialog iframe")
        expect(survey.get_by_text("How likely are you to recommend us?")).to_be_visible()
        survey.get_by_role("radio", name="9", exact=True).check(force=True)
        survey.get_by_role("button", name="Next").click()
        expect(survey.get_by_role("heading", name="Thank you, truly.")).to_be_visible()
        response = Response.objects.get()
        assert (response.answers, response.status) == ({"recommend": 9}, "finished")
        assert (response.channel, response.person_id) == ("in_product", people["Art"].pk)
        page.get_by_role("button", name="Close").click()
        expect(page.locator("dialog")).to_have_count(0)
        asks(page, f"{origin}/")
        expect(page.locator("dialog")).to_have_count(0)
    assert page.context.cookies() == []
    assert visitor.complaints == []


def test_who_is_not_asked_cannot_be_told_from_who_is_unknown(company: Account, visitor: Visitor) -> None:
    publish_survey()
    people = add_people({"acme": [("Art", "art@acme.example", {}), ("Ann", "ann@acme.example", {})]})
    for name in ("Art", "Ann"):
        known(name.lower(), people[name])
    invited(people["Art"], asked_at=timezone.now())
    with product(visitor.url) as (origin, pages):
        key = WriteKey.objects.create(name="web", origins=[origin])
        pages["/cooling"] = page_for(visitor, key, "art")
        pages["/unknown"] = page_for(visitor, key, "nobody")
        pages["/forged"] = page_for(visitor, key, "ann", "0" * 64)
        answers = [seen(asks(visitor.page, origin + path)) for path in pages]
        expect(visitor.page.locator("dialog")).to_have_count(0)
    assert len(set(answers)) == 1
    assert json.loads(json.loads(answers[0])[1]) == {"link": None}
    assert Invitation.objects.count() == 1
    assert visitor.complaints == []
