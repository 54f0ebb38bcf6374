"""Reports of learning as JSON files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from keepwell.cli.writing.atomic import write_text


def write_report(out: Path, report: Mapping[str, Any]) -> None:
    """Every figure; numbers that are none are null."""
    write_text(out, json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    typer.echo(f"\nWrote every figure to {out}")
