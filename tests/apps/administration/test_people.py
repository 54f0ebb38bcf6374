"""Inviting people, changing what they may do, and ending it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import Permission, Reach, Role
from keepwell.apps.access.tokens import new_token, person_of
from keepwell.apps.administration.operations.people import Standing, appoint_admin, change_person, deactivate, invite
from keepwell.apps.administration.operations.teams import remove_team
from keepwell.apps.audit.models import Change
from keepwell.apps.notices.models import Mail
from keepwell.errors import FieldRefused
from tests.apps.access.test_signing_in import set_password, sign_in
from tests.apps.conftest import People

NEW = {"name": "Nia Novak", "email": "Nia@Test.example", "role": "csm", "reach": "own", "team": ""}


def standing_of(user: User, **changes: object) -> Standing:
    said = {
        "email": user.email,
        "name": user.name,
        "role": Role(user.role),
        "team": user.team,
        "reach": Reach(user.reach),
    }
    return Standing(**{**said, **changes})  # type: ignore[arg-type]


@pytest.mark.slow
def test_who_is_invited_sets_a_password_and_comes_in(as_admin: Client) -> None:
    assert as_admin.post("/configure/people/", NEW).status_code == 302
    mail = Mail.objects.get(to="nia@test.example")
    link = re.search(r"http://\S+/password/reset/key/\S+", mail.text)
    assert link is not None
    assert "Ari invites you" in mail.text
    client = Client()
    assert sign_in(client, "nia@test.example", "") == 200
    assert set_password(client, link.group(), "her own password") == 302
    assert sign_in(Client(), "nia@test.example", "her own password") == 302


@pytest.mark.slow
def test_the_audit_tells_who_invited_whom_as_what(as_admin: Client) -> None:
    as_admin.post("/configure/people/", NEW)
    change = Change.objects.get(object_kind="person")
    assert (change.actor, change.action, change.origin) == ("Ari", "invited", "page")
    assert change.after["role"] == "csm"
    assert "password" not in str(change.after)


@pytest.mark.slow
def test_an_address_is_invited_once_and_what_was_typed_stays(as_admin: Client) -> None:
    page = as_admin.post("/configure/people/", {**NEW, "email": "ADA@test.example"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "ada@test.example is Ada already" in text
    assert 'value="Nia Novak"' in text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reach": "team"}, "Choose a team"),
        ({"reach": "segment"}, "Name at least one segment"),
        ({"email": "no address"}, "Enter a valid email address"),
        ({"role": "king"}, "king is not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(as_admin: Client, said: dict[str, str], told: str) -> None:
    page = as_admin.post("/configure/people/", {**NEW, **said})
    assert (page.status_code, told in page.content.decode()) == (422, True)
    assert not User.objects.filter(email="nia@test.example").exists()


def test_a_role_can_be_changed_and_the_audit_keeps_both(as_admin: Client, people: People) -> None:
    said = {"name": "Ada", "email": "ada@test.example", "role": "manager", "reach": "all", "team": people.owner.team_id}
    assert as_admin.post(f"/configure/people/{people.owner.pk}/", said).status_code == 302
    people.owner.refresh_from_db()
    assert people.owner.may(Permission.CONFIGURE)
    change = Change.objects.get(action="changed")
    assert (change.before, change.after) == ({"role": "csm", "reach": "team"}, {"role": "manager", "reach": "all"})


def test_the_last_admin_can_neither_step_down_nor_be_deactivated(as_admin: Client, people: People) -> None:
    said = {"name": "Ari", "email": "ari@test.example", "role": "viewer", "reach": "all"}
    page = as_admin.post(f"/configure/people/{people.admin.pk}/", said)
    assert (page.status_code, "last admin" in page.content.decode()) == (422, True)
    page = as_admin.post(f"/configure/people/{people.admin.pk}/deactivate/", follow=True)
    assert "last admin" in page.content.decode()
    people.admin.refresh_from_db()
    assert (people.admin.role, people.admin.is_active) == (Role.ADMIN, True)


def test_with_another_admin_one_may_go(people: People) -> None:
    admin = Person(people.admin)
    change_person(actor=admin, user_id=people.manager.pk, standing=standing_of(people.manager, role=Role.ADMIN))
    deactivate(actor=admin, user_id=people.admin.pk)
    with pytest.raises(FieldRefused, match="last admin"):
        deactivate(actor=Person(User.objects.get(pk=people.manager.pk)), user_id=people.manager.pk)


def test_who_is_deactivated_is_signed_out_and_their_tokens_end(
    as_owner: Client, as_admin: Client, people: People
) -> None:
    _, secret = new_token(people.owner, "export", [Permission.VIEW], None)
    assert as_owner.get("/me/tokens/").status_code == 200
    as_admin.post(f"/configure/people/{people.owner.pk}/deactivate/")
    assert as_owner.get("/me/tokens/").status_code == 302
    as_admin.post(f"/configure/people/{people.owner.pk}/reactivate/")
    assert person_of(secret) is None
    assert [change.action for change in Change.objects.order_by("pk")] == ["deactivated", "let in again"]


def test_only_admins_invite(people: People) -> None:
    for user in (people.owner, people.manager):
        with pytest.raises(Forbidden, match="manage people"):
            invite(actor=Person(user), standing=Standing("x@test.example", "X", Role.ADMIN))


def test_a_team_with_people_stays(people: People) -> None:
    team = people.stranger.team
    assert team is not None
    with pytest.raises(FieldRefused, match="has people: Cyd"):
        remove_team(actor=Person(people.admin), team_id=team.pk)
    empty = Team.objects.create(name="Empty")
    remove_team(actor=Person(people.admin), team_id=empty.pk)
    assert not Team.objects.filter(name="Empty").exists()


def test_a_team_is_made_once_and_renamed(as_admin: Client) -> None:
    assert as_admin.post("/configure/teams/", {"name": "West"}).status_code == 302
    again = as_admin.post("/configure/teams/", {"name": "west"})
    assert (again.status_code, "already" in again.content.decode()) == (422, True)
    team = Team.objects.get(name="West")
    as_admin.post(f"/configure/teams/{team.pk}/", {"name": "East"})
    assert Team.objects.get(pk=team.pk).name == "East"


@pytest.mark.slow
def test_an_admin_is_appointed_from_the_command_line(client: Client, db: None) -> None:
    from keepwell.apps.access.actors import System

    link = appoint_admin(actor=System("keepwell admin", "command line"), email="Boss@test.example", name="Boss")
    assert set_password(client, link, "a password of hers") == 302
    assert sign_in(client, "boss@test.example", "a password of hers") == 302
    assert client.get("/configure/people/").status_code == 200
