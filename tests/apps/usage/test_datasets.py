"""The datasets of events come into the definitions with the first write key, and take nobody's place."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.usage.datasets import DATASETS
from keepwell.apps.usage.operations.write_keys import create_write_key
from keepwell.definitions.project import Project

pytestmark = pytest.mark.django_db

ACTOR = System("test")
ACCOUNTS = "datasets:\n  accounts: {role: accounts, table: accounts, key: id}\n"
TAKEN = "datasets:\n  events: {table: my_events, account: account, occurred_at: at}\n"


def published(**files: str) -> None:
    publish(actor=ACTOR, files={f"{name}.yaml": text for name, text in files.items()}, note="Definitions")


def in_force() -> Project:
    version = current_version()
    assert version is not None
    return project_of(version.files)


def tables() -> dict[str, str | None]:
    return {name: one.table for name, one in in_force().datasets.items()}


@pytest.mark.slow
def test_the_first_key_brings_the_datasets_as_a_change_of_their_own() -> None:
    published(accounts=ACCOUNTS)
    create_write_key(actor=ACTOR, name="a")
    assert tables() == {"accounts": "accounts", "events": "keepwell.events", "usage_daily": "keepwell.usage_daily"}
    version = current_version()
    assert version is not None
    assert version.files["live.yaml"] == DATASETS
    assert (version.number, version.note) == (2, "What write keys send can be measured: the datasets of events")
    assert Change.objects.filter(object_kind="version", action="published", object_id="2").exists()
    create_write_key(actor=ACTOR, name="b")
    assert Version.objects.count() == 2


@pytest.mark.slow
def test_names_that_are_taken_stay_with_who_has_them() -> None:
    published(accounts=ACCOUNTS, live=TAKEN)
    create_write_key(actor=ACTOR, name="a")
    assert tables() == {
        "accounts": "accounts", "events": "my_events", "live_events": "keepwell.events",
        "usage_daily": "keepwell.usage_daily",
    }  # fmt: skip
    version = current_version()
    assert version is not None
    assert version.files["live.yaml"] == TAKEN


@pytest.mark.slow
def test_who_has_them_or_took_them_out_gets_them_no_second_time() -> None:
    published(accounts=ACCOUNTS, mine=DATASETS)
    create_write_key(actor=ACTOR, name="a")
    assert Version.objects.count() == 1
    published(accounts=ACCOUNTS)
    create_write_key(actor=ACTOR, name="b")
    assert set(tables()) == {"accounts"}


@pytest.mark.slow
def test_where_nothing_is_published_the_next_key_brings_them() -> None:
    create_write_key(actor=ACTOR, name="a")
    assert not Version.objects.exists()
    published(accounts=ACCOUNTS)
    create_write_key(actor=ACTOR, name="b")
    assert "events" in tables()


@pytest.mark.slow
def test_the_page_brings_them_too(as_admin: Client, as_owner: Client) -> None:
    published(accounts=ACCOUNTS)
    assert as_owner.post("/configure/write-keys/", {"name": "Web"}).status_code == 403
    assert Version.objects.count() == 1
    as_admin.post("/configure/write-keys/", {"name": "Web"})
    assert "events" in tables()
