"""Adoption as metrics: the examples of the how-to over small data, against what the pages count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from keepwell.definitions import parse_project
from keepwell.definitions.project import Project
from keepwell.engine.adoption.features import use_of_accounts
from keepwell.engine.adoption.relation import USAGE, usage
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.lake.data import open_data
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.statements import Statements

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "usage.md"
DAY = date(2026, 3, 29)
ROWS = [
    ("acme", "p", "task_board", 0, 3), ("acme", "p", "exports", 0, 1), ("acme", "q", "task_board", 6, 2),
    ("acme", "q", "exports", 13, 1), ("acme", "r", None, 27, 5), ("acme", "r", None, 28, 7),
    ("brix", "s", "task_board", 2, 1), ("brix", "s", "task_board", 40, 1),
    ("cato", "t", "exports", 5, 1), ("dune", "u", "task_board", 9, 4),
]  # fmt: skip
ACCOUNTS = [
    ("acme", DAY - timedelta(days=30), 4), ("brix", DAY - timedelta(days=10), 0), ("cato", DAY, 2),
    ("dune", DAY - timedelta(days=20), None), ("eyre", DAY - timedelta(days=9), 5),
]  # fmt: skip


@pytest.fixture
def project() -> Project:
    found: dict[str, Any] = {}
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        for kind, held in yaml.safe_load(block).items():
            found.setdefault(kind, {}).update(held)
    return parse_project(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    account, person, feature, back, events = zip(*ROWS, strict=True)
    days = [DAY - timedelta(days=one) for one in back]
    used = {"account_id": account, "person": person, "event": person, "feature": feature, "local_day": days,
            "events": events}  # fmt: skip
    table = pa.table({name: list(column) for name, column in used.items()})
    pq.write_table(table, tmp_path / "usage.parquet")
    single = table.rename_columns({"local_day": "occurred_at"}).drop_columns(["events"])
    pq.write_table(single, tmp_path / "events.parquet")
    lines = [
        "account_id,signed_on,seats",
        *(f"{one},{day},{'' if seats is None else seats}" for one, day, seats in ACCOUNTS),
    ]
    (tmp_path / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def values(project: Project, folder: Path) -> Mapping[str, Mapping[str, Any]]:
    with open_data(project, folder) as data:
        built = build_values(project, data, [moment(DAY, "UTC")])[0].accounts
    ids = built.ids.to_pylist()
    names = ("active_users_1d", "active_users_28d", "stickiness_of_the_week", "licence_utilisation", "breadth_28d",
             "depth_28d", "days_to_first_value", "lifecycle", "active_days_28d", "board_users_28d")  # fmt: skip
    found: dict[str, dict[str, Any]] = {one: {} for one in ids}
    for name in names:
        for one, value in zip(ids, built.metrics[name].to_pylist(), strict=True):
            found[one][name] = value
    return found


def test_the_examples_by_hand(project: Project, folder: Path) -> None:
    found = values(project, folder)
    acme = found["acme"]
    assert (acme["active_users_1d"], acme["active_users_28d"], acme["breadth_28d"]) == (1, 3, 2)
    assert acme["stickiness_of_the_week"] == pytest.approx(2 / 3)
    assert acme["licence_utilisation"] == pytest.approx(0.75)
    assert acme["depth_28d"] == pytest.approx(4.0)
    assert (acme["active_days_28d"], acme["board_users_28d"]) == (4, 2)
    assert {one: row["days_to_first_value"] for one, row in found.items()} == {
        "acme": 24, "brix": 0, "cato": None, "dune": 11, "eyre": None,
    }  # fmt: skip
    assert {one: row["lifecycle"] for one, row in found.items()} == {
        "acme": "returning", "brix": "resurrected", "cato": "new", "dune": "dormant", "eyre": "dormant",
    }  # fmt: skip
    assert found["brix"]["licence_utilisation"] is None
    assert found["dune"]["licence_utilisation"] is None
    assert found["eyre"]["stickiness_of_the_week"] is None


def test_metrics_and_pages_count_alike(project: Project, folder: Path) -> None:
    found = values(project, folder)
    with open_data(project, folder) as data:
        assert isinstance(data.warehouse, DuckDBWarehouse)
        statements = Statements(data.warehouse)
        statements.see(USAGE, usage(project, "usage_daily", data.table("usage_daily"), as_of=DAY))
        pages = {row["account"]: row for row in use_of_accounts(statements, as_of=DAY).to_pylist()}
    for account, row in found.items():
        page = pages.get(account)
        assert row["active_users_28d"] == (page["monthly"] if page else 0)
        assert row["breadth_28d"] == (page["breadth"] if page else 0)
        assert row["active_days_28d"] == (page["active_days"] if page else 0)
        assert row["depth_28d"] == (page["depth"] if page else None)
