"""A declared gap is really there, and only where it was declared."""

from __future__ import annotations

import pytest

from keepwell.errors import DataRefused
from keepwell.lake.warehouse import Warehouse
from tests.backends.gaps import GAPS, Gap
from tests.backends.metrics import MetricCase, data_of, differences, in_process, tables_of, values_on
from tests.backends.tables import load


@pytest.mark.slow
@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.case.name)
def test_gaps_are_where_they_are_declared(warehouse: Warehouse, gap: Gap) -> None:
    is_same = _is_same(warehouse, gap.case)
    if warehouse.dialect in gap.backends:
        assert not is_same, f"{warehouse.dialect} has closed this gap; strike it off in gaps.py: {gap.reason}"
    else:
        assert is_same


def _is_same(warehouse: Warehouse, case: MetricCase) -> bool:
    tables = tables_of(case)
    load(warehouse, case.name, tables)
    try:
        found = values_on(case, data_of(case, warehouse))
    except DataRefused:
        return False
    return not any(differences(*pair) for pair in zip(found, in_process(case, tables), strict=True))


@pytest.mark.slow
def test_a_sum_beyond_whole_numbers_is_refused_everywhere(warehouse: Warehouse) -> None:
    most = "9223372036854775807"
    rows = f"account_id,day,x\nA,2024-01-01,{most}\nA,2024-01-01,{most}\n"
    definitions = GAPS[0].case.definitions
    case = MetricCase("sum_of_whole_numbers", definitions, {"events": rows}, ("2024-01-05",))
    load(warehouse, case.name, tables_of(case))
    with pytest.raises(DataRefused, match=r"too large|overflow"):
        values_on(case, data_of(case, warehouse))
