"""A table that is filled has afterwards what it had before."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from keepwell.apps.connectors.importing import indexes
from keepwell.apps.customers.models import Account, Person, PersonalData

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("customers_account", "customers_person", "customers_personaldata")


def made() -> list[tuple[str, str]]:
    return sorted(one for table in TABLES for one in (*indexes._indexes(table), *indexes._references(table)))


@pytest.mark.slow
def test_indexes_and_references_are_dropped_while_it_is_filled_and_there_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(indexes, "_MANY", 1)
    before = made()
    assert before
    with transaction.atomic(), indexes.built_at_the_end(5, *TABLES):
        assert made() == []
        account = Account.objects.create(id="a", name="A")
        PersonalData.objects.create(person=Person.objects.create(account=account), name="P")
    assert made() == before


@pytest.mark.slow
def test_nothing_is_dropped_where_few_rows_come_or_many_are_there() -> None:
    before = made()
    with transaction.atomic(), indexes.built_at_the_end(5, *TABLES):
        assert made() == before
    with connection.cursor() as cursor:
        cursor.execute("select 1")
