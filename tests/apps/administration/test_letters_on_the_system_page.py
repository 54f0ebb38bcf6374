"""Letters to customers that wait or failed stand on the page of the system, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from keepwell.apps.administration.data_checks import Found, letters
from keepwell.apps.customers.models import Person
from keepwell.apps.notices.letters import send_letters
from keepwell.apps.notices.models import Mail
from keepwell.apps.notices.operations import send_again
from keepwell.apps.surveys.models import Invitation, SendStatus, SurveySend
from keepwell.apps.surveys.sending.queueing import queue_letters
from tests.apps.surveys.conftest import contacts, invited, survey  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow
AWAY = "smtp://127.0.0.1:9"
PAGE = "/configure/system/"


@pytest.fixture(autouse=True)
def mail_url() -> Iterator[None]:
    before = settings.ENVIRONMENT.mail_url
    object.__setattr__(settings.ENVIRONMENT, "mail_url", AWAY)
    yield
    object.__setattr__(settings.ENVIRONMENT, "mail_url", before)


@pytest.fixture
def waiting(contacts: dict[str, Person]) -> Invitation:  # noqa: F811 - the fixture
    invitation, _ = invited(contacts["Art"], sent_at=None)
    return invitation


def test_nothing_waits_and_all_is_well(db: None) -> None:
    assert letters() == Found("Letters to customers", "0 waiting, 0 given up, 0 refused by their address")


def test_letters_that_were_just_written_wait_and_all_is_well(waiting: Invitation) -> None:
    assert letters().says.startswith("1 waiting")
    queue_letters()
    assert letters().says.startswith("1 waiting")
    assert letters().todo == ""


def test_without_a_mail_server_they_wait_for_one(waiting: Invitation, as_admin: Client) -> None:
    object.__setattr__(settings.ENVIRONMENT, "mail_url", "")
    assert "Name a mail server in KEEPWELL_MAIL_URL" in letters().todo
    page = as_admin.get(PAGE).content.decode()
    assert "Letters to customers" in page
    assert "they wait, and are written when they leave" in page


def test_a_server_that_is_away_is_told_with_its_words(waiting: Invitation) -> None:
    queue_letters()
    send_letters(AWAY, "Keepwell <k@test.example>", 300)
    assert "Connection refused" in letters().says
    assert "they leave by themselves when it is back" in letters().todo


def test_a_worker_that_is_away_is_told(waiting: Invitation) -> None:
    queue_letters()
    Mail.objects.update(due_at=timezone.now() - timedelta(minutes=11))
    assert "see whether `keepwell worker` runs" in letters().todo
    Mail.objects.create(composer="survey", about="0", subject="", sent_at=timezone.now())
    assert letters().todo == ""


def test_given_up_letters_are_sent_again_and_refused_addresses_are_no_fault(waiting: Invitation) -> None:
    queue_letters()
    Mail.objects.update(failed_at=timezone.now(), error="451 try later")
    assert letters().says == "0 waiting, 1 given up, 0 refused by their address; last: 451 try later"
    assert letters().todo == "Mend what the server says, then send them again below"
    Invitation.objects.update(bounced_at=timezone.now())
    assert letters().says == "0 waiting, 0 given up, 1 refused by their address"
    assert letters().todo == ""
    Invitation.objects.update(bounced_at=None)
    send_again()
    assert letters().says.startswith("1 waiting, 0 given up")


def test_a_send_that_failed_is_told_until_the_next_goes_well(waiting: Invitation) -> None:
    SurveySend.objects.create(survey="pulse", cause="x", trigger="x", status=SendStatus.FAILED, error="no column seats")
    assert "pulse: no column seats" in letters().says
    assert "send the survey again" in letters().todo
    SurveySend.objects.create(survey="pulse", cause="y", trigger="y", status=SendStatus.DONE)
    assert letters().todo == ""


def test_admins_alone_see_it(as_owner: Client, as_stranger: Client, as_manager: Client, as_admin: Client) -> None:
    assert [one.get(PAGE).status_code for one in (as_owner, as_stranger, as_manager, as_admin)] == [403, 403, 403, 200]
