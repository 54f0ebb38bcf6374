"""Every page reads anew who asks for it: nothing that is kept outlives a change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Role
from keepwell.apps.customers.models import Account
from keepwell.apps.notices.models import Notice
from tests.apps.conftest import People


def is_in(client: Client) -> bool:
    return client.get("/customers/").status_code == 200


@pytest.mark.slow
def test_whoever_is_let_go_is_out_at_the_next_page(people: People, as_owner: Client, as_colleague: Client) -> None:
    assert is_in(as_owner)
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    assert not is_in(as_owner)
    assert is_in(as_colleague)


@pytest.mark.slow
def test_a_role_counts_at_the_next_page(company: Account, people: People, as_owner: Client) -> None:
    def offers() -> tuple[bool, bool]:
        page = as_owner.get("/customers/").content.decode()
        return '<a href="/configure/"' in page, 'name="everything"' in page

    assert offers() == (False, False)
    User.objects.filter(pk=people.owner.pk).update(role=Role.MANAGER)
    assert offers() == (True, True)
    User.objects.filter(pk=people.owner.pk).update(role=Role.CSM)
    assert offers() == (False, False)


@pytest.mark.slow
def test_a_session_ends_with_its_row_and_with_its_time(people: People, as_owner: Client, as_colleague: Client) -> None:
    Session.objects.filter(pk=as_owner.session.session_key).delete()
    late = Session.objects.filter(pk=as_colleague.session.session_key)
    assert not is_in(as_owner)
    assert is_in(as_colleague)
    late.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(as_colleague)


@pytest.mark.slow
def test_a_page_that_is_kept_says_what_is_new_and_is_nobody_elses(
    company: Account, people: People, as_owner: Client, as_colleague: Client
) -> None:
    page = as_owner.get("/customers/").content.decode()
    assert "Ada" in page
    assert "ada@test.example" not in as_colleague.get("/customers/").content.decode()
    Notice.objects.create(user=people.owner, text="Look", kind="test", key="one")
    assert "Notices, 1 unread" in as_owner.get("/customers/").content.decode()
    as_owner.post("/views/", {"name": "Large", "query": "?segment=large"})
    after = as_owner.get("/customers/").content.decode()
    assert 'role="status"' in after
    assert "Large</a>" in after
    tokens = {
        client.get("/customers/").content.decode().split('"X-CSRFToken": "')[1][:64]
        for client in (as_owner, as_colleague)
    }
    assert len(tokens) == 2
