"""Write keys: who may make them, what they may, and that web processes know at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.audit.models import Change
from keepwell.apps.usage.models import Reception, WriteKey
from keepwell.apps.usage.operations.write_keys import change_write_key, create_write_key, revoke_write_key
from keepwell.apps.usage.origins import origin
from keepwell.errors import FieldRefused
from tests.apps.conftest import People

ACTOR = System("test")
PAGE = "/configure/write-keys/"


@pytest.mark.parametrize(
    ("typed", "sent_by_browsers"),
    [
        ("https://app.example.com", "https://app.example.com"),
        (" HTTPS://App.Example.com/ ", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(typed: str, sent_by_browsers: str) -> None:
    assert origin(typed) == sent_by_browsers


@pytest.mark.parametrize(
    "typed", ["app.example.com", "https://", "https://*.example.com", "https://a.example.com/x", "file://x", "null",
              "https://me@a.example.com", "https://a.example.com:99999", "https://a b.example.com", "https://a.example?q"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(FieldRefused, match=r"write scheme and host alone, such as https://app\.example\.com"):
        origin(typed)


@pytest.mark.slow
def test_keys_differ_and_are_noted_in_the_audit(db: None) -> None:
    first, second = (create_write_key(actor=ACTOR, name=name, properties=["plan", "plan", " "]) for name in "ab")
    assert re.fullmatch(r"wk_[\w-]{24}", first.key)
    assert first.key != second.key
    assert first.properties == ["plan"]
    assert Change.objects.filter(object_kind="write key", action="made").count() == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb"])
def test_a_key_needs_a_name(db: None, name: str) -> None:
    with pytest.raises(FieldRefused):
        create_write_key(actor=ACTOR, name=name)


def test_a_name_is_given_once(db: None) -> None:
    create_write_key(actor=ACTOR, name="Web")
    with pytest.raises(FieldRefused, match="there is a write key web already"):
        create_write_key(actor=ACTOR, name="web")


def test_changes_are_noted_with_what_was_before(db: None) -> None:
    key = create_write_key(actor=ACTOR, name="Web", properties=["plan"])
    change_write_key(actor=ACTOR, key_id=key.pk, origins=["https://a.example"], properties=["plan"])
    revoke_write_key(actor=ACTOR, key_id=key.pk)
    revoke_write_key(actor=ACTOR, key_id=key.pk)
    changed, revoked = Change.objects.filter(object_id=str(key.pk)).exclude(action="made").order_by("pk")
    assert (changed.before, changed.after) == ({"origins": []}, {"origins": ["https://a.example"]})
    assert revoked.action == "revoked"


@pytest.mark.slow
def test_only_those_who_configure_see_them(as_owner: Client, as_stranger: Client, as_manager: Client) -> None:
    assert as_owner.get(PAGE).status_code == as_stranger.get(PAGE).status_code == 403
    assert as_owner.post(PAGE, {"name": "Web"}).status_code == 403
    assert as_manager.get(PAGE).status_code == 200
    assert not WriteKey.objects.exists()


@pytest.mark.slow
def test_a_manager_makes_a_key_and_finds_what_to_paste(as_manager: Client) -> None:
    answer = as_manager.post(PAGE, {"name": "Web", "origins": "https://app.example.com\n", "properties": "plan\nrows"})
    key = WriteKey.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}{key.pk}/")
    assert (key.origins, key.properties) == (["https://app.example.com"], ["plan", "rows"])
    shown = as_manager.get(answer["Location"]).content.decode()
    assert f"/snippet/{key.key}.js" in shown
    assert "Nothing came with it yet" in shown


@pytest.mark.slow
def test_what_was_typed_stays_when_it_is_refused(as_manager: Client) -> None:
    answer = as_manager.post(PAGE, {"name": "Web", "origins": "app.example.com"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "is no origin" in shown
    assert "app.example.com</textarea>" in shown


@pytest.mark.slow
def test_a_page_changes_and_revokes_a_key(as_manager: Client) -> None:
    key = create_write_key(actor=ACTOR, name="Web")
    assert as_manager.post(f"{PAGE}{key.pk}/", {"origins": "", "properties": "plan"}).status_code == 302
    assert as_manager.post(f"{PAGE}{key.pk}/revoke/").status_code == 302
    key.refresh_from_db()
    assert key.properties == ["plan"]
    assert key.revoked_at is not None
    assert "nothing is taken with it" in as_manager.get(f"{PAGE}{key.pk}/").content.decode()
    assert as_manager.get(f"{PAGE}999999/").status_code == 404


def test_the_list_says_what_came_and_when(as_manager: Client) -> None:
    from django.utils import timezone

    key, now = create_write_key(actor=ACTOR, name="Web"), timezone.now()
    for days, accepted in ((0, 1200), (1, 34), (60, 5000)):
        Reception.objects.create(key=key, day=now - timezone.timedelta(days=days), accepted=accepted, refused=2,
                                 last_at=now - timezone.timedelta(days=days))  # fmt: skip
    shown = as_manager.get(PAGE).content.decode()
    assert "1,234" in shown, "of the last thirty days"
    assert now.strftime("%d %b %Y %H:%M") in shown


def test_the_api_makes_changes_and_revokes_keys(people: People, client: Client) -> None:
    secret = new_token(people.manager, "data", [Permission.CONFIGURE], None)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    sent = {"name": "Web", "origins": ["https://app.example.com"]}
    made = client.post("/api/v1/write-keys", sent, content_type="application/json", headers=headers)
    assert (made.status_code, made.json()["origins"], made.json()["last_seen"]) == (201, sent["origins"], None)
    path = f"/api/v1/write-keys/{made.json()['id']}"
    put = client.put(path, {"properties": ["plan"]}, content_type="application/json", headers=headers)
    assert (put.json()["origins"], put.json()["properties"]) == ([], ["plan"])
    wrong = client.put(path, {"origins": ["x"]}, content_type="application/json", headers=headers)
    assert wrong.status_code == 422
    assert client.delete(path, headers=headers).status_code == 204
    listed = client.get("/api/v1/write-keys", headers=headers).json()
    assert listed["items"][0]["revoked_at"] is not None


def test_a_token_without_the_scope_may_not(people: People, client: Client) -> None:
    secret = new_token(people.manager, "data", [Permission.VIEW], None)[1]
    assert client.get("/api/v1/write-keys", headers={"Authorization": f"Bearer {secret}"}).status_code == 403
