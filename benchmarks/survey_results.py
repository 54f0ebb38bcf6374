"""Results of a survey with 100,000 responses: what a page takes at first, and what it takes from then on.

Whole pages as a browser gets them, in this process and with a PostgreSQL of its own. By hand: the figures of the page
alone, as SQL of somebody who knows the tables, asked anew each time as such pages do; no page is drawn of them.

python benchmarks/survey_results.py            100,000 responses of 20,000 accounts
python benchmarks/survey_results.py --quick    5,000 responses of 1,000 accounts
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from installed.place import installation
from measuring.contender import timed
from measuring.report import Ratio, print_ratios, print_setting
from surveying import results_by_hand

if TYPE_CHECKING:
    from keepwell.apps.access.models import User

RUNS = 5
ADDRESSES = {
    "results, all accounts": "/surveys/nps/",
    "results, a tenth of them": "/surveys/nps/",
    "results by stage": "/surveys/nps/?by=stage&period=week",
    "comments with words": "/surveys/nps/comments/?words=slow&group=detractors",
    "responses": "/surveys/nps/responses/",
    "the list of surveys": "/surveys/",
}


@dataclass(frozen=True)
class Took:
    """Seconds: of the first page of a process, of the best after it, and of the best by hand."""

    first: float
    then: float
    by_hand: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5,000 responses of 1,000 accounts")
    parser.add_argument("--responses", type=int, help="so many responses")
    parser.add_argument("--accounts", type=int, help="of so many accounts")
    given = parser.parse_args()
    responses = given.responses or (5_000 if given.quick else 100_000)
    accounts = given.accounts or (1_000 if given.quick else 20_000)
    print_setting("keepwell", "django", "psycopg")
    print(f"{responses:,} responses of {accounts:,} accounts\n")
    with tempfile.TemporaryDirectory(prefix="kw-") as folder, installation(Path(folder), KEEPWELL_DEBUG="true") as url:
        took, after = _measured(url, responses, accounts)
    print_ratios(_ratios(took, after))


def _measured(url: str, responses: int, accounts: int) -> tuple[dict[str, Took], float]:
    """What each page took, and the page of results after one more response."""
    from surveying.answered import counted, fill, one_more

    every, own = fill(responses, accounts)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        if counted(every) != (by_hand := results_by_hand.counted(connection)):
            sys.exit(f"by hand it is otherwise: {counted(every)}, {by_hand}")
        _get(_client(every), "/surveys/")  # modules and templates are loaded
        took = {name: _page(name, connection, every, own) for name in ADDRESSES}
    one_more()
    _, after = timed(partial(_get, _client(every), ADDRESSES["results, all accounts"]))
    print(f"  {'after one new response':<28} {after.best * 1000:.0f} ms")
    return took, after.best


def _page(name: str, connection: psycopg.Connection, every: User, own: User) -> Took:
    from keepwell.apps.surveys.results.answered import _SHELF

    get = partial(_get, _client(own if "a tenth" in name else every), ADDRESSES[name])
    _SHELF.cache_clear()
    _, first = timed(get)
    _, then = timed(get, RUNS)
    _, by_hand = timed(partial(results_by_hand.ask, connection, results_by_hand.statements(name), own.pk), RUNS)
    took = Took(first.best, then.best, by_hand.best)
    print(f"  {name:<28} first {took.first * 1000:6.0f} ms, then {took.then * 1000:5.0f} ms "
          f"({then.processor_seconds * 1000:.0f} cpu), by hand {took.by_hand * 1000:6.1f} ms", flush=True)  # fmt: skip
    return took


def _client(user: User) -> Any:
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def _get(client: Any, path: str) -> None:
    status = client.get(path).status_code
    assert status == 200, f"{path} answered {status}"


def _ratios(took: dict[str, Took], after: float) -> list[Ratio]:
    results = took["results, all accounts"]
    return [
        *(Ratio(f"{name}, page / figures by hand", one.then / one.by_hand) for name, one in took.items()),
        Ratio("first page of results / figures by hand", results.first / results.by_hand),
        Ratio("after one new response / figures by hand", after / results.by_hand),
    ]


if __name__ == "__main__":
    main()
