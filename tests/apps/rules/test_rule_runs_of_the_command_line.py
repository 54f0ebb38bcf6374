"""keepwell rule-runs does what the pages do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keepwell.apps.customers.models import Account
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import Effect
from keepwell.cli.app import app
from tests.apps.rules.effects import run_of

pytestmark = pytest.mark.slow


@contextmanager
def _this_one(data_dir: Path) -> Iterator[None]:
    """The database of the tests, in the place of one that the command would start."""
    yield


@pytest.fixture(autouse=True)
def installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keepwell.server.rule_runs.database", _this_one)
    monkeypatch.setattr("keepwell.server.rule_runs.migrate", lambda: None)


def said(*words: str) -> str:
    found = CliRunner().invoke(app, ["rule-runs", *words], env={"COLUMNS": "200"})
    return found.output


def test_runs_are_listed_approved_done_and_undone(company: Account) -> None:
    run = run_of(("log", {"title": "Turned red"}), status="proposed")
    run.status = "waiting"
    run.save()
    assert "call_when_red" in said("list", "--status", "waiting")
    assert "write 1 timeline entry" in said("approve", str(run.pk))
    do_run(run.pk)
    assert "1 taken back, 0 stay" in said("undo", str(run.pk))
    assert Effect.objects.get().status == "undone"
    assert "call_when_red" not in said("list", "--status", "waiting")


def test_a_run_is_rejected_with_a_remark(company: Account) -> None:
    run = run_of(("log", {"title": "Turned red"}), status="proposed")
    run.status = "waiting"
    run.save()
    assert "is rejected" in said("reject", str(run.pk), "--remark", "Called last week")
    run.refresh_from_db()
    assert (run.status, run.remark, run.decided_by) == ("rejected", "Called last week", "keepwell rule-runs")
    with pytest.raises(Exception, match="nothing of it is tried again"):
        CliRunner().invoke(app, ["rule-runs", "retry", str(run.pk)], catch_exceptions=False)


def test_a_run_that_is_not_there_is_refused(company: Account) -> None:
    with pytest.raises(Exception, match="there is no run 77"):
        CliRunner().invoke(app, ["rule-runs", "approve", "77"], catch_exceptions=False)
