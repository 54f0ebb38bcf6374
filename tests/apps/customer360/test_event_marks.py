"""What people wrote down stands below the score's history: marks with words, in the table too, on or off."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from keepwell.apps.customer360.marks import Event, marks_of
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.conftest import People
from tests.apps.scored import TODAY

PANEL = "/customers/acme/panels/history/"


def happened(title: str, back: int, type_name: str = "call", account: str = "acme", **more: object) -> TimelineEntry:
    day = TODAY - timedelta(days=back)
    return TimelineEntry.objects.create(
        account_id=account, type=built_in(type_name), title=title, author="Ada",
        occurred_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), **more,
    )  # fmt: skip


def inside(client: Client, **asked: str) -> str:
    answer = client.get(PANEL, asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def option_of(said: str) -> dict[str, object]:
    found = re.search(r'<script id="history-option"[^>]*>(.*?)</script>', said, re.S)
    assert found
    option: dict[str, object] = json.loads(found[1])
    return option


@pytest.mark.slow
def test_events_are_marks_with_words_lines_in_the_chart_and_rows_of_the_table(
    company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    entry = happened("They bought more", 3)
    happened("Renewal talk", 3, "meeting", relationship_id="acme-east")
    happened("Of somebody else", 3, account="zeta")
    happened("Long before any score", 90)
    for client in (as_owner, as_colleague):
        said = inside(client)
        assert f'href="/timeline/{entry.pk}/"' in said
        (label,) = re.findall(r'class="event-mark"[^>]*aria-label="([^"]*)"', said)
        assert "Call: They bought more" in label
        assert "Meeting: Renewal talk (East)" in label
        assert said.count("They bought more</a>") == 1
        lines = option_of(said)["series"][0]["markLine"]["data"]  # type: ignore[index]
        assert [one["xAxis"] for one in lines if one["label"] == {"show": False}] == ["2026-02-27"]
        assert "Of somebody else" not in said
        assert "Long before" not in said
    assert as_stranger.get(PANEL).status_code == 404


@pytest.mark.slow
def test_they_can_be_narrowed_and_switched_off(company: Account, as_owner: Client) -> None:
    happened("They bought more", 3)
    happened("Renewal talk", 2, "meeting")
    happened("From red to green", 1, "score_change")
    all_of_them = inside(as_owner)
    assert "They bought more" in all_of_them
    assert "From red to green" not in all_of_them
    assert 'value="score_change"' in all_of_them
    meetings = inside(as_owner, events="meeting")
    assert "Renewal talk" in meetings
    assert "They bought more" not in meetings
    assert "From red to green" in inside(as_owner, events="score_change")
    none = inside(as_owner, events="none")
    assert "event-mark" not in none
    assert "Renewal talk" not in none
    assert '<option value="none" selected>' in none
    assert "They bought more" in inside(as_owner, events="nonsense")


@pytest.mark.slow
def test_drafts_of_others_and_nobodys_events_make_no_mark(company: Account, people: People, as_owner: Client) -> None:
    happened("Half written", 3, is_draft=True, author_user=people.colleague)
    said = inside(as_owner)
    assert "Half written" not in said
    assert "event-mark" not in said


@pytest.mark.slow
def test_what_happened_since_the_last_score_has_its_mark(company: Account, as_owner: Client) -> None:
    happened("Called today", -4)
    said = inside(as_owner)
    assert option_of(said)["xAxis"]["max"] == "2026-03-06"  # type: ignore[index]
    assert 'cx="100.0%"' in said


def test_a_mark_stands_where_its_day_does() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 6), date(2026, 1, 11), date(2026, 2, 1)]
    events = [Event(TimelineEntry(title=str(day)), day, "") for day in days]
    marks = marks_of(events, date(2026, 1, 1), date(2026, 1, 11))
    assert [(mark.x, mark.anchor) for mark in marks] == [(0, "start"), (50, "middle"), (100, "end")]
