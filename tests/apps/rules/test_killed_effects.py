"""Effects of every kind are done once, wherever a worker dies while it does them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account, AccountList
from keepwell.apps.notices.channels.operations import make_channel
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.performers import performers
from tests.apps.cockpit.opened import PLAYBOOKS
from tests.apps.killing import is_cut
from tests.apps.notices.hooks import target
from tests.apps.rules.conftest import rule_files
from tests.apps.rules.effects import run_of, statuses

RULES = "rules: {other: {when: score < 50, actions: [{log: {title: Other}}]}}\n"
CALL = {"type": "risk", "reason": "turned_red", "title": "Call them", "priority": "high", "owner": "csm",
        "due": "3 business days", "playbook": "save_plan", "text": None}  # fmt: skip
SAME = {"type": "risk", "reason": "turned_red"}
KINDS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "open_call": [("open_call", CALL)],
    "update_call": [("open_call", {**CALL, "playbook": None}), ("update_call", {**SAME, "priority": "low"})],
    "close_call": [("open_call", {**CALL, "playbook": None}), ("close_call", {**SAME, "outcome": "recovered"})],
    "set_score": [("set_score", {"measure": "sentiment", "score": 20, "expires": "90 days"})],
    "set_attribute": [("set_attribute", {"attribute": "started_on", "value": "2025-02-01"})],
    "set_stage": [("set_stage", {"stage": "at risk"})],
    "log": [("log", {"title": "Turned red"})],
    "notify": [("notify", {"to": ["csm", "manager"], "by": ["in_app", "email", "hook"], "text": "Look"})],
    "webhook": [("webhook", {"to": "hook", "data": {"note": "red"}})],
    "add_to_list": [("add_to_list", {"list": "Watch"})],
    "remove_from_list": [("add_to_list", {"list": "Watch"}), ("remove_from_list", {"list": "Watch"})],
    "start_rule": [("start_rule", {"rule": "other"})],
}


@pytest.fixture
def ready(company: Account, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Everything that actions name is there."""
    datasets = rule_files()["datasets.yaml"].replace(", started_at: started_on", "")  # so that it is free to be set
    files = {**rule_files(), "datasets.yaml": datasets, "playbooks.yaml": PLAYBOOKS, "rules.yaml": RULES}
    publish(actor=System("tests"), files=files, note="All")
    AccountList.objects.create(name="Watch")
    monkeypatch.setattr("keepwell.apps.notices.channels.operations._checked_address", lambda _, address: address)
    with target() as place:
        make_channel(actor=System("tests"), name="hook", kind="webhook", address=f"{place.address}/hook")
        yield place


def test_no_kind_of_action_is_left_out() -> None:
    assert set(performers()) - set(KINDS) == {"ask_advocate"}  # which has limits of its own, and tests of them


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_before_any_statement_loses_nothing_and_doubles_nothing(ready: object, kind: str) -> None:
    """What stands in the end, in every table, is what a worker leaves that nobody kills."""
    with transaction.atomic():
        run = run_of(*KINDS[kind])
        do_run(run.pk)
        assert set(statuses(run)) == {"done"}
        whole = standing()
        transaction.set_rollback(True)
    statement, cut = 0, True
    while cut:
        statement += 1
        with transaction.atomic():
            run = run_of(*KINDS[kind])
            cut = is_cut(partial(do_run, run.pk), statement)
            do_run(run.pk)
            assert (set(statuses(run)), standing()) == ({"done"}, whole), statement
            transaction.set_rollback(True)
    assert statement > 5


def standing() -> dict[str, int]:
    """How many rows each table has, asked in one statement."""
    tables = [one._meta.db_table for one in apps.get_models() if one._meta.managed]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return dict(cursor.fetchall())
