"""Numbers of dashboards for three people: each has those of the accounts that they see, worked out by another road."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from keepwell.apps.access.actors import NotVisible, Person
from keepwell.apps.access.models import User
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.dashboards.answering.answers import answer, rows
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.catalogue import Shown, dashboard_for, dashboards_for
from tests.apps.conftest import People

pytestmark = pytest.mark.slow


def _book(user: User) -> tuple[Person, Shown]:
    actor = Person(user)
    return actor, dashboard_for(actor, "my_book")


def test_each_person_has_the_numbers_of_the_accounts_they_see(company: Account, people: People) -> None:
    for user in (people.owner, people.colleague, people.stranger, people.manager):
        actor, shown = _book(user)
        seen = visible(actor)
        found = answer(actor, shown)
        assert [one.problem for one in found.values()] == [None] * len(found)
        assert found["accounts"].column("value") == [seen.count()]
        assert found["arr"].column("value") == [seen.aggregate(sum=Sum("arr"))["sum"]]
        bands = dict(zip(found["bands"].column("by"), found["bands"].column("customers"), strict=True))
        assert bands == {label: seen.filter(health__label=label).count() for label in bands}


def test_rows_behind_a_value_are_those_that_one_sees(company: Account, people: People) -> None:
    for user in (people.owner, people.stranger):
        actor, shown = _book(user)
        for band in ("red", "yellow", "green"):
            found = rows(actor, shown, "bands", AskedInPage(), {"by": band})
            seen = visible(actor).filter(health__label=band)
            assert set(found.column("c0")) == set(seen.values_list("pk", flat=True))


def test_a_dashboard_for_other_roles_is_not_there(company: Account, people: People) -> None:
    assert "retention" in {one.key for one in dashboards_for(Person(people.manager))}
    assert "retention" not in {one.key for one in dashboards_for(Person(people.owner))}
    with pytest.raises(NotVisible):
        dashboard_for(Person(people.owner), "retention")
