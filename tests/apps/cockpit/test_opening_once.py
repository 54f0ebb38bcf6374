"""Two workers open the same call at once: there is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.opening import Wanted, open_call
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.models import TimelineEntry

pytestmark = pytest.mark.slow
WORKERS = 4
WANTED = Wanted(type="risk", reason="turned_red", title="Talk to the sponsor")


@pytest.mark.django_db(transaction=True)
def test_one_call_however_many_open_it_at_once() -> None:
    Account.objects.create(id="acme", name="Acme", in_population=True)
    together = Barrier(WORKERS)

    def work(number: int) -> bool:
        try:
            together.wait(10)
            return open_call(actor=System(f"worker {number}"), account_id="acme", wanted=WANTED).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        new = list(pool.map(work, range(WORKERS)))
    assert sorted(new) == [False, False, False, True]
    call = CallToAction.objects.get()
    assert call.times_opened == WORKERS
    assert call.measurements.count() == 1
    assert TimelineEntry.objects.filter(account_id="acme").count() == 1


def test_the_database_itself_allows_one_open_call_a_reason(db: None) -> None:
    account = Account.objects.create(id="acme", name="Acme")
    open_call(actor=System("tests"), account_id="acme", wanted=WANTED)
    now = timezone.now()
    same = {"account": account, "type": "risk", "reason": "turned_red", "title": "Again", "opened_at": now,
            "last_opened_at": now}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        CallToAction.objects.create(**same)
    CallToAction.objects.create(**same, status="closed", outcome="failed")
    with pytest.raises(IntegrityError), transaction.atomic():
        CallToAction.objects.create(**same, status="closed")
