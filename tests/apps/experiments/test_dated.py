"""Values of the past are kept for the data they were made from, ledgers of other apps among them."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.health import ledgers
from keepwell.apps.health.dated import Dated
from keepwell.apps.health.place import opened
from tests.apps.experiments.conftest import DATED

pytestmark = pytest.mark.slow
TOLD = "datasets: {told: {role: facts, table: keepwell.told, account: account, occurred_at: day}}\n"


def test_a_changed_row_of_a_ledger_is_told(past: Wanted, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"account": "a00", "day": date(2026, 1, 1), "words": "Well"}]
    monkeypatch.setitem(ledgers._OTHERS, "keepwell.told", lambda *_: pa.Table.from_pylist(rows))
    project = project_of({**DATED, "told.yaml": TOLD})

    def version() -> str | None:
        with opened(project) as data:
            return Dated(data).version({"told", "renewals"})

    first = version()
    assert first is not None, "what cannot be told cannot be kept"
    assert version() == first
    rows[0]["words"] = "Better"
    assert version() != first
