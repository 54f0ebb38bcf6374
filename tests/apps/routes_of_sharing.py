"""Who gets what of pages for customers and of what leaves the application: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from keepwell.apps.access.actors import Person as Actor
from keepwell.apps.customer_pages.models import PageLink, PageView
from keepwell.apps.customer_pages.operations import Chosen, prepare, send
from keepwell.apps.customers.models import Person, PersonalData
from tests.apps.customer_pages.conftest import path_of
from tests.apps.deciding import OF_ACCOUNT, OF_ACCOUNT_WRITE, OPEN, R, Stage


def a_recipient(stage: Stage) -> str:
    person = Person.objects.create(account=stage.account)
    PersonalData.objects.create(person=person, name="Ann", email="ann@acme.example")
    return str(person.pk)


def _link(stage: Stage) -> PageLink:
    actor, person = Actor(stage.people.owner), a_recipient(stage)
    prepare(actor=actor, account_id=stage.account.pk, chosen=Chosen(["plan"]))
    return send(actor=actor, account_id=stage.account.pk, person=person)  # type: ignore[arg-type]


def a_page_link(stage: Stage) -> int:
    return _link(stage).pk


def a_page_token(stage: Stage) -> str:
    return path_of(_link(stage)).removeprefix("/c/")


def a_page_view(stage: Stage) -> int:
    now = timezone.now()
    return PageView.objects.create(link=_link(stage), at=now, last_at=now, language="en", shown=[]).pk


_OUTSIDE: dict[str, Any] = {"fill": {"token": a_page_token}}
_LINK: dict[str, Any] = {"fill": {"link_id": a_page_link}}
_SENT = {"person": a_recipient, "days": 30}

SHARING: dict[str, R] = {
    "c/<str:token>": R(OPEN, **_OUTSIDE),
    "c/<str:token>/code": R(post=OPEN, **_OUTSIDE),
    "c/<str:token>/open": R(post=OPEN, **_OUTSIDE, data={"code": "123456"}),
    "c/<str:token>/close": R(post=OPEN, **_OUTSIDE),
    "customers/<str:account_id>/page/": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data={"revision": 0, "widgets": "plan"}),
    "customers/<str:account_id>/page/preview/": R(OF_ACCOUNT),
    "customers/<str:account_id>/page/send/": R(post=OF_ACCOUNT_WRITE, data=_SENT),
    "customers/<str:account_id>/page/links/<int:link_id>/revoke/": R(post=OF_ACCOUNT_WRITE, **_LINK),
    "customers/<str:account_id>/page/views/<int:view_id>/": R(OF_ACCOUNT, fill={"view_id": a_page_view}),
    # over the API
    "api/v1/accounts/<account_id>/customer-page": R(OF_ACCOUNT, put=OF_ACCOUNT_WRITE, data={"widgets": ["plan"]}),
    "api/v1/accounts/<account_id>/customer-page/links": R(OF_ACCOUNT, post=OF_ACCOUNT_WRITE, data=_SENT),
    "api/v1/accounts/<account_id>/customer-page/links/<int:link_id>/revoke": R(post=OF_ACCOUNT_WRITE, **_LINK),
    "api/v1/accounts/<account_id>/customer-page/links/<int:link_id>/views": R(OF_ACCOUNT, **_LINK),
}
