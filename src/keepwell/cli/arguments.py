"""Arguments that several verbs share, with one wording."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from keepwell.cli.dates import parse_date, parse_known_at


def optional(name: str, metavar: str, help_text: str, **more: Any) -> Any:
    """An option whose default is nothing, or is told in its words."""
    return typer.Option(name, metavar=metavar, help=help_text, show_default=False, **more)


Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="The project folder: keepwell.yaml and *.yaml.", show_default=False)
]
Data = Annotated[
    Path | None,
    optional("--data", "DIR", "Where dataset files are looked up; FOLDER unless given."),
]
AsOf = Annotated[
    date,
    optional(
        "--as-of", "DATE", "Score what had happened by the end of this date, such as 2026-10-31.", parser=parse_date
    ),
]
KnownAt = Annotated[
    datetime | None,
    optional(
        "--known-at",
        "TIME",
        "Count only what had arrived by this date or time; the end of --as-of unless given.",
        parser=parse_known_at,
    ),
]
Rejects = Annotated[
    Path | None,
    optional(
        "--rejects",
        "FILE",
        "Put rows that do not fit aside in this CSV, each with its reason, instead of refusing the data.",
    ),
]
LakeFolder = Annotated[
    Path | None,
    optional(
        "--lake",
        "DIR",
        "A lake: datasets loaded there are read from it, ids are resolved by it, and results are kept in it.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Equal seeds give equal companies.")]
Top = Annotated[int, typer.Option("--top", metavar="N", min=0, help="How many rows a list shows; 0 for all.")]
Account = Annotated[str | None, optional("--account", "ID", "The account to explain.")]
Relationship = Annotated[
    str | None,
    optional("--relationship", "ID", "The relationship to explain, instead."),
]
End = Annotated[
    date, typer.Option("--end", metavar="DATE", parser=parse_date, help="The last day of the simulated data.")
]
