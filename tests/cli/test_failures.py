"""What a defect shows, and to whom."""

from __future__ import annotations

import pytest

from keepwell.cli.failures import DEFECT, guarded


def broken() -> None:
    raise ZeroDivisionError("of the test")


@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("KEEPWELL_TRACEBACK", "1", True),
        ("KEEPWELL_TRACEBACK", "false", False),
        ("KEEPWELL_DEBUG", "1", False),  # of pages alone
    ],
)
def test_a_defect_shows_its_traceback_on_demand(
    variable: str, value: str, shown: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("KEEPWELL_TRACEBACK", "KEEPWELL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    assert guarded(broken) == DEFECT
    said = capsys.readouterr().err
    assert ("Traceback" in said) == shown
    assert "KEEPWELL_TRACEBACK=1" in said
