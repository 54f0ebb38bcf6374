"""A playbook goes through the form and back: the form as it was shown changes nothing, what is changed in it is what
the file says then, and tasks that wait for each other stay together."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.cockpit.business_days import Calendar
from keepwell.apps.cockpit.editing.form import PLAYBOOK_FORM, with_new_name
from keepwell.apps.cockpit.editing.preview import playbook_meant, preview_of
from keepwell.apps.configuration.editing.parts import changed_parts
from keepwell.apps.configuration.editing.saving import edited
from keepwell.apps.configuration.rewriting import with_value
from keepwell.definitions.playbooks import Playbook
from keepwell.errors import RequestRefused

FILE = """\
# What has worked
playbooks:
  save_plan:            # agreed in March
    title: Save plan
    for: risk
    tasks:
      # first of all
      - name: call
        title: Call the sponsor
        after: 2 business days   # not sooner
        owner: csm
        email: {subject: "How is {account.name}?", text: May I call?}
        attachments: [https://wiki.example/save]
      - {name: review, title: Review, after: {task: call, days: 3}, needs: [call]}   # with the manager
      - name: note
        required: false
rules:
  red: {when: score < 20, actions: [{open_call: {type: risk, reason: red, playbook: save_plan}}]}
stages:
  late: {order: 1, playbook: save_plan}
"""
TITLES = st.text(st.characters(min_codepoint=32, max_codepoint=400, exclude_characters="{}"), min_size=1, max_size=20)
WORDS = TITLES.map(str.strip).filter(bool)
DELAYS = st.builds(
    lambda count, unit: f"{count} {unit}", st.integers(0, 90), st.sampled_from(["days", "business days", "weeks"])
)


@st.composite
def playbooks(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True), min_size=1, max_size=4, unique=True))
    tasks = []
    for place, name in enumerate(names):
        before = st.sampled_from(names[:place]) if place else st.nothing()
        after = st.one_of(DELAYS, *([_after_task(before)] if place else []))
        said = {
            "title": WORDS, "help": WORDS, "after": after, "required": st.booleans(),
            "owner": st.sampled_from(["csm", "manager", "round_robin:South", "a@b.example"]),
            "email": st.fixed_dictionaries({"subject": WORDS, "text": WORDS}),
            "attachments": st.lists(st.sampled_from(["https://a.example/x,y", "https://b.example"]), min_size=1),
        }  # fmt: skip
        if place:
            said["needs"] = st.lists(before, min_size=1, max_size=2, unique=True)
        tasks.append({"name": name, **draw(st.fixed_dictionaries({}, optional=said))})
    own = draw(st.fixed_dictionaries({}, optional={"title": WORDS, "for": st.sampled_from(["risk", "lifecycle"])}))
    return {**own, "tasks": tasks}


def _after_task(before: Any) -> Any:
    return st.one_of(
        st.fixed_dictionaries({"task": before, "days": st.integers(0, 30)}),
        st.fixed_dictionaries({"task": before, "business_days": st.integers(0, 30)}),
    )


def held_in(files: Any, name: str = "save_plan") -> Any:
    return PLAYBOOK_FORM.entries.entry_in(files, name)


def typed(files: Any, **inputs: str) -> dict[str, str]:
    """The form of the playbook as shown, with some inputs typed into; `__` stands for / in their names."""
    shown = PLAYBOOK_FORM.shown_of(held_in(files))
    return {**shown, **{name.replace("__", "/"): text for name, text in inputs.items()}}


@pytest.mark.slow
@given(book=playbooks())
def test_the_form_as_it_was_shown_changes_nothing(book: dict[str, Any]) -> None:
    files = {"a.yaml": with_value("# All of them\n", ("playbooks", "save_plan"), book)}
    found = edited(PLAYBOOK_FORM, files, files, "save_plan", typed(files))
    assert found.files == files


@pytest.mark.slow
@given(book=playbooks())
def test_what_is_typed_is_what_the_file_means(book: dict[str, Any]) -> None:
    begun = {"tasks": [{"name": f"t{place}"} for place in range(len(book["tasks"]))]}
    files = {"a.yaml": with_value("", ("playbooks", "save_plan"), begun)}
    found = edited(PLAYBOOK_FORM, files, files, "save_plan", PLAYBOOK_FORM.shown_of(book)).files
    assert Playbook.model_validate_json(json.dumps(held_in(found))) == _sorted(book)


def _sorted(book: dict[str, Any]) -> Playbook:
    """What a task needs has no order."""
    tasks = [{**one, "needs": sorted(one["needs"])} if "needs" in one else one for one in book["tasks"]]
    return Playbook.model_validate_json(json.dumps({**book, "tasks": tasks}))


def test_comments_and_layout_stay() -> None:
    files = {"a.yaml": FILE}
    inputs = typed(files, title="Save the customer", tasks__0__after__count="4", tasks__1__owner="manager")
    text = edited(PLAYBOOK_FORM, files, files, "save_plan", inputs).files["a.yaml"]
    assert 'after: "4 business days"   # not sooner' in text
    assert "owner: manager}   # with the manager" in text
    assert [one for one in ("# What has worked", "# agreed in March", "# first of all") if one not in text] == []


def test_a_letter_goes_with_its_last_word() -> None:
    files = {"a.yaml": FILE}
    inputs = typed(files, tasks__0__email__subject="", tasks__0__email__text="")
    found = edited(PLAYBOOK_FORM, files, files, "save_plan", inputs).files
    assert "email" not in held_in(found)["tasks"][0]


def test_a_task_may_wait_for_another() -> None:
    files = {"a.yaml": FILE}
    inputs = typed(files, tasks__2__after__count="5", tasks__2__after__unit="business days",
                   tasks__2__after__task="review", tasks__2__needs__call="on")  # fmt: skip
    note = held_in(edited(PLAYBOOK_FORM, files, files, "save_plan", inputs).files)["tasks"][2]
    assert (note["after"], note["needs"]) == ({"task": "review", "business_days": 5}, ["call"])


def test_tasks_that_wait_for_a_task_know_its_new_name() -> None:
    files = {"a.yaml": FILE}
    before = held_in(files)
    found = edited(PLAYBOOK_FORM, files, files, "save_plan", typed(files, tasks__0__name="ring")).files
    review = held_in(PLAYBOOK_FORM.following(found, "save_plan", before))["tasks"][1]
    assert (review["after"], review["needs"]) == ({"task": "ring", "days": 3}, ["ring"])


def test_tasks_come_move_and_go() -> None:
    files = changed_parts(PLAYBOOK_FORM, {"a.yaml": FILE}, "save_plan", "add-task", "Thank them", {})
    files = changed_parts(PLAYBOOK_FORM, files, "save_plan", "up:tasks/3", "", {})
    assert [one["name"] for one in held_in(files)["tasks"]] == ["call", "review", "thank_them", "note"]
    files = changed_parts(PLAYBOOK_FORM, files, "save_plan", "remove-task:tasks/0", "", {})
    review = held_in(files)["tasks"][0]
    assert "needs" not in review
    assert review["after"] == "3 days"
    assert "# with the manager" in files["a.yaml"]
    alone = {"a.yaml": "playbooks:\n  save_plan: {tasks: [{name: only}]}\n"}
    with pytest.raises(RequestRefused, match="a task at least"):
        changed_parts(PLAYBOOK_FORM, alone, "save_plan", "remove-task:tasks/0", "", {})
    with pytest.raises(RequestRefused, match="say what is to be done"):
        changed_parts(PLAYBOOK_FORM, alone, "save_plan", "add-task", " ", {})


def test_rules_and_stages_know_a_playbook_by_its_new_name() -> None:
    text = with_new_name({"a.yaml": FILE}, "save_plan", "rescue")["a.yaml"]
    assert "reason: red, playbook: rescue}" in text
    assert "late: {order: 1, playbook: rescue}" in text


def test_the_calendar_passes_over_weekends_and_holidays() -> None:
    book = playbook_meant(held_in({"a.yaml": FILE}))
    assert book is not None
    found = preview_of(book, Calendar("Europe/Berlin", "DE"), date(2026, 4, 30))  # a Thursday before the first of May
    days = {one.title: (one.day, one.days, one.business_days, one.note) for one in found.dues}
    assert days["Call the sponsor"] == (date(2026, 5, 5), 5, 2, "")
    assert days["Review"] == (date(2026, 5, 8), 8, 5, "")
    assert days["Note"] == (date(2026, 4, 30), 0, 0, "")
    assert [len(week.days) for week in found.weeks] == [7, 7]
    later = preview_of(book, Calendar("Europe/Berlin", "DE"), date(2026, 4, 29))
    assert next(one.note for one in later.dues if one.title == "Review") == ""
    free = preview_of(
        book, Calendar("Europe/Berlin", "DE"), date(2026, 4, 28)
    )  # called on the 30th, reviewed on Sunday
    assert next(one.note for one in free.dues if one.title == "Review") == "a day off: weekend"


def test_weeks_without_a_task_are_counted() -> None:
    book = playbook_meant({"tasks": [{"name": "check", "after": "30 days"}]})
    assert book is not None
    found = preview_of(book, Calendar(), date(2026, 11, 2))
    assert [(len(one.days), one.gap) for one in found.weeks] == [(7, 0), (0, 3), (7, 0)]
