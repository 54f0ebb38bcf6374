"""The builder: who may, what a save keeps, what stands beside a wrong word, the audience, and the preview."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import start_draft
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.surveys.building.form import SURVEY_FORM
from keepwell.apps.surveys.building.previewing import read_state, written_state
from keepwell.apps.surveys.models import Response
from tests.apps.scored import FILES
from tests.apps.surveys.results.asked import SURVEYS

pytestmark = pytest.mark.slow


@pytest.fixture
def definitions() -> dict[str, str]:
    return {**FILES, "surveys.yaml": SURVEYS}


@pytest.fixture
def draft(company: Account) -> Draft:
    for account, role in (("acme", "admin"), ("acme", "user"), ("zeta", "admin")):
        person = Person.objects.create(account_id=account, role=role)
        PersonalData.objects.create(person=person, name=f"{role} of {account}", email=f"{role}@{account}.example")
    return start_draft(actor=System("tests"), name="Tried")


def at(draft: Draft, more: str = "") -> str:
    return f"/configure/surveys/{draft.pk}/pulse/{more}"


def held(draft: Draft) -> Any:
    draft.refresh_from_db()
    return SURVEY_FORM.entries.entry_in(draft.files, "pulse")


def form(draft: Draft, **typed: str) -> dict[str, str]:
    changed = {name.replace("__", "/"): text for name, text in typed.items()}
    return {**SURVEY_FORM.shown_of(held(draft)), "revision": str(draft.revision), **changed}


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_managers_build_surveys_and_csms_do_not(
    draft: Draft, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    for page in ("/configure/surveys/", f"/configure/surveys/{draft.pk}/", at(draft), at(draft, "audience/"),
                 at(draft, "preview/")):  # fmt: skip
        assert as_manager.get(page).status_code == 200, page
        assert as_owner.get(page).status_code == 403, page
        assert as_stranger.get(page).status_code == 403, page
    assert as_owner.post(at(draft, "save/"), form(draft, title="Mine")).status_code == 403
    assert as_owner.post(at(draft, "preview/"), {}).status_code == 403


def test_a_survey_is_begun_copied_and_removed(draft: Draft, as_manager: Client) -> None:
    begun = as_manager.post("/configure/surveys/", {"do": "add", "title": "After support"})
    assert re.fullmatch(r"/configure/surveys/\d+/after_support/", begun["Location"])
    assert "After support" in text_of(as_manager.get(begun["Location"]))
    assert as_manager.post("/configure/surveys/", {"do": "add", "title": " "}).status_code == 422
    copied = as_manager.post(f"/configure/surveys/{draft.pk}/", {"do": "copy", "entry": "pulse"})
    draft.refresh_from_db()
    assert SURVEY_FORM.entries.entry_in(draft.files, "pulse_copy")["enabled"] is False  # type: ignore[index]
    assert copied.status_code == 302
    as_manager.post(f"/configure/surveys/{draft.pk}/", {"do": "remove", "entry": "pulse_copy"})
    draft.refresh_from_db()
    assert SURVEY_FORM.entries.names_in(draft.files) == ["pulse"]


def test_what_is_typed_is_saved_and_a_wrong_word_is_told_beside_it(draft: Draft, as_manager: Client) -> None:
    page = as_manager.post(
        at(draft, "save/"), form(draft, title="Twice a year", questions__2__show_when="recomend < 3")
    )
    assert held(draft)["title"] == "Twice a year"
    assert re.search(r'id="questions-2-show_when"[^>]*aria-invalid', text_of(page))
    assert "did you mean" in text_of(page).lower() or "recommend" in text_of(page)


def test_what_lacks_a_translation_is_marked(draft: Draft, as_manager: Client) -> None:
    page = text_of(as_manager.post(at(draft, "save/"), form(draft, do="add-question", **{"new/question": "csat"})))
    assert "Deutsch lacks 1 text" in page
    assert "Deutsch: lacks a translation" in page
    assert len(held(draft)["questions"]) == 8


def test_html_in_texts_stays_text(draft: Draft, as_manager: Client) -> None:
    evil = "<script>alert(1)</script>"
    as_manager.post(at(draft, "save/"), form(draft, questions__0__text__en=evil, heading__en=evil, heading__de=evil))
    for page in (at(draft), at(draft, "preview/")):
        assert evil not in text_of(as_manager.get(page)), page
        assert "&lt;script&gt;alert(1)" in text_of(as_manager.get(page)), page


def test_the_audience_is_of_the_accounts_one_sees_with_reasons(draft: Draft, as_manager: Client) -> None:
    as_manager.post(
        at(draft, "save/"), form(draft, audience__people="role = 'admin'", audience__accounts="arr > 150000")
    )
    page = text_of(as_manager.get(at(draft, "audience/")))
    assert "<strong>1</strong> of 3 people" in page
    assert "the account is not in the audience" in page
    assert "the person is not in the audience" in page
    assert "admin of acme (Acme Inc)" in page
    as_manager.post(at(draft, "save/"), form(draft, audience__people="colour = 'red'"))
    assert "once it is valid" in text_of(as_manager.get(at(draft, "audience/")))
    assert as_manager.get(at(draft, "preview/")).status_code == 422


def test_the_preview_walks_the_branches_in_each_language_and_stores_nothing(draft: Draft, as_manager: Client) -> None:
    first = text_of(as_manager.get(at(draft, "preview/?lang=de")))
    assert "Empfehlen Sie uns?" in first
    assert 'lang="de"' in first
    assert as_manager.post(at(draft, "preview/"), {"at": "recommend", "q.recommend": "11"}).status_code == 422
    there = as_manager.post(
        at(draft, "preview/-/"), {"at": "recommend", "q.recommend": "3", "q.ease": "2", "lang": "en"}
    )
    second = text_of(as_manager.get(there["Location"]))
    assert there.status_code == 303
    assert "What is missing?" in second
    happy = as_manager.post(at(draft, "preview/-/"), {"at": "recommend", "q.recommend": "10", "lang": "en"})
    assert "What is missing?" not in text_of(as_manager.get(happy["Location"]))
    form_of = re.search(r'action="([^"]+)"', text_of(as_manager.get(happy["Location"])))
    assert form_of
    at_now = re.search(r'name="at" value="([^"]+)"', text_of(as_manager.get(happy["Location"])))
    assert at_now
    last = as_manager.post(form_of[1], {"at": at_now[1], "lang": "en", "q.details": "Fine"})
    assert "<form" not in text_of(as_manager.get(last["Location"]))
    assert Response.objects.count() == 0


def test_an_address_that_somebody_wrote_begins_anew(draft: Draft, as_manager: Client) -> None:
    assert read_state(written_state({"recommend": 3.0})) == {"recommend": 3.0}
    for state in ("x", "!!", "AAAA", "e" * 7000):
        assert read_state(state) == {}
        assert as_manager.get(at(draft, f"preview/{state}/")).status_code == 200
    for odd in ({"recommend": "many"}, {"recommend": [1]}, {"parts": 3}, {"order": {"a": 1}}, {"nothing": 1}):
        assert as_manager.get(at(draft, f"preview/{written_state(odd)}/")).status_code == 200
