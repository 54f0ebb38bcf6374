"""Who gets what of pages for customers and of what leaves the application: one line a route, as in test_routes.py."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.utils import timezone

from keepwell.apps.access.actors import Person as Actor
from keepwell.apps.customer_pages.models import PageLink, PageView
from keepwell.apps.customer_pages.operations import Chosen, prepare, send
from keepwell.apps.customers.models import Person, PersonalData
from keepwell.apps.dashboards.embedding.finding import LINKS
from keepwell.apps.dashboards.embedding.models import Embed
from keepwell.apps.dashboards.embedding.operations import make_embed
from keepwell.apps.dashboards.sending.operations import Said, make_schedule
from tests.apps.customer_pages.conftest import path_of
from tests.apps.deciding import OF_ACCOUNT, OF_ACCOUNT_WRITE, OPEN, OWN_OR_ADMIN, SIGNED_IN, WRITE, Decision, R, Stage


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


def a_schedule(stage: Stage) -> int:
    owner = stage.people.owner
    said = Said([owner.pk], "week", time(8), "UTC")
    return make_schedule(actor=Actor(owner), key="support", said=said).pk


def _embed(stage: Stage) -> Embed:
    return make_embed(actor=Actor(stage.people.owner), key="support", origins=["https://intranet.example"], days=7)


def an_embed(stage: Stage) -> int:
    return _embed(stage).pk


def an_embed_token(stage: Stage) -> str:
    return LINKS.token_of(_embed(stage).secret)


def _oneself(stage: Stage) -> list[int]:
    return [stage.people.manager.pk]


_GETS_IT = Decision(only=frozenset({"owner"}), refused=frozenset({"admin"}))
_BOOK: dict[str, Any] = {"fill": {"key": "support"}}
_SCHEDULE: dict[str, Any] = {"fill": {"schedule_id": a_schedule}}
_EMBED: dict[str, Any] = {"fill": {"embed_id": an_embed}}
_FRAMED: dict[str, Any] = {"fill": {"token": an_embed_token}}
_MONDAYS = {"recipients": _oneself, "every": "week", "weekday": 0, "day": 1, "at": "08:00", "zone": "UTC"}
_ORIGINS = {"origins": "https://intranet.example", "days": 7}
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
    # dashboards that leave the page
    "dashboards/<str:key>/mail/": R(SIGNED_IN, SIGNED_IN, **_BOOK, data=_MONDAYS),
    "dashboards/<str:key>/embed/": R(WRITE, WRITE, **_BOOK, data=_ORIGINS),
    "dashboards/<str:key>/file.pdf": R(SIGNED_IN, **_BOOK, query="?period=none"),
    "dashboards/<str:key>/file.png": R(SIGNED_IN, **_BOOK, query="?period=none"),
    "schedules/": R(SIGNED_IN),
    "schedules/<int:schedule_id>/": R(OWN_OR_ADMIN, OWN_OR_ADMIN, **_SCHEDULE, data=_MONDAYS),
    "schedules/<int:schedule_id>/end/": R(post=OWN_OR_ADMIN, **_SCHEDULE),
    "schedules/<int:schedule_id>/leave/": R(post=_GETS_IT, **_SCHEDULE),
    "schedules/<int:schedule_id>/send/": R(post=OWN_OR_ADMIN, **_SCHEDULE),
    "embeds/": R(SIGNED_IN),
    "embeds/<int:embed_id>/revoke/": R(post=OWN_OR_ADMIN, **_EMBED),
    "e/<str:token>/": R(OPEN, **_FRAMED),
    "e/<str:token>/layout.css": R(OPEN, **_FRAMED),
    "api/v1/schedules": R(SIGNED_IN, post=SIGNED_IN, data={**_MONDAYS, "dashboard": "support"}),
    "api/v1/schedules/<int:schedule_id>": R(OWN_OR_ADMIN, put=OWN_OR_ADMIN, **_SCHEDULE, data=_MONDAYS),
    "api/v1/schedules/<int:schedule_id>/end": R(post=OWN_OR_ADMIN, **_SCHEDULE),
    "api/v1/schedules/<int:schedule_id>/leave": R(post=_GETS_IT, **_SCHEDULE),
    "api/v1/schedules/<int:schedule_id>/send": R(post=OWN_OR_ADMIN, **_SCHEDULE),
    "api/v1/schedules/<int:schedule_id>/letters": R(OWN_OR_ADMIN, **_SCHEDULE),
    "api/v1/embeds": R(SIGNED_IN, post=WRITE, data={"dashboard": "support", "origins": ["https://a.example"]}),
    "api/v1/embeds/<int:embed_id>/revoke": R(post=OWN_OR_ADMIN, **_EMBED),
}
