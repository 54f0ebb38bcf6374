"""The second step: codes of an app, recovery codes, and none of it with a script or style in the page."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from tests.apps.access.test_signing_in import PASSWORD, sign_in
from tests.apps.conftest import People


@pytest.fixture
def signed_in(client: Client, people: People) -> Client:
    cache.clear()
    sign_in(client, "ada@test.example")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(client: Client) -> str:
    """The secret, as the page shows it, once the app is set up."""
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'class="secret" readonly value="(\w+)"', page)
    assert found is not None
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(found.group(1))})
    assert answer.status_code == 302, answer.content.decode()
    return found.group(1)


@pytest.mark.slow
def test_with_an_app_the_password_alone_lets_nobody_in(signed_in: Client) -> None:
    secret = set_up(signed_in)
    cache.clear()  # a code is good once; the clock of the test does not wait for the next
    other = Client()
    assert sign_in(other, "ada@test.example") == 302
    assert other.get("/me/tokens/").status_code == 302
    assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert other.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert other.get("/me/tokens/").status_code == 200


@pytest.mark.slow
def test_a_recovery_code_works_once(signed_in: Client) -> None:
    set_up(signed_in)
    page = signed_in.get("/accounts/2fa/recovery-codes/").content.decode()
    found = re.search(r"<textarea[^>]*>\s*(\w+)", page)
    assert found is not None
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "ada@test.example")
    assert first.post("/accounts/2fa/authenticate/", {"code": found.group(1)}).status_code == 302
    assert second.post("/accounts/2fa/authenticate/", {"code": found.group(1)}).status_code == 200
    assert second.get("/me/tokens/").status_code == 302


@pytest.mark.slow
def test_no_page_of_signing_in_has_a_script_or_a_style_inside(signed_in: Client) -> None:
    set_up(signed_in)
    addresses = ["login/", "password/reset/", "password/change/", "2fa/", "2fa/recovery-codes/", "2fa/webauthn/",
                 "2fa/webauthn/add/", "reauthenticate/", "2fa/totp/deactivate/", "logout/"]  # fmt: skip
    for address in addresses:
        for client in (signed_in, Client()):
            text = client.get(f"/accounts/{address}", follow=True).content.decode()
            scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", text)
            assert (scripts, re.findall(r"\sstyle=|<style|\son\w+=", text)) == ([], []), address


@pytest.mark.slow
def test_the_password_is_asked_once_more_before_the_second_step_changes(people: People) -> None:
    client = Client()
    client.force_login(people.owner)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    client.post(answer["Location"], {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
