"""The year of a rule: asked for once, made by a worker, beside who left, and refused where history says too little."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import publish, start_draft
from keepwell.apps.customers.models import Account
from keepwell.apps.health.place import lake
from keepwell.apps.rules.replaying.jobs import replay
from keepwell.apps.rules.replaying.models import RuleReplay
from keepwell.definitions import load_project
from keepwell.lake.data import open_data
from keepwell.lake.loading import load_dataset
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.apps.rules.conftest import rule_files
from tests.apps.scored import TODAY, scored_company

pytestmark = pytest.mark.slow
RULES = """\
rules:
  quiet: {when: score < 45 and arr > 0, repeat: {cool_down: 7 days}, actions: [{log: {title: Quiet}}]}
"""
OUTCOMES = """\
datasets:
  decisions: {role: outcomes, file: decisions.csv, account: account, occurred_at: day, outcome: outcome}
"""


def company_of(data_dir: Path, weeks: int, more: Mapping[str, str]) -> Draft:
    scored_company(data_dir, weeks=weeks, files=rule_files())
    files = {**rule_files(), "rules.yaml": RULES, **more}
    publish(actor=System("tests"), files=files, note="Rules")
    return start_draft(actor=System("tests"), name="Tried")


def at(draft: Draft) -> str:
    return f"/configure/rules/{draft.pk}/quiet/past/"


def test_it_is_asked_for_and_tells_how_often(people: People, data_dir: Path, as_manager: Client) -> None:
    draft = company_of(data_dir, 6, {})
    assert "Replay the year" in as_manager.get(at(draft)).content.decode()
    page = as_manager.post(f"{at(draft)}ask/").content.decode()
    assert "once one does, it begins" in page
    as_manager.post(f"{at(draft)}ask/")
    one = RuleReplay.objects.get()
    replay(one.pk)
    one.refresh_from_db()
    assert (one.status, one.done, one.total) == ("done", 5, 6)
    assert one.result["weeks"] == 6
    assert one.result["firings"] > 0
    assert one.result["accounts"] <= 6
    assert one.result["followed"] is None
    page = as_manager.get(at(draft)).content.decode()
    assert "It would have acted" in page
    assert "nothing to compare with" in page
    answer = Caller(people.manager).get(f"/drafts/{draft.pk}/rules/quiet/replay").json()
    assert (answer["status"], answer["result"]["firings"]) == ("done", one.result["firings"])


def test_too_little_history_is_said(people: People, data_dir: Path, as_manager: Client) -> None:
    draft = company_of(data_dir, 2, {})
    as_manager.post(f"{at(draft)}ask/")
    replay(RuleReplay.objects.get().pk)
    page = as_manager.get(at(draft)).content.decode()
    assert "2 weeks were scored so far" in page
    assert "Replay the year" in page


def test_those_who_left_are_counted_beside_the_others(people: People, data_dir: Path, as_manager: Client) -> None:
    facts = data_dir / "facts"
    facts.mkdir(parents=True)
    gone = TODAY - timedelta(days=5)
    (facts / "decisions.csv").write_text(f"account,day,outcome\nzeta,{gone},churned\nacme,{gone},renewed\n", "utf-8")
    draft = company_of(data_dir, 6, {"outcomes.yaml": OUTCOMES})
    definitions = data_dir / "definitions"
    (definitions / "outcomes.yaml").write_text(OUTCOMES, encoding="utf-8")
    with open_data(load_project(definitions), facts) as data:
        load_dataset(data, lake(), "decisions")
    as_manager.post(f"{at(draft)}ask/")
    replay(RuleReplay.objects.get().pk)
    followed = RuleReplay.objects.get().result["followed"]
    assert followed["too_late"] > 0  # six weeks are less than the half year that accounts are followed
    assert followed["fired"] == 0
    assert "acted too late to tell" in as_manager.get(at(draft)).content.decode()


def test_csms_ask_for_none(company: Account, people: People, as_owner: Client, as_stranger: Client) -> None:
    publish(actor=System("tests"), files={**rule_files(), "rules.yaml": RULES}, note="Rules")
    draft = start_draft(actor=System("tests"), name="Tried")
    for client in (as_owner, as_stranger):
        assert client.get(at(draft)).status_code == 403
        assert client.post(f"{at(draft)}ask/").status_code == 403
    assert not RuleReplay.objects.exists()
