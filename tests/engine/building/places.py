"""A project in a temporary folder: definitions and rows written out in the test that reads them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

from keepwell.definitions import load_project
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.engine.run import Run, score
from keepwell.engine.values import Values
from keepwell.lake.data import ProjectData, open_data

ACCOUNTS = "account_id\nA\nB\n"


def opened(folder: Path, definitions: str, files: dict[str, str]) -> ProjectData:
    """The project of `definitions`, over CSV files of these contents."""
    (folder / "model.yaml").write_text(dedent(definitions), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(dedent(text), encoding="utf-8")
    return open_data(load_project(folder), folder)


def values_at(
    folder: Path, definitions: str, files: dict[str, str], *dates: str, known_at: str | None = None
) -> list[Values]:
    known = datetime.fromisoformat(known_at) if known_at else None
    with opened(folder, definitions, {"accounts": ACCOUNTS, **files}) as data:
        bind(data.project, data)
        zone = data.project.settings.time_zone
        return build_values(data.project, data, [moment(date.fromisoformat(one), zone, known) for one in dates])


def metric(values: Values, name: str, entity_kind: str = "account") -> dict[str, Any]:
    """A metric by id."""
    entities = values.of(entity_kind)  # type: ignore[arg-type]
    assert entities is not None
    return dict(zip(entities.ids.to_pylist(), entities.metrics[name].to_pylist(), strict=True))


def scored(folder: Path, definitions: str, files: dict[str, str], as_of: str) -> Run:
    with opened(folder, definitions, {"accounts": ACCOUNTS, **files}) as data:
        return score(data.project, data, as_of=date.fromisoformat(as_of))
