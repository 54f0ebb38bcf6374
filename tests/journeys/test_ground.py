"""Signing in and the pages of people, tokens, audit and system in a real browser: no complaint, nothing for axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from keepwell.apps.access.actors import Person
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.administration.operations.people import Standing, invite
from keepwell.apps.notices.operations import notify
from tests.apps.access.provider import CLIENT, SECRET, Provider, running_provider
from tests.apps.access.test_single_sign_on import claims
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

OUTSIDE = ("login/", "password/reset/", "password/reset/done/", "password/reset/key/1-set-password/", "inactive/",
           "3rdparty/login/cancelled/", "3rdparty/login/error/")  # fmt: skip
INSIDE = ("/notices/", "/me/tokens/", "/configure/people/", "/configure/teams/", "/configure/tokens/",
          "/configure/audit/", "/configure/system/", "/accounts/2fa/", "/accounts/password/change/",
          "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/logout/")  # fmt: skip


@pytest.fixture(autouse=True)
def forgotten_attempts(transactional_db: None) -> None:
    cache.clear()


@pytest.fixture
def written(people: People) -> list[str]:
    """Something on every page; addresses of single things."""
    someone = invite(actor=Person(people.admin), standing=Standing("nia@test.example", "Nia", people.owner.role))  # type: ignore[arg-type]
    new_token(people.admin, "export", [Permission.VIEW], None)
    notify(user=people.admin, text="Tell", kind="test", key="one", link="/notices/")
    assert people.owner.team is not None
    return [f"/configure/people/{someone.pk}/", f"/configure/teams/{people.owner.team.pk}/"]


def confirm(visitor: Visitor) -> None:
    visitor.opens("/accounts/reauthenticate/?next=/accounts/2fa/")
    visitor.page.fill("input[name=password]", "a-long-password")
    visitor.page.click("main form button")
    visitor.page.wait_for_url("**/accounts/2fa/")


def test_pages_before_signing_in(visitor: Visitor) -> None:
    assert faults_of(visitor, [f"/accounts/{one}" for one in OUTSIDE]) == []
    assert [said for said in visitor.complaints if "status of 401" not in said] == []  # the page of an error says so


def test_pages_of_the_ground(visitor: Visitor, people: People, written: list[str]) -> None:
    visitor.signs_in(people.admin.email)
    confirm(visitor)
    found = faults_of(visitor, [*INSIDE, *written])
    assert found == [], "\n".join(found)
    assert visitor.complaints == []


def test_a_security_key_is_added_and_asked_for(visitor: Visitor, people: People) -> None:
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    visitor.url = visitor.url.replace("127.0.0.1", "localhost")  # keys know hosts by name
    visitor.signs_in(people.owner.email)
    confirm(visitor)
    page = visitor.opens("/accounts/2fa/webauthn/add/")
    page.fill("input[name=name]", "Key on my ring")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    page.context.clear_cookies()
    visitor.opens("/accounts/login/")
    page.fill("input[name=login]", people.owner.email)
    page.fill("input[name=password]", "a-long-password")
    page.click("main form button")
    page.wait_for_url("**/accounts/2fa/authenticate/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{visitor.url}/")
    assert page.locator("summary", has_text="Ada").count() == 1
    assert visitor.complaints == []


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as running:
        app = {"provider_id": "oidc", "name": "Single sign-on", "client_id": CLIENT, "secret": SECRET,
               "settings": {"server_url": running.url, "oauth_pkce_enabled": True}}  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield running


def test_single_sign_on_leaves_and_comes_back_under_the_content_policy(
    visitor: Visitor, people: People, provider: Provider
) -> None:
    provider.person = claims("ada@test.example")
    page = visitor.opens("/accounts/login/")
    page.click("text=Single sign-on")
    page.click("text=Continue")
    page.wait_for_url(re.compile(rf"^{re.escape(visitor.url)}/$"))
    assert page.locator("summary", has_text="Ada").count() == 1
    assert visitor.complaints == []
