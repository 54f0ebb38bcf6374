"""A survey goes through the form and back: as it was shown it changes nothing, what is typed is what the file says
then, and questions and choices come, go and move with what names them."""

from __future__ import annotations

from typing import Any

import pytest

from keepwell.apps.configuration.editing.parts import changed_parts
from keepwell.apps.configuration.editing.saving import edited
from keepwell.apps.configuration.projects import checked
from keepwell.apps.surveys.building.form import SURVEY_FORM
from keepwell.apps.surveys.building.parts import KINDS
from keepwell.errors import RequestRefused
from tests.apps.scored import FILES
from tests.apps.surveys.results.asked import SURVEYS

MORE = """\
    heading: {en: Your view, de: Ihre Sicht}   # short
    audience: {accounts: arr > 10, people: is_sponsor}
    distribution: [email, personal_link]
    email: {subject: {en: Hi, de: Hallo}, text: {en: "Go {link}", de: "Zu {link}"}}
    reminders: {after: 5 days, at_most: 2}
    on: {schedule: every monday at 08:00}
    closes: 30 days
    sample: 50%
"""
DRAFT = {**FILES, "surveys.yaml": "# asked twice a year\n" + SURVEYS + MORE}


def held(files: Any, name: str = "pulse") -> Any:
    return SURVEY_FORM.entries.entry_in(files, name)


def typed(files: Any, **inputs: str) -> dict[str, str]:
    return {**SURVEY_FORM.shown_of(held(files)), **{name.replace("__", "/"): text for name, text in inputs.items()}}


def saved(files: Any, **inputs: str) -> dict[str, str]:
    found = edited(SURVEY_FORM, files, files, "pulse", typed(files, **inputs)).files
    return SURVEY_FORM.following(found, "pulse", held(files))  # type: ignore[return-value]


def changed(files: Any, do: str, chosen: str = "") -> dict[str, str]:
    return changed_parts(SURVEY_FORM, files, "pulse", do, chosen, {})


def test_the_form_as_it_was_shown_changes_nothing() -> None:
    assert edited(SURVEY_FORM, DRAFT, DRAFT, "pulse", typed(DRAFT)).files == DRAFT
    assert checked(DRAFT)[1] == ()


def test_what_is_typed_is_what_the_file_says_and_comments_stay() -> None:
    files = saved(
        DRAFT, questions__0__text__de="Würden Sie?", heading__en="", audience__people="role = 'admin'",
        account_value__aggregate="mean", on__kind="event", on__value="signed_in", questions__4__choices__1__fixed="on",
        reminders__at_most="3", distribution__anonymous_link="on", email__text__en="Please go {link}",
    )  # fmt: skip
    found = held(files)
    assert found["questions"][0]["text"] == {"en": "Recommend us?", "de": "Würden Sie?"}
    assert found["heading"] == {"de": "Ihre Sicht"}
    assert found["audience"] == {"accounts": "arr > 10", "people": "role = 'admin'"}
    assert found["account_value"]["aggregate"] == "mean"
    assert found["on"] == {"event": "signed_in"}
    assert found["questions"][4]["choices"][1]["fixed"] is True
    assert found["reminders"] == {"after": "5 days", "at_most": 3}
    assert found["distribution"] == ["anonymous_link", "email", "personal_link"]
    assert found["email"]["text"]["en"] == "Please go {link}"
    assert "# asked twice a year" in files["surveys.yaml"]
    assert "# short" in files["surveys.yaml"]


def test_a_part_that_says_nothing_more_goes_with_its_last_value() -> None:
    files = saved(DRAFT, reminders__after="", reminders__at_most="")
    assert "reminders" not in held(files)
    assert "audience" not in held(saved(DRAFT, audience__people="", audience__accounts=""))
    assert "on" not in held(saved(DRAFT, on__kind=""))


def test_a_question_by_another_name_keeps_the_conditions_that_name_it() -> None:
    files = saved(DRAFT, questions__0__name="likely")
    assert held(files)["questions"][2]["show_when"] == "likely <= 8"
    assert held(files)["account_value"]["question"] == "likely"
    assert checked(files)[1] == ()


@pytest.mark.parametrize("kind", list(KINDS))
def test_questions_of_every_kind_come_valid_but_for_their_translation(kind: str) -> None:
    files = changed(DRAFT, "add-question", kind)
    _, issues = checked(files)
    assert issues
    assert all("no text in de" in one.message for one in issues), issues
    alone = {**FILES, "surveys.yaml": "surveys: {pulse: {questions: [{name: a, kind: text, text: A}]}}\n"}
    assert checked(changed(alone, "add-question", kind))[1] == ()


def test_choices_come_go_and_move() -> None:
    files = changed(DRAFT, "add-choice:questions/3/choices", "The app")
    assert [one["value"] for one in held(files)["questions"][3]["choices"]] == ["api", "web", "the_app"]
    files = changed(files, "up:questions/3/choices/2")
    files = changed(files, "remove-choice:questions/3/choices/0")
    assert [one["value"] for one in held(files)["questions"][3]["choices"]] == ["the_app", "web"]
    files = changed(DRAFT, "add-choice:questions/5/columns", "So so")
    assert [one["value"] for one in held(files)["questions"][5]["columns"]] == ["good", "poor", "so_so"]


def test_questions_go_and_move_and_nonsense_is_refused() -> None:
    assert held(changed(DRAFT, "down:questions/0"))["questions"][1]["name"] == "recommend"
    assert len(held(changed(DRAFT, "remove-question:questions/6"))["questions"]) == 6
    assert changed(DRAFT, "remove-question:questions/99") == DRAFT
    assert changed(DRAFT, "up:questions/0") == DRAFT
    assert changed(DRAFT, "remove-question:reminders/0") == DRAFT
    assert changed(DRAFT, "add-choice:questions/0/name", "x") == DRAFT
    for do, chosen in (("add-question", "poem"), ("add-choice:questions/3/choices", " "), ("burn", "")):
        with pytest.raises(RequestRefused):
            changed(DRAFT, do, chosen)
    alone = {**FILES, "surveys.yaml": "surveys: {pulse: {questions: [{name: a, kind: text, text: A}]}}\n"}
    with pytest.raises(RequestRefused, match="asks something"):
        changed(alone, "remove-question:questions/0")


def test_what_the_form_does_not_know_stays_as_it_is() -> None:
    odd = DRAFT["surveys.yaml"].replace("on: {schedule: every monday at 08:00}",
                                        "on: [{event: paid, where: amount > 1}, {load: tickets}]")  # fmt: skip
    files = {**DRAFT, "surveys.yaml": odd}
    assert "on/kind" not in SURVEY_FORM.shown_of(held(files))
    assert held(saved(files, title="Else"))["on"][1] == {"load": "tickets"}
