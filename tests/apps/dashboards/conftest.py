"""What holds for all tests of dashboards."""

from __future__ import annotations

import pytest

from keepwell.apps.dashboards.answering import records


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are read for every question."""
    monkeypatch.setattr(records, "KEPT_SECONDS", 0.0)
