"""keepwell init: a small project folder to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SCHEMA = "keepwell.schema.json"


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.", show_default=False)],
) -> None:
    """Write a first health model to a folder, with the schema that editors complete it by."""
    import json
    from importlib.resources import files

    from keepwell.cli.writing.atomic import write_text
    from keepwell.definitions.json_schema import project_schema

    texts = {one.name: one.read_text("utf-8") for one in (files("keepwell.cli") / "starter").iterdir()}
    texts = {name: text for name, text in sorted(texts.items()) if name.endswith(".yaml")}
    texts[SCHEMA] = json.dumps(project_schema(), indent=1) + "\n"
    _refuse_taken(folder, texts)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_text(folder / name, text)
    typer.echo(f"Wrote {', '.join(texts)} to {folder}")
    typer.echo(f"Next: name your files and columns in {folder / 'health.yaml'}, then: keepwell check {folder}")


def _refuse_taken(folder: Path, names: dict[str, str]) -> None:
    from keepwell.errors import RequestRefused

    taken = [name for name in names if (folder / name).exists()]
    if taken:
        raise RequestRefused(f"{folder} already holds {', '.join(taken)}; choose another folder")
