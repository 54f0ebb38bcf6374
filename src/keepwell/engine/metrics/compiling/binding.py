"""A value under a name, for expressions that need it several times.

SQL has no `let` inside an expression. A list of one element, mapped over and reduced again, is one. It costs some
microseconds a row, so that only long values are bound; short ones are simply written again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from keepwell.engine.metrics.compiling.sizes import size_of

_SHORT = 12
_numbers = itertools.count()


def bound(
    values: tuple[ir.FloatingValue, ...], body: Callable[..., ir.FloatingValue], short: int = _SHORT
) -> ir.FloatingValue:
    """`body(*values)`, in which each of the float64 values is written only once. `body` gives a float64.

    For PostgreSQL only: DuckDB 2 refuses the lambdas that Ibis writes.
    """
    if not values:
        return body()
    first, *others = values
    if size_of(first).operations <= short:
        return bound(tuple(others), lambda *rest: body(first, *rest), short)
    name = ops.Argument(name=f"v{next(_numbers)}", shape=first.op().shape, dtype=first.op().dtype)
    inner = bound(tuple(others), lambda *rest: body(name.to_expr(), *rest), short)
    mapped = ops.ArrayMap(ibis.array([first]).op(), body=inner.op(), param=name, index=None)
    return ops.ArrayMin(mapped).to_expr()
