"""What customers say on pages and over the API: for those who see the account, and people have the last word."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person, System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import Arrival
from keepwell.apps.sentiment.judging import judge_news
from keepwell.apps.sentiment.models import Judgement, Training
from keepwell.apps.sentiment.queries import ids_of
from tests.apps.conftest import People
from tests.apps.sentiment.test_judging import GLAD, MEASURED, SAD, written

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def texts(company: Account, people: People) -> list[Judgement]:
    """Two glad ones and three sad ones about invoices, all of Acme."""
    publish(actor=System("tests"), files=MEASURED, note="Texts")
    for text, count in ((GLAD, 2), (SAD, 3)):
        for _ in range(count):
            written(people, text)
    judge_news()
    return list(Judgement.objects.order_by("pk"))


def test_the_page_tells_of_accounts_that_one_sees(
    texts: list[Judgement], as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    for client in (as_owner, as_colleague):
        page = client.get("/voice/").content.decode()
        assert "<dd>5</dd>" in page or ">5</dd>" in page
        assert "The invoice was wrong" in page
        assert ">billing<" in page
    page = as_stranger.get("/voice/").content.decode()
    assert "Nothing was written yet" in page
    assert "invoice was wrong" not in page


def test_filters_narrow_and_what_is_no_choice_is_told(texts: list[Judgement], as_owner: Client) -> None:
    page = as_owner.get("/voice/?word=positive&topic=support&days=30").content.decode()
    assert "delighted" in page
    assert "The invoice was wrong" not in page
    assert "No text fits" in as_owner.get("/voice/?source=ticket").content.decode()
    assert as_owner.get("/voice/?word=angry").status_code == 422


def test_phrases_stand_out_for_those_who_may_read_them(
    texts: list[Judgement], as_owner: Client, as_stranger: Client
) -> None:
    told = as_owner.get("/voice/phrases/").content.decode()
    assert "3 of 3, elsewhere 0 of 2" in told
    assert "invoice" not in as_stranger.get("/voice/phrases/").content.decode()


def test_a_person_has_the_last_word(
    texts: list[Judgement], as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    one, address = texts[0], f"/voice/{texts[0].pk}/sentiment/"
    Arrival.objects.all().delete()
    assert as_stranger.post(address, {"word": "negative"}).status_code == 404
    assert as_colleague.post(address, {"word": "negative", "next": "/voice/"}).headers["Location"] == "/voice/"
    one.refresh_from_db()
    assert (one.label, one.word, one.said_by) == ("positive", "negative", "Bea")
    assert {arrival.ledger for arrival in Arrival.objects.all()} == {"keepwell.sentiments", "keepwell.text_topics"}
    entry = as_owner.get(f"/timeline/{one.text_id}/").content.decode()
    assert "negative" in entry
    as_owner.post(address, {"word": "", "next": "https://elsewhere.example/"})
    one.refresh_from_db()
    assert one.word == "positive"
    assert as_owner.post(address, {"word": "furious"}).status_code == 302
    one.refresh_from_db()
    assert one.word == "positive"


def test_what_is_judged_stands_beside_entries_and_on_the_customers_page(
    texts: list[Judgement], as_owner: Client, as_stranger: Client, people: People
) -> None:
    page = as_owner.get("/timeline/").content.decode()
    assert page.count('class="feeling"') == 5
    panel = as_owner.get("/customers/acme/panels/sentiment/").content.decode()
    assert "2 <span" in panel
    assert "Mean sentiment" in panel
    assert as_stranger.get("/customers/acme/panels/sentiment/").status_code == 404


def test_the_page_of_the_classifier_shows_its_figures(
    texts: list[Judgement], as_admin: Client, as_owner: Client
) -> None:
    figures = {"own": {"auc": 0.91, "macro_f1": 0.7, "accuracy": 0.8}, "default": {"auc": 0.8, "macro_f1": 0.5},
               "auc": {"low": 0.02, "high": 0.2}}  # fmt: skip
    Training.objects.create(texts=200, figures=figures, verdict="It is used.", is_used=True, file="own-gone.npz")
    page = as_admin.get("/configure/sentiment/").content.decode()
    assert "0.910" in page
    assert "there is no classifier at" in page
    assert as_owner.get("/configure/sentiment/").status_code == 403


def test_the_api_tells_the_same(texts: list[Judgement], as_owner: Client, as_stranger: Client) -> None:
    first = as_owner.get("/api/v1/texts?limit=2").json()
    assert len(first["items"]) == 2
    rest = as_owner.get(f"/api/v1/texts?limit=9&cursor={first['next']}").json()
    assert len(rest["items"]) == 3
    assert {one["text"] for one in first["items"] + rest["items"]} == {GLAD, SAD}
    assert as_stranger.get("/api/v1/texts").json()["items"] == []
    told = as_owner.get("/api/v1/sentiment?account_id=acme&days=30").json()
    assert (told["positive"], told["negative"]) == (2, 3)
    assert sum(one["negative"] for one in told["periods"]) == 3
    assert {one["topic"]: one["negative"] for one in told["topics"]} == {"billing": 3, "support": 3}
    assert as_stranger.get("/api/v1/sentiment?account_id=acme").status_code == 404


def test_measures_are_added_once(company: Account, as_admin: Client, as_owner: Client, people: People) -> None:
    written(people, SAD)
    judge_news()
    assert "Add to definitions" in as_admin.get("/voice/").content.decode()
    assert as_owner.post("/voice/measures/").status_code == 403
    as_admin.post("/voice/measures/")
    project = current_project()
    assert project is not None
    assert "mean_sentiment" in project.metrics
    assert "Add to definitions" not in as_admin.get("/voice/").content.decode()
    as_admin.post("/voice/measures/")


def test_lists_of_other_apps_filter_by_what_texts_say(texts: list[Judgement], people: People) -> None:
    assert set(ids_of("entry", word="negative", topic="billing")) == {one.text_id for one in texts[2:]}
    assert Person(people.owner).name == "Ada"
