"""axe finds nothing on any page, light and dark, wide and narrow; and the browser complains of nothing."""

from __future__ import annotations

import re

import pytest

from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults, faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

CUSTOMER = (
    "/customers/acme/",
    "/customers/zeta/",
    *(
        f"/customers/zeta/panels/{name}/"
        for name in ("scorecard", "reach", "history", "change", "benchmark", "feedback", "audit")
    ),
    "/customers/acme/metrics/logins_28d/rows/",
    "/me/layout/",
    "/no/such/page/",
)


def test_axe_finds_nothing(visitor: Visitor, company: Account, people: People) -> None:
    found = [f"signing in: {one}" for one in faults(visitor.opens("/accounts/login/"))]
    visitor.signs_in(people.admin.email)
    found += faults_of(visitor, [*_sections(visitor), *CUSTOMER], details=4)
    assert found == [], "\n".join(found)
    assert [said for said in visitor.complaints if "/no/such/page/" not in said] == []


def test_nothing_jumps_when_panels_arrive(visitor: Visitor, company: Account, people: People) -> None:
    """The browser's own measure of layout shift over the load of the page: below 0.1 is good, here it is 0.02."""
    visitor.signs_in(people.owner.email)
    visitor.page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(one => window.shift += one.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page = visitor.opens("/customers/acme/")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.02


def _sections(visitor: Visitor) -> list[str]:
    """Every section of the sidebar with what it links to at once, as far as it is a page."""
    page = visitor.opens("/")
    found = page.eval_on_selector_all(".sidebar ul a", "all => all.map(one => one.pathname)")
    visitor.opens("/configure/")
    groups = page.eval_on_selector_all(".tabs.groups a", "all => all.map(one => one.pathname)")
    for path in (*list(found), *groups):
        visitor.opens(path)
        links = page.eval_on_selector_all("main a:not([download])", "all => all.map(one => one.pathname)")
        found += [
            link for link in links if re.match(r"/(configure|timeline|notices|portfolio|lifecycle|lists|scores)", link)
        ]
    return [path for path in dict.fromkeys(found) if not path.endswith((".csv", ".json", ".yaml", ".xlsx"))][:40]
