"""Links that open nothing are answered alike, in what is sent and in what it takes to find out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Person
from keepwell.apps.surveys.models import AnonymousLink
from keepwell.apps.surveys.operations import add_link, close_link
from keepwell.apps.surveys.tokens import token_of
from tests.apps.surveys.conftest import invited

pytestmark = pytest.mark.slow
MALFORMED = ["A" * 27, "short", "x" * 500, "é", "A" * 26 + "=", "%00"]
Answered = tuple[int, tuple[tuple[str, str], ...], bytes, int]


@pytest.fixture
def dead(contacts: dict[str, Person]) -> list[str]:
    """Personal links: spent, closed, withdrawn, begun by a link that is closed; unknown, and of no token's shape."""
    now, closed = timezone.now(), AnonymousLink.objects.create(survey="pulse", token_hash="x", closed_at=timezone.now())
    made = [
        invited(contacts["Art"], finished_at=now),
        invited(contacts["Ann"], closes_on=dt.date(2020, 1, 1)),
        invited(contacts["Bob"], withdrawn_at=now),
        invited(link=closed, channel="anonymous_link"),
    ]
    return [f"/s/{token}" for token in [*(token for _, token in made), *MALFORMED]]


@pytest.fixture
def dead_for_anybody(survey: str) -> list[str]:
    """Links for anybody: closed, of a survey that is defined no longer; unknown, and of no token's shape."""
    actor = System("test")
    links = [add_link(actor=actor, survey="pulse"), add_link(actor=actor, survey="pulse")]
    close_link(actor=actor, link_id=links[0].pk)
    AnonymousLink.objects.filter(pk=links[1].pk).update(survey="gone")
    return [f"/s/a/{token}" for token in [*(token_of(one.key) for one in links), *MALFORMED]]


def answered(path: str, method: str) -> Answered:
    """Status, headers, body and the number of queries."""
    with CaptureQueriesContext(connection) as queries:
        found = getattr(Client(), method)(path, {"at": "recommend", "q.recommend": "9"})
    return found.status_code, tuple(sorted(found.headers.items())), found.content, len(queries)


def different(paths: list[str], method: str) -> list[Answered]:
    answered(paths[-1], method)  # what a process reads once
    return list({answered(one, method) for one in paths})


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_personal_links_that_open_nothing_are_answered_alike(dead: list[str], method: str) -> None:
    found = different(dead, method)
    assert len(found) == 1, found
    assert found[0][0] == 404


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_links_for_anybody_that_open_nothing_are_answered_alike(dead_for_anybody: list[str], method: str) -> None:
    found = different(dead_for_anybody, method)
    assert len(found) == 1, found
    assert found[0][0] == 404
