"""Pages of results: what each of three people sees, bad input, files, and HTML in answers."""

from __future__ import annotations

import csv
import io

import pytest
from django.http import HttpResponse
from django.test import Client

from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Account
from tests.apps.surveys.results.asked import answer, answers_of, invite

pytestmark = pytest.mark.slow
EVIL = "<script>alert(1)</script> =cmd|'/c calc'!A1 😀 مرحبا"


@pytest.fixture
def answered(asked: Account) -> Account:
    invite("acme", 3)
    answer("acme", 3, key="one", details="Too slow for us", missing="speed", used=["api", "web"], ease=2,
           order=["help", "price"], parts={"docs": "good", "support": "poor"})  # fmt: skip
    answer("acme", 10, key="two", details=EVIL)
    answer("zeta", 0, key="three", details="A stranger's words")
    answer(None, 9, key="four", details="Nobody's words")
    return asked


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_list_has_every_survey_with_its_figures(answered: Account, as_owner: Client, as_stranger: Client) -> None:
    page = text_of(as_owner.get("/surveys/"))
    assert "Relationship NPS" in page
    assert '<td class="number">2</td>' in page
    assert '<td class="number">1</td>' in text_of(as_stranger.get("/surveys/"))


def test_without_surveys_the_list_says_what_to_do(people: object, as_manager: Client, as_admin: Client) -> None:
    assert "Nobody has been asked yet" in text_of(as_manager.get("/surveys/"))
    assert "/configure/surveys/" in text_of(as_admin.get("/surveys/"))


def test_results_are_of_the_accounts_that_one_sees(
    answered: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    mine = text_of(as_owner.get("/surveys/pulse/"))
    assert "2 answers" in mine
    assert "of the accounts that you see" in mine
    assert "words" not in mine.split("Newest comments")[1].replace("in words", "").replace("own words", "")
    theirs = text_of(as_stranger.get("/surveys/pulse/"))
    assert "A stranger&#x27;s words" in theirs
    assert "Too slow" not in theirs
    every = text_of(as_manager.get("/surveys/pulse/"))
    assert "4 answers" in every
    assert "Nobody&#x27;s words" in every


def test_html_in_answers_stays_text(answered: Account, as_owner: Client) -> None:
    for path in ("", "comments/", "responses/", "responses/two/"):
        page = text_of(as_owner.get(f"/surveys/pulse/{path}"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_comments_are_found_by_score_question_and_words(answered: Account, as_manager: Client) -> None:
    assert "3 comments" not in text_of(as_manager.get("/surveys/pulse/comments/"))
    assert "2 comments" in text_of(as_manager.get("/surveys/pulse/comments/?group=detractors"))
    found = text_of(as_manager.get("/surveys/pulse/comments/?words=SLOW+us"))
    assert "1 comment," in found
    assert "/customers/acme/" in found
    wrong = as_manager.get("/surveys/pulse/comments/?group=haters")
    assert wrong.status_code == 422
    assert "none of detractors, passives, promoters" in text_of(wrong)


@pytest.mark.parametrize("query", ["days=7", "from=soon", "where=arr+%3C", "by=colour", "question=details"])
def test_what_cannot_be_read_is_answered_beside_the_form(answered: Account, as_manager: Client, query: str) -> None:
    response = as_manager.get(f"/surveys/pulse/?{query}")
    assert response.status_code == 422
    assert 'role="alert"' in text_of(response)
    assert as_manager.get(f"/surveys/pulse/export.csv?{query}").status_code == 422


def test_a_response_shows_every_answer_to_those_who_see_its_account(
    answered: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    page = text_of(as_owner.get("/surveys/pulse/responses/one/"))
    for words in (
        "Speed",
        "API<br>The web",
        "1. Help<br>2. Price",
        "The docs: Good<br>Support: Poor",
        "Too slow for us",
    ):
        assert words in page, words
    assert as_stranger.get("/surveys/pulse/responses/one/").status_code == 404
    assert as_owner.get("/surveys/pulse/responses/three/").status_code == 404
    assert as_owner.get("/surveys/pulse/responses/four/").status_code == 404
    assert as_manager.get("/surveys/pulse/responses/four/").status_code == 200
    assert as_owner.get("/surveys/other/").status_code == 404


def test_answers_leave_as_a_file_that_can_be_brought_back(answered: Account, as_owner: Client) -> None:
    response = as_owner.get("/surveys/pulse/export.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]
    by_key = {row["response_id"]: row for row in rows}
    assert set(by_key) == {"one", "two"}
    one = by_key["one"]
    assert (one["recommend"], one["missing"], one["used"], one["order"], one["parts.docs"]) == (
        "3", "speed", "api;web", "help;price", "good",
    )  # fmt: skip
    assert Change.objects.filter(action="exported", object_kind="survey").count() == 1


def test_formulas_are_defused(asked: Account, as_owner: Client) -> None:
    answer("acme", 1, details="=1+1")
    content = b"".join(as_owner.get("/surveys/pulse/export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert ",'=1+1" in content


@pytest.mark.parametrize("table", ["trend", "distribution", "segments"])
def test_every_chart_has_its_file(answered: Account, as_manager: Client, table: str) -> None:
    response = as_manager.get(f"/surveys/pulse/export.csv?table={table}")
    assert len(b"".join(response.streaming_content).splitlines()) > 1  # type: ignore[attr-defined]
    assert as_manager.get("/surveys/pulse/export.csv?table=people").status_code == 404


def test_long_lists_come_in_pages(asked: Account, as_owner: Client) -> None:
    answers_of([{"account": "acme", "recommend": 5, "details": f"Text {place}"} for place in range(60)])
    first, second = (text_of(as_owner.get(f"/surveys/pulse/comments/?page={page}")) for page in (1, 2))
    assert first.count('class="comment"') == 50
    assert second.count('class="comment"') == 10
    assert text_of(as_owner.get("/surveys/pulse/responses/?page=99")).count("<tr><td") == 10
