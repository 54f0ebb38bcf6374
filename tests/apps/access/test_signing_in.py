"""Coming in with address and password, and what keeps others out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from keepwell.apps.access.invitations import password_link
from keepwell.apps.access.models import User
from keepwell.apps.notices.models import Mail
from tests.apps.conftest import People

PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def forgotten_attempts(db: None) -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    return answer.status_code


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


def set_password(client: Client, link: str, password: str) -> int:
    """Follows the link as a browser does: the key moves into the session."""
    page = client.get(path_of(link), follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else path_of(link)
    return client.post(address, {"password1": password, "password2": password}).status_code


@pytest.mark.slow
def test_address_and_password_let_in(client: Client, people: People) -> None:
    assert sign_in(client, "ADA@test.example") == 302
    assert client.get("/me/tokens/").status_code == 200


@pytest.mark.slow
def test_a_wrong_password_keeps_out_and_keeps_the_address(client: Client, people: People) -> None:
    page = client.post("/accounts/login/", {"login": "ada@test.example", "password": "wrong"})
    text = page.content.decode()
    assert 'value="ada@test.example"' in text
    assert "not correct" in text
    assert client.get("/me/tokens/").status_code == 302


@pytest.mark.slow
def test_after_five_wrong_passwords_the_right_one_must_wait(client: Client, people: People) -> None:
    for _ in range(5):
        sign_in(client, "ada@test.example", "wrong")
    page = client.post("/accounts/login/", {"login": "ada@test.example", "password": PASSWORD})
    assert "Too many" in page.content.decode()
    assert client.get("/me/tokens/").status_code == 302
    assert sign_in(Client(), "bea@test.example") == 302


def test_who_was_deactivated_does_not_come_in(client: Client, people: People) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    sign_in(client, "ada@test.example")
    assert client.get("/me/tokens/").status_code == 302


def test_nobody_signs_themselves_up_or_changes_their_address(as_owner: Client, client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404
    assert as_owner.get("/accounts/email/").status_code == 404


@pytest.fixture
def outbox(settings: Any) -> None:
    """Mail goes where it goes outside of tests."""
    settings.EMAIL_BACKEND = "keepwell.apps.notices.backend.OutboxBackend"


@pytest.mark.slow
@pytest.mark.usefixtures("outbox")
def test_a_forgotten_password_is_set_anew_by_mail(client: Client, people: People) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@test.example"})
    mail = Mail.objects.get(to="ada@test.example")
    found = re.search(r"https?://\S+/accounts/password/reset/key/\S+", mail.text)
    assert found is not None
    link = re.sub(r"^https?://[^/]+", "", found.group())
    assert set_password(client, link, "quite another one") == 302
    assert sign_in(Client(), "ada@test.example", "quite another one") == 302


@pytest.mark.usefixtures("outbox")
def test_nobody_learns_from_a_reset_who_may_sign_in(client: Client, people: People) -> None:
    known = client.post("/accounts/password/reset/", {"email": "ada@test.example"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@test.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert not Mail.objects.filter(to="nobody@test.example").exists()


def test_a_link_works_once(client: Client, people: People) -> None:
    link = password_link(people.owner)
    assert set_password(client, link, "quite another one") == 302
    page = Client().get(path_of(link), follow=True)
    assert "used up" in page.content.decode()


def test_a_theme_is_kept_and_one_goes_back(as_owner: Client, people: People) -> None:
    answer = as_owner.post("/me/theme/", {"theme": "dark"}, headers={"Referer": "http://testserver/notices/"})
    assert answer["Location"] == "http://testserver/notices/"
    assert 'data-theme="dark"' in as_owner.get("/notices/").content.decode()
    elsewhere = as_owner.post("/me/theme/", {"theme": "odd"}, headers={"Referer": "https://evil.example/"})
    assert elsewhere["Location"] == "/"
    assert 'data-theme="auto"' in as_owner.get("/notices/").content.decode()
