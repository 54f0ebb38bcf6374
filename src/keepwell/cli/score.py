"""keepwell score: everybody's score at one date, in a table or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keepwell.cli.arguments import AsOf, Data, Folder, KnownAt, LakeFolder, Rejects, Top
from keepwell.cli.writing.endings import parse_out

if TYPE_CHECKING:
    from keepwell.engine.run import Run

OnlyAccount = Annotated[
    str | None,
    typer.Option("--account", metavar="ID", help="Only this account and its relationships.", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        parser=parse_out,
        help="Write tidy rows to this file, ending in .parquet, .csv or .json, instead of showing a table.",
        show_default=False,
    ),
]


def score(
    folder: Folder,
    as_of: AsOf,
    data: Data = None,
    known_at: KnownAt = None,
    out: Out = None,
    account: OnlyAccount = None,
    explain: Annotated[bool, typer.Option("--explain", help="Explain each score that is listed.")] = False,
    rejects: Rejects = None,
    lake: LakeFolder = None,
    top: Top = 20,
) -> None:
    """Score everybody at one date: who needs attention, and why."""
    from keepwell.cli.keeping import keep
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.listing import Listing, print_warnings
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.engine.run import score as run_score

    if out is not None:
        refuse_place(out)
    with progress("Scoring"), opened(folder, data, rejects, lake) as (project, source):
        run = run_score(project, source, as_of=as_of, known_at=known_at)
        keep(lake, project, run)
    listing = Listing(on_stdout(), project, run, account=account, top=top)
    if out is None:
        listing.print_list()
    else:
        typer.echo(f"Wrote {_write(out, run, account):,} rows to {out}")
    if explain:
        listing.print_explanations()
    print_warnings(on_stdout(), run.scores)


def _write(out: Path, run: Run, account: str | None) -> int:
    import pyarrow.compute as pc

    from keepwell.cli.writing.scores import score_file
    from keepwell.engine.tidy import tidy_batches

    rows = 0
    with score_file(out) as append:
        for batch in tidy_batches(run.scores):
            chosen = batch if account is None else batch.filter(pc.equal(batch["account_id"], account))
            append(chosen)
            rows += len(chosen)
    return rows
