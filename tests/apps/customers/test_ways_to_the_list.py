"""However accounts are asked for, they are the same ones, and few questions are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers import counting, listing
from keepwell.apps.customers.current_values.columns import current_columns, written_columns
from keepwell.apps.customers.filters import SORTS, Filters
from keepwell.apps.customers.listing import Narrowed, narrowed, page_of
from keepwell.apps.customers.models import Account, AccountList
from keepwell.apps.customers.queries import today_of
from keepwell.apps.customers.views import customer_list
from tests.apps.conftest import People

EXPRESSIONS = (
    "",
    "arr > 0 or active_days >= 0",
    "label = 'red'",
    "name = 'Nobody'",
    "in_segment('large')",
    "name like 'A%' or name like '%x' or arr % 2 = 1",
)


def found_by(user: User, where: str, sort: str = "-arr") -> Narrowed:
    columns = current_columns()
    return narrowed(Person(user), Filters(where=where, sort=sort), columns, today_of(columns))


def paged(found: Narrowed) -> Iterator[str]:
    after = ""
    while True:
        page = page_of(found, "name", size=2, after=after)
        yield from (row["id"] for row in page.rows)
        after = page.after
        if not after:
            return


@pytest.mark.slow
@pytest.mark.parametrize("few", [0, 1, 1000])
def test_pages_are_of_the_same_accounts_whichever_way_is_taken(
    company: Account, people: People, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(listing, "_FEW", few)
    Account.objects.filter(pk__in=["brix", "dune"]).update(arr=None, renews_on=None)
    for user in (people.owner, people.stranger, people.manager):
        for where in EXPRESSIONS:
            wanted = sorted(found_by(user, where).accounts.values_list("pk", flat=True))
            for sort in (*SORTS, *(f"-{name}" for name in SORTS)):
                pages = list(paged(found_by(user, where, sort)))
                assert sorted(pages) == wanted, (user.name, where, sort)


def test_accounts_without_a_value_come_last_in_order_of_id(company: Account, people: People) -> None:
    Account.objects.filter(pk__in=["brix", "dune"]).update(arr=None, renews_on=None)
    for sort in ("arr", "-arr", "renewal", "-renewal"):
        assert list(paged(found_by(people.manager, "", sort)))[-2:] == ["brix", "dune"], sort


@pytest.mark.slow
@pytest.mark.parametrize("many", [0, 2, 20_000])
def test_a_total_is_of_what_a_person_sees_whichever_way_is_taken(
    company: Account, people: People, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(counting, "_MANY", many)
    for user in (people.owner, people.stranger, people.manager):
        for where in EXPRESSIONS:
            found = found_by(user, where)
            assert counting.total(found) == (found.accounts.count(), True), (user.name, where)


def listed_by(client: Client, query: str = "") -> dict[str, str]:
    page = client.get(f"/customers/{query}").content.decode()
    return dict(re.findall(r'<a data-row href="/customers/(\w+)/">([^<]*)</a>', page))


@pytest.mark.slow
def test_few_that_are_found_first_are_in_order(company: Account, people: People, as_manager: Client) -> None:
    chosen = AccountList.objects.create(name="Board")
    chosen.accounts.set(["acme", "brix", "cato", "dune"])
    Account.objects.filter(pk__in=["acme", "dune"]).update(arr=None)
    for sort in (*SORTS, *(f"-{name}" for name in SORTS)):
        seen = list(listed_by(as_manager, f"?list={chosen.pk}&sort={sort}"))
        every = [one for one in listed_by(as_manager, f"?sort={sort}") if one in {"acme", "brix", "cato", "dune"}]
        assert seen == every, sort
        assert len(seen) == 4


@pytest.mark.slow
def test_nothing_kept_of_a_view_outlives_rights_or_rows(
    company: Account, people: People, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    def told() -> list[set[str]]:
        return [set(listed_by(client, "?sort=name")) for client in (as_owner, as_stranger, as_manager)]

    before = told()
    assert all(told() == before for _ in range(4))
    User.objects.filter(pk=people.owner.pk).update(reach=Reach.ALL)
    assert told() == [before[2], before[1], before[2]]
    User.objects.filter(pk=people.owner.pk).update(reach=people.owner.reach)
    assert told() == before
    Account.objects.filter(pk="acme").update(name="Acme & Sons", owner=people.stranger, team_id=None)
    assert told() == [before[0] - {"acme"}, before[1] | {"acme"}, before[2]]
    assert listed_by(as_stranger, "?sort=name")["acme"] == "Acme &amp; Sons"


@pytest.mark.slow
def test_a_table_of_values_that_takes_the_place_of_another_is_read_at_once(
    company: Account, as_manager: Client
) -> None:
    where = "?where=active_days+>=+0+and+arr+<+1e9"
    before = [set(listed_by(as_manager, where)) for _ in range(4)][-1]
    assert len(before) > 1
    columns = current_columns()
    assert columns is not None
    with connection.cursor() as cursor:
        cursor.execute("create table next_values as select * from current_values")
        cursor.execute('update next_values set arr = 1e10 where "keepwell:account" = %s', [min(before)])
        cursor.execute("drop table current_values")
        cursor.execute("alter table next_values rename to current_values")
        cursor.execute(f"comment on table current_values is '{written_columns(columns)}'")
    assert set(listed_by(as_manager, where)) == before - {min(before)}


def test_nobody_is_counted_where_another_filter_can_hold_for_nobody(company: Account, as_manager: Client) -> None:
    assert as_manager.get("/totals/customers/?where=arr+>+0&list=none").content == b"0 customers"


@pytest.mark.slow
def test_the_default_view_asks_the_database_four_times(company: Account, as_manager: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert as_manager.get("/customers/").status_code == 200
    assert len(asked) <= 4, [query["sql"][:80] for query in asked]


@pytest.mark.slow
def test_an_expression_that_takes_too_long_is_told_in_words(
    company: Account, as_manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = current_columns()
    assert columns is not None
    with connection.cursor() as cursor:
        cursor.execute("alter table current_values rename to quick_values")
        cursor.execute(
            "create view current_values as select * from quick_values, (select pg_sleep(1)::text as slow offset 0) slow"
        )
        cursor.execute(f"comment on view current_values is '{written_columns(columns)}'")
    monkeypatch.setattr(customer_list, "SECONDS", 0.2)
    answer = as_manager.get("/customers/?where=arr+>+0")
    assert answer.status_code == 422
    assert "this takes longer than 0.2 seconds" in answer.content.decode()
    total = as_manager.get("/totals/customers/?where=arr+>+0")
    assert total.content == b"More customers than could be counted in 0.2 seconds"
