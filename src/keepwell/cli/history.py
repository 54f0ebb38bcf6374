"""keepwell history: scores at many dates, written to one file as they come."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from keepwell.cli.arguments import Data, Folder, LakeFolder, Rejects
from keepwell.cli.dates import Every, parse_date, parse_every, steps
from keepwell.cli.writing.endings import parse_out

First = Annotated[
    date, typer.Option("--from", metavar="DATE", parser=parse_date, help="No date before this.", show_default=False)
]
Last = Annotated[
    date, typer.Option("--to", metavar="DATE", parser=parse_date, help="The last date.", show_default=False)
]
Step = Annotated[
    Every,
    typer.Option(
        "--every",
        metavar="STEP",
        parser=parse_every,
        help="week, day, month, or a number of them such as '10 days', counted back from the last date.",
    ),
]
Out = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="FILE",
        parser=parse_out,
        help="The file of tidy rows, ending in .parquet, .csv or .json.",
        show_default=False,
    ),
]


def history(
    folder: Folder,
    first: First,
    last: Last,
    out: Out,
    every: Step = "week",  # type: ignore[assignment]
    data: Data = None,
    rejects: Rejects = None,
    lake: LakeFolder = None,
) -> None:
    """Score many dates, each as it could be known then, into one file."""
    from keepwell.cli.keeping import keep
    from keepwell.cli.portfolio.recording import Recorder
    from keepwell.cli.project_data import opened
    from keepwell.cli.terminal.listing import print_warnings
    from keepwell.cli.terminal.progress import progress
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.cli.terminal.trend import print_trend
    from keepwell.cli.writing.atomic import refuse_place
    from keepwell.cli.writing.scores import score_file
    from keepwell.engine.run import history as run_history
    from keepwell.engine.tidy import tidy_batches

    refuse_place(out)
    dates = steps(first, last, every)
    rows = 0
    with progress("Scoring", len(dates)) as advance, opened(folder, data, rejects, lake) as (project, source):
        recorder = Recorder(project)
        with score_file(out) as append:
            for done, run in enumerate(run_history(project, source, dates), start=1):
                for batch in tidy_batches(run.scores):
                    append(batch)
                    rows += len(batch)
                recorder.add(run)
                keep(lake, project, run)
                advance(done, str(run.scores.as_of))
    typer.echo(f"Wrote {rows:,} rows of {len(dates)} dates, one a {every}, to {out}")
    print_trend(on_stdout(), recorder)
    print_warnings(on_stdout(), recorder.last.scores)
