"""A survey of five questions with many answers, one every five minutes, in a database of its own."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from keepwell.apps.access.actors import Person, System
from keepwell.apps.access.models import User
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.editions import in_force, keep_edition
from keepwell.apps.surveys.models import Invitation, Response
from keepwell.apps.surveys.results.asking import read_asked, today_in
from keepwell.apps.surveys.results.counting import chosen, results_of
from keepwell.apps.surveys.results.reading import subject_of

SURVEY = """\
surveys:
  nps:
    questions:
      - {name: recommend, kind: nps, text: Recommend?}
      - {name: ease, kind: ces, text: Easy?}
      - name: missing
        kind: single_choice
        text: What is missing?
        choices: [{value: speed, text: Speed}, {value: features, text: Features}, {value: price, text: Price}]
      - name: used
        kind: multiple_choice
        text: What do you use?
        choices: [{value: api, text: API}, {value: web, text: Web}, {value: app, text: App}]
      - {name: details, kind: text, text: Tell us more}
"""


def fill(responses: int, accounts: int) -> tuple[User, User]:
    """Gives somebody who sees every account, and somebody who sees a tenth of them."""
    files = {"keepwell.yaml": "time_zone: Europe/Berlin\n", "surveys.yaml": SURVEY}
    publish(actor=System("benchmark"), files=files, note="First")
    every = User.objects.create_user("a@b.example", "a-long-password", name="A", role="manager", reach="all")
    own = User.objects.create_user("c@b.example", "a-long-password", name="C", role="csm", reach="own")
    Account.objects.bulk_create(
        [Account(pk=f"a{one}", name=f"Account {one}", owner=own if one % 10 == 0 else every, in_population=True,
                 segments=[("large", "small")[one % 2]], stage=("live", "onboarding")[one % 2])
         for one in range(accounts)], batch_size=5000,
    )  # fmt: skip
    _answer(responses, accounts)
    return every, own


def _answer(responses: int, accounts: int) -> None:
    survey, version = in_force("nps")
    keep_edition("nps", version, survey)
    draw, now = random.Random(7), timezone.now()
    Invitation.objects.bulk_create(
        [Invitation(survey="nps", version=version, token_hash=str(one), account_id=f"a{one % accounts}", language="en",
                    channel="email", asked_at=(at := now - timedelta(minutes=one * 5)), sent_at=at)
         for one in range(responses)], batch_size=5000,
    )  # fmt: skip
    invited = Invitation.objects.order_by("pk").values_list("pk", "asked_at", "account_id").iterator(5000)
    Response.objects.bulk_create(
        [Response(survey="nps", version=version, invitation_id=pk, account_id=account, status="finished",
                  channel="email", answers=_answers(draw), started_at=at, touched_at=at, answered_at=at, recorded_at=at)
         for pk, at, account in invited], batch_size=5000,
    )  # fmt: skip


def _answers(draw: random.Random) -> dict[str, Any]:
    answers: dict[str, Any] = {"recommend": draw.randint(0, 10), "ease": draw.randint(1, 7)}
    answers["missing"] = draw.choice(["speed", "features", "price"])
    answers["used"] = draw.sample(["api", "web", "app"], draw.randint(1, 3))
    if draw.random() < 0.4:
        answers["details"] = draw.choice(["Too slow for us", "The team likes it", "Support answers quickly"])
    return answers


def one_more() -> None:
    """A response that came just now."""
    held, now = Response.objects.order_by("pk")[0], timezone.now()
    Response.objects.create(
        survey="nps", version=held.version, account_id="a0", status="finished", answers=held.answers,
        started_at=now, touched_at=now, answered_at=now, recorded_at=now,
    )  # fmt: skip


def counted(user: User) -> dict[int, int]:
    """How often each answer to the first question was given in the last year, as the page of results says it."""
    subject = subject_of("nps")
    found = results_of(chosen(Person(user), subject, read_asked(QueryDict(), subject, today_in(subject)))).scored
    return {int(answer): count for answer, count in found.counts.items() if count} if found else {}
