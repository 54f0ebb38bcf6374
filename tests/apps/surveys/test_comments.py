"""What people wrote in their own words is judged, teaches by the score beside it, and goes with who wrote it."""

from __future__ import annotations

import pytest

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Person
from keepwell.apps.customers.operations import erase_person
from keepwell.apps.sentiment.judging import judge_news
from keepwell.apps.sentiment.models import Judgement
from keepwell.apps.surveys.comments import page, read
from tests.apps.surveys.test_following import answered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_comment_is_judged_and_its_score_is_a_truth_to_learn_from(contacts: dict[str, Person]) -> None:
    answered(contacts, "Ann", number="10")
    response = answered(contacts, "Art", number="2", said="Support is terrible and slow")
    judge_news()
    found = Judgement.objects.get(source="comment")
    assert (found.text_id, found.account_id, found.person_id) == (f"{response.pk}/details", "acme", contacts["Art"].key)
    assert found.label == "negative"
    (text,) = read([found.text_id])
    assert (text.text, text.truth) == ("Support is terrible and slow", "negative")


def test_comments_are_read_in_order_some_at_a_time(contacts: dict[str, Person]) -> None:
    ones = [answered(contacts, name, number="2", said=f"{name} says so") for name in ("Ann", "Art", "Bob")]
    first = page("", 2)
    assert [text.text for text in first] == ["Ann says so", "Art says so"]
    rest = page(first[-1].id, 2)
    assert [text.id for text in rest] == [f"{ones[2].pk}/details"]
    assert page(rest[-1].id, 2) == []


def test_who_is_erased_leaves_no_judgement_of_their_words(contacts: dict[str, Person]) -> None:
    answered(contacts, "Art", number="2", said="Support is terrible and slow")
    judge_news()
    erase_person(actor=System("tests"), key=contacts["Art"].pk)
    judge_news()
    assert not Judgement.objects.exists()
