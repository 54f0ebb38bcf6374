from __future__ import annotations

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL

from keepwell.apps.customers.current_values.columns import Columns, column_name, current_columns
from keepwell.apps.customers.current_values.conditions import accounts_where
from keepwell.apps.customers.models import Account
from keepwell.definitions.expressions import ExpressionError


def holds(text: str) -> set[str]:
    columns = current_columns()
    assert columns is not None
    sql = accounts_where(text, columns).replace("%", "%%")
    return set(Account.objects.filter(pk__in=RawSQL(sql, ())).values_list("pk", flat=True))


FOUND = {
    "arr >= 100000": {"acme", "brix"},
    "in_segment('large')": {"acme", "brix"},
    "not in_segment('large') and active_days >= 5": {"cato"},
    "name = 'Acme Inc'": {"acme"},
    "name like 'A%'": {"acme"},
    "name ilike 'b%' and stage = 'live'": {"brix"},
    "arr / active_days > 1e9": set(),
    "open_urgent >= 2": {"zeta"},
    "date_diff('day', as_of, renews_on) <= 30": {"acme"},
    "label = 'red' and score < 50 and open_urgent > 0": {"zeta"},
    "coverage > 1": set(),
    "name = 'o''hara \\ %s %(x)s'": set(),
}


@pytest.mark.slow
def test_an_expression_finds_the_accounts_it_holds_for(company: Account) -> None:
    assert {text: holds(text) for text in FOUND} == FOUND


def test_columns_are_typed_as_in_the_definitions(company: Account) -> None:
    columns = current_columns()
    assert columns is not None
    assert columns.types["arr"] == "float64"
    assert columns.types["renews_on"] == "date"
    assert columns.types["name"] == "string"
    assert columns.segments == ("large",)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from current_values")
        assert cursor.fetchone() == (6,)


REFUSED = {
    "seatz > 1": "unknown name `seatz`",
    "arr": "boolean",
    "arr > 'x'": "number",
    "in_segment('nope')": "nope",
    "arr > 1; drop table current_values": "`;` is not part",
    "arr >": "",
}


def test_a_bad_expression_says_what_is_wrong(company: Account) -> None:
    for text, said in REFUSED.items():
        with pytest.raises(ExpressionError) as refused:
            holds(text)
        assert said in str(refused.value)


def test_there_are_no_columns_before_the_first_run(db: None) -> None:
    with connection.cursor() as cursor:  # one that a test beside this one committed; it is back when this one ends
        cursor.execute("drop table if exists current_values")
    assert current_columns() is None


def test_a_long_name_is_a_column_of_its_own() -> None:
    first, second = column_name("x" * 80), column_name("x" * 81)
    assert first != second
    assert len(first.encode()) <= 63


def test_columns_are_the_same_where_their_comment_is() -> None:
    assert Columns(None, digest="a") == Columns(None, digest="a")  # type: ignore[arg-type]
