"""Accounts of answers in great numbers: ids, and by what they are told apart, each as one text from the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import F, Func, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.results.answered import Truths

_BETWEEN = "\x1f"
MOST_GROUPS = 60


def ids_of(accounts: QuerySet[Account]) -> list[str]:
    found = accounts.order_by().aggregate(ids=StringAgg("pk", _BETWEEN))["ids"]
    return found.split(_BETWEEN) if found else []


def among(column: pa.Array, ids: list[str]) -> Truths:
    """[n] whether each is one of them; null is not."""
    return np.asarray(pc.is_in(column, value_set=pa.array(ids, pa.string())).to_numpy(zero_copy_only=False))


def groups_of(accounts: QuerySet[Account], by: str) -> Iterator[tuple[str, list[str]]]:
    """Accounts by segment (an account may be in several), stage, owner, or an attribute; those with most first."""
    within = Account.objects.filter(pk__in=accounts.order_by().values("pk"))
    expression: dict[str, Any] = {
        "segment": Func(F("segments"), function="unnest"),
        "stage": F("stage"),
        "owner": Coalesce(F("owner__name"), F("owner_name")),
    }
    group = expression.get(by) or Cast(KT(f"attributes__{by.partition('.')[2]}"), TextField())
    rows = within.annotate(kw_group=group).values_list("pk", "kw_group")
    sql, parameters = rows.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        grouped = f"select g, string_agg(a, chr(31)) from ({sql}) as found(a, g) where g <> '' group by g"
        cursor.execute(f"{grouped} order by count(*) desc, g limit %s", [*parameters, MOST_GROUPS])
        yield from ((name, ids.split(_BETWEEN)) for name, ids in cursor.fetchall())
