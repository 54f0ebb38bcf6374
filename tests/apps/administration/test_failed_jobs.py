"""Jobs that were given up are listed for admins, who try them again, by page and by API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from keepwell.apps.audit.models import Change
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.apps.things import a_failed_job

pytestmark = pytest.mark.slow


def status(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where id = %s", [job])
        return str(cursor.fetchone()[0])


def test_an_admin_tries_a_failed_job_again(people: People, as_admin: Client) -> None:
    job = a_failed_job()
    assert f"/configure/system/jobs/{job}/again/" in as_admin.get("/configure/system/").content.decode()
    answer = as_admin.post(f"/configure/system/jobs/{job}/again/", follow=True)
    assert "is done again as soon as a worker is free" in answer.content.decode()
    assert status(job) == "todo"
    assert Change.objects.get(object_kind="job").object_name == "health:rescore"
    assert as_admin.post(f"/configure/system/jobs/{job}/again/").status_code == 404  # it waits already


def test_the_same_over_the_api(people: People) -> None:
    ari, job = Caller(people.admin), a_failed_job()
    assert [(one["id"], one["attempts"]) for one in ari.get("/system/jobs").json()] == [(job, 3)]
    assert ari.post(f"/system/jobs/{job}/retry").json()["name"] == "health:rescore"
    assert (status(job), ari.get("/system/jobs").json()) == ("todo", [])
    assert ari.post(f"/system/jobs/{job}/retry").status_code == 404


def test_nobody_else_sees_or_tries_them(people: People) -> None:
    job = a_failed_job()
    for user in (people.owner, people.colleague, people.stranger, people.manager):
        assert Caller(user).get("/system/jobs").status_code == 403
        assert Caller(user).post(f"/system/jobs/{job}/retry").status_code == 403
    assert status(job) == "failed"
