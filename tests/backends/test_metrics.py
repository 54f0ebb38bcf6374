"""One suite over all backends: the values of every case are DuckDB's."""

from __future__ import annotations

import pytest

from keepwell.lake.warehouse import Warehouse
from tests.backends.metric_cases import METRIC_CASES
from tests.backends.metrics import MetricCase, data_of, differences, in_process, tables_of, values_on
from tests.backends.tables import load

_QUICK = ("ties_of_text", "known_before", "deleted_by_date", "via", "odd_numbers", "ids_of_two_types", "zone_berlin")
_CASES = [
    pytest.param(case, id=case.name, marks=[] if case.name in _QUICK else [pytest.mark.slow]) for case in METRIC_CASES
]


@pytest.mark.slow
@pytest.mark.parametrize("case", _CASES)
def test_values_are_the_same_everywhere(warehouse: Warehouse, case: MetricCase) -> None:
    tables = tables_of(case)
    load(warehouse, case.name, tables)
    expected = in_process(case, tables)
    found = values_on(case, data_of(case, warehouse))
    assert [one for pair in zip(found, expected, strict=True) for one in differences(*pair)] == []
