"""One meaning on every backend: the same table of cases on each of them."""

from __future__ import annotations

import pytest

from tests.backends.expression_case import Case
from tests.backends.expression_cases import CASES
from tests.backends.expressions import ExpressionTable, same

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")  # Ibis 12 on DuckDB 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "case"), [pytest.param(n, case, id=f"{n}-{case.expression[:40]}") for n, case in enumerate(CASES)]
)
def test_a_case_means_the_same_everywhere(expressions: ExpressionTable, number: int, case: Case) -> None:
    value, fault = expressions.answer(number)
    assert same(value, case.value), f"{case.expression} over {case.row}: {value!r} instead of {case.value!r}"
    assert fault is case.fault


@pytest.mark.slow
def test_no_expression_fails_on_any_row(expressions: ExpressionTable) -> None:
    for number in range(len(CASES)):
        expressions.answer(number)
    assert expressions.failures == {}
