"""Single sign-on, end to end: from our button to the provider and back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from keepwell.apps.access.models import User
from tests.apps.access.provider import CLIENT, SECRET, Provider, running_provider
from tests.apps.conftest import People


@pytest.fixture
def provider(settings: Any, db: None) -> Iterator[Provider]:
    cache.clear()
    with running_provider() as running:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "oidc",
                        "name": "Single sign-on",
                        "client_id": CLIENT,
                        "secret": SECRET,
                        "settings": {"server_url": running.url, "oauth_pkce_enabled": True, "verified_email": False},
                    }
                ]
            }
        }
        yield running


def sign_in(client: Client) -> HttpResponse:
    """As a browser: the button, the page that leaves, the provider, and back."""
    page = client.get("/accounts/login/").content.decode()
    button = re.search(r'href="(/accounts/oidc/oidc/login/[^"]*)"', page)
    assert button is not None
    leaving = client.post(html.unescape(button.group(1))).content.decode()
    out = re.search(r'content="0;url=([^"]+)"', leaving)
    assert out is not None
    back = location_of(html.unescape(out.group(1)))
    return client.get(back.removeprefix("http://testserver"))


def location_of(url: str) -> str:
    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *args: Any) -> None:
            return None

    try:
        build_opener(Stay).open(url)
    except HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    raise AssertionError("the provider did not send the browser back")


def claims(email: str, *, verified: bool = True) -> dict[str, Any]:
    return {"sub": f"id-of-{email}", "email": email, "email_verified": verified, "name": "Whoever"}


@pytest.mark.slow
def test_who_was_invited_by_address_comes_in(provider: Provider, client: Client, people: People) -> None:
    provider.person = claims("Ada@test.example")
    assert sign_in(client).status_code == 302
    assert "Ada" in client.get("/me/tokens/").content.decode()
    assert "code_verifier" in provider.asked[0]


@pytest.mark.slow
def test_they_come_in_again_although_their_address_changed_there(
    provider: Provider, client: Client, people: People
) -> None:
    provider.person = claims("ada@test.example")
    sign_in(client)
    provider.person = {**claims("ada@test.example"), "email": "ada.new@test.example"}
    again = Client()
    assert sign_in(again).status_code == 302
    assert again.get("/me/tokens/").status_code == 200
    assert SocialAccount.objects.get().user == people.owner


@pytest.mark.slow
def test_a_stranger_is_refused_and_nobody_is_made(provider: Provider, client: Client, people: People) -> None:
    before = User.objects.count()
    provider.person = claims("eve@elsewhere.example")
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "Nobody invited you" in answer.content.decode()
    assert client.get("/me/tokens/").status_code == 302
    assert User.objects.count() == before


@pytest.mark.slow
def test_an_address_that_nobody_verified_is_not_believed(provider: Provider, client: Client, people: People) -> None:
    provider.person = claims("ari@test.example", verified=False)
    assert sign_in(client).status_code == 403
    assert client.get("/me/tokens/").status_code == 302


@pytest.mark.slow
def test_who_was_deactivated_stays_out(provider: Provider, client: Client, people: People) -> None:
    provider.person = claims("ada@test.example")
    sign_in(client)
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    again = Client()
    sign_in(again)
    assert again.get("/me/tokens/").status_code == 302


@pytest.mark.slow
def test_an_answer_that_nobody_asked_for_signs_nobody_in(provider: Provider, client: Client, people: People) -> None:
    answer = client.get("/accounts/oidc/oidc/login/callback/?code=code-0&state=made-up")
    assert "failed" in answer.content.decode()
    assert client.get("/me/tokens/").status_code == 302


@pytest.mark.slow
def test_the_provider_is_for_signing_in_alone(provider: Provider, as_owner: Client) -> None:
    assert as_owner.post("/accounts/oidc/oidc/login/?process=connect").status_code == 404
