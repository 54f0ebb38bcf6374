"""What answers come to, for whom, and that what is kept is never old."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.http import QueryDict
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.models import Response
from keepwell.apps.surveys.results.asking import read_asked, today_in
from keepwell.apps.surveys.results.comparing import compared
from keepwell.apps.surveys.results.counting import Chosen, chosen, results_of
from keepwell.apps.surveys.results.reading import subject_of
from tests.apps.conftest import People
from tests.apps.surveys.results.asked import SURVEYS, answer, answers_of, invite, publish_survey

pytestmark = pytest.mark.slow


def counted(user: User, query: str = "") -> Chosen:
    subject = subject_of("pulse")
    return chosen(Person(user), subject, read_asked(QueryDict(query), subject, today_in(subject)))


def score_of(user: User, query: str = "") -> tuple[float, int] | None:
    found = results_of(counted(user, query)).scored
    assert found is not None
    return (found.score.value, found.score.count) if found.score else None


def test_everybody_counts_what_they_may_see(asked: Account, people: People) -> None:
    for account, number in (("acme", 10), ("acme", 9), ("cato", 3), ("zeta", 0), (None, 0)):
        answer(account, number)
    assert score_of(people.owner) == (pytest.approx(100 / 3), 3)
    assert score_of(people.colleague) == score_of(people.owner)
    assert score_of(people.stranger) == (-100, 1)
    assert score_of(people.manager) == (pytest.approx(-20), 5)


def test_what_came_changed_or_went_since_counts_at_once(asked: Account, people: People) -> None:
    first = answer("acme", 10)
    assert score_of(people.manager) == (100, 1)
    answer("acme", 0)
    assert score_of(people.manager) == (0, 2)
    Response.objects.filter(pk=first.pk).update(answers={"recommend": 1}, touched_at=timezone.now())
    assert score_of(people.manager) == (-100, 2)
    first.delete()
    assert score_of(people.manager) == (-100, 1)


def test_days_languages_ways_and_accounts_narrow(asked: Account, people: People) -> None:
    answer("acme", 10, days_ago=400)
    answer("acme", 0, days_ago=20, language="de")
    answer("brix", 9, days_ago=2, channel="import")
    assert score_of(people.manager) == (0, 2)
    assert score_of(people.manager, "days=all") == (pytest.approx(100 / 3), 3)
    assert score_of(people.manager, "days=30&language=de") == (-100, 1)
    assert score_of(people.manager, "channel=import") == (100, 1)
    assert score_of(people.manager, "where=arr+%3E+150000") == (-100, 1)
    assert score_of(people.manager, "segment=large") == (0, 2)
    assert score_of(people.manager, "stage=churned") is None
    day = timezone.localdate() - timedelta(days=10)
    assert score_of(people.manager, f"from={day}") == (100, 1)


@pytest.mark.parametrize(
    ("query", "field"),
    [("days=7", "days"), ("from=yesterday", "from"), ("from=2026-03-01&to=2026-01-01", "from"), ("by=colour", "by"),
     ("question=details", "question"), ("where=arr+%3C", "where"), ("period=year", "period")],
)  # fmt: skip
def test_what_cannot_be_read_is_said(asked: Account, people: People, query: str, field: str) -> None:
    assert field in counted(people.manager, query).wrong


def test_the_rate_is_of_those_whom_an_invitation_reached(asked: Account, people: People) -> None:
    reached = invite("acme", 4)
    invite("acme", 2, bounced_at=timezone.now())
    invite("acme", 1, days_ago=800)
    invite("zeta", 5)
    one = answer("acme", 9)
    Response.objects.filter(pk=one.pk).update(invitation=reached[0], touched_at=timezone.now())
    answer("acme", 9)  # came by itself
    mine, all_of_them = counted(people.owner).rate, counted(people.manager).rate
    assert (mine.asked, mine.answered) == (4, 1)
    assert mine.rate is not None
    assert mine.rate.value == 25
    assert (all_of_them.asked, all_of_them.answered) == (9, 1)


def test_segments_are_set_against_the_rest_or_too_few_to_judge(asked: Account, people: People) -> None:
    answers_of([{"account": "acme", "recommend": 10}] * 12 + [{"account": "zeta", "recommend": 0}] * 12)
    (large,) = [one for one in compared(counted(people.manager)) if one.name == "large"]
    assert (large.score.value, large.score.count) == (100, 12)
    assert large.against_rest is not None
    assert large.against_rest.value == 200
    assert large.is_clear
    assert [one.too_few for one in compared(counted(people.owner))] == [True]
    owners = {one.name: one.score.count for one in compared(counted(people.manager, "by=owner"))}
    assert owners == {"Ada": 12, "Cyd": 12}
    assert {one.name for one in compared(counted(people.manager, "by=language"))} == {"en"}


def test_a_question_that_was_changed_counts_no_earlier_answers(asked: Account, people: People) -> None:
    answer("acme", 10, missing="speed")
    publish_survey(SURVEYS.replace("name: recommend, kind: nps", "name: recommend, kind: rating")
                   .replace("value: speed", "value: tempo").replace("aggregate: nps", "aggregate: mean")
                   .replace("recommend <= 8", "recommend <= 3"), "Changed")  # fmt: skip
    answer("acme", 5, missing="tempo")
    found = results_of(counted(people.manager))
    assert found.scored is not None
    assert found.scored.counts == {1: 0, 2: 0, 3: 0, 4: 0, 5: 1}
    missing = next(one for question, one in found.questions if question.name == "missing")
    assert missing.counts == {"tempo": 1, "features": 0, "speed": 1}  # type: ignore[union-attr]
    assert len(found.began) == 1


def test_texts_and_numbers_lie_beside_each_other(asked: Account, people: People) -> None:
    answer("acme", 3, details="Slow", used=["api"], parts={"docs": "good"}, order=["help", "price"])
    answer("acme", None)
    found = counted(people.owner).answered
    assert sorted(found.texts["details"].to_pylist(), key=str) == [None, "Slow"]
    has = ~np.isnan(found.columns["recommend"])
    assert found.columns["used.api"][has].tolist() == [1]
    assert found.columns["order.help"][has].tolist() == [1]
    assert found.columns["parts.docs"][has].tolist() == [0]
