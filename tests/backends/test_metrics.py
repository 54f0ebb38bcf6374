"""One suite over all backends: the values of every case are DuckDB's."""

from __future__ import annotations

import pytest

from keepwell.lake.warehouse import Warehouse
from tests.backends.metric_cases import METRIC_CASES
from tests.backends.metrics import MetricCase, data_of, differences, in_process, tables_of, values_on
from tests.backends.tables import load


@pytest.mark.parametrize("case", METRIC_CASES, ids=lambda case: case.name)
def test_values_are_the_same_everywhere(warehouse: Warehouse, case: MetricCase) -> None:
    tables = tables_of(case)
    load(warehouse, case.name, tables)
    expected = in_process(case, tables)
    found = values_on(case, data_of(case, warehouse))
    assert [one for pair in zip(found, expected, strict=True) for one in differences(*pair)] == []
