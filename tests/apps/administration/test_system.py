"""The page that says how the installation is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.administration.checks import Check, all_checks
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.notices.models import Mail
from keepwell.apps.usage.draining.batch import Drain
from tests.apps.usage.draining.inbox import accepted, message


def check(part: str) -> Check:
    return next(one for one in all_checks(System("test")) if one.part == part)


@pytest.mark.slow
def test_without_a_mail_server_it_says_that_mail_waits(as_admin: Client) -> None:
    Mail.objects.create(to="x@test.example", subject="S", text="T", due_at=timezone.now())
    page = as_admin.get("/configure/system/").content.decode()
    assert "1 waiting, 0 given up" in page
    assert "KEEPWELL_MAIL_URL" in page


def test_mail_that_was_given_up_is_sent_again(as_admin: Client) -> None:
    mail = Mail.objects.create(
        to="x@test.example", subject="S", text="T", failed_at=timezone.now(), attempts=6, error="550 no"
    )
    assert "550 no" in check("Mail").says
    as_admin.post("/configure/system/mail/")
    mail.refresh_from_db()
    assert (mail.failed_at, mail.attempts) == (None, 0)


def test_a_worker_is_at_work_while_it_gives_signs_of_life(db: None) -> None:
    assert "keepwell worker" in check("Worker").todo
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now())")
    assert check("Worker").good
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    assert not check("Worker").good


def test_failed_jobs_are_listed(as_admin: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")  # what tests with transactions of their own have left
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status) "
            "values ('default', 'health:run', '{}', 'failed'), ('default', 'health:run', '{}', 'todo')"
        )
    assert check("Jobs").says == "1 waiting, 0 being done, 1 failed"
    assert "health:run" in as_admin.get("/configure/system/").content.decode()


def test_a_run_that_failed_says_what_and_that_there_is_something_to_do(db: None) -> None:
    now = timezone.now()
    Run.objects.create(
        as_of=now.date(), asked_by="x", status=RunStatus.FAILED, ended_at=now, error="no such column\nmore"
    )
    assert "no such column" in check("Runs").says
    assert not check("Runs").good


def test_a_lake_that_cannot_be_made_is_told(db: None, data_dir: Any) -> None:
    assert check("Lake").good
    (data_dir / "lake").rmdir()
    (data_dir / "lake").write_text("a file stands here")
    assert not check("Lake").good


@pytest.mark.slow
def test_it_says_what_waits_for_the_lake_and_for_how_long(as_admin: Client) -> None:
    assert check("Events").says == "0 messages wait; none came in so far"
    accepted(message(1), message(2), received_at=timezone.now() - timedelta(minutes=5))
    assert "2 messages wait, the oldest 30" in check("Events").says
    assert "keepwell drain" in check("Events").todo
    Drain().next()
    assert check("Events").good
    assert "last batch: 2 messages, 0 of them resent" in as_admin.get("/configure/system/").content.decode()
