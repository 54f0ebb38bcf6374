"""What becomes of one message: stored in our words, or refused with why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.usage.ingestion.accepting import LARGEST, SEGMENT, Sorted, sort_messages
from keepwell.apps.usage.ingestion.inherited import Inherited
from keepwell.apps.usage.ingestion.replaying import replayed
from keepwell.apps.usage.ingestion.wire import write
from tests.apps.usage.ingestion.box import track

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def taken(*messages: dict[str, Any] | bytes, **inherited: Any) -> Sorted:
    raws = [msgspec.Raw(one if isinstance(one, bytes) else json.dumps(one).encode()) for one in messages]
    return sort_messages(raws, SEGMENT, Inherited(NOW, **inherited))


def stored(message: dict[str, Any] | bytes, **inherited: Any) -> dict[str, Any]:
    found = taken(message, **inherited)
    assert found.refused == []
    (one,) = json.loads(write(found.stored))
    return dict(one)


def reason(message: dict[str, Any] | bytes, **inherited: Any) -> str:
    found = taken(message, **inherited)
    assert found.stored == []
    assert found.refused[0].words
    return found.refused[0].reason


def test_a_track_keeps_the_properties_of_its_key_and_no_other() -> None:
    message = track(properties={"format": "csv", "email": "ada@example.com"}, context={"groupId": "acct-1"})
    assert stored(message, kept=frozenset({"format", "rows"})) == {
        "id": "m-1", "type": "track", "event": "Opened", "user": "user-1", "group": "acct-1",
        "at": "2026-11-21T12:00:00.000Z", "properties": {"format": "csv"},
    }  # fmt: skip
    assert "properties" not in stored(message)


def test_null_and_empty_ids_are_absent_and_numbers_are_ids() -> None:
    found = stored(track(anonymousId=None, userId=42, groupId="", context={"groupId": 7}))
    assert (found["user"], found["group"], "anonymous" in found) == ("42", "7", False)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"timestamp": "2026-01-01T00:00:00.000Z", "originalTimestamp": "2026-01-02T00:00:00.000Z"}, "2026-01-01"),
        ({"originalTimestamp": "2026-01-02T00:00:00.000Z", "sentAt": "2026-01-03T00:00:00.000Z"}, "2026-01-02"),
        ({"timestamp": None, "sentAt": "2026-01-03T00:00:00.000Z"}, "2026-01-03"),
        ({}, "2026-01-04"),
    ],
)
def test_the_time_of_an_event_is_the_first_that_is_said(times: dict[str, Any], expected: str) -> None:
    assert stored(track(**times), sent="2026-01-04T00:00:00.000Z")["at"] == f"{expected}T00:00:00.000Z"


def test_traits_stand_in_the_message_or_in_its_context() -> None:
    both = {"type": "identify", "userId": "u", "traits": {"plan": "pro"}, "context": {"traits": {"plan": "x", "a": 1}}}
    assert stored(both)["traits"] == {"plan": "pro", "a": 1}


def test_a_group_names_the_account_with_its_traits() -> None:
    found = stored({"type": "group", "userId": "u", "groupId": "acct-1", "traits": {"name": "Acme", "mrr": 1200.5}})
    assert (found["group"], found["traits"]) == ("acct-1", {"name": "Acme", "mrr": 1200.5})


def test_an_alias_names_what_the_person_was_called() -> None:
    assert stored({"type": "alias", "userId": "user-1", "previousId": "anon-1"})["previous"] == "anon-1"


def test_a_page_keeps_where_it_was_but_not_what_the_address_asks_for() -> None:
    around = {"url": "https://me:pw@example.com/pricing?email=ada#x", "path": "/pricing"}
    page: dict[str, Any] = {"type": "page", "anonymousId": "a", "name": "Pricing", "properties": {"title": "Secret"}}
    page["context"] = {"page": around}
    assert stored(page)["properties"] == {"url": "https://example.com/pricing", "path": "/pricing", "name": "Pricing"}
    page["properties"] = {"url": "https://example.com/p?q=1"}
    assert stored(page, kept=frozenset({"url"}))["properties"]["url"] == "https://example.com/p?q=1"


def test_what_the_batch_says_holds_for_each_message_unless_it_says_otherwise() -> None:
    around = {"groupId": "acct-1", "traits": {"plan": "pro"}}
    assert stored(track(), context=around)["group"] == "acct-1"
    assert stored(track(context={"groupId": "acct-2"}), context=around)["group"] == "acct-2"
    assert stored({"type": "identify", "userId": "u"}, context=around)["traits"] == {"plan": "pro"}


def test_a_message_without_an_id_gets_one_of_its_own() -> None:
    first, second = (stored(track(messageId=None))["id"] for _ in range(2))
    assert len(first) == 36
    assert first != second


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (track(userId=None), "no_person"),
        (track(userId="", anonymousId=""), "no_person"),
        (track(event=None), "no_event"),
        (track(event=""), "no_event"),
        ({"type": "group", "userId": "u"}, "no_group"),
        ({"type": "alias", "userId": "u"}, "no_previous"),
        (track(type="purchase"), "unknown_type"),
        (track(type=None), "unknown_type"),
        (track(timestamp="2026-11-22T12:00:00.001Z"), "future"),
        (track(timestamp="never"), "bad_time"),
        (track(timestamp=5), "malformed"),
        (track(userId={"id": 1}), "malformed"),
        (track(userId=True), "malformed"),
        (track(userId="u" * 201), "malformed"),
        (track(event="e" * 201), "malformed"),
        ({"type": "identify", "userId": "u", "traits": [1]}, "malformed"),
        (b"17", "malformed"),
        (b'"text"', "malformed"),
        (b'{"type":"identify","userId":"u","traits":{"a":1e999}}', "malformed"),
        (track(properties={"blob": "x" * LARGEST}), "too_large"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_name(message: dict[str, Any] | bytes, expected: str) -> None:
    assert reason(message) == expected


def test_a_message_that_is_refused_keeps_no_other_out() -> None:
    found = taken(track(messageId="a"), track(messageId="b", event=None), b"null", track(messageId="c"))
    assert [one.id for one in found.stored] == ["a", "c"]
    assert [one.message_id for one in found.refused] == ["b", ""]


@pytest.mark.slow
def test_a_flood_of_refusals_is_counted_but_not_kept_whole() -> None:
    found = taken(*[b"{}"] * 2000)
    assert (len(found.refused), found.refused_in_all) == (500, 2000)


def test_what_is_kept_of_a_refused_message_can_be_sent_alone() -> None:
    """The type of its address, the time of its batch and the context around it go with it."""
    around = {"kind": "track", "sent": "2026-11-01T00:00:00.000Z", "context": {"groupId": "acct-1"}}
    (one,) = taken({"userId": "u", "messageId": "m"}, **around).refused
    mended = {**json.loads(one.text), "event": "Opened"}
    (again,) = replayed(json.dumps(mended), frozenset(), NOW, NOW).stored
    assert (again.type, again.group, again.at, again.id) == ("track", "acct-1", "2026-11-01T00:00:00.000Z", "m")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["type", "event", "userId", "anonymousId", "groupId", "previousId", "messageId", "timestamp", "properties",
     "traits", "context", "name", "sentAt", "originalTimestamp"],
)  # fmt: skip


@pytest.mark.slow
@given(st.sampled_from(["track", "identify", "group", "page", "screen", "alias"]), st.dictionaries(FIELDS, JSON))
def test_whatever_is_sent_is_stored_readable_or_refused(kind: str, fields: dict[str, Any]) -> None:
    """Nothing that comes in may keep the drain from reading what is stored."""
    found = taken({"type": kind, **fields}, kept=frozenset(fields))
    assert len(found.stored) + len(found.refused) == 1
    for one in msgspec.json.decode(write(found.stored)):
        assert one["at"]
        assert one["id"]
    for refused in found.refused:
        assert "\x00" not in refused.text + refused.words + refused.message_id


@given(st.binary(max_size=60))
def test_a_message_of_any_bytes_is_stored_or_refused(noise: bytes) -> None:
    found = taken(b'{"type":"track","event":"e","userId":"u","properties":' + noise + b"}", kept=frozenset({"a"}))
    assert len(found.stored) + len(found.refused) == 1
    msgspec.json.decode(write(found.stored))
