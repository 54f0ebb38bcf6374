"""Locks of one number would let work wait for other work that it has nothing to do with."""

from __future__ import annotations

import re
from pathlib import Path

import keepwell

SOURCE = Path(keepwell.__file__).parent


def test_every_advisory_lock_is_named_in_one_place() -> None:
    asked = {
        str(path.relative_to(SOURCE)): found
        for path in SOURCE.rglob("*.py")
        if (found := re.findall(r"advisory_\w*lock\(.*", path.read_text(encoding="utf-8")))
    }
    by_number = [line for path, lines in asked.items() if path != "apps/access/locks.py" for line in lines]
    assert by_number
    assert all("Lock." in line for line in by_number)
