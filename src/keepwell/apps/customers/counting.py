"""How many customers fit: exact up to ten thousand, estimated beyond."""

from __future__ import annotations

import json

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from keepwell.apps.customers.listing import Narrowed
from keepwell.apps.customers.models import Account

MOST_COUNTED = 10_000
_MANY = 12_000
_FEW = """
with fitting as materialized (select * from ({fitting}) held limit {many} + 1)
select (select count(*) from fitting) <= {many}, (select count(*) from ({accounts}) counted)
"""


def total(found: Narrowed) -> tuple[int, bool]:
    """How many there are, and whether that is exact."""
    counted = _of_few(found) if found.fitting else None
    if counted is None:
        counted = _first(_one_by_one(found)).count()
    if counted <= MOST_COUNTED:
        return counted, True
    plan = json.loads(found.accounts.order_by().values("id").explain(format="json"))
    return max(int(plan[0]["Plan"]["Plan Rows"]), MOST_COUNTED), False


def _of_few(found: Narrowed) -> int | None:
    """Counted from the first accounts for which the expression holds; None where there are more that might be seen."""
    held = _first(found.without.filter(pk__in=RawSQL("select * from fitting", ()))).values("pk")
    try:
        accounts, values = held.query.sql_with_params()
    except EmptyResultSet:  # the other filters let nobody through
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FEW.format(fitting=found.fitting, accounts=accounts, many=_MANY), values)
        are_all, counted = cursor.fetchone()
    return int(counted) if are_all or counted > MOST_COUNTED else None


def _one_by_one(found: Narrowed) -> QuerySet[Account]:
    return found.without.filter(pk__in=RawSQL(found.fitting, ())) if found.fitting else found.without


def _first(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """One more than are counted; without an order, which would cost."""
    return accounts.order_by()[: MOST_COUNTED + 1]
