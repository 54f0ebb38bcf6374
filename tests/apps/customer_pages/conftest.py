"""Acme with its usage and a plan; Ann is there and prefers German, Art has no address, Zoe is at Zeta."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from keepwell.apps.access.actors import Person as Actor
from keepwell.apps.cockpit.models import Objective, SuccessPlan
from keepwell.apps.customer_pages.links import LINKS, code_of
from keepwell.apps.customer_pages.models import PageCode, PageLink
from keepwell.apps.customer_pages.operations import Chosen, prepare, send
from keepwell.apps.customers.models import Account, Person
from tests.apps.adoption.conftest import used  # noqa: F401 - a fixture
from tests.apps.conftest import People
from tests.apps.surveys.conftest import add_people

EVERYTHING = ("seats", "activity", "features", "unused", "plan", "steps")


@pytest.fixture
def contacts(used: Account) -> dict[str, Person]:  # noqa: F811
    plan = SuccessPlan.objects.create(account=used, title="Roll out", starts_on=date(2026, 1, 1),
                                      made_at=timezone.now(), made_by="Ada")  # fmt: skip
    for place, (title, status) in enumerate([("Kick-off held", "achieved"), ("All plants live", "open")]):
        Objective.objects.create(plan=plan, place=place, title=title, status=status, due_on=date(2026, 4, 1))
    return add_people({
        "acme": [("Ann", "ann@acme.example", {"language": "de"}), ("Art", "", {})],
        "zeta": [("Zoe", "zoe@zeta.example", {})],
    })  # fmt: skip


@pytest.fixture
def link(contacts: dict[str, Person], people: People) -> PageLink:
    """Sent by Ada to Ann, with everything."""
    actor = Actor(people.owner)
    prepare(actor=actor, account_id="acme", chosen=Chosen(EVERYTHING, "Hello Ann, well done", ["Book a workshop"]))
    return send(actor=actor, account_id="acme", person=contacts["Ann"].pk)


def path_of(link: PageLink) -> str:
    return f"/c/{LINKS.token_of(link.key)}"


def code_for(link: PageLink) -> str:
    """The newest that was asked for."""
    return code_of(PageCode.objects.filter(link=link).latest("pk").key)
