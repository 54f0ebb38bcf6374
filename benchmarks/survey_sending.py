#!/usr/bin/env python3
"""A survey for 100,000 people: deciding whom it asks, inviting them, writing letters, and answering a page.

    python benchmarks/survey_sending.py [--people 100000] [--accounts 20000]

Needs no server: a database of its own is started below a temporary folder. Times are of this process, database
included (wall clock); processor time of the process stands beside it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SURVEY = """\
surveys:
  nps:
    questions:
      - {name: recommend, kind: nps, text: Recommend?, required: true}
      - {name: why, kind: text, text: Why?}
    audience: {people: role = 'admin' or is_sponsor}
    distribution: [email, personal_link]
    email: {subject: "One question, {contact.name}", text: "Dear {contact.name} of {account.name}, {link}"}
    sample: 90%
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--people", type=int, default=100_000)
    given.add_argument("--accounts", type=int, default=20_000)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KEEPWELL_DATA_DIR"] = folder
        from keepwell.server.postgres import embedded_postgres

        with embedded_postgres(Path(folder)) as url:
            os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="keepwell.server.settings")
            os.environ["KEEPWELL_DEBUG"] = "true"
            _measure(asked.people, asked.accounts)


def _measure(people: int, accounts: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill(people, accounts)
    from django.utils import timezone

    from keepwell.apps.access.actors import System
    from keepwell.apps.surveys.models import Invitation
    from keepwell.apps.surveys.operations import send
    from keepwell.apps.surveys.sending.inviting import carry_out
    from keepwell.apps.surveys.sending.letters import compose
    from keepwell.apps.surveys.sending.queueing import queue_letters
    from keepwell.apps.surveys.whom.deciding import plan

    actor = System("benchmark")
    print(f"{people:,} people at {accounts:,} accounts")
    _timed("plan: whom it would ask", lambda: plan(actor, "nps", timezone.now()))
    row = send(actor=actor, survey="nps")
    _timed("decide and invite, in one transaction", lambda: carry_out(row.pk))
    _timed("letters into the outbox", queue_letters)
    _timed("plan again, everybody asked", lambda: plan(actor, "nps", timezone.now()))
    some = list(Invitation.objects.values_list("pk", flat=True)[:500])
    each = _timed("500 letters written", lambda: [compose(str(pk)) for pk in some]) / 500
    print(f"{Invitation.objects.count():,} invited; a letter takes {each * 1000:.1f} ms to write")
    _answer(some[0])


def _answer(number: int) -> None:
    from django.test import Client

    from keepwell.apps.surveys.models import Invitation
    from keepwell.apps.surveys.tokens import token_of

    path = f"/s/{token_of(Invitation.objects.get(pk=number).key)}"
    browser = Client(HTTP_HOST="localhost")
    browser.get(path)
    for name, asked in (("a page of a survey", path), ("a link that opens nothing", f"/s/{'x' * 27}")):
        began = time.perf_counter()
        for _ in range(20):
            browser.get(asked)
        print(f"{name:45} {(time.perf_counter() - began) / 20 * 1000:8.1f} ms")


def _fill(people: int, accounts: int) -> None:
    from keepwell.apps.access.actors import System
    from keepwell.apps.configuration.operations import publish
    from keepwell.apps.customers.models import Account, Person, PersonalData

    publish(actor=System("benchmark"), files={"surveys.yaml": SURVEY}, note="Benchmark")
    Account.objects.bulk_create((Account(id=f"a{n}", name=f"Account {n}") for n in range(accounts)), batch_size=5000)
    made = Person.objects.bulk_create(
        (Person(account_id=f"a{n % accounts}", role="admin") for n in range(people)), batch_size=5000
    )
    PersonalData.objects.bulk_create(
        (PersonalData(person=one, name=f"P {n}", email=f"p{n}@a.example") for n, one in enumerate(made)),
        batch_size=5000,
    )


def _timed(name: str, work: Callable[[], Any]) -> float:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name:45} {wall:8.2f} s, {processor:6.2f} s of processor")
    return wall


if __name__ == "__main__":
    main()
