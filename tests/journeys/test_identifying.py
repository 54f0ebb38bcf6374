"""An admin says whose an unknown id is by what is suggested, merges two accounts, and takes both back."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from playwright.sync_api import expect

from keepwell.apps.customers.lake_writes import lake_table
from keepwell.apps.customers.models import Account, Person, PersonalData, SourceId
from keepwell.apps.customers.unresolved import look
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor
from tests.journeys.test_connecting import seen

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]


@pytest.fixture
def strange(company: Account) -> SourceId:
    """Rows of logins that name Acme by its address."""
    table = lake_table("facts/logins")
    day = date(2026, 3, 1)
    row = {"account": "www.acme.example", "unit": "u", "day": day, "count": 9, "local_day": day}
    kept = pa.schema([one for one in table.schema() if one.name in row])
    table.append(pa.Table.from_pylist([row, row], schema=kept))
    PersonalData.objects.create(person=Person.objects.create(account=company), name="Dora", email="dora@acme.example")
    assert look() == 1
    return SourceId.objects.get()


def test_an_id_is_linked_by_a_suggestion_and_let_go_again(strange: SourceId, visitor: Visitor, people: People) -> None:
    visitor.signs_in(people.admin.email)
    page = visitor.opens("/configure/identity/")
    expect(page.get_by_text("people there have addresses at acme.example")).to_be_visible()
    seen(page, "identity")
    page.get_by_role("button", name="Link www.acme.example with Acme Inc").click()
    expect(page.get_by_text("Every id in the datasets leads to an account")).to_be_visible()
    expect(page.get_by_role("row", name="www.acme.example")).to_contain_text("Acme Inc")
    visitor.opens("/customers/acme/details/")
    expect(page.locator("#identity").get_by_role("cell", name="www.acme.example")).to_be_visible()
    visitor.opens("/configure/identity/")
    page.get_by_role("button", name="Undo what was decided about www.acme.example").click()
    expect(page.get_by_text("Undone: the id leads to nobody again")).to_be_visible()
    expect(page.get_by_role("button", name="Link www.acme.example with Acme Inc")).to_be_visible()
    assert visitor.complaints == []


def test_two_accounts_are_merged_and_parted(company: Account, visitor: Visitor, people: People) -> None:
    visitor.signs_in(people.admin.email)
    page = visitor.opens("/customers/brix/details/#identity")
    page.get_by_label("Merge into the account with the id").fill("nobody")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator("#error-merge")).to_have_text("there is no account 'nobody': give the id of one")
    visitor.complaints.clear()  # the browser tells of every answer that is a refusal
    page.get_by_label("Merge into the account with the id").fill("acme")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("facts count for the other account from the next run on")).to_be_visible()
    seen(page, "merged")
    visitor.opens("/configure/identity/")
    expect(page.get_by_role("listitem").filter(has_text="into Acme Inc")).to_be_visible()
    seen(page, "identity-merged")
    assert not Account.objects.get(pk="brix").in_population
    visitor.opens("/customers/brix/details/")
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("The merge is undone")).to_be_visible()
    assert Account.objects.get(pk="brix").in_population
    assert visitor.complaints == []
