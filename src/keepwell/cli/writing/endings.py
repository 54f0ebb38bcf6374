"""The endings that say how scores are written."""

from __future__ import annotations

from pathlib import Path

import typer

ENDINGS = (".parquet", ".csv", ".json")


def parse_out(text: str | Path) -> Path:
    """A file to write scores to. Another ending than ENDINGS is wrong usage."""
    path = Path(text)
    if path.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"'{path.name}' must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    return path
