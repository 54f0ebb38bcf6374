"""An order of text that is not by code point, for PostgreSQL: "a" before "B", as most servers are set up."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from typing import Any

COLLATION = "words"


@contextmanager
def locales_in(folder: Path) -> Iterator[None]:
    """While it lasts, processes that are started find English there, where this machine can make it (`localedef`)."""
    folder.mkdir()
    before = os.environ.get("LOCPATH")
    if which("localedef") and subprocess.run(_make(folder), capture_output=True, check=False).returncode == 0:
        os.environ["LOCPATH"] = str(folder)
    yield
    os.environ.pop("LOCPATH", None)
    if before is not None:
        os.environ["LOCPATH"] = before


def _make(folder: Path) -> list[str]:
    return ["localedef", "-i", "en_US", "-f", "UTF-8", str(folder / "en_US.utf8")]


def create_collation(connection: Any) -> None:
    """The collation `words`: English where the server has it, else by code point."""
    import psycopg  # comes with the extra `postgres`

    for locale in ("en_US.utf8", "en_GB.utf8", "C.utf8", "C"):
        with suppress(psycopg.Error), connection.transaction():
            connection.execute(f"create collation {COLLATION} (provider = libc, locale = '{locale}')")
            return
