"""The editor of playbooks: who may, what a save keeps, what stands beside a wrong word, and the calendar it makes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.cockpit.editing.form import PLAYBOOK_FORM
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import publish, start_draft
from keepwell.apps.customers.models import Account
from tests.apps.scored import FILES

PLAYBOOKS = """\
# what has worked
playbooks:
  save_plan:
    title: Save plan   # agreed in March
    tasks:
      - {name: call, title: Call the sponsor, after: 2 business days}
      - {name: review, after: {task: call, days: 3}}
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def draft(company: Account) -> Draft:
    publish(actor=System("tests"), files={**FILES, "playbooks.yaml": PLAYBOOKS}, note="Playbooks")
    return start_draft(actor=System("tests"), name="Tried")


def at(draft: Draft, playbook: str = "save_plan") -> str:
    return f"/configure/playbooks/{draft.pk}/{playbook}/"


def held(draft: Draft, playbook: str = "save_plan") -> Any:
    draft.refresh_from_db()
    return PLAYBOOK_FORM.entries.entry_in(draft.files, playbook)


def form(draft: Draft, **typed: str) -> dict[str, str]:
    """The form as it was shown, with some inputs typed into; `__` stands for / in their names."""
    changed = {name.replace("__", "/"): text for name, text in typed.items()}
    return {**PLAYBOOK_FORM.shown_of(held(draft)), "revision": str(draft.revision), **changed}


def test_managers_write_playbooks_and_csms_do_not(
    draft: Draft, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    for page in ("/configure/playbooks/", f"/configure/playbooks/{draft.pk}/", at(draft), f"{at(draft)}dates/"):
        assert as_manager.get(page).status_code == 200, page
        assert as_owner.get(page).status_code == 403, page
        assert as_stranger.get(page).status_code == 403, page
    for client in (as_owner, as_stranger):
        assert client.post(f"{at(draft)}save/", form(draft, title="Mine")).status_code == 403
        assert client.post(f"{at(draft)}yaml/", {"lines": "x: {}", "revision": "1"}).status_code == 403
        assert client.post("/configure/playbooks/", {"do": "add", "title": "Mine"}).status_code == 403
    assert held(draft)["title"] == "Save plan"
    assert as_manager.get(f"{at(draft)}save/").status_code == 405


def test_whoever_may_edit_is_led_there(draft: Draft, as_owner: Client, as_manager: Client) -> None:
    assert 'href="/configure/playbooks/"' in as_manager.get("/cockpit/playbooks/").content.decode()
    assert "/configure/playbooks/" not in as_owner.get("/cockpit/playbooks/").content.decode()


def test_a_save_keeps_what_was_typed_and_every_comment(draft: Draft, as_manager: Client) -> None:
    typed = {"title": "Save the customer", "tasks__0__after__count": "4", "tasks__1__email__subject": "Hello",
             "tasks__1__email__text": "Dear {contact.name}", "tasks__1__needs__call": "on",
             "tasks__1__attachments": "https://a.example/x\nhttps://b.example"}  # fmt: skip
    assert as_manager.post(f"{at(draft)}save/", form(draft, **typed)).status_code == 200
    found = held(draft)
    assert found["tasks"][0]["after"] == "4 business days"
    assert found["tasks"][1] == {
        "name": "review", "after": {"task": "call", "days": 3}, "needs": ["call"],
        "email": {"subject": "Hello", "text": "Dear {contact.name}"},
        "attachments": ["https://a.example/x", "https://b.example"],
    }  # fmt: skip
    assert "# agreed in March" in draft.files["playbooks.yaml"]


def test_what_is_wrong_stands_beside_its_field(draft: Draft, as_manager: Client) -> None:
    typed = {"tasks__0__after__count": "two", "tasks__0__owner": "the boss", "tasks__1__email__subject": "{nobody.x}"}
    page = as_manager.post(f"{at(draft)}save/", form(draft, **typed)).content.decode()
    for name in ("tasks-0-after", "tasks-0-owner", "tasks-1-email-text"):
        assert f'id="{name}-error"' in page, name
    assert "&#x27;two business days&#x27; is not a delay" in page
    assert "&#x27;the boss&#x27; names nobody" in page
    assert 'value="the boss"' in page
    page = as_manager.post(f"{at(draft)}save/", form(draft, tasks__0__needs__review="on")).content.decode()
    assert "in a circle" not in page  # first the words above are mended
    mended = {"tasks__0__after__count": "2", "tasks__0__owner": "", "tasks__1__email__subject": ""}
    page = as_manager.post(f"{at(draft)}save/", form(draft, **mended)).content.decode()
    assert "in a circle: call -&gt; review -&gt; call" in page
    assert 'id="tasks-0-needs-error"' in page


def test_the_calendar_says_each_day(draft: Draft, as_manager: Client) -> None:
    page = as_manager.get(f"{at(draft)}dates/?start=2026-11-20").content.decode()  # a Friday
    assert "Tue 24 Nov 2026 · day 4, business day 2" in page
    assert "Fri 27 Nov 2026 · day 7, business day 5" in page
    assert "3 days after “Call the sponsor”" in page
    wrong = as_manager.get(f"{at(draft)}dates/?start=soon")
    assert (wrong.status_code, "is no day" in wrong.content.decode()) == (422, True)
    as_manager.post(f"{at(draft)}save/", form(draft, tasks__0__after__count="soon"))
    assert "once it is valid" in as_manager.get(f"{at(draft)}dates/").content.decode()


def test_tasks_come_with_what_was_typed(draft: Draft, as_manager: Client) -> None:
    sent = form(draft, title="Save them") | {"do": "add-task", "new/task": "Thank them"}
    assert "3. Thank them" in as_manager.post(f"{at(draft)}save/", sent).content.decode()
    assert held(draft)["title"] == "Save them"
    assert held(draft)["tasks"][2] == {"name": "thank_them", "title": "Thank them"}


def test_playbooks_begin_are_copied_renamed_and_go(draft: Draft, as_manager: Client) -> None:
    answer = as_manager.post("/configure/playbooks/", {"do": "add", "title": "Win back"})
    own = Draft.objects.get(name="Playbooks · Mo")
    assert answer["Location"] == at(own, "win_back")
    assert held(own, "win_back")["tasks"][0]["after"] == "1 business day"
    as_manager.post(f"/configure/playbooks/{own.pk}/", {"do": "copy", "entry": "win_back"})
    sent = {"do": "rename", "rename": "rescue", "revision": str(Draft.objects.get(pk=own.pk).revision)}
    assert as_manager.post(f"{at(own)}save/", sent)["Location"] == at(own, "rescue")
    as_manager.post(f"/configure/playbooks/{own.pk}/", {"do": "remove", "entry": "win_back"})
    own.refresh_from_db()
    assert PLAYBOOK_FORM.entries.names_in(own.files) == ["rescue", "win_back_copy"]


def test_the_yaml_is_the_same_playbook(draft: Draft, as_manager: Client) -> None:
    lines = "save_plan:\n  # by hand\n  tasks: [{name: only, after: 1 week}]\n"
    page = as_manager.post(f"{at(draft)}yaml/", {"lines": lines, "revision": draft.revision}).content.decode()
    assert "# by hand" in page
    assert 'value="1"' in page
    assert '<option value="weeks" selected>' in page
    refused = as_manager.post(f"{at(draft)}yaml/", {"lines": "save_plan: [", "revision": str(draft.revision + 1)})
    assert (refused.status_code, "save_plan: [</textarea>" in refused.content.decode()) == (422, True)
