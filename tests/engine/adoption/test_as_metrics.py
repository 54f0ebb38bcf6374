"""Adoption as metrics: those of the how-to and of the example over small data, against what the pages count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from keepwell.definitions import load_project, parse_project
from keepwell.definitions.project import Project
from keepwell.engine.adoption.days import read_days
from keepwell.engine.adoption.features import (
    adoption_matrix,
    licence_utilisation,
    time_to_first_value,
    use_of_accounts,
)
from keepwell.engine.adoption.lifecycle import lifecycle, states
from keepwell.engine.adoption.relation import USAGE, usage
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.lake.data import open_data
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.statements import Statements

ROOT = Path(__file__).resolve().parents[3]
PAGE, EXAMPLE = ROOT / "docs" / "how-to" / "usage.md", ROOT / "examples" / "adoption"
DAY = date(2026, 3, 29)  # a Sunday: the seven days up to it are a calendar week
ROWS = [
    ("acme", "p", "task_board", 0, 3), ("acme", "p", "exports", 0, 1), ("acme", "q", "task_board", 6, 2),
    ("acme", "q", "exports", 13, 1), ("acme", "r", None, 27, 5), ("acme", "r", None, 28, 7), ("acme", "r", None, 3, 1),
    ("acme", "v", "exports", 8, 1),
    ("brix", "s", "task_board", 2, 1), ("brix", "s", "task_board", 40, 1), ("brix", "w", "exports", 2, 1),
    ("cato", "t", "exports", 5, 1), ("dune", "u", "task_board", 9, 4),
]  # fmt: skip
ACCOUNTS = [
    ("acme", DAY - timedelta(days=30), 4), ("brix", DAY - timedelta(days=10), 0), ("cato", DAY, 2),
    ("dune", DAY - timedelta(days=20), None), ("eyre", DAY - timedelta(days=9), 5),
]  # fmt: skip
NAMES = (
    "active_users_1d", "active_users_7d", "active_users_28d", "stickiness", "breadth_28d", "depth_28d",
    "licence_utilisation", "board_users_28d", "board_adoption", "days_to_first_value", "weekly_retention", "new_users",
    "returning_users", "resurrected_users", "dormant_users", "lifecycle",
)  # fmt: skip


def of_the_page() -> Project:
    found: dict[str, Any] = {}
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        for kind, held in yaml.safe_load(block).items():
            found.setdefault(kind, {}).update(held)
    return parse_project(found)


@pytest.fixture(params=["page", "example"])
def project(request: pytest.FixtureRequest) -> Project:
    return of_the_page() if request.param == "page" else load_project(EXAMPLE)


@pytest.fixture
def dataset(project: Project) -> str:
    return "usage" if "usage" in project.datasets else "usage_daily"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What both projects read, each under its own names."""
    account, person, feature, back, events = (list(column) for column in zip(*ROWS, strict=True))
    days = [DAY - timedelta(days=one) for one in back]
    table = pa.table(
        {"account_id": account, "person": person, "event": person, "feature": feature, "local_day": days,
         "events": events}
    )  # fmt: skip
    pq.write_table(table, tmp_path / "usage.parquet")
    pq.write_table(
        table.rename_columns({"local_day": "occurred_at"}).drop_columns(["events"]), tmp_path / "events.parquet"
    )
    (tmp_path / "usage").mkdir()
    pq.write_table(table.rename_columns({"local_day": "day", "person": "user_id"}), tmp_path / "usage" / "1.parquet")
    lines = [
        "account_id,changed_at,signed_on,churned_on,company,arr,renewal_date,csm,seats",
        *(
            f"{one},{day},{day},,{one},1,2027-01-01,Ada,{'' if seats is None else seats}"
            for one, day, seats in ACCOUNTS
        ),
    ]
    (tmp_path / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def values(project: Project, folder: Path) -> Mapping[str, Mapping[str, Any]]:
    with open_data(project, folder) as data:
        built = build_values(project, data, [moment(DAY, "UTC")])[0].accounts
    found: dict[str, dict[str, Any]] = {one: {} for one in built.ids.to_pylist()}
    for name in NAMES:
        for one, value in zip(found, built.metrics[name].to_pylist(), strict=True):
            found[one][name] = value
    return found


@contextmanager
def statements_of(project: Project, dataset: str, folder: Path, account: str = "") -> Iterator[Statements]:
    """Usage as the pages read it, of one account where it is named."""
    with open_data(project, folder) as data:
        assert isinstance(data.warehouse, DuckDBWarehouse)
        statements = Statements(data.warehouse)
        statements.see("every", usage(project, dataset, data.table(dataset), as_of=DAY))
        statements.name(USAGE, f"select * from every where '{account}' in ('', account)")
        yield statements


@pytest.mark.slow
def test_by_hand(project: Project, folder: Path) -> None:
    found = values(project, folder)
    acme = found["acme"]
    assert (acme["active_users_1d"], acme["active_users_7d"], acme["active_users_28d"]) == (1, 3, 4)
    assert acme["stickiness"] == pytest.approx(6 / 28 / 4)  # p once, q twice, r twice, v once
    assert acme["licence_utilisation"] == pytest.approx(1.0)
    assert (acme["board_users_28d"], acme["board_adoption"]) == (2, 0.5)
    assert {one: row["days_to_first_value"] for one, row in found.items()} == {
        "acme": 24, "brix": 0, "cato": None, "dune": 11, "eyre": None,
    }  # fmt: skip
    assert {one: row["lifecycle"] for one, row in found.items()} == {
        "acme": "returning", "brix": "resurrected", "cato": "new", "dune": "dormant", "eyre": "dormant",
    }  # fmt: skip
    assert acme["weekly_retention"] == pytest.approx(1 / 2)  # q came again, v did not
    assert found["brix"]["licence_utilisation"] is None
    assert found["dune"]["licence_utilisation"] is None
    assert found["eyre"]["stickiness"] is None


@pytest.mark.slow
def test_accounts_are_counted_as_on_the_pages(project: Project, dataset: str, folder: Path) -> None:
    with statements_of(project, dataset, folder) as statements:
        used = use_of_accounts(statements, as_of=DAY)
        seats = pa.table({"account": [one for one, _, _ in ACCOUNTS], "seats": [held for _, _, held in ACCOUNTS]})
        licences = {row["account"]: row["utilisation"] for row in licence_utilisation(used, seats).to_pylist()}
        started = pa.table({"account": [one for one, _, _ in ACCOUNTS], "started_on": [day for _, day, _ in ACCOUNTS]})
        first = time_to_first_value(statements, started, as_of=DAY, condition="feature = 'task_board'")
        days = {row["account"]: row["days"] for row in first.to_pylist()}
        cells = adoption_matrix(statements, as_of=DAY).to_pylist()
    boards = {row["account"]: row["people"] for row in cells if row["feature"] == "task_board"}
    pages = {row["account"]: row for row in used.to_pylist()}
    names = {"active_users_1d": "daily", "active_users_7d": "weekly", "active_users_28d": "monthly",
             "breadth_28d": "breadth"}  # fmt: skip
    for account, row in values(project, folder).items():
        page = pages.get(account)
        assert {name: row[name] for name in names} == {
            name: page[other] if page else 0 for name, other in names.items()
        }
        for name, other in {"stickiness": "stickiness", "depth_28d": "depth"}.items():
            assert row[name] == (pytest.approx(page[other]) if page else None)
        assert row["licence_utilisation"] == licences[account]
        assert row["days_to_first_value"] == days[account]
        assert row["board_users_28d"] == boards.get(account, 0)


@pytest.mark.slow
@pytest.mark.parametrize("account", ["acme", "brix", "cato", "dune"])
def test_lifecycle_and_retention_are_those_of_the_pages(
    project: Project, dataset: str, folder: Path, account: str
) -> None:
    row = values(project, folder)[account]
    with statements_of(project, dataset, folder, account) as statements:
        people = lifecycle(read_days(statements, as_of=DAY), "week")
        (state,) = states(read_days(statements, as_of=DAY, by="account"), "week")
    last = [int(getattr(people, kind)[-1]) for kind in ("new", "returning", "resurrected", "dormant")]
    assert [row[f"{kind}_users"] for kind in ("new", "returning", "resurrected", "dormant")] == last
    assert row["lifecycle"] == state
    before = last[1] + last[3]
    assert row["weekly_retention"] == (pytest.approx(last[1] / before) if before else None)


def test_the_example_scores_with_all_of_them() -> None:
    project = load_project(EXAMPLE)
    measures = {name for group in project.scorecards["adoption"].groups.values() for name in group.measures}
    assert measures >= {"stickiness", "breadth_28d", "depth_28d", "licence_utilisation", "weekly_retention",
                        "board_adoption", "days_to_first_value", "lifecycle"}  # fmt: skip
    assert set(of_the_page().metrics) == set(project.metrics)
