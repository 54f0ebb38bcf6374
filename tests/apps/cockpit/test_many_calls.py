"""Pages of the cockpit with many calls: in the right order, as many queries as with few, and no day without end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit.agenda import MOST_A_DAY
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.talking import watch
from keepwell.apps.cockpit.ordering import at_risk
from keepwell.apps.cockpit.valuing import renew_values
from keepwell.apps.customers.models import Account
from keepwell.apps.health.dating import dates
from keepwell.apps.health.models import CurrentHealth
from tests.apps.cockpit.opened import opened
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller

pytestmark = pytest.mark.slow
ACCOUNTS = ("acme", "brix", "cato", "dune", "eyre", "zeta")


def test_what_is_at_risk_is_kept_as_it_is_said(company: Account, people: People, as_manager: Client) -> None:
    for account in ACCOUNTS:
        opened(people.manager, account)
    shown = dates().shown
    Account.objects.filter(pk="dune").update(arr=None)
    Account.objects.filter(pk="zeta").update(arr=9_000_000, renews_on=shown + timedelta(days=45))
    Account.objects.filter(pk="eyre").update(renews_on=shown - timedelta(days=1))
    CurrentHealth.objects.filter(pk="cato").delete()
    assert renew_values() > 0
    assert renew_values() == 0
    for call in CallToAction.objects.select_related("account__health"):
        assert call.at_risk == pytest.approx(at_risk(call.account).value)
    page = as_manager.get("/cockpit/").content.decode()
    assert page.index("Zeta Inc") < page.index("Acme Inc") < page.index("Dune Inc")


def test_a_new_call_has_its_place_at_once(company: Account, people: People) -> None:
    call = opened(people.owner)
    call.refresh_from_db()
    assert call.at_risk == pytest.approx(at_risk(call.account).value)


@pytest.mark.parametrize("page", ["/cockpit/", "/cockpit/board/", "/cockpit/calendar/?whose=all", "/cockpit/risks/"])
def test_queries_do_not_grow_with_calls(company: Account, people: People, as_manager: Client, page: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert as_manager.get(page).status_code == 200
        return len(found)

    _several(people, 2)
    as_manager.get(page)
    few = queries()
    _several(people, 12)
    assert queries() == few


def test_queries_of_the_api_do_not_grow_with_calls(company: Account, people: People) -> None:
    manager = Caller(people.manager)

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert manager.get(path).status_code == 200
        return len(found)

    _several(people, 2)
    queries("/calls")  # so that what is remembered is
    few = [queries(path) for path in ("/calls", "/calls/first")]
    _several(people, 12)
    assert [queries(path) for path in ("/calls", "/calls/first")] == few


def test_a_day_of_the_month_shows_some_and_says_how_many_more(
    company: Account, people: People, as_manager: Client, as_owner: Client
) -> None:
    _several(people, MOST_A_DAY + 3)
    page = as_manager.get("/cockpit/calendar/?whose=all").content.decode()
    assert page.count("Call number") == MOST_A_DAY
    assert "and 3 more" in page
    week = as_manager.get("/cockpit/calendar/?whose=all&by=week").content.decode()
    assert week.count("Call number") == MOST_A_DAY + 3
    assert "Call number" not in as_owner.get("/cockpit/calendar/").content.decode(), "they are not hers"


def _several(people: People, number: int) -> None:
    """Risks that are due today, each watched."""
    for one in range(number):
        reason = f"Reason {CallToAction.objects.count()}"
        call = opened(people.manager, ACCOUNTS[one % len(ACCOUNTS)], reason_words=reason,
                      title=f"Call number {one}", owner_id=people.manager.pk, due=today_of(people.manager))  # fmt: skip
        watch(actor=Person(people.manager), call_id=call.pk, user_id=people.admin.pk)
