"""Surveys and people for tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from keepwell.definitions import Project, load_project, parse_project
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.choosing import PEOPLE_COLUMNS
from tests.definitions.surveying import SURVEY
from tests.definitions.test_loading import GOOD


@cache
def project(more: str = "") -> Project:
    with TemporaryDirectory() as folder:
        (Path(folder) / "model.yaml").write_text(GOOD, "utf-8")
        (Path(folder) / "asked.yaml").write_text(SURVEY + more, "utf-8")
        return load_project(folder)


def survey(name: str = "relationship", more: str = "") -> Survey:
    return project(more).surveys[name]


def made(*questions: dict[str, Any], **more: Any) -> Survey:
    """A survey of these questions; those without a text get one."""
    full = [{"text": one["name"].upper(), **one} for one in questions]
    return parse_project({"surveys": {"one": {"questions": full, **more}}}).surveys["one"]


def people(*rows: dict[str, Any]) -> pa.Table:
    whole = [{"account_id": "a", "has_address": True, "role": "admin", **row} for row in rows]
    return pa.Table.from_pylist(whole, schema=pa.schema(PEOPLE_COLUMNS))


def accounts(**labels: str) -> pa.Table:
    """Accounts by id with their labels; all of them are large."""
    return pa.table({"account_id": [*labels], "label": [*labels.values()], "seats": [500.0] * len(labels)})
