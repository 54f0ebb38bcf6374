"""API tokens: shown once, never more than one's role, ended by their owner or an admin."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import NotVisible, Person
from keepwell.apps.access.models import ApiToken
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import person_of
from keepwell.apps.administration.operations.tokens import make_token, revoke_token
from keepwell.apps.audit.models import Change
from keepwell.errors import FieldRefused
from tests.apps.conftest import People


def made(client: Client, **said: object) -> str:
    page = client.post("/me/tokens/", {"name": "export", "scopes": ["view"], **said})
    found = re.search(r'id="secret"[^>]*value="(kw_[^"]+)"', page.content.decode())
    assert found is not None, page.content.decode()
    assert "no-store" in page["Cache-Control"]
    return found.group(1)


def test_a_token_acts_for_its_owner_within_its_scopes(as_owner: Client, people: People) -> None:
    actor = person_of(made(as_owner))
    assert actor is not None
    assert actor.user == people.owner
    assert (actor.may(Permission.VIEW), actor.may(Permission.WRITE)) == (True, False)


def test_its_secret_is_shown_once_and_kept_nowhere(as_owner: Client) -> None:
    secret = made(as_owner)
    assert secret not in as_owner.get("/me/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert secret.rpartition("_")[2] not in (token.digest, token.prefix)
    assert secret.rpartition("_")[2] not in str([(change.before, change.after) for change in Change.objects.all()])


def test_nobody_makes_a_token_that_may_more_than_they(as_owner: Client, people: People) -> None:
    page = as_owner.post("/me/tokens/", {"name": "export", "scopes": ["administer"]})
    assert page.status_code == 422
    with pytest.raises(FieldRefused, match="may not administer"):
        make_token(actor=Person(people.owner), name="x", scopes=[Permission.ADMINISTER], expires_at=None)
    reading = Person(people.admin, "api", frozenset({Permission.VIEW}))
    with pytest.raises(FieldRefused, match="may not write"):
        make_token(actor=reading, name="x", scopes=[Permission.WRITE], expires_at=None)
    assert not ApiToken.objects.exists()


def test_a_token_ends_on_its_day(as_owner: Client) -> None:
    secret = made(as_owner, expires=str((timezone.now() + timedelta(days=2)).date()))
    assert person_of(secret) is not None
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert person_of(secret) is None
    yesterday = str((timezone.now() - timedelta(days=2)).date())
    page = as_owner.post("/me/tokens/", {"name": "export", "scopes": ["view"], "expires": yesterday})
    assert (page.status_code, "a day to come" in page.content.decode()) == (422, True)


def test_its_owner_revokes_it(as_owner: Client) -> None:
    secret = made(as_owner)
    as_owner.post(f"/me/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert person_of(secret) is None
    assert [change.action for change in Change.objects.order_by("pk")] == ["made", "revoked"]


def test_a_colleague_does_not_see_it_and_an_admin_ends_it(as_owner: Client, people: People, as_admin: Client) -> None:
    secret = made(as_owner)
    token = ApiToken.objects.get()
    with pytest.raises(NotVisible):
        revoke_token(actor=Person(people.colleague), token_id=token.pk)
    assert token.prefix in as_admin.get("/configure/tokens/").content.decode()
    as_admin.post(f"/me/tokens/{token.pk}/revoke/")
    assert person_of(secret) is None


def test_a_token_does_less_when_its_owner_may_less(as_manager: Client, people: People) -> None:
    secret = made(as_manager, scopes=["view", "configure"])
    people.manager.role = "viewer"
    people.manager.save()
    actor = person_of(secret)
    assert actor is not None
    assert not actor.may(Permission.CONFIGURE)
