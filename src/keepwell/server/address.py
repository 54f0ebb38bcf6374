"""Where an installation answers, told to commands beside it: a file in the data folder while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILE = "address"


@contextmanager
def answering_at(url: str, data_dir: Path) -> Iterator[None]:
    """Leaves a word in the data folder for as long as it answers."""
    file = data_dir / _FILE
    file.write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def address_of(data_dir: Path) -> str | None:
    """Where the installation of this folder answers now; None where none runs."""
    try:
        return (data_dir / _FILE).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None
