"""Whom a survey asks at a moment, and why others are not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from keepwell.engine.rules.chance import draw
from keepwell.engine.surveys.choosing import WORDS, Decision, Invitation, decide, decide_all
from keepwell.engine.surveys.closing import is_open, last_day, reminder_due
from tests.engine.surveys.asking import accounts, people, project, survey

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
WHOLE = """
  second: {order: 1, cool_down: 0 days, questions: [{name: ease, kind: ces, text: Was it easy?}]}
  third: {order: 2, cool_down: 30 days, questions: [{name: ease, kind: ces, text: Was it easy?}]}
  off: {enabled: false, questions: [{name: ease, kind: ces, text: Was it easy?}]}
  over: {closes: 2026-10-31, questions: [{name: ease, kind: ces, text: Was it easy?}]}
"""


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def reasons(found: tuple[Decision, ...]) -> dict[str, str]:
    return {one.person: one.reason for one in found}


def in_sample(count: int) -> list[str]:
    """People who are drawn for the sample of half."""
    names = (f"p{number}" for number in range(1000))
    return [name for name in names if draw("survey:relationship", name) < 0.5][:count]


def test_everybody_has_a_reason() -> None:
    good, cool, still, old, other = in_sample(5)
    out = next(name for name in (f"p{n}" for n in range(50)) if draw("survey:relationship", name) >= 0.5)
    rows = [
        {"person_id": good},
        {"person_id": out},
        {"person_id": cool},
        {"person_id": still},
        {"person_id": old, "role": "user", "is_sponsor": True},
        {"person_id": other, "account_id": "red"},
        {"person_id": "user", "role": "user"},
        {"person_id": "nothing", "role": None},
        {"person_id": "left", "left_on": date(2026, 11, 1)},
        {"person_id": "no", "unsubscribed": True, "bounced": True},
        {"person_id": "back", "bounced": True},
        {"person_id": "unknown", "has_address": None},
    ]
    history = [
        Invitation(cool, "another", days_ago(59)),
        Invitation(still, "relationship", days_ago(10)),
        Invitation(old, "relationship", days_ago(60)),
        Invitation(good, "another", NOW + timedelta(days=1)),
    ]
    found = decide(project(), "relationship", accounts(a="green", red="red"), people(*rows), history, NOW)
    assert reasons(found) == {
        good: "asked", out: "not_in_sample", cool: "cool_down", still: "still_open", old: "asked",
        other: "outside_accounts", "user": "outside_people", "nothing": "outside_people", "left": "left",
        "no": "unsubscribed", "back": "bounced", "unknown": "no_address",
    }  # fmt: skip
    by_person = {one.person: one for one in found}
    assert by_person[cool].until == date(2026, 11, 1)
    assert by_person[still].until == date(2026, 11, 21)
    assert {one.reason for one in found} <= WORDS.keys()


def test_the_order_of_rows_makes_no_difference() -> None:
    rows = [{"person_id": f"p{number}", "account_id": "ab"[number % 2]} for number in range(40)]
    history = [Invitation(f"p{number}", "another", days_ago(number * 3)) for number in range(40)]
    first = decide(project(), "relationship", accounts(a="green", b="yellow"), people(*rows), history, NOW)
    Random(1).shuffle(rows)
    Random(2).shuffle(history)
    assert decide(project(), "relationship", accounts(b="yellow", a="green"), people(*rows), history, NOW) == first
    assert len({one.reason for one in first}) == 3


def test_whom_one_survey_asks_is_in_the_cool_down_of_the_next() -> None:
    names, rows = ["third", "second"], people({"person_id": "p"}, {"person_id": "q"})
    found = decide_all(project(WHOLE), names, accounts(a="green"), rows, [Invitation("q", "x", days_ago(30))], NOW)
    assert [*found] == ["second", "third"]
    assert reasons(found["second"]) == {"p": "asked", "q": "asked"}
    assert reasons(found["third"]) == {"p": "cool_down", "q": "cool_down"}
    alone = decide(project(WHOLE), "third", accounts(a="green"), rows, [Invitation("q", "x", days_ago(30))], NOW)
    assert reasons(alone) == {"p": "asked", "q": "asked"}


def test_a_survey_that_is_off_or_over_asks_nobody() -> None:
    for name, reason in (("off", "disabled"), ("over", "closed")):
        found = decide(project(WHOLE), name, accounts(a="green"), people({"person_id": "p"}), [], NOW)
        assert reasons(found) == {"p": reason}


def test_a_larger_sample_holds_the_smaller_and_another_salt_draws_anew() -> None:
    rows = people(*({"person_id": f"p{number}"} for number in range(400)))
    asked = [
        {
            one.person
            for one in decide(project(), "relationship", accounts(a="green"), rows, [], NOW, salt)
            if one.is_asked
        }
        for salt in ("", "", "x")
    ]
    assert asked[0] == asked[1] != asked[2]
    assert 160 < len(asked[0]) < 240


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        decide(project(), "relationship", accounts(a="x"), people({"person_id": "p"}), [], datetime(2026, 11, 1))


def test_answers_are_taken_to_the_last_day_and_reminders_sent_so_often() -> None:
    asked = date(2026, 10, 1)
    assert last_day(survey(), asked) == date(2026, 10, 31)
    assert is_open(survey(), asked, date(2026, 10, 31))
    assert not is_open(survey(), asked, date(2026, 11, 1))
    first, second = date(2026, 10, 6), date(2026, 10, 12)
    assert not reminder_due(survey(), asked, [], date(2026, 10, 5))
    assert reminder_due(survey(), asked, [], first)
    assert not reminder_due(survey(), asked, [first], date(2026, 10, 10))
    assert reminder_due(survey(), asked, [first], second)
    assert not reminder_due(survey(), asked, [first, second], date(2026, 10, 30))
    assert not reminder_due(survey(), asked, [], date(2026, 11, 1))
