"""Where the files of these imports lie: below the data folder, a file each."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

MOST_BYTES, MOST_ROWS = 25_000_000, 50_000
"""What a page reads while somebody waits; the command line has no such limit."""


def folder() -> Path:
    return Path(settings.ENVIRONMENT.data_dir) / "survey-imports"


def file_of(number: int) -> Path:
    return folder() / f"{number:08}.csv"
