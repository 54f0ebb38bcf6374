"""What moves with an account that is merged into another, what is said of it, and how it comes back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account, Relationship, StageChange
from keepwell.apps.customers.operations import (
    add_person,
    add_to_list,
    make_list,
    merge_accounts,
    set_stage,
    undo_merge,
)
from keepwell.apps.health.entering import enter_score
from keepwell.apps.health.feedback import say_it_feels_wrong
from keepwell.apps.health.models import AccountOverride, CurrentHealth, Entry, Feedback, Pin, Run
from keepwell.apps.health.overriding import override_score, pin_card
from keepwell.apps.health.running import carry_out
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow


@pytest.fixture
def eyre(company: Account, people: People) -> Account:
    """An account of which everything is kept that people can keep."""
    admin = Person(people.admin)
    account = Account.objects.get(pk="eyre")
    add_person(actor=admin, account_id="eyre", name="Kim")
    set_stage(actor=admin, account_id="eyre", stage="renewing")
    enter_score(actor=admin, account_id="eyre", measure="executive_relationship", score=100, comment="Champion")
    override_score(actor=admin, account_id="eyre", effect="at_most", value="red", reason="Lawsuit")
    pin_card(actor=admin, account_id="eyre", scorecard="main", reason="Agreed")
    say_it_feels_wrong(actor=admin, account_id="eyre", expected="green", reason="They renew")
    TimelineEntry.objects.create(account=account, type=built_in("call"), title="Called", occurred_at=timezone.now(),
                                 author="Ari", author_user=people.admin)  # fmt: skip
    made = make_list(actor=admin, name="Board")
    add_to_list(actor=admin, list_id=made.pk, account_ids=["eyre"])
    Account.objects.filter(pk="dune").update(parent="eyre")
    return account


def kept_of(account: str) -> dict[str, int]:
    kinds = (Entry, AccountOverride, Pin, Feedback, StageChange, Relationship)
    counts = {kind.__name__: kind.objects.filter(account=account).count() for kind in kinds}
    one = Account.objects.get(pk=account)
    calls = TimelineEntry.objects.filter(account=account, type__name="call").count()  # no changes of band
    return {
        **counts,
        "calls": calls,
        "people": one.people.count(),
        "children": one.children.count(),
        "lists": one.lists.count(),
    }


def test_everything_that_people_keep_moves_and_comes_back(eyre: Account, people: People) -> None:
    admin = Person(people.admin)
    theirs, others = kept_of("eyre"), kept_of("acme")
    assert all(theirs.values())
    before = CurrentHealth.objects.get(pk="acme")
    merged = merge_accounts(actor=admin, account_id="eyre", into_id="acme")
    assert kept_of("eyre") == {**dict.fromkeys(theirs, 0), "lists": 1}  # nobody sees it there
    assert kept_of("acme") == {name: count + others[name] for name, count in theirs.items()}
    assert merged.moved["timeline entries"] == theirs["calls"]
    assert merged.moved["entered scores"] == merged.moved["lists"] == 1
    noted = Change.objects.get(action="merged")
    assert {name: len(ids) for name, ids in noted.after["moved"].items()} == merged.moved
    now = CurrentHealth.objects.get(pk="acme")
    assert (before.label, now.label) == ("green", "red")  # the override counts for it at once
    undo_merge(actor=admin, account_id="eyre")
    assert (kept_of("eyre"), kept_of("acme")) == (theirs, others)
    assert CurrentHealth.objects.get(pk="acme").score == before.score
    assert Change.objects.get(action="undid merge").before["moved"] == noted.after["moved"]


def test_what_happened_to_the_other_one_since_stands(eyre: Account, people: People) -> None:
    admin = Person(people.admin)
    merge_accounts(actor=admin, account_id="eyre", into_id="acme")
    late = add_person(actor=admin, account_id="acme", name="Lo")
    undo_merge(actor=admin, account_id="eyre")
    late.refresh_from_db()
    assert late.account_id == "acme"


def test_an_account_keeps_its_own_pinned_card(eyre: Account, people: People) -> None:
    admin = Person(people.admin)
    pin_card(actor=admin, account_id="acme", scorecard="main", reason="Its own")
    merged = merge_accounts(actor=admin, account_id="eyre", into_id="acme")
    assert "pins" not in merged.moved
    assert list(Pin.objects.filter(account="acme").values_list("reason", flat=True)) == ["Its own"]


def test_the_next_run_leaves_units_and_children_where_they_went(eyre: Account, people: People) -> None:
    Account.objects.filter(pk="brix").update(parent="eyre")
    merge_accounts(actor=Person(people.admin), account_id="eyre", into_id="acme")
    version = current_version()
    assert version is not None
    carry_out(Run.objects.create(as_of=TODAY, asked_by="tests"), version)
    assert Relationship.objects.get(pk="eyre-east").account_id == "acme"
    assert Account.objects.get(pk="brix").parent_id == "acme"
    assert not Account.objects.get(pk="eyre").in_population


def test_the_page_and_the_api_say_what_moved(
    eyre: Account, people: People, as_admin: Client, as_manager: Client, as_stranger: Client
) -> None:
    assert as_manager.post("/customers/eyre/merge/", {"into": "acme"}).status_code == 403
    assert as_stranger.post("/customers/eyre/merge/", {"into": "acme"}).status_code in (403, 404)
    said = as_admin.post("/customers/eyre/merge/", {"into": "acme"}, follow=True).content.decode()
    assert "people (1)" in said
    assert "timeline entries (1)" in said
    as_admin.post("/customers/eyre/unmerge/")
    answer: Any = Caller(people.admin).send("put", "/accounts/eyre/merge", {"into": "acme"}).json()
    assert (answer["moved"]["people"], answer["change"][:6]) == (1, "merge:")
