"""What follows an answer: numbers, rules, the timeline, people who are told, and forgetting."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.customers.operations import erase_person, merge_people
from keepwell.apps.health.models import Arrival
from keepwell.apps.notices.models import Notice
from keepwell.apps.rules.deciding.news import on_occasions
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import RuleRun
from keepwell.apps.surveys.answering import answer
from keepwell.apps.surveys.editions import in_force, keep_edition
from keepwell.apps.surveys.ledgers import invitations, responses
from keepwell.apps.surveys.models import Invitation, Refusal, Response, SurveySend
from keepwell.apps.surveys.refusing import unsubscribe
from keepwell.apps.surveys.tending import count_left
from keepwell.apps.surveys.triggers import act, hear_events
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.conftest import People
from tests.apps.surveys.conftest import SURVEY, invited, publish_survey

pytestmark = pytest.mark.slow

RULES = """\
rules:
  detractor:
    title: Talk to detractors
    on: {response: pulse, where: recommend <= 6 and missing = 'speed'}
    when: arr > 0
    actions:
      - open_call: {type: risk, reason: detractor, title: "{account.name} is unhappy", owner: csm, due: 2 business days}
"""


def answered(contacts: dict[str, Person], name: str = "Art", number: str = "3", said: str = "") -> Response:
    _, token = invited(contacts[name])
    browser = Client()
    browser.post(f"/s/{token}", {"at": "recommend", "q.recommend": number})
    if int(number) <= 8:
        browser.post(f"/s/{token}", {"at": "missing", "q.missing": "speed", "q.details": said})
    return Response.objects.get(invitation__person=contacts[name])


def decide() -> None:
    on_occasions()
    for run in RuleRun.objects.all():
        do_run(run.pk)


def test_a_detractor_opens_a_call_at_once_and_a_promoter_does_not(contacts: dict[str, Person]) -> None:
    publish_survey(more=RULES)
    answered(contacts, "Art", "10")
    decide()
    assert not CallToAction.objects.exists()
    answered(contacts, "Ann", "3")
    decide()
    call = CallToAction.objects.get()
    assert (call.account_id, call.reason, call.title) == ("acme", "detractor", "Acme Inc is unhappy")


def test_answers_are_rows_of_the_ledger_without_words_and_say_so_at_once(contacts: dict[str, Person]) -> None:
    answered(contacts, said="It is slow, says Art")
    rows = responses(["acme"]).to_pylist()
    assert [(one["question"], one["number"], one["choice"]) for one in rows] == [
        ("recommend", 3.0, None), ("missing", None, "speed"), ("details", 20.0, None),
    ]  # fmt: skip
    assert {one["person_id"] for one in rows} == {str(contacts["Art"].pk)}
    assert "slow" not in str(rows)
    assert set(Arrival.objects.values_list("account_id", "ledger")) == {
        ("acme", "keepwell.responses"), ("acme", "keepwell.invitations"),
    }  # fmt: skip
    asked = invitations(None).to_pylist()
    assert [(one["account_id"], one["answered_at"] is not None, one["reminded"]) for one in asked] == [
        ("acme", True, 0)
    ]
    assert responses(["zeta"]).num_rows == 0


def test_merged_entries_of_a_person_are_one_in_the_ledger(contacts: dict[str, Person]) -> None:
    answered(contacts, "Ann", "9")
    answered(contacts, "Art", "3")
    Arrival.objects.all().delete()
    merge_people(actor=System("test"), key=contacts["Ann"].pk, into_key=contacts["Art"].pk)
    assert {one["person_id"] for one in responses(["acme"]).to_pylist()} == {str(contacts["Art"].pk)}
    assert Arrival.objects.filter(account_id="acme", ledger="keepwell.responses").exists()


def test_the_timeline_and_the_owner_hear_of_it_and_strangers_do_not(
    contacts: dict[str, Person], people: People, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    answered(contacts, said="[click](https://evil.example) <b>now</b>")
    entry = TimelineEntry.objects.get(key__startswith="response:")
    assert (entry.title, entry.type.name, entry.sentiment) == ("Relationship: 3 of 10, detractor", "survey", "negative")
    notice = Notice.objects.get(kind="response")
    assert (notice.user, notice.text) == (people.owner, "Acme Inc: Relationship: 3 of 10, detractor")
    for client, status in ((as_owner, 200), (as_colleague, 200), (as_stranger, 404)):
        page = client.get("/customers/acme/timeline/")
        assert page.status_code == status
        assert 'href="https://evil.example"' not in page.content.decode()
    assert "[click](https://evil.example) &lt;b&gt;now" in as_owner.get("/customers/acme/timeline/").content.decode()


def test_what_was_begun_and_left_counts_after_a_day_and_is_replaced_when_it_goes_on(
    contacts: dict[str, Person],
) -> None:
    _, token = invited(contacts["Art"])
    Client().post(f"/s/{token}", {"at": "recommend", "q.recommend": "5"})
    now = timezone.now()
    assert count_left(now) == 0
    assert responses(None).num_rows == 0
    assert [count_left(now + dt.timedelta(hours=25)) for _ in range(2)] == [1, 0]
    assert responses(None).num_rows == 1
    assert TimelineEntry.objects.get(key__startswith="response:").title.endswith("5 of 10, detractor (not finished)")
    Client().post(f"/s/{token}", {"at": "missing", "q.missing": "other", "q.details": "x"})
    assert Response.objects.get().status == "finished"
    assert responses(None).num_rows == 3
    assert TimelineEntry.objects.get(key__startswith="response:").title == "Relationship: 5 of 10, detractor"


def test_what_was_begun_counts_when_the_survey_closes(contacts: dict[str, Person]) -> None:
    _, token = invited(contacts["Art"], closes_on=timezone.localdate())
    Client().post(f"/s/{token}", {"at": "recommend", "q.recommend": "5"})
    Invitation.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=2))
    assert count_left(timezone.now()) == 1
    assert Client().post(f"/s/{token}", {"at": "missing", "q.missing": "other"}).status_code == 404


def test_erasing_a_person_keeps_the_numbers_and_nothing_else(contacts: dict[str, Person], people: People) -> None:
    answered(contacts, said="My name is Art")
    waiting, token = invited(contacts["Art"])
    unsubscribe(waiting)
    erase_person(actor=System("test"), key=contacts["Art"].pk)
    response = Response.objects.get()
    assert (response.answers, response.person) == ({"recommend": 3, "missing": "speed"}, None)
    assert "Art" not in TimelineEntry.objects.get(key__startswith="response:").text
    assert Client().get(f"/s/{token}").status_code == 404
    assert set(Invitation.objects.values_list("person", flat=True)) == {None}
    kept = Refusal.objects.get()
    assert (kept.person, len(kept.address_hash)) == (None, 64)
    assert responses(None).num_rows == 2


def test_the_same_import_is_one_response_and_long_ago_moves_nobody(contacts: dict[str, Person]) -> None:
    publish_survey(more=RULES)
    survey, version = in_force("pulse")
    keep_edition("pulse", version, survey)
    known = {"survey": "pulse", "version": version, "answers": {"recommend": 2.0, "missing": "speed", "x": 1},
             "answered_at": timezone.now(), "key": "old:1", "account_id": "acme", "quietly": True}  # fmt: skip
    assert answer(**known) is not None  # type: ignore[arg-type]
    assert answer(**known) is None  # type: ignore[arg-type]
    assert Response.objects.get().answers == {"recommend": 2, "missing": "speed"}
    decide()
    assert not CallToAction.objects.exists()
    assert not Notice.objects.filter(kind="response").exists()


def test_answers_that_say_something_send_the_next_survey_once(contacts: dict[str, Person]) -> None:
    other = SURVEY.partition("\n")[2].replace("pulse:", "other:").replace("closes: 30 days", "cool_down: 0 days")
    trigger = "    on: {response: pulse, where: recommend >= 9}\n"
    publish_survey(SURVEY + other.rstrip() + "\n" + trigger)
    answered(contacts, "Ann", "3")
    assert not SurveySend.objects.exists()
    answered(contacts, "Art", "10")
    send = SurveySend.objects.get()
    assert (send.survey, send.accounts, send.status) == ("other", ["acme"], "waiting")
    assert send.trigger == "at each answer to the survey pulse where recommend is at least 9"


def test_schedules_and_events_send_a_survey_once_each(contacts: dict[str, Person]) -> None:
    import pyarrow as pa

    publish_survey(SURVEY + "    on: [{schedule: every day at 08:00}, {event: 'cancel*'}]\n")
    monday = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)
    assert [act(monday), act(monday), act(monday + dt.timedelta(hours=2)), act(monday + dt.timedelta(hours=3))] == [
        0, 0, 1, 0,
    ]  # fmt: skip
    events = pa.table({"account_id": ["acme", "nobody", "zeta"], "event": ["cancelled", "cancelled", "signed_in"]})
    for _ in range(2):
        hear_events(7, events)
    assert sorted(SurveySend.objects.values_list("cause", "accounts")) == [
        ("event:7", ["acme"]), ("schedule:2026-03-02T08:00:00+00:00", None),
    ]  # fmt: skip


def test_where_of_a_trigger_is_checked_with_the_answers_that_there_are(company: Account) -> None:
    for where, said in (
        ("recomend <= 6", "recomend"),
        ("missing = 'sped'", "did you mean 'speed'"),
        ("recommend = 'x'", "recommend"),
    ):
        with pytest.raises(Exception, match=said):
            publish_survey(more=RULES.replace("recommend <= 6 and missing = 'speed'", where))
    with pytest.raises(Exception, match="name the survey"):
        publish_survey(more=RULES.replace("response: pulse", "response: true"))
