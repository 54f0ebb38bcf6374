"""keepwell diff: whom a draft of the definitions would move."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keepwell.cli.arguments import AsOf, Data, Folder, KnownAt, Rejects, Top

Draft = Annotated[
    Path,
    typer.Option(
        "--draft",
        metavar="OTHER_FOLDER",
        help="The definitions as they would be; a project folder.",
        show_default=False,
    ),
]


def diff(
    folder: Folder,
    draft: Draft,
    as_of: AsOf,
    data: Data = None,
    known_at: KnownAt = None,
    rejects: Rejects = None,
    top: Top = 20,
) -> None:
    """Show who would move band under a draft, by how much, and why. Nothing is written."""
