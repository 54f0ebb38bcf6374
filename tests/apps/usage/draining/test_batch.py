"""What becomes of messages: rows of the lake, people, accounts; each once, wherever a batch was left."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keepwell.apps.access.actors import Person as Somebody
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.customers.operations.people import erase_person
from keepwell.apps.usage.draining import claiming
from keepwell.apps.usage.draining.batch import Drain
from keepwell.apps.usage.draining.erasing import erase
from keepwell.apps.usage.draining.messages import taken
from keepwell.apps.usage.draining.writing import Tables
from keepwell.apps.usage.models import Drained, InboxEntry, SamePerson, SeenMessage, SourceAccount, SourcePerson, Traits
from tests.apps.conftest import People
from tests.apps.usage.draining.inbox import AT, accepted, events, message, usage

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_messages_become_rows_and_leave_the_inbox() -> None:
    accepted(
        message(1, user="u", group="acme", properties={"format": "csv"}),
        message(2, user="u", group="acme"),
        message(3, "page", anonymous="a", properties={"name": "Pricing", "url": "https://x.example/pricing"}),
    )
    batch = Drain().next()
    assert batch is not None
    assert (batch.number, batch.messages, batch.resent) == (1, 3, 0)
    first, _, page = events()
    assert first["account_id"] == "acme"
    assert (first["event"], first["source"], first["properties"]) == ("Report Exported", "product", '{"format":"csv"}')
    assert (first["occurred_at"], first["local_day"], first["anonymous"]) == (AT, date(2026, 3, 2), False)
    assert (page["event"], page["url"], page["account_id"], page["anonymous"]) == (
        "Pricing", "https://x.example/pricing", None, True)  # fmt: skip
    assert first["person"] == str(SourcePerson.objects.get(kind="user", source_id="u").key)
    daily = [(row["account_id"], row["event"], row["events"]) for row in usage()]
    assert daily == [(None, "Pricing", 1), ("acme", "Report Exported", 2)]
    assert not InboxEntry.objects.exists()
    assert Drained.objects.get().messages == 3


@pytest.mark.slow
def test_the_same_message_counts_once_in_a_batch_and_later() -> None:
    drain = Drain()
    accepted(message(1, user="u"), message(1, user="u"))
    drain.next()
    accepted(message(1, user="u"), message(2, user="u"))
    batch = drain.next()
    assert batch is not None
    assert batch.resent == 1
    assert [row["message_id"] for row in events()] == ["m1", "m2"]
    assert SeenMessage.objects.count() == 2
    accepted(message(2, user="u"))
    drain.next()
    assert len(events()) == 2


@pytest.mark.slow
def test_a_use_without_a_group_takes_the_membership_of_its_time() -> None:
    accepted(
        message(0, user="u", at=AT - timedelta(days=30)),
        message(1, user="u", at=AT),
        message(2, "group", user="u", group="acme", at=AT + timedelta(hours=1)),
        message(3, user="u", at=AT + timedelta(hours=2)),
    )
    drain = Drain()
    drain.next()
    accepted(message(4, "group", user="u", group="brix", at=AT + timedelta(hours=5)))
    drain.next()
    accepted(
        message(5, user="u", at=AT + timedelta(hours=4)),
        message(6, user="u", at=AT + timedelta(hours=6)),
        message(7, user="u", at=AT + timedelta(hours=6), group="cato"),
    )
    drain.next()
    assert {row["message_id"]: row["account_id"] for row in events()} == {
        "m0": None, "m1": "acme", "m2": "acme", "m3": "acme", "m4": "brix", "m5": "acme", "m6": "brix", "m7": "cato",
    }  # fmt: skip


@pytest.mark.slow
def test_a_visitor_is_the_user_they_sign_in_as() -> None:
    drain = Drain()
    accepted(message(1, anonymous="a"))
    drain.next()
    accepted(message(2, "identify", user="u", anonymous="a"))
    drain.next()
    accepted(message(3, user="u"), message(4, anonymous="a"), message(5, anonymous="b"))
    drain.next()
    people = {row["message_id"]: row["person"] for row in events()}
    assert people["m1"] == people["m2"] == people["m3"] == people["m4"] != people["m5"]


@pytest.mark.slow
def test_two_known_keys_are_noted_to_be_one_person() -> None:
    drain = Drain()
    accepted(message(1, anonymous="a"), message(2, user="u"))
    drain.next()
    accepted(message(3, "alias", user="u", previous="a"), message(4, anonymous="a"))
    drain.next()
    people = {row["message_id"]: row["person"] for row in events()}
    assert people["m4"] == people["m2"] != people["m1"]
    assert [(str(one.key), str(one.same_as)) for one in SamePerson.objects.all()] == [(people["m1"], people["m2"])]


@pytest.mark.slow
def test_a_browser_that_two_people_share_makes_them_no_one_person() -> None:
    drain = Drain()
    accepted(message(1, "identify", user="u", anonymous="a"))
    drain.next()
    accepted(message(2, "identify", user="v", anonymous="a"), message(3, user="u"), message(4, anonymous="a"))
    Drain().next()
    people = {row["message_id"]: row["person"] for row in events()}
    assert people["m3"] == people["m1"] != people["m2"] == people["m4"]
    assert not SamePerson.objects.exists()


@pytest.mark.slow
def test_identify_and_group_tell_of_people_and_accounts() -> None:
    accepted(
        message(1, "identify", user="user-1", traits={"email": "u@acme.example", "firstName": "Una", "plan": "pro"}),
        message(2, "group", user="user-1", group="acct-1", traits={"name": "Acme", "mrr": 1200.5}),
    )
    Drain().next()
    person = Person.objects.get()
    assert person.account_id == "acct-1"
    assert str(person.key) == events()[0]["person"]
    personal = PersonalData.objects.get()
    assert (personal.email, personal.name, personal.traits["plan"]) == ("u@acme.example", "Una", "pro")
    account = Account.objects.get(pk="acct-1")
    assert (account.name, account.attributes["mrr"], account.in_population) == ("Acme", 1200.5, False)
    assert "acme.example" not in str(events())


def test_traits_wait_for_the_account_of_a_person() -> None:
    drain = Drain()
    accepted(message(1, "identify", user="u", traits={"email": "u@acme.example"}))
    drain.next()
    assert not Person.objects.exists()
    assert Traits.objects.get().traits == {"email": "u@acme.example"}
    accepted(message(2, "group", user="u", group="acme"))
    drain.next()
    assert PersonalData.objects.get().email == "u@acme.example"
    assert not Traits.objects.exists()


def test_what_the_accounts_data_say_stands_above_what_events_tell() -> None:
    Account.objects.create(id="acme", name="Acme of the CRM", attributes={"plan": "gold"}, in_population=True)
    Account.objects.create(id="gone", name="Gone", in_population=False)
    accepted(
        message(1, "group", user="u", group="acme", traits={"name": "acme", "plan": "free"}),
        message(2, "group", user="v", group="gone", traits={"name": "gone"}),
    )
    Drain().next()
    assert Account.objects.get(pk="acme").name == "Acme of the CRM"
    assert Account.objects.get(pk="gone").name == "Gone"
    assert SourceAccount.objects.get(pk="acme").traits == {"name": "acme", "plan": "free"}


def test_what_cannot_be_kept_of_people_holds_up_no_event() -> None:
    accepted(
        message(1, "identify", user="u\x00", traits={"name": "a\x00b"}),
        message(2, "group", user="u\x00", group="ac\x00me", traits={"name": "x" * 5000}),
        message(3, user="x" * 5000, group="y" * 5000),
    )
    Drain().next()
    assert len(events()) == 3
    assert PersonalData.objects.get().name == "ab"


@pytest.mark.slow
@pytest.mark.parametrize("done", ["claimed", "people", "events", "both"])
def test_a_batch_that_was_left_anywhere_is_ended_by_the_next(done: str, data_dir: Path) -> None:
    accepted(message(1, user="u", group="acme"), message(2, "group", user="v", group="brix"), message(3, user="v"))
    _left(done)
    assert [one.messages for one in Drain().finish()] == [3]
    accepted(message(1, user="u"), message(4, user="v"))
    batch = Drain().next()
    assert batch is not None
    assert (batch.number, batch.resent) == (2, 1)
    rows = events()
    assert [row["message_id"] for row in rows] == ["m1", "m2", "m3", "m4"]
    assert [row["account_id"] for row in rows] == ["acme", "brix", "brix", "brix"]
    assert len({row["person"] for row in rows}) == 2
    assert sum(row["events"] for row in usage()) == 3
    assert not InboxEntry.objects.exists()


def _left(done: str) -> None:
    """What a process leaves that dies after one of the steps of a batch."""
    drain: Any = Drain()
    requests = claiming.claim(1, messages=100)
    new = taken(requests)
    if done == "claimed":
        return
    drain.persons.resolve(new)
    if done == "people":
        return
    if done == "events":
        drain.tables = _Halfway()
    try:
        drain._write(1, new)
    except InterruptedError:
        assert done == "events"


class _Halfway(Tables):
    """Dies between the two tables."""

    def append(self, batch: int, events: Any, daily: Any) -> None:
        super().append(batch, events, daily.slice(0, 0))
        raise InterruptedError


def test_a_batch_takes_about_as_many_messages_as_it_is_told() -> None:
    for number in range(0, 12, 3):
        accepted(message(number), message(number + 1), message(number + 2))
    drain = Drain()
    sizes = [batch.messages if (batch := drain.next(most=5)) else 0 for _ in range(3)]
    assert sizes == [6, 6, 0]


@pytest.mark.slow
def test_who_was_erased_comes_back_as_somebody_else(people: People) -> None:
    Account.objects.create(id="acme", name="Acme")
    drain = Drain()
    accepted(message(1, "identify", user="u", group="acme", traits={"email": "u@acme.example"}))
    drain.next()
    erase_person(actor=Somebody(people.admin), key=Person.objects.get().key)
    accepted(message(2, user="u", group="acme"))
    drain.next()
    first, second = (row["person"] for row in events())
    assert first != second
    assert not PersonalData.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("user", ["u", 'u"\\é'])
def test_who_is_erased_while_a_batch_is_left_in_the_middle_leaves_nothing(people: People, user: str) -> None:
    Account.objects.create(id="acme", name="Acme")
    drain = Drain()
    accepted(message(1, "identify", user=user, group="acme", traits={"email": "u@acme.example"}))
    drain.next()
    accepted(message(2, "identify", user=user, traits={"email": "u@acme.example"}), message(3, user="v"))
    claiming.claim(2, messages=100)
    erase_person(actor=Somebody(people.admin), key=Person.objects.get().key)
    drain.finish()
    assert not PersonalData.objects.exists()
    assert not Traits.objects.exists()
    assert [row["message_id"] for row in events()] == ["m1", "m3"]


@pytest.mark.slow
def test_traits_of_who_is_erased_during_a_batch_are_not_kept(people: People) -> None:
    Account.objects.create(id="acme", name="Acme")
    drain = Drain()
    accepted(message(1, "identify", user="u", group="acme", traits={"email": "u@acme.example"}))
    drain.next()
    accepted(message(2, "identify", user="u", traits={"email": "u@acme.example"}))
    append = drain.tables.append

    def erased(*args: Any) -> None:
        append(*args)
        erase_person(actor=Somebody(people.admin), key=Person.objects.get().key)

    drain.tables.append = erased  # type: ignore[method-assign]
    drain.next()
    assert not PersonalData.objects.exists()
    assert not Traits.objects.exists()


@pytest.mark.slow
def test_what_the_lake_says_of_who_was_erased_beyond_counts_is_emptied(people: People) -> None:
    Account.objects.create(id="acme", name="Acme")
    drain, kept = Drain(), {"properties": {"plan": "pro"}}
    accepted(message(1, "identify", user="u", group="acme"), message(2, user="u", **kept), message(3, user="v", **kept))
    drain.next()
    erase_person(actor=Somebody(people.admin), key=Person.objects.get().key)
    loads = [row["load_id"] for row in events()]
    assert erase(drain.tables) == 1
    assert [row["properties"] for row in events()] == [None, None, '{"plan":"pro"}']
    assert [row["load_id"] for row in events()] == loads
    assert erase(drain.tables) == 0
