"""Mail out of the outbox, over a real connection to a mail server."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import send_mail as django_mail
from django.utils import timezone

from keepwell.apps.notices.jobs import send_mail
from keepwell.apps.notices.models import Mail
from keepwell.apps.notices.operations import write_mail
from keepwell.apps.notices.sending import TRIES, WAITS, Sent, send_waiting
from tests.apps.notices.certificates import certificate
from tests.apps.notices.server import free_port, mail_server

FROM = "Keepwell <keepwell@test.example>"


def overdue() -> None:
    """The wait is over."""
    Mail.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))


def test_what_waits_is_sent_once(db: None) -> None:
    write_mail(to=["ada@test.example", "bea@test.example"], subject="Hello\nthere", text="Grüße", html="<p>Grüße</p>")
    with mail_server() as (inbox, host):
        assert send_waiting(f"smtp://{host}", FROM) == Sent(sent=2)
        assert send_waiting(f"smtp://{host}", FROM) == Sent()
    assert inbox.subjects == ["Hello there"] * 2
    assert [str(one["To"]) for one in inbox.got] == ["ada@test.example", "bea@test.example"]
    assert inbox.got[0].get_body(["plain"]).get_content().strip() == "Grüße"
    assert inbox.got[0].get_body(["html"]).get_content().strip() == "<p>Grüße</p>"
    assert inbox.got[0]["Message-ID"] != inbox.got[1]["Message-ID"]
    assert not Mail.objects.filter(sent_at=None).exists()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # on loopback, in a test
def test_a_name_and_password_are_given(db: None) -> None:
    write_mail(to=["ada@test.example"], subject="S", text="T")
    with mail_server(login=("post", "p@ss/word")) as (inbox, host):
        assert send_waiting(f"smtp://post:wrong@{host}", FROM) == Sent(put_off=1)
        assert "535" in Mail.objects.get().error
        overdue()
        assert send_waiting(f"smtp://post:p%40ss%2Fword@{host}", FROM) == Sent(sent=1)
    assert inbox.subjects == ["S"]


def test_without_a_server_it_waits_longer_each_time_and_is_given_up_in_the_end(db: None) -> None:
    write_mail(to=["ada@test.example"], subject="S", text="T")
    nobody = f"smtp://127.0.0.1:{free_port()}"
    waited = []
    for _ in range(TRIES - 1):
        before = timezone.now()
        assert send_waiting(nobody, FROM) == Sent(put_off=1)
        waited.append(Mail.objects.get().due_at - before)
        assert send_waiting(nobody, FROM) == Sent()
        overdue()
    assert [round(one.total_seconds()) for one in waited] == [one.total_seconds() for one in WAITS]
    assert send_waiting(nobody, FROM) == Sent(given_up=1)
    mail = Mail.objects.get()
    assert (mail.attempts, mail.failed_at is not None, "refused" in mail.error) == (TRIES, True, True)


def test_an_address_that_is_none_is_given_up_at_once_and_holds_nobody_up(db: None) -> None:
    for name in ("gone", "full", "ada"):
        write_mail(to=[f"{name}@test.example"], subject=name, text="T")
    with mail_server() as (inbox, host):
        inbox.refuse = {"gone@test.example": "550 no such mailbox", "full@test.example": "452 mailbox full"}
        assert send_waiting(f"smtp://{host}", FROM) == Sent(sent=1, put_off=1, given_up=1)
    assert inbox.subjects == ["ada"]
    assert Mail.objects.get(subject="gone").error == "550 no such mailbox"
    assert Mail.objects.get(subject="full").failed_at is None


def test_one_that_another_worker_is_sending_is_let_be(db: None) -> None:
    write_mail(to=["ada@test.example"], subject="S", text="T")
    Mail.objects.update(due_at=timezone.now() + dt.timedelta(minutes=4))  # its lease
    with mail_server() as (inbox, host):
        assert send_waiting(f"smtp://{host}", FROM) == Sent()
        overdue()  # that worker died
        assert send_waiting(f"smtp://{host}", FROM) == Sent(sent=1)
    assert inbox.subjects == ["S"]


def test_starttls_sends_to_a_server_that_shows_who_it_is(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mail(to=["ada@test.example"], subject="S", text="T")
    context = certificate(tmp_path)
    with mail_server(tls=context) as (inbox, host):
        assert send_waiting(f"starttls://{host}", FROM) == Sent(put_off=1)
        assert "certificate" in Mail.objects.get().error.lower()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        overdue()
        assert send_waiting(f"starttls://{host}", FROM) == Sent(sent=1)
    assert inbox.subjects == ["S"]


def test_the_job_sends_where_a_server_is_named_and_lets_mail_wait_where_none_is(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mail(to=["ada@test.example"], subject="S", text="T")
    send_mail(timestamp=0)
    assert Mail.objects.get().sent_at is None
    with mail_server() as (inbox, host):
        given = {"mail_url": f"smtp://{host}", "mail_from": FROM}
        before = {name: getattr(settings.ENVIRONMENT, name) for name in given}
        for name, value in given.items():
            object.__setattr__(settings.ENVIRONMENT, name, value)
        try:
            send_mail(timestamp=0)
        finally:
            for name, value in before.items():
                object.__setattr__(settings.ENVIRONMENT, name, value)
    assert inbox.subjects == ["S"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_is_asked_once_however_much_was_written() -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    write_mail(to=["ada@test.example"], subject="S", text="T")
    write_mail(to=["bea@test.example"], subject="S", text="T")
    assert ProcrastinateJob.objects.filter(status="todo", task_name="notices:send mail").count() == 1


def test_mail_of_the_framework_goes_through_the_outbox_too(db: None, settings: object) -> None:
    settings.EMAIL_BACKEND = "keepwell.apps.notices.backend.OutboxBackend"  # type: ignore[attr-defined]
    django_mail("S", "T", FROM, ["ada@test.example"])
    assert Mail.objects.get().to == "ada@test.example"
