"""Keeps what a verb scored in the lake it was given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keepwell.definitions.project import Project
    from keepwell.engine.run import Run


def keep(lake: Path | None, project: Project, run: Run) -> None:
    """Writes scores and values to the history of `lake`, once; nothing without a lake."""
    if lake is None:
        return
    from keepwell.definitions import Versions
    from keepwell.lake.keeping import keep_run
    from keepwell.lake.place import Lake

    keep_run(Lake(lake), run, Versions(project))
