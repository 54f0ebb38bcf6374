"""Channels that may call this machine, and accounts to tell of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Account
from keepwell.apps.notices.channels.operations import make_channel
from keepwell.apps.notices.models import Channel
from tests.apps.conftest import People
from tests.apps.notices.hooks import Target, target

ACTOR = System("a test")


@pytest.fixture
def home() -> Iterator[None]:
    """Calls to this machine are allowed, as an admin would with KEEPWELL_OUTGOING."""
    before = settings.ENVIRONMENT.outgoing
    object.__setattr__(settings.ENVIRONMENT, "outgoing", ("127.0.0.1",))
    yield
    object.__setattr__(settings.ENVIRONMENT, "outgoing", before)


@pytest.fixture
def place(home: None) -> Iterator[Target]:
    with target() as found:
        yield found


@pytest.fixture
def accounts(people: People) -> dict[str, Account]:
    """Acme is Ada's, Dune is Bea's of the same team, Zeta is Cyd's of another."""
    owners = {"acme": people.owner, "dune": people.colleague, "zeta": people.stranger}
    return {
        pk: Account.objects.create(pk=pk, name=pk.title(), owner=owner, team_id=owner.team_id, in_population=True)
        for pk, owner in owners.items()
    }


def webhook(address: str, name: str = "hook", secret: str = "") -> Channel:
    return make_channel(actor=ACTOR, name=name, kind="webhook", address=address, secret=secret)[0]


def slack(address: str, name: str = "cs-alerts") -> Channel:
    return make_channel(actor=ACTOR, name=name, kind="slack", address=address)[0]
