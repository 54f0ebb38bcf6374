"""The statements behind a widget are those that ran, and the accounts in sight stand in them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.loading import parse_project
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.explaining import explain_widget
from tests.engine.reporting.company import AS_OF, DEFINITIONS, sight, tables

pytestmark = pytest.mark.slow

PAGE = Dashboard.model_validate(
    {
        "widgets": {
            "large": {"chart": "number", "dataset": "accounts", "measure": "sum(arr)"},
            "books": {"chart": "bar", "dataset": "accounts", "by": "segment", "measures": {"n": "count()"}},
            "gone": {"chart": "number", "dataset": "accounts", "measure": "sum(mood)"},
        }
    }
)


def test_a_number_comes_with_the_statement_that_made_it_within_what_its_reader_sees(tmp_path: Path) -> None:
    project = parse_project(DEFINITIONS)
    with tables(tmp_path, project) as opened:
        seen = sight("a", "c")
        found = explain_widget(project, opened, PAGE, "large", Asked(AS_OF, sight=seen))
        assert found.result.column("value") == [150]
        (sql,) = found.statements
        assert sql.startswith("SELECT")
        assert "account_id" in sql.lower()
        assert seen.get_name() in sql  # the accounts that she sees are joined in the statement
        connection = opened._data.warehouse.connection  # type: ignore[attr-defined]
        connection.register(seen.get_name(), pa.table({"account_id": ["b"]}))
        assert connection.sql(sql).fetchall() == [(300.0,)]  # it is the whole truth: of another reader, another number


def test_what_is_refused_ran_nothing(tmp_path: Path) -> None:
    project = parse_project(DEFINITIONS)
    with tables(tmp_path, project) as opened:
        found = explain_widget(project, opened, PAGE, "gone", Asked(AS_OF))
        assert found.statements == ()
        assert "unknown name `mood`" in str(found.result.problem)
