"""Whom a survey asks, and how letters reach them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from keepwell.apps.access.actors import Forbidden, NotVisible, System
from keepwell.apps.access.actors import Person as Signed
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.notices.letters import send_letters
from keepwell.apps.notices.models import Mail
from keepwell.apps.surveys.models import Invitation, Refusal, SendStatus, SurveySend
from keepwell.apps.surveys.operations import send, stop
from keepwell.apps.surveys.refusing import bounced
from keepwell.apps.surveys.sending.inviting import carry_out
from keepwell.apps.surveys.sending.queueing import queue_letters
from keepwell.apps.surveys.tending import remind
from keepwell.apps.surveys.tokens import hash_of
from keepwell.apps.surveys.whom.deciding import plan
from tests.apps.conftest import People
from tests.apps.notices.server import free_port, mail_server
from tests.apps.surveys.conftest import SURVEY, add_people, publish_survey

pytestmark = pytest.mark.slow
FROM = "Keepwell <keepwell@test.example>"
MANAGER = System("test")


def sent_to(survey: str = "pulse", **fields: object) -> SurveySend:
    return carry_out(send(actor=MANAGER, survey=survey, **fields).pk)  # type: ignore[arg-type]


def delivered(host: str, per_minute: int = 300) -> int:
    queue_letters()
    return send_letters(f"smtp://{host}", FROM, per_minute).sent


def link_in(letter: object) -> str:
    words = letter.get_body(["plain"]).get_content().split()  # type: ignore[attr-defined]
    return next(word for word in words if "/s/" in word)


def names(rows: object) -> set[str]:
    return {one.person.personal.name for one in rows}  # type: ignore[attr-defined]


def test_a_plan_says_who_is_asked_and_why_others_are_not(contacts: dict[str, Person], people: People) -> None:
    found = plan(Signed(people.manager), "pulse", timezone.now())
    assert (found.considered, found.asked, found.by_channel) == (5, 3, {"email": 3})
    assert dict(found.reasons) == {"the account is not in the audience": 1, "no address is known": 1}
    assert {one.name for one in found.sample if one.asked} == {"Ann", "Art", "Bob"}
    assert not Invitation.objects.exists()


def test_who_may_send_and_of_what_they_see(contacts: dict[str, Person], people: People) -> None:
    for user in (people.owner, people.colleague, people.stranger):
        with pytest.raises(Forbidden, match="may not send surveys"):
            plan(Signed(user), "pulse", timezone.now())
        with pytest.raises(Forbidden):
            send(actor=Signed(user), survey="pulse")
    people.manager.reach = "own"
    people.manager.save()
    assert plan(Signed(people.manager), "pulse", timezone.now()).considered == 0
    with pytest.raises(NotVisible):
        send(actor=Signed(people.manager), survey="pulse", accounts=["acme"])
    carry_out(send(actor=Signed(people.manager), survey="pulse").pk)
    assert not Invitation.objects.exists()


def test_letters_are_in_the_language_of_whom_they_go_to_and_keep_no_token(contacts: dict[str, Person]) -> None:
    row = sent_to()
    assert (row.status, row.planned, row.considered) == (SendStatus.SENDING, 3, 5)
    with mail_server() as (inbox, host):
        assert delivered(host) == 3
    by_address = {str(one["To"]): one for one in inbox.got}
    german = by_address["ann@acme.example"]
    assert str(german["Subject"]) == "Eine Frage, Ann"
    assert str(by_address["art@acme.example"]["Subject"]) == "One question, Art"
    assert 'dir="rtl"' in by_address["bob@brix.example"].get_body(["html"]).get_content()
    text = german.get_body(["plain"]).get_content()
    link = next(word for word in text.split() if "/s/" in word)
    token = link.rpartition("/")[2]
    assert Invitation.objects.get(token_hash=hash_of(token)).person == contacts["Ann"]
    assert german["List-Unsubscribe"].strip() == f"<{link}/unsubscribe>"
    assert german["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{link}?score=10" in german.get_body(["html"]).get_content()
    assert not Mail.objects.filter(text__contains=token).exists()
    assert not Mail.objects.exclude(to="").exists()
    queue_letters()
    row.refresh_from_db()
    assert row.status == SendStatus.DONE


def test_nobody_is_asked_twice_by_the_same_or_another_survey(contacts: dict[str, Person]) -> None:
    publish_survey(SURVEY + SURVEY.partition("\n")[2].replace("pulse:", "other:").replace("closes: 30 days", ""))
    sent_to()
    again = sent_to("other")
    assert (again.planned, again.reasons["cool_down"]) == (0, 3)
    assert sent_to().reasons["still_open"] == 3
    assert carry_out(again.pk).planned == 0
    assert Invitation.objects.count() == 3


def test_one_human_being_under_two_keys_is_asked_once(contacts: dict[str, Person]) -> None:
    add_people({"brix": [("Ann Too", "ANN@acme.example", {})]})
    assert sent_to().planned == 3
    assert Invitation.objects.filter(person__personal__email__iexact="ann@acme.example").count() == 1
    Invitation.objects.update(finished_at=timezone.now())
    assert sent_to().planned == 0


def test_a_mail_server_that_is_down_for_an_hour_delays_and_doubles_nothing(contacts: dict[str, Person]) -> None:
    sent_to()
    nobody = f"127.0.0.1:{free_port()}"
    for _ in range(60):
        assert delivered(nobody) == 0
        Mail.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    assert set(Mail.objects.values_list("attempts", "failed_at")) == {(0, None)}
    with mail_server() as (inbox, host):
        assert delivered(host) == 3
        assert delivered(host) == 0
    assert len({str(one["To"]) for one in inbox.got}) == len(inbox.got) == 3


def test_only_so_many_letters_leave_in_a_minute(contacts: dict[str, Person]) -> None:
    sent_to()
    with mail_server() as (inbox, host):
        assert [delivered(host, 2), delivered(host, 2)] == [2, 0]
        Mail.objects.exclude(sent_at=None).update(sent_at=timezone.now() - dt.timedelta(minutes=2))
        assert delivered(host, 2) == 1
    assert len(inbox.got) == 3


def test_an_address_that_the_server_refuses_is_not_asked_again(contacts: dict[str, Person]) -> None:
    sent_to()
    with mail_server() as (inbox, host):
        inbox.refuse = {
            "ann@acme.example": "550 <ann@acme.example>: no such mailbox",
            "art@acme.example": "452 mailbox full",
        }
        assert delivered(host) == 1
    assert names(Invitation.objects.exclude(bounced_at=None)) == {"Ann"}
    assert Refusal.objects.get().person is None
    assert "ann" not in Refusal.objects.get().detail + Mail.objects.exclude(failed_at=None).get().error
    Invitation.objects.update(asked_at=timezone.now() - dt.timedelta(days=400), finished_at=timezone.now())
    assert sent_to().reasons["bounced"] == 1
    contacts["Ann"].personal.email = "new@acme.example"
    contacts["Ann"].personal.save()
    Invitation.objects.update(asked_at=timezone.now() - dt.timedelta(days=400), finished_at=timezone.now())
    assert "bounced" not in sent_to().reasons


def test_what_the_provider_reports_counts_for_whoever_is_imported_with_the_address(contacts: dict[str, Person]) -> None:
    sent_to()
    assert bounced(actor=MANAGER, address="Ann@Acme.example", detail="complaint") == 1
    contacts["Ann"].delete()
    add_people({"acme": [("Ann again", "ann@acme.example", {})]})
    assert sent_to().reasons["bounced"] == 1


def test_what_waits_is_written_when_it_leaves_or_not_at_all(contacts: dict[str, Person]) -> None:
    sent_to()
    queue_letters()
    contacts["Ann"].personal.delete()
    contacts["Art"].left_on = dt.date(2026, 1, 1)
    contacts["Art"].save()
    with mail_server() as (inbox, host):
        assert send_letters(f"smtp://{host}", FROM, 300).sent == 1
    assert [str(one["To"]) for one in inbox.got] == ["bob@brix.example"]
    assert Invitation.objects.exclude(withdrawn_at=None).count() == 2
    assert Mail.objects.exclude(withdrawn_at=None).count() == 2


def test_a_stopped_send_sends_no_more(contacts: dict[str, Person]) -> None:
    row = sent_to()
    with mail_server() as (inbox, host):
        delivered(host, 1)
        assert stop(actor=MANAGER, send_id=row.pk) == 2
        Mail.objects.exclude(sent_at=None).update(sent_at=timezone.now() - dt.timedelta(minutes=2))
        assert delivered(host) == 0
    assert len(inbox.got) == 1


def test_reminders_go_to_those_who_have_not_finished_once(contacts: dict[str, Person]) -> None:
    sent_to()
    with mail_server() as (inbox, host):
        delivered(host)
        later = timezone.now() + dt.timedelta(days=6)
        Invitation.objects.filter(person=contacts["Ann"]).update(finished_at=timezone.now())
        assert [remind(timezone.now()), remind(later), remind(later)] == [0, 2, 0]
        assert send_letters(f"smtp://{host}", FROM, 300).sent == 2
        assert remind(timezone.now() + dt.timedelta(days=20)) == 0
    assert len(inbox.got) == 5
    links = [link_in(one) for one in inbox.got]
    assert len(set(links)) == 3


def test_another_secret_sends_no_link_that_leads_nowhere(
    contacts: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_to()
    monkeypatch.setattr(settings, "SECRET_KEY", "another one altogether, of some length")
    with mail_server() as (inbox, host):
        assert delivered(host) == 0
    assert inbox.got == []


def test_a_survey_that_is_answered_by_links_alone_is_not_sent(company: Account) -> None:
    publish_survey("surveys: {open: {questions: [{name: ease, kind: ces, text: Easy?}], distribution: anonymous_link}}")
    with pytest.raises(Exception, match="reaches nobody by name"):
        send(actor=MANAGER, survey="open")
