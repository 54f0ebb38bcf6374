"""Arguments that several verbs share, with one wording."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from keepwell.cli.dates import parse_date, parse_known_at

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="The project folder: keepwell.yaml and *.yaml.", show_default=False)
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Where dataset files are looked up; FOLDER unless given.", show_default=False
    ),
]
AsOf = Annotated[
    date,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=parse_date,
        help="Score what had happened by the end of this date, such as 2026-10-31.",
        show_default=False,
    ),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at",
        metavar="TIME",
        parser=parse_known_at,
        help="Count only what had arrived by this date or time; the end of --as-of unless given.",
        show_default=False,
    ),
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="Put rows that do not fit aside in this CSV, each with its reason, instead of refusing the data.",
        show_default=False,
    ),
]
LakeFolder = Annotated[
    Path | None,
    typer.Option(
        "--lake",
        metavar="DIR",
        help="A lake: datasets loaded there are read from it, ids are resolved by it, and results are kept in it.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Equal seeds give equal companies.")]
Top = Annotated[int, typer.Option("--top", metavar="N", min=0, help="How many rows a list shows; 0 for all.")]
Account = Annotated[
    str | None, typer.Option("--account", metavar="ID", help="The account to explain.", show_default=False)
]
Relationship = Annotated[
    str | None,
    typer.Option("--relationship", metavar="ID", help="The relationship to explain, instead.", show_default=False),
]
End = Annotated[
    date, typer.Option("--end", metavar="DATE", parser=parse_date, help="The last day of the simulated data.")
]
