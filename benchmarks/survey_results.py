#!/usr/bin/env python3
"""Results of a survey with 100,000 responses: what a page takes at first, and what it takes from then on.

    python benchmarks/survey_results.py [--responses 100000] [--accounts 20000]

Needs no server: a database of its own is started below a temporary folder. Times are of this process, database
included (wall clock, the best of five); processor time of the process stands beside it.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

SURVEY = """\
surveys:
  nps:
    questions:
      - {name: recommend, kind: nps, text: Recommend?}
      - {name: ease, kind: ces, text: Easy?}
      - name: missing
        kind: single_choice
        text: What is missing?
        choices: [{value: speed, text: Speed}, {value: features, text: Features}, {value: price, text: Price}]
      - name: used
        kind: multiple_choice
        text: What do you use?
        choices: [{value: api, text: API}, {value: web, text: Web}, {value: app, text: App}]
      - {name: details, kind: text, text: Tell us more}
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--responses", type=int, default=100_000)
    given.add_argument("--accounts", type=int, default=20_000)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KEEPWELL_DATA_DIR"] = folder
        from keepwell.server.postgres import embedded_postgres

        with embedded_postgres(Path(folder)) as url:
            os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="keepwell.server.settings")
            os.environ["KEEPWELL_DEBUG"] = "true"
            _measure(asked.responses, asked.accounts)


def _measure(responses: int, accounts: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    owner = _fill(responses, accounts)
    from django.test import Client
    from django.test.utils import setup_test_environment

    from keepwell.apps.surveys.results.answered import _SHELF

    setup_test_environment()
    everybody, own = Client(), Client()
    everybody.force_login(owner[0])
    own.force_login(owner[1])
    print(f"{responses:,} responses of {accounts:,} accounts")
    for name, client, path in (
        ("results, all accounts", everybody, "/surveys/nps/"),
        ("results, a tenth of them", own, "/surveys/nps/"),
        ("results by stage", everybody, "/surveys/nps/?by=stage&period=week"),
        ("comments with words", everybody, "/surveys/nps/comments/?words=slow&group=detractors"),
        ("responses", everybody, "/surveys/nps/responses/"),
        ("the list of surveys", everybody, "/surveys/"),
    ):

        def once(client: Any = client, path: str = path) -> None:
            assert client.get(path).status_code == 200

        _SHELF.cache_clear()
        first = _timed(once)
        best = min(_timed(once) for _ in range(5))
        print(f"  {name:28} first {first[0] * 1000:6.0f} ms ({first[1] * 1000:.0f} cpu), "
              f"then {best[0] * 1000:5.0f} ms ({best[1] * 1000:.0f} cpu)")  # fmt: skip
    _one_more()
    after = _timed(lambda: everybody.get("/surveys/nps/"))
    print(f"  {'after one new response':28} {after[0] * 1000:.0f} ms ({after[1] * 1000:.0f} cpu)")


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _fill(responses: int, accounts: int) -> tuple[Any, Any]:
    from django.utils import timezone

    from keepwell.apps.access.actors import System
    from keepwell.apps.access.models import User
    from keepwell.apps.configuration.operations import publish
    from keepwell.apps.customers.models import Account
    from keepwell.apps.surveys.editions import in_force, keep_edition
    from keepwell.apps.surveys.models import Invitation, Response

    files = {"keepwell.yaml": "time_zone: Europe/Berlin\n", "surveys.yaml": SURVEY}
    publish(actor=System("benchmark"), files=files, note="First")
    every = User.objects.create_user("a@b.example", "a-long-password", name="A", role="manager", reach="all")
    own = User.objects.create_user("c@b.example", "a-long-password", name="C", role="csm", reach="own")
    Account.objects.bulk_create(
        [Account(pk=f"a{one}", name=f"Account {one}", owner=own if one % 10 == 0 else every, in_population=True,
                 segments=[("large", "small")[one % 2]], stage=("live", "onboarding")[one % 2])
         for one in range(accounts)], batch_size=5000,
    )  # fmt: skip
    survey, version = in_force("nps")
    keep_edition("nps", version, survey)
    draw, now = random.Random(7), timezone.now()
    Invitation.objects.bulk_create(
        [Invitation(survey="nps", version=version, token_hash=str(one), account_id=f"a{one % accounts}", language="en",
                    channel="email", asked_at=(at := now - timedelta(minutes=one * 5)), sent_at=at)
         for one in range(responses)], batch_size=5000,
    )  # fmt: skip
    invited = Invitation.objects.order_by("pk").values_list("pk", "asked_at", "account_id").iterator(5000)
    Response.objects.bulk_create(
        [Response(survey="nps", version=version, invitation_id=pk, account_id=account, status="finished",
                  channel="email", answers=_answers(draw), started_at=at, touched_at=at, answered_at=at, recorded_at=at)
         for pk, at, account in invited], batch_size=5000,
    )  # fmt: skip
    return every, own


def _answers(draw: random.Random) -> dict[str, Any]:
    answers: dict[str, Any] = {"recommend": draw.randint(0, 10), "ease": draw.randint(1, 7)}
    answers["missing"] = draw.choice(["speed", "features", "price"])
    answers["used"] = draw.sample(["api", "web", "app"], draw.randint(1, 3))
    if draw.random() < 0.4:
        answers["details"] = draw.choice(["Too slow for us", "The team likes it", "Support answers quickly"])
    return answers


def _one_more() -> None:
    from django.utils import timezone

    from keepwell.apps.surveys.models import Response

    held = Response.objects.order_by("pk")[0]
    now = timezone.now()
    Response.objects.create(
        survey="nps", version=held.version, account_id="a0", status="finished", answers=held.answers,
        started_at=now, touched_at=now, answered_at=now, recorded_at=now,
    )  # fmt: skip


if __name__ == "__main__":
    main()
