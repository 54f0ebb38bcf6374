"""The editor of stages: who may, their order, what a save keeps, and how many accounts meet what is drafted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.editing.parts import changed_parts
from keepwell.apps.configuration.editing.saving import edited
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import publish, start_draft
from keepwell.apps.customers.models import Account
from keepwell.apps.rules.lifecycle.editing.form import STAGE_FORM, in_order, moved
from keepwell.errors import RequestRefused
from tests.apps.scored import FILES

STAGES = """\
# agreed with sales
stages:
  onboarding:
    title: Onboarding
    order: 1
    enter: open_urgent >= 1     # for now
    exit: score >= 0
    milestones:
      first: {title: First value, due: 10 days, reached: score > 1000}   # counted by hand before
      second: {due: 20 days, reached: score >= 0}
  live: {order: 2, enter: score > 1000}
  gone: {order: 2}
rules:
  a: {on: {stage_change: live}, when: score < 1, actions: [{set_stage: {stage: live}}]}
"""
slow = pytest.mark.slow


@pytest.fixture
def draft(company: Account) -> Draft:
    stages = STAGES.replace("gone: {order: 2}", "gone: {order: 3}")
    publish(actor=System("tests"), files={**FILES, "stages.yaml": stages}, note="Stages")
    return start_draft(actor=System("tests"), name="Tried")


def at(draft: Draft, stage: str = "onboarding") -> str:
    return f"/configure/stages/{draft.pk}/{stage}/"


def held_in(files: Any, stage: str = "onboarding") -> Any:
    return STAGE_FORM.entries.entry_in(files, stage)


def form(draft: Draft, **typed: str) -> dict[str, str]:
    """The form as it was shown, with some inputs typed into; `__` stands for / in their names."""
    draft.refresh_from_db()
    changed = {name.replace("__", "/"): text for name, text in typed.items()}
    return {**STAGE_FORM.shown_of(held_in(draft.files)), "revision": str(draft.revision), **changed}


def test_the_form_as_it_was_shown_changes_nothing() -> None:
    files = {"a.yaml": STAGES}
    for name in STAGE_FORM.entries.names_in(files):
        shown = STAGE_FORM.shown_of(held_in(files, name))
        assert edited(STAGE_FORM, files, files, name, shown).files == files


def test_a_stage_goes_up_and_down_and_shares_no_number() -> None:
    files = {"a.yaml": STAGES}
    assert in_order(files) == ["onboarding", "gone", "live"]
    files = dict(moved(files, "live", -1))
    assert in_order(files) == ["onboarding", "live", "gone"]
    assert [held_in(files, one)["order"] for one in in_order(files)] == [1, 2, 3]
    assert moved(files, "onboarding", -1) == files
    assert "# for now" in files["a.yaml"]
    with pytest.raises(RequestRefused, match="was removed"):
        moved(files, "nowhere", 1)


def test_milestones_come_move_and_go() -> None:
    files = changed_parts(STAGE_FORM, {"a.yaml": STAGES}, "onboarding", "add-milestone", "All seats", {})
    files = changed_parts(STAGE_FORM, files, "onboarding", "up:all_seats", "", {})
    assert list(held_in(files)["milestones"]) == ["first", "all_seats", "second"]
    assert held_in(files)["milestones"]["all_seats"] == {"title": "All seats", "due": "30 days", "reached": False}
    for name in ("second", "all_seats"):
        files = changed_parts(STAGE_FORM, files, "onboarding", f"remove-milestone:{name}", "", {})
    assert "# counted by hand before" in files["a.yaml"]
    files = changed_parts(STAGE_FORM, files, "onboarding", "remove-milestone:first", "", {})
    assert "milestones" not in held_in(files)


def test_rules_know_a_stage_by_its_new_name() -> None:
    text = STAGE_FORM.pointing({"a.yaml": STAGES}, "live", "in_use")["a.yaml"]
    assert "{stage_change: in_use}" in text
    assert "set_stage: {stage: in_use}" in text


@slow
def test_managers_write_stages_and_csms_do_not(
    draft: Draft, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    for page in ("/configure/stages/", f"/configure/stages/{draft.pk}/", at(draft), f"{at(draft)}standing/"):
        assert as_manager.get(page).status_code == 200, page
        assert as_owner.get(page).status_code == 403, page
        assert as_stranger.get(page).status_code == 403, page
    for client in (as_owner, as_stranger):
        assert client.post(f"{at(draft)}save/", form(draft, title="Mine")).status_code == 403
        assert client.post("/configure/stages/", {"do": "up", "entry": "live"}).status_code == 403
        assert "/configure/stages/" not in client.get("/lifecycle/").content.decode()
    assert 'href="/configure/stages/"' in as_manager.get("/lifecycle/").content.decode()


@slow
def test_a_save_keeps_what_was_typed_and_says_what_is_wrong(draft: Draft, as_manager: Client) -> None:
    typed = {"enter": "score < 10", "expected": "soon", "milestones__first__reached": "score >"}
    page = as_manager.post(f"{at(draft)}save/", form(draft, **typed)).content.decode()
    assert 'id="expected-error"' in page
    assert "&#x27;soon&#x27; is not a duration" in page
    draft.refresh_from_db()
    assert "enter: score < 10     # for now" in draft.files["stages.yaml"]
    assert held_in(draft.files)["expected"] == "soon"
    page = as_manager.post(f"{at(draft)}save/", form(draft, expected="60 days")).content.decode()
    assert 'id="milestones-first-reached-error"' in page
    assert "cannot be read" in page
    as_manager.post(f"{at(draft)}save/", form(draft, milestones__first__reached="scroe > 1"))
    assert "scroe" in as_manager.get(f"{at(draft)}standing/").content.decode()


@slow
def test_how_many_accounts_meet_it_now_is_counted(draft: Draft, as_manager: Client) -> None:
    Account.objects.update(stage="onboarding")
    Account.objects.filter(pk="zeta").update(stage="live")
    page = as_manager.get(f"{at(draft)}standing/").content.decode()
    assert "<strong>5</strong> of 6 accounts stand in it" in page
    assert "<strong>1</strong> meets what lets in." in page
    assert "<strong>6</strong> meet what lets out, 5 of those in it." in page
    assert "0 meet it now" in page
    listed = as_manager.get("/configure/stages/").content.decode()
    assert "An account comes here when" in listed
    as_manager.post(f"{at(draft)}save/", form(draft, enter="score >"))
    assert "once the draft is valid" in as_manager.get(f"{at(draft)}standing/").content.decode()


@slow
def test_stages_begin_move_and_go_in_a_draft_of_ones_own(draft: Draft, as_manager: Client) -> None:
    answer = as_manager.post("/configure/stages/", {"do": "add", "title": "Before renewal"})
    own = Draft.objects.get(name="Stages · Mo")
    assert answer["Location"] == at(own, "before_renewal")
    as_manager.post(f"/configure/stages/{own.pk}/", {"do": "up", "entry": "before_renewal"})
    own.refresh_from_db()
    assert in_order(own.files) == ["onboarding", "live", "before_renewal", "gone"]
    as_manager.post(f"/configure/stages/{own.pk}/", {"do": "remove", "entry": "gone"})
    own.refresh_from_db()
    assert in_order(own.files) == ["onboarding", "live", "before_renewal"]
    empty = as_manager.post("/configure/stages/", {"do": "add", "title": " "})
    assert (empty.status_code, "what the stage is called" in empty.content.decode()) == (422, True)
