"""Kills, two at once, and many: nobody is left out, and nobody is asked twice."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.notices.letters import send_letters
from keepwell.apps.notices.models import Mail
from keepwell.apps.surveys.models import Invitation, SendStatus, SurveySend
from keepwell.apps.surveys.operations import send
from keepwell.apps.surveys.sending import queueing
from keepwell.apps.surveys.sending.inviting import carry_out, carry_out_left
from keepwell.apps.surveys.sending.queueing import queue_letters
from tests.apps.at_once import at_once
from tests.apps.killing import is_cut
from tests.apps.notices.server import mail_server

pytestmark = pytest.mark.slow
FROM = "Keepwell <keepwell@test.example>"
TESTS = System("test")


def through(send_id: int) -> None:
    carry_out(send_id)
    queue_letters()


@pytest.mark.faults
def test_a_kill_before_any_statement_of_a_send_asks_everybody_once(contacts: dict[str, Person]) -> None:
    statement, cut = 0, True
    while cut:
        statement += 1
        with transaction.atomic():
            row = send(actor=TESTS, survey="pulse")
            cut = is_cut(partial(through, row.pk), statement)
            through(row.pk)
            assert (Invitation.objects.count(), Mail.objects.count()) == (3, 3), statement
            transaction.set_rollback(True)
    assert statement > 10


@pytest.mark.faults
def test_a_kill_while_letters_leave_loses_none_and_repeats_one_at_most_under_its_own_id(
    contacts: dict[str, Person],
) -> None:
    through(send(actor=TESTS, survey="pulse").pk)
    statement, cut = 0, True
    with mail_server() as (inbox, host):
        while cut:
            statement += 1
            inbox.got.clear()
            with transaction.atomic():
                cut = is_cut(partial(send_letters, f"smtp://{host}", FROM, 300), statement)
                Mail.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))  # the lease has ended
                send_letters(f"smtp://{host}", FROM, 300)
                transaction.set_rollback(True)
            ids = [str(one["Message-ID"]) for one in inbox.got]
            assert len(set(ids)) == 3, statement
            assert len(ids) <= 4, statement
    assert statement > 10


@pytest.mark.django_db(transaction=True)
def test_two_sends_at_once_ask_nobody_twice(contacts: dict[str, Person]) -> None:
    rows = [send(actor=TESTS, survey="pulse").pk for _ in range(3)]
    left = list(rows)
    assert at_once(lambda: carry_out(left.pop()), 3) == []
    assert Invitation.objects.count() == 3
    assert sorted(SurveySend.objects.values_list("planned", flat=True)) == [0, 0, 3]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_letters_send_each_once(contacts: dict[str, Person]) -> None:
    carry_out(send(actor=TESTS, survey="pulse").pk)
    assert at_once(queue_letters, 3) == []
    with mail_server() as (inbox, host):
        assert at_once(partial(send_letters, f"smtp://{host}", FROM, 300), 3) == []
    assert len(inbox.got) == 3


def test_two_thousand_are_invited_in_parts_that_a_kill_interrupts(survey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    many = Person.objects.bulk_create(Person(account_id="acme") for _ in range(2000))
    PersonalData.objects.bulk_create(
        PersonalData(person=one, email=f"p{number}@acme.example") for number, one in enumerate(many)
    )
    row = carry_out(send(actor=TESTS, survey="pulse").pk)
    assert (row.planned, row.status) == (2000, SendStatus.SENDING)
    monkeypatch.setattr(queueing, "_AT_ONCE", 300)
    assert is_cut(queue_letters, 30)
    there = Mail.objects.count()
    assert 300 <= there < 2000
    assert queue_letters() == 2000 - there
    assert Mail.objects.count() == Mail.objects.values("key").distinct().count() == 2000
    with mail_server() as (inbox, host):
        assert send_letters(f"smtp://{host}", FROM, 50).sent == 50
        assert send_letters(f"smtp://{host}", FROM, 50).sent == 0
    assert len(inbox.got) == 50


def test_a_send_whose_job_was_lost_is_carried_out_by_itself(contacts: dict[str, Person]) -> None:
    send(actor=TESTS, survey="pulse")
    now = timezone.now()
    assert [carry_out_left(now), carry_out_left(now + dt.timedelta(minutes=6)), Invitation.objects.count()] == [0, 1, 3]


def test_accounts_that_left_the_population_are_not_asked(contacts: dict[str, Person]) -> None:
    Account.objects.filter(pk="acme").update(in_population=False)
    assert carry_out(send(actor=TESTS, survey="pulse").pk).planned == 1
