"""keepwell schema: the JSON Schema of definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it to this file.", show_default=False)
    ] = None,
) -> None:
    """Print the JSON Schema of definitions, which lets editors complete and check YAML."""
    import json

    from keepwell.cli.writing.atomic import write_text
    from keepwell.definitions.json_schema import project_schema

    text = json.dumps(project_schema(), indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
        typer.echo(f"Wrote {out}")
