"""Events that came before their person's account was known get it afterwards: once, and in both tables."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.apps.usage.draining import placing, tending
from keepwell.apps.usage.draining.batch import Drain
from keepwell.apps.usage.draining.placing import Places
from keepwell.apps.usage.draining.writing import Tables
from keepwell.apps.usage.models import Placing, SamePerson, Unplaced
from tests.apps.usage.draining.inbox import AT, accepted, events, message, usage

pytestmark = pytest.mark.django_db

DAY = AT.date()


def of_accounts() -> dict[str, str | None]:
    return {row["message_id"]: row["account_id"] for row in events()}


def uses() -> dict[str | None, int]:
    counted: Counter[str | None] = Counter()
    for row in usage():
        counted[row["account_id"]] += row["events"]
    return {account: count for account, count in counted.items() if count}


def placed(drain: Drain | None = None) -> date | None:
    return Places((drain or Drain()).tables).due()


@pytest.mark.slow
def test_a_use_before_the_group_call_counts_for_the_account_afterwards() -> None:
    drain = Drain()
    accepted(message(1, user="u"), message(2, "identify", user="u"), message(3, user="v"))
    accepted(message(4, user="u", at=AT - timedelta(days=1)))
    drain.next()
    assert placed(drain) is None
    accepted(message(5, "group", user="u", group="acme", at=AT + timedelta(hours=1)))
    drain.next()
    loads = drain.tables.events.load_id
    assert placed(drain) == DAY - timedelta(days=1)
    assert of_accounts() == {"m1": "acme", "m2": "acme", "m3": None, "m4": "acme", "m5": "acme"}
    assert uses() == {"acme": 2, None: 1}
    later = {row["message_id"] for row in events() if row["load_id"] > loads}
    assert later == {"m1", "m2", "m4"}
    assert not Placing.objects.exists()
    assert Unplaced.objects.count() == 1
    assert placed(drain) is None


@pytest.mark.slow
def test_what_came_before_the_call_and_happened_after_it_counts_too() -> None:
    drain = Drain()
    accepted(message(1, user="u", at=AT + timedelta(hours=2)))
    drain.next()
    accepted(message(2, "group", user="u", group="acme"))
    drain.next()
    placed(drain)
    assert uses() == {"acme": 1}


@pytest.mark.slow
def test_of_several_accounts_it_is_the_one_of_the_time_and_before_all_the_first() -> None:
    drain = Drain()
    accepted(message(1, user="u", at=AT - timedelta(days=2)), message(2, user="u", at=AT + timedelta(days=1)))
    accepted(message(3, user="u", at=AT + timedelta(days=5)), message(4, user="u", at=AT - timedelta(days=31)))
    drain.next()
    accepted(
        message(8, "group", user="u", group="brix", at=AT + timedelta(days=4)),
        message(9, "group", user="u", group="acme", at=AT),
    )
    drain.next()
    placed(drain)
    assert of_accounts() == {"m1": "acme", "m2": "acme", "m3": "brix", "m4": None, "m8": "brix", "m9": "acme"}
    assert uses() == {"acme": 2, "brix": 1, None: 1}


@pytest.mark.slow
def test_what_a_visitor_did_counts_once_it_is_known_who_it_was() -> None:
    drain = Drain()
    accepted(message(1, anonymous="a"), message(2, "group", user="u", group="acme"))
    drain.next()
    places = Places(drain.tables, known=set())
    accepted(message(3, "alias", user="u", previous="a"))
    batch = drain.next()
    assert batch is not None
    assert SamePerson.objects.count() == 1
    places.take(batch.placed)
    assert places.due() == DAY
    assert of_accounts()["m1"] == "acme"


@pytest.mark.slow
@pytest.mark.parametrize("done", ["decided", "events", "both"])
def test_who_is_killed_in_between_leaves_the_rest_to_the_next(done: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drain = Drain()
    accepted(message(1, user="u"), message(2, user="u"))
    drain.next()
    accepted(message(3, "group", user="u", group="acme"))
    drain.next()
    with monkeypatch.context() as patched:
        _die(patched, done, drain.tables)
        with pytest.raises(InterruptedError):
            placed(drain)
    assert Placing.objects.count() == 1
    assert Places(Tables()).finish() == DAY
    assert of_accounts() == {"m1": "acme", "m2": "acme", "m3": "acme"}
    assert uses() == {"acme": 2}
    assert Places(Tables()).finish() is None


def _die(patched: pytest.MonkeyPatch, done: str, tables: Tables) -> None:
    def dies(*args: Any, **named: Any) -> None:
        raise InterruptedError

    if done == "decided":
        patched.setattr(tables.events, "upsert", dies)
    elif done == "events":
        patched.setattr(tables.daily, "append", dies)
    else:
        patched.setattr(Placing, "delete", dies)


@pytest.mark.slow
def test_days_that_are_added_up_keep_nothing_of_what_was_taken_back() -> None:
    drain = Drain()
    accepted(message(1, user="u"), message(2, user="u"))
    drain.next()
    accepted(message(3, "group", user="u", group="acme"))
    drain.next()
    placed(drain)
    tending.settle(drain.tables, DAY + timedelta(days=1))
    assert [(row["account_id"], row["events"]) for row in usage()] == [("acme", 2)]


def test_who_waited_for_a_month_waits_no_more() -> None:
    accepted(message(1, user="u"))
    Drain().next()
    placing.forget(DAY + timedelta(days=30))
    assert Unplaced.objects.count() == 1
    placing.forget(DAY + timedelta(days=31))
    assert not Unplaced.objects.exists()
