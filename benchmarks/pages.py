"""How soon do lists answer with 100,000 accounts and 20,000 open calls? Sixteen people at once, two web processes.

A PostgreSQL of its own is filled with accounts, health and current values; granian serves the application on a free
loopback port; sixteen clients ask one after another, each waiting for its answer. Load generator, web and database
share the machine's cores.

python benchmarks/pages.py            100,000 accounts, 300 requests of each view
python benchmarks/pages.py --quick    10,000 accounts, 80 requests of each view
python benchmarks/pages.py --only calls rule    the views with one of these words in their name
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from installed.place import installation
from measuring.report import Ratio, print_ratios, print_setting
from page_load.asking import NUMBER, Answered, ask, session_cookies
from page_load.serving import free_port, served

CLIENTS = 16
INDEXED, OTHER = 100.0, 400.0  # milliseconds, 95th percentile
VIEWS = {
    "default view": ("/customers/", INDEXED),
    "band": ("/customers/?label=red", INDEXED),
    "CSM": ("/customers/?csm={csm}", INDEXED),
    "stage": ("/customers/?stage=renewing", INDEXED),
    "segment": ("/customers/?segment=large", INDEXED),
    "list": ("/customers/?list={list}", INDEXED),
    "renewal within 30 days": ("/customers/?renews_within=30", INDEXED),
    "ARR range": ("/customers/?arr_from=50k&arr_to=51k", INDEXED),
    "ARR range, each time another": ("/customers/?arr_from=1&arr_to={number}", INDEXED),
    "words": ("/customers/?q=north+4711", INDEXED),
    "sorted by score": ("/customers/?sort=score", INDEXED),
    "expression, common": ("/customers/?where=seats+%3E+100+and+score+%3C+60", OTHER),
    "expression, rare": ("/customers/?where=metric_7+%2F+metric_3+%3E+4000+and+plan+%3D+%27gold%27", OTHER),
    "expression, segment and change": ("/customers/?where=in_segment(%27large%27)+and+change+%3C+-9.5", OTHER),
    "calls, most at risk first": ("/cockpit/", INDEXED),
    "calls by due date": ("/cockpit/?sort=due", INDEXED),
    "calls, page 50": ("/cockpit/?page=50", INDEXED),
    "calls of a CSM": ("/cockpit/?owner={csm}", INDEXED),
    "calls that are overdue": ("/cockpit/?due=overdue", INDEXED),
    "calls by words": ("/cockpit/?q=north+customer+4711", INDEXED),
    "calls on the board": ("/cockpit/board/", OTHER),
    "calls in a month": ("/cockpit/calendar/?whose=all&on=2026-11-01", OTHER),
    "calls, register of risks": ("/cockpit/risks/", OTHER),
    "stages": ("/lifecycle/", OTHER),
    "stage, its accounts": ("/lifecycle/onboarding/", INDEXED),
    "rules": ("/configure/rules/", INDEXED),
    "rule": ("/configure/rules/rule_0/", INDEXED),
    "rules, runs": ("/configure/rule-runs/", INDEXED),
    "rules, a run of 20,000 effects": ("/configure/rules/runs/{run}/", INDEXED),
    "total of everything": ("/totals/customers/", OTHER),
    "total of an expression": ("/totals/customers/?where=metric_7+%3E+500", OTHER),
}


def measured(accounts: int, requests: int, clients: int, only: Sequence[str]) -> list[tuple[str, Answered, float]]:
    found = []
    with tempfile.TemporaryDirectory(prefix="kw-") as folder, installation(Path(folder)):
        from page_load.portfolio import fill

        names = fill(accounts)
        with served(port := free_port(), processes=2):
            cookies = session_cookies(clients)
            for what, (pattern, bar) in VIEWS.items():
                if only and not any(word in what for word in only):
                    continue
                address = pattern.format(**names, number=NUMBER)
                ask(port, address, cookies, requests=4 * clients)  # processes warm their caches
                answered = ask(port, address, cookies, requests=requests)
                print(f"  {what:<32} {answered}", flush=True)
                found.append((what, answered, bar))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10,000 accounts, 80 requests of each view")
    parser.add_argument("--accounts", type=int, help="so many accounts")
    parser.add_argument("--requests", type=int, help="so many requests of each view")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="so many clients at once")
    parser.add_argument("--only", nargs="*", default=(), help="the views with one of these words in their name")
    given = parser.parse_args()
    accounts = given.accounts or (10_000 if given.quick else 100_000)
    requests = given.requests or (80 if given.quick else 300)
    print_setting("keepwell", "django", "granian", "jinja2", "psycopg")
    print(f"{accounts:,} accounts, {given.clients} clients at once, {requests} requests of each view\n")
    found = measured(accounts, requests, given.clients, given.only)
    print_ratios(
        [Ratio(f"{what}, 95th percentile", one.p95, at_most=bar, unit="ms", digits=0) for what, one, bar in found]
    )
    wrong = [what for what, one, _ in found if one.failed]
    if wrong:
        sys.exit(f"not every answer was a page: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
