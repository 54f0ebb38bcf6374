"""The demo's customers have people and a timeline, made once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.apps.timeline.types import BUILT_IN
from keepwell.server.demo_life import enliven
from keepwell.simulation import simulate

END = date(2026, 10, 31)


@pytest.mark.slow
def test_people_and_entries_are_read_off_the_facts_once(db: None, tmp_path: Path) -> None:
    simulate(tmp_path, end=END, accounts=12, seed=7)
    for name, title, fields in BUILT_IN:
        EntryType.objects.get_or_create(name=name, defaults={"title": title, "fields": fields, "own": False})
    team = Team.objects.create(name="Customer success")
    ada = User.objects.create_user("ada@test.example", "a-long-password", name="Ada Kestrel", role=Role.CSM,
                                   reach=Reach.ALL, team=team)  # fmt: skip
    for _ in range(2):
        enliven(tmp_path / "data", END, seed=7)
        people, entries = Person.objects.count(), TimelineEntry.objects.count()
        assert people > 5
        assert entries > 20
    assert Person.objects.filter(is_sponsor=True).exists()
    assert TimelineEntry.objects.filter(author="Ada Kestrel", author_user=ada).exists()
    assert set(TimelineEntry.objects.values_list("type__name", flat=True)) >= {"call", "milestone"}
    assert not TimelineEntry.objects.filter(occurred_at__date__gt=END).exists()
    some = TimelineEntry.objects.filter(type__name="call").first()
    assert some is not None
    Account.objects.create(pk=some.account_id, name="Acme", in_population=True)
    client = Client()
    client.force_login(ada)
    assert client.get(f"/timeline/{some.pk}/").status_code == 200
