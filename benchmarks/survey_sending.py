"""A survey for 100,000 people: deciding whom it asks, inviting them, writing letters, and answering a page.

Times are of this process and of a PostgreSQL of its own, on the clock. By hand: one statement each by somebody who
knows the tables, into tables like ours; the draw is another one, so counts agree but for chance.

python benchmarks/survey_sending.py            100,000 people at 20,000 accounts
python benchmarks/survey_sending.py --quick    4,000 people at 800 accounts
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from installed.place import installation
from measuring.contender import timed
from measuring.report import Ratio, print_ratios, print_setting
from surveying import sending_by_hand

if TYPE_CHECKING:
    from keepwell.apps.surveys.models import Invitation

PLAN, INVITE, LETTERS, AGAIN = "plan: whom it would ask", "decide and invite", "letters into the outbox", "plan again"
WRITTEN, ANSWERS = 500, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="4,000 people at 800 accounts")
    parser.add_argument("--people", type=int, help="so many people")
    parser.add_argument("--accounts", type=int, help="at so many accounts")
    given = parser.parse_args()
    people = given.people or (4_000 if given.quick else 100_000)
    accounts = given.accounts or (800 if given.quick else 20_000)
    print_setting("keepwell", "django", "psycopg")
    print(f"{people:,} people at {accounts:,} accounts\n")
    with tempfile.TemporaryDirectory(prefix="kw-") as folder, installation(Path(folder), KEEPWELL_DEBUG="true") as url:
        from surveying.asked import fill

        fill(people, accounts)
        with psycopg.connect(url, autocommit=True) as connection:
            sending_by_hand.prepare(connection)
            by_hand = _by_hand(connection)
        ours = _ours()
        _must_agree(people, ours[INVITE][0], by_hand[INVITE][0])
        ratios = [
            *(Ratio(f"{name}, Keepwell / by hand", ours[name][1] / by_hand[name][1]) for name in ours),
            *_of_one(ours[INVITE][1] / ours[INVITE][0]),
        ]
    print_ratios(ratios)


def _ours() -> dict[str, tuple[int, float]]:
    """How many, and seconds, by step."""
    from django.utils import timezone

    from keepwell.apps.access.actors import System
    from keepwell.apps.surveys.operations import send
    from keepwell.apps.surveys.sending.inviting import carry_out
    from keepwell.apps.surveys.sending.queueing import queue_letters
    from keepwell.apps.surveys.whom.deciding import plan

    actor = System("benchmark")
    before = _step(PLAN, lambda: plan(actor, "nps", timezone.now()).asked)
    row = send(actor=actor, survey="nps")
    return {
        PLAN: before,
        INVITE: _step(INVITE, lambda: carry_out(row.pk).planned),
        LETTERS: _step(LETTERS, queue_letters),
        AGAIN: _step(AGAIN, lambda: plan(actor, "nps", timezone.now()).asked),
    }


def _by_hand(connection: psycopg.Connection) -> dict[str, tuple[int, float]]:
    def planned() -> int:
        return sending_by_hand.plan(connection).get("asked", 0)

    return {
        PLAN: _step(f"{PLAN}, by hand", planned),
        INVITE: _step(f"{INVITE}, by hand", partial(sending_by_hand.invite, connection)),
        LETTERS: _step(f"{LETTERS}, by hand", partial(sending_by_hand.queue_letters, connection)),
        AGAIN: _step(f"{AGAIN}, by hand", planned),
    }


def _step(name: str, work: Callable[[], int]) -> tuple[int, float]:
    count, took = timed(work)
    print(
        f"  {name:<34} {count:>8,} in {took.best:7.2f} s, {took.processor_seconds:6.2f} s of this process", flush=True
    )
    return count, took.best


def _must_agree(people: int, mine: int, theirs: int) -> None:
    if abs(mine - theirs) > 0.02 * people + 10:
        sys.exit(f"by hand it is otherwise: {theirs:,} are asked instead of {mine:,}")


def _of_one(inviting: float) -> list[Ratio]:
    """What a letter and a page of the survey take, the letter beside the invitation that it carries."""
    from django.test import Client

    from keepwell.apps.surveys.models import Invitation
    from keepwell.apps.surveys.sending.letters import compose

    some = list(Invitation.objects.all()[:WRITTEN])
    _, letters = timed(lambda: [compose(str(one.pk)) for one in some])
    browser, path = Client(HTTP_HOST="localhost"), _address(some[0])
    pages = [_each(browser, asked) for asked in (path, f"/s/{'x' * 27}")]
    return [
        Ratio("a letter written", letters.best / len(some) * 1000, unit="ms"),
        Ratio("a letter written / somebody invited", letters.best / len(some) / inviting),
        Ratio("a page of the survey", pages[0] * 1000, unit="ms"),
        Ratio("a link that opens nothing / a page of the survey", pages[1] / pages[0]),
    ]


def _address(one: Invitation) -> str:
    from keepwell.apps.surveys.tokens import token_of

    return f"/s/{token_of(one.key)}"


def _each(browser: Any, path: str) -> float:
    browser.get(path)
    _, took = timed(lambda: [browser.get(path) for _ in range(ANSWERS)])
    return took.best / ANSWERS


if __name__ == "__main__":
    main()
