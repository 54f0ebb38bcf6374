"""The audit: every change found by person, kind, account and day, page by page and as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.audit.models import Change
from keepwell.apps.audit.operations import record
from tests.apps.conftest import People


@pytest.fixture
def changes(people: People) -> None:
    with transaction.atomic():
        record(Person(people.owner), "set", kind="score", of=1, name="Support of Acme", account_id="acme",
               before={"score": 40, "same": 1}, after={"score": 70, "same": 1})  # fmt: skip
        record(Person(people.admin, "api"), "renamed", kind="team", of=2, name="West", before={"name": "=1+1"},
               after={"name": "West"})  # fmt: skip


@pytest.mark.usefixtures("changes")
def test_before_and_after_are_shown_and_what_stayed_is_not(as_admin: Client) -> None:
    page = as_admin.get("/configure/audit/").content.decode()
    assert "<del>40</del>" in page
    assert "<ins>70</ins>" in page
    assert "same" not in page


@pytest.mark.usefixtures("changes")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=team", ["West"]),
        ("account=acme", ["Support of Acme"]),
        ("first=2020-01-01&last=2020-02-01", []),
        ("first=2020-01-01", ["West", "Support of Acme"]),
    ],
)
def test_it_is_searched(as_admin: Client, query: str, found: list[str]) -> None:
    page = as_admin.get(f"/configure/audit/?{query}").content.decode()
    assert re.findall(r"<strong>(.*?)</strong>", page) == found


@pytest.mark.usefixtures("changes")
def test_it_is_searched_by_person(as_admin: Client, people: People) -> None:
    page = as_admin.get(f"/configure/audit/?person={people.owner.pk}").content.decode()
    assert re.findall(r"<strong>(.*?)</strong>", page) == ["Support of Acme"]


def test_a_day_that_is_none_is_told_and_kept(as_admin: Client, people: People) -> None:
    page = as_admin.get("/configure/audit/?first=yesterday")
    assert page.status_code == 422
    assert "Enter a valid date" in page.content.decode()


def test_a_last_day_is_included(as_admin: Client, people: People) -> None:
    with transaction.atomic():
        record(Person(people.owner), "made", kind="x", of=1, name="At noon")
    Change.objects.update(at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    for query, seen in (
        ("first=2026-03-04&last=2026-03-04", True),
        ("last=2026-03-03", False),
        ("first=2026-03-05", False),
    ):
        assert ("At noon" in as_admin.get(f"/configure/audit/?{query}").content.decode()) is seen


@pytest.mark.slow
def test_pages_follow_each_other_without_losing_or_doubling_one(as_admin: Client, people: People) -> None:
    with transaction.atomic():
        for number in range(120):
            record(Person(people.owner), "made", kind="x", of=number, name=f"n{number:03}")
    Change.objects.filter(object_id__lt="5").update(at=datetime(2026, 3, 4, tzinfo=UTC))  # many at one moment
    seen: list[str] = []
    query = "?kind=x"
    while query:
        page = as_admin.get(f"/configure/audit/{query}").content.decode()
        seen += re.findall(r"<strong>(n\d+)</strong>", page)
        found = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        query = found.group(1).replace("&amp;", "&") if found else ""
    assert sorted(seen) == [f"n{number:03}" for number in range(120)]


@pytest.mark.usefixtures("changes")
def test_the_file_holds_what_was_sought_and_no_formula(as_admin: Client) -> None:
    answer = as_admin.get("/configure/audit.csv?kind=team")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["name"], row["who"], row["origin"]) for row in rows] == [("West", "Ari", "api")]
    with transaction.atomic():
        record(Person(Change.objects.all()[0].user), "x", kind="odd", of=1, name="=HYPERLINK(1)")  # type: ignore[arg-type]
    odd = b"".join(as_admin.get("/configure/audit.csv?kind=odd").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK" in odd
