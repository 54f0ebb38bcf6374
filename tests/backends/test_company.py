"""A whole company on every backend: values, final scores and the rows behind them are DuckDB's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.definitions import Project, load_project
from keepwell.definitions.metrics import AggregateMetric
from keepwell.engine.explain import rows_behind
from keepwell.engine.moments import moment
from keepwell.engine.run import Run, history
from keepwell.engine.tidy import tidy
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.warehouse import DuckDBWarehouse, Warehouse
from keepwell.simulation import simulate, write_definitions
from tests.backends.metrics import differences, listed, over_tables, same_list
from tests.backends.tables import Tables, load

pytestmark = pytest.mark.slow
_DATES = (date(2026, 9, 30), date(2026, 10, 31))


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Tables]:
    """Sixty accounts over 200 days with units, entered scores, overrides and pins; its tables by dataset."""
    folder = tmp_path_factory.mktemp("company")
    simulate(folder, end=_DATES[-1], accounts=60, days=200, seed=3, seats=(3.0, 10.0, 60.0))
    write_definitions(folder / "definitions")
    project = load_project(folder / "definitions")
    with open_data(project, folder / "data") as data:
        tables = {name: data.run(data.table(name)) for name in project.datasets}
    return over_tables(project, "company"), tables


@pytest.fixture(scope="session")
def data(warehouse: Warehouse, company: tuple[Project, Tables]) -> ProjectData:
    project, tables = company
    load(warehouse, "company", tables)
    return ProjectData(project, warehouse, Path())


@pytest.fixture(scope="session")
def reference(company: tuple[Project, Tables]) -> Iterator[ProjectData]:
    project, tables = company
    with ProjectData(project, DuckDBWarehouse(threads=1), Path()) as opened:
        load(opened.warehouse, "company", tables)
        yield opened


@pytest.fixture(scope="session")
def runs(data: ProjectData, reference: ProjectData) -> list[tuple[Run, Run]]:
    """Each date on the backend and on DuckDB."""
    found, expected = (list(history(one.project, one, _DATES)) for one in (data, reference))
    return list(zip(found, expected, strict=True))


def test_the_values_of_a_company_are_the_same(runs: list[tuple[Run, Run]]) -> None:
    assert [one for found, expected in runs for one in differences(found.values, expected.values)] == []


def test_the_scores_of_a_company_are_the_same(runs: list[tuple[Run, Run]]) -> None:
    for found, expected in runs:
        scores, wanted = tidy(found.scores), tidy(expected.scores)
        assert scores.schema == wanted.schema
        assert len(wanted) > 60 * 10
        assert [name for name in wanted.column_names if not same_list(listed(scores[name]), listed(wanted[name]))] == []


def test_the_rows_behind_a_score_are_the_same(data: ProjectData, reference: ProjectData) -> None:
    account = _someone(reference)
    metrics = [name for name, one in data.project.metrics.items() if isinstance(one, AggregateMetric)][:6]
    at = moment(_DATES[-1], data.project.settings.time_zone)
    for name in metrics:
        found, expected = (
            rows_behind(one.project, one, name, entity_id=account, moment=at, limit=10_000) for one in (data, reference)
        )
        assert found.total == expected.total
        assert _sorted(found.table) == _sorted(expected.table)


def _someone(data: ProjectData) -> str:
    return str(data.run(data.table("accounts").select("account_id").order_by("account_id").limit(1))[0][0])


def _sorted(table: pa.Table | None) -> list[str]:
    return sorted(map(str, table.to_pylist() if table is not None else []))
