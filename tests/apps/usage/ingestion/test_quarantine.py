"""The quarantine: looked at, replayed, discarded, emptied in time, and erased with people."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Forbidden, Person, System
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.customers.operations.people import erase_person
from keepwell.apps.usage.jobs import empty_quarantine
from keepwell.apps.usage.models import IdKind, InboxEntry, Quarantined, SourcePerson, WriteKey
from keepwell.apps.usage.operations.quarantine import Replayed, discard_all, replay, replay_all
from keepwell.apps.usage.queries.quarantine import Sought
from tests.apps.conftest import People
from tests.apps.usage.ingestion.box import track

ACTOR = System("test")
PAGE = "/configure/quarantine/"


@pytest.fixture
def key(db: None) -> WriteKey:
    return WriteKey.objects.create(name="Web", properties=["plan"])


def held(key: WriteKey, message: Any = None, reason: str = "future") -> Quarantined:
    text = message if isinstance(message, str) else json.dumps(message or track())
    return Quarantined.objects.create(key=key, reason=reason, words="It is dated ahead", message=text, message_id="m-1")


def inbox() -> list[dict[str, Any]]:
    return [message for entry in InboxEntry.objects.order_by("pk") for message in json.loads(bytes(entry.body))]


def test_a_message_whose_reason_is_gone_is_accepted(key: WriteKey) -> None:
    one = held(key, track(properties={"plan": "pro", "other": 1}))
    assert replay(actor=ACTOR, message_id=one.pk) == Replayed(1, 0)
    (message,) = inbox()
    assert (message["id"], message["properties"]) == ("m-1", {"plan": "pro"})
    one.refresh_from_db()
    assert one.replayed_at is not None
    assert one.message == "", "what was sent is not kept twice"


def test_a_message_that_said_no_time_happened_when_it_was_refused(key: WriteKey) -> None:
    one = held(key)
    Quarantined.objects.update(received_at=timezone.now() - timedelta(days=3))
    one.refresh_from_db()
    replay(actor=ACTOR, message_id=one.pk)
    assert inbox()[0]["at"][:19] == one.received_at.isoformat()[:19]


def test_a_message_that_is_refused_again_says_what_is_wrong_today(key: WriteKey) -> None:
    one = held(key, {"type": "track", "userId": "u"})
    assert replay(actor=ACTOR, message_id=one.pk) == Replayed(0, 1)
    one.refresh_from_db()
    assert (one.reason, one.replayed_at, inbox()) == ("no_event", None, [])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type":"track","userId":"u","event":"e","x":' + "[" * 3000])
def test_what_cannot_be_read_stays(key: WriteKey, text: str) -> None:
    assert replay(actor=ACTOR, message_id=held(key, text).pk) == Replayed(0, 1)


def test_posthogs_messages_are_known_by_their_words(key: WriteKey) -> None:
    one = held(key, {"event": "Opened", "distinct_id": "user-1", "uuid": "p-1", "properties": {"plan": "x"}})
    assert replay(actor=ACTOR, message_id=one.pk).accepted == 1
    assert inbox()[0]["user"] == "user-1"


def test_many_are_replayed_by_reason_and_key(key: WriteKey) -> None:
    other = WriteKey.objects.create(name="Other")
    for number in range(3):
        held(key, track(messageId=str(number)))
    held(other, track(messageId="other"))
    held(key, track(messageId="late"), reason="bad_time")
    assert replay_all(actor=ACTOR, sought=Sought("future", key.pk)) == Replayed(3, 0, 0)
    assert sorted(one["id"] for one in inbox()) == ["0", "1", "2"]
    assert replay_all(actor=ACTOR, sought=Sought()) == Replayed(2, 0, 0)
    assert replay_all(actor=ACTOR, sought=Sought()) == Replayed(0, 0, 0)


def test_discarded_messages_are_gone_for_good(key: WriteKey) -> None:
    held(key)
    assert discard_all(actor=ACTOR, sought=Sought("future")) == 1
    assert Quarantined.objects.get().message == ""
    assert replay_all(actor=ACTOR, sought=Sought()) == Replayed(0, 0, 0)
    assert Change.objects.get(object_kind="quarantine").after == {"messages": 1}


def test_who_may_not_administer_may_not_replay(key: WriteKey, people: People) -> None:
    with pytest.raises(Forbidden):
        replay_all(actor=Person(people.manager), sought=Sought())


@pytest.mark.slow
def test_owner_and_stranger_see_nothing_of_it_and_a_manager_no_texts(
    key: WriteKey, as_owner: Client, as_stranger: Client, as_manager: Client, as_admin: Client
) -> None:
    one = held(key, track(traits={"email": "ada@example.com"}))
    for path in (PAGE, f"{PAGE}{one.pk}/"):
        assert as_owner.get(path).status_code == as_stranger.get(path).status_code == 403
    listed = as_manager.get(PAGE).content.decode()
    assert "It is dated ahead" in listed
    assert "Replay" not in listed
    assert as_manager.get(f"{PAGE}{one.pk}/").status_code == 403
    shown = as_admin.get(f"{PAGE}{one.pk}/").content.decode()
    assert "ada@example.com" in shown


def test_an_admin_replays_and_discards_on_the_page(key: WriteKey, as_admin: Client) -> None:
    good, bad, third = held(key), held(key, {"type": "track"}), held(key)
    listed = as_admin.get(PAGE).content.decode()
    assert "Replay Dated in the future" in listed
    assert as_admin.post(f"{PAGE}{good.pk}/replay/")["Location"] == PAGE
    assert as_admin.post(f"{PAGE}{bad.pk}/replay/")["Location"] == f"{PAGE}{bad.pk}/"
    assert as_admin.post(f"{PAGE}{third.pk}/discard/")["Location"] == PAGE
    assert as_admin.get(f"{PAGE}{good.pk}/").status_code == 404
    as_admin.post(f"{PAGE}discard/", {"reason": "no_person", "key": key.pk})
    assert "Nothing is in quarantine" in as_admin.get(PAGE).content.decode()


def test_what_was_sent_is_shown_and_does_nothing(key: WriteKey, as_admin: Client) -> None:
    one = held(key, track(event="<script>alert(1)</script>"))
    assert "<script>alert" not in as_admin.get(f"{PAGE}{one.pk}/").content.decode()


def test_the_list_comes_in_pages(key: WriteKey, as_admin: Client) -> None:
    for number in range(51):
        held(key, track(messageId=f"m-{number}"))
    first = Quarantined.objects.earliest("pk").pk
    assert f"message {first}" not in as_admin.get(PAGE).content.decode()
    assert f"message {first}" in as_admin.get(PAGE, {"before": first + 1}).content.decode()


def test_the_api_lists_shows_and_replays(key: WriteKey, people: People, client: Client) -> None:
    headers = {"Authorization": f"Bearer {new_token(people.admin, 'data', list(Permission), None)[1]}"}
    one = held(key)
    listed = client.get("/api/v1/quarantine?reason=future", headers=headers).json()["items"]
    assert [(found["id"], found["reason"], "message" in found) for found in listed] == [(one.pk, "future", False)]
    assert json.loads(client.get(f"/api/v1/quarantine/{one.pk}", headers=headers).json()["message"]) == track()
    done = client.post("/api/v1/quarantine/replay", {}, content_type="application/json", headers=headers)
    assert done.json() == {"accepted": 1, "refused": 0, "left": 0}
    assert client.post(f"/api/v1/quarantine/{one.pk}/replay", headers=headers).status_code == 404


def test_it_is_emptied_after_thirty_days(key: WriteKey) -> None:
    now = timezone.now()
    for days in (29, 31):
        one = held(key)
        Quarantined.objects.filter(pk=one.pk).update(received_at=now - timedelta(days=days))
    empty_quarantine(int(now.timestamp()))
    assert Quarantined.objects.count() == 1


def test_who_is_erased_is_erased_in_what_came_in(key: WriteKey) -> None:
    person = Contact.objects.create(account=Account.objects.create(pk="acme", name="Acme"), key=uuid.uuid4())
    PersonalData.objects.create(person=person, email="ada@example.com")
    for kind, source_id in ((IdKind.USER, "user-1"), (IdKind.ANONYMOUS, "anon-1")):
        SourcePerson.objects.create(kind=kind, source_id=source_id, key=person.key)
    kept = held(key, track(userId="user-10"))
    held(key, track())
    held(key, {"type": "identify", "userId": "x", "traits": {"email": "ada@example.com"}})
    stored = [{"id": "a", "user": "user-1"}, {"id": "b", "user": "user-10"}, {"id": "c", "anonymous": "anon-1"}]
    InboxEntry.objects.create(key=key, messages=3, body=json.dumps(stored).encode())
    erase_person(actor=ACTOR, key=person.key)
    assert [one.pk for one in Quarantined.objects.all()] == [kept.pk]
    assert [one["id"] for one in inbox()] == ["b"]
    assert InboxEntry.objects.get().messages == 1
    assert not SourcePerson.objects.filter(key=person.key).exists()
