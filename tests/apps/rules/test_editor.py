"""The editor of rules: who may, what a save keeps, what stands beside a wrong word, and what the rule would match."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import publish, start_draft
from keepwell.apps.customers.models import Account
from keepwell.apps.rules.editing.form import ENTRIES, RULE_FORM
from tests.apps.rules.conftest import rule_files

RULES = """\
# what we do
rules:
  call_when_red:
    title: Call customers that turn red   # agreed in March
    when: label = 'red'
    actions:
      - log: {title: "{account.name} turned red"}
  watch: {when: open_urgent >= 1, hold_out: 10%, actions: [{set_score: {measure: sentiment, score: 20}}]}
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def draft(company: Account) -> Draft:
    publish(actor=System("tests"), files={**rule_files(), "rules.yaml": RULES}, note="Rules")
    return start_draft(actor=System("tests"), name="Tried")


def at(draft: Draft, rule: str = "call_when_red") -> str:
    return f"/configure/rules/{draft.pk}/{rule}/"


def form(draft: Draft, rule: str = "call_when_red", **typed: str) -> dict[str, str]:
    """The form as it was shown, with some inputs typed into; `__` stands for / in their names."""
    held: Any = ENTRIES.entry_in(draft.files, rule)
    changed = {name.replace("__", "/"): text for name, text in typed.items()}
    return {**RULE_FORM.shown_of(held), "revision": str(draft.revision), **changed}


def held(draft: Draft, rule: str = "call_when_red") -> Any:
    draft.refresh_from_db()
    return ENTRIES.entry_in(draft.files, rule)


def pages(draft: Draft) -> Iterator[str]:
    yield from ("/configure/rules/", "/configure/rules/call_when_red/", "/configure/rules/call_when_red/plan/",
                "/configure/rule-runs/", "/configure/rule-plan/", f"/configure/rules/{draft.pk}/")  # fmt: skip
    yield from (f"{at(draft)}{one}" for one in ("", "matching/", "plan/", "past/"))


def test_managers_see_the_pages_and_csms_do_not(
    draft: Draft, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    for page in pages(draft):
        assert as_manager.get(page).status_code == 200, page
        assert as_owner.get(page).status_code == 403, page
        assert as_stranger.get(page).status_code == 403, page


def test_csms_change_nothing(draft: Draft, as_owner: Client, as_stranger: Client) -> None:
    for client in (as_owner, as_stranger):
        assert client.post(f"{at(draft)}save/", form(draft, title="Mine")).status_code == 403
        assert client.post(f"{at(draft)}yaml/", {"lines": "x: {}", "revision": "1"}).status_code == 403
        assert client.post("/configure/rules/", {"do": "add", "title": "Mine"}).status_code == 403
    assert held(draft)["title"] == "Call customers that turn red"


def test_a_save_keeps_what_was_typed_and_every_comment(draft: Draft, as_manager: Client) -> None:
    answer = as_manager.post(
        f"{at(draft)}save/",
        form(draft, when="label = 'red' and score < 30", persists="3 days", repeat__at_most="2", repeat__per="90 days"),
    )
    assert answer.status_code == 200
    found = held(draft)
    assert (found["when"], found["persists"]) == ("label = 'red' and score < 30", "3 days")
    assert found["repeat"] == {"at_most": 2, "per": "90 days"}
    assert "# agreed in March" in draft.files["rules.yaml"]
    assert draft.files["rules.yaml"].startswith("# what we do\n")


def test_a_wrong_word_stands_beside_its_field_and_is_kept(draft: Draft, as_manager: Client) -> None:
    page = as_manager.post(f"{at(draft)}save/", form(draft, when="labl = 'red'", persists="3 moons")).content.decode()
    assert 'aria-describedby="persists-error"' in page
    assert "&#x27;3 moons&#x27; is not a duration" in page
    assert 'value="3 moons"' in page
    assert held(draft)["persists"] == "3 moons"
    page = as_manager.post(f"{at(draft)}save/", form(draft, persists="")).content.decode()
    assert 'aria-describedby="persists-error"' not in page
    assert "persists" not in held(draft)


def test_two_people_who_change_the_same_keep_both(draft: Draft, as_manager: Client, as_admin: Client) -> None:
    mine, theirs = form(draft, when="score < 10"), form(draft, when="score < 20", title="Call them")
    as_admin.post(f"{at(draft)}save/", theirs)
    answer = as_manager.post(f"{at(draft)}save/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ari changed the same meanwhile" in page
    assert "score &lt; 10</textarea>" in page  # what I typed is still in the form
    assert held(draft)["when"] == "score < 20"
    as_manager.post(f"{at(draft)}save/", {**mine, "title": "Call them", "revision": str(draft.revision)})
    assert held(draft)["when"] == "score < 10"


def test_actions_come_and_go_with_what_was_typed(draft: Draft, as_manager: Client) -> None:
    sent = form(draft, title="Call at once") | {"do": "add-action:actions", "new/actions": "open_call"}
    page = as_manager.post(f"{at(draft)}save/", sent).content.decode()
    found = held(draft)
    assert found["title"] == "Call at once"
    assert found["actions"][1] == {"open_call": {"type": "risk", "reason": "call_when_red"}}
    assert "Opens a call to action" in page
    as_manager.post(f"{at(draft)}save/", form(draft, actions__1__open_call__due="3 business days"))
    assert held(draft)["actions"][1]["open_call"]["due"] == "3 business days"
    as_manager.post(f"{at(draft)}save/", form(draft) | {"do": "remove-action:actions/0"})
    assert [next(iter(one)) for one in held(draft)["actions"]] == ["open_call"]


def test_the_yaml_of_the_rule_is_the_same_rule(draft: Draft, as_manager: Client) -> None:
    lines = "call_when_red:\n  # by hand\n  when: score < 25\n  actions: [{log: {title: Low}}]\n"
    page = as_manager.post(f"{at(draft)}yaml/", {"lines": lines, "revision": draft.revision}).content.decode()
    assert held(draft) == {"when": "score < 25", "actions": [{"log": {"title": "Low"}}]}
    assert "# by hand" in page
    refused = as_manager.post(f"{at(draft)}yaml/", {"lines": "call_when_red: [", "revision": draft.revision})
    assert refused.status_code == 422
    assert "call_when_red: [</textarea>" in refused.content.decode()
    assert held(draft)["when"] == "score < 25"


def test_a_new_rule_is_begun_in_a_draft_of_ones_own(draft: Draft, as_manager: Client) -> None:
    empty = as_manager.post("/configure/rules/", {"do": "add", "title": " "})
    assert empty.status_code == 422
    assert "say what the rule is called" in empty.content.decode().lower()
    answer = as_manager.post("/configure/rules/", {"do": "add", "title": "Ask the quiet ones"})
    own = Draft.objects.get(name="Rules · Mo")
    assert answer["Location"] == f"/configure/rules/{own.pk}/ask_the_quiet_ones/"
    assert held(own, "ask_the_quiet_ones")["title"] == "Ask the quiet ones"
    assert "accounts match" in as_manager.get(f"{answer['Location']}matching/").content.decode()


def test_rules_are_copied_disabled_renamed_and_removed(draft: Draft, as_manager: Client) -> None:
    here = f"/configure/rules/{draft.pk}/"
    as_manager.post(here, {"do": "copy", "entry": "call_when_red"})
    draft.refresh_from_db()
    assert ENTRIES.names_in(draft.files) == ["call_when_red", "call_when_red_copy", "watch"]
    as_manager.post(here, {"do": "disable", "entry": "watch"})
    assert held(draft, "watch")["enabled"] is False
    answer = as_manager.post(f"{at(draft)}save/", {"do": "rename", "rename": "call_them", "revision": draft.revision})
    assert answer["Location"] == at(draft, "call_them")
    as_manager.post(here, {"do": "remove", "entry": "call_when_red_copy"})
    draft.refresh_from_db()
    assert ENTRIES.names_in(draft.files) == ["call_them", "watch"]
    refused = as_manager.post(
        f"{at(draft, 'watch')}save/", {"do": "rename", "rename": "No", "revision": draft.revision}
    )
    assert refused.status_code == 422
    assert "is no name" in refused.content.decode()


def test_beside_the_form_stands_whom_it_matches_and_why(draft: Draft, as_manager: Client) -> None:
    page = as_manager.get(f"{at(draft)}matching/").content.decode()
    assert "<strong>4</strong> of 6 accounts match" in page
    assert "Zeta Inc" in page
    assert "label is red" in page
    as_manager.post(f"{at(draft)}save/", form(draft, when="nobody_knows > 1"))
    assert "unknown name" in as_manager.get(f"{at(draft)}matching/").content.decode()


def test_what_it_would_do_is_told_and_nothing_is_done(draft: Draft, as_manager: Client) -> None:
    page = as_manager.get("/configure/rule-plan/").content.decode()
    assert "would" in page
    assert "Zeta Inc" in page
    assert "timeline entr" in page
    assert as_manager.get(f"{at(draft)}plan/").status_code == 200
    from keepwell.apps.rules.models import Effect, RuleState

    assert not Effect.objects.exists()
    assert not RuleState.objects.exists()


def test_an_attribute_that_no_run_has_read_yet_is_read_at_once(draft: Draft, as_manager: Client) -> None:
    as_manager.post(f"{at(draft)}save/", form(draft, when="parent = 'acme'"))
    page = as_manager.get(f"{at(draft)}matching/").content.decode()
    assert "Brix Inc" in page
    assert "parent is acme" in page
