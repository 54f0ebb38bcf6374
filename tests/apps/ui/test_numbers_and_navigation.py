"""How pages write numbers, and where they say one is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.models import Account
from keepwell.apps.ui.context import Who, _frame
from keepwell.apps.ui.templatetags.ui import rounded, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [(-6.0, "−6.0"), (10.55, "+10.6"), (0.04, "0.0"), (3, "+3"), (0, "0"), (Decimal("-7"), "−7"), (None, "–")],
)
def test_a_column_of_changes_has_one_decimal_and_counts_have_none(value: object, text: str) -> None:
    assert signed(value) == text


def test_sentences_of_the_engine_are_rounded_as_pages_round(db: None) -> None:
    said = "use went from -16.6667 to 0.43481 on 2026-06-17, version 1.2.3: it scores 10 instead of 60.5"
    assert rounded(said) == "use went from −16.67 to 0.435 on 2026-06-17, version 1.2.3: it scores 10 instead of 60.5"


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/customers/", "/portfolio/movers/", "/portfolio/renewals/", "/lifecycle/", "/lists/", "/scores/"]
)
def test_what_is_about_customers_stands_under_customers(path: str, company: Account, as_owner: Client) -> None:
    page = as_owner.get(path).content.decode()
    sidebar = page[page.index("sidebar") : page.index("</nav>")]
    current = sidebar[: sidebar.index('aria-current="page"')]
    assert current.rindex('href="/customers/"') > current.rindex('href="/"')
    assert 'href="/timeline/"' not in current


@pytest.mark.slow
def test_who_has_no_customers_enters_scores_for_those_of_others(company: Account, as_admin: Client) -> None:
    page = as_admin.get("/scores/executive_relationship/").content.decode()
    assert "Acme Inc" in page
    assert "Acme Inc" not in as_admin.get("/scores/executive_relationship/?accounts=mine").content.decode()


def _configure(permitted: set[Permission], path: str) -> dict[str, tuple[str, bool, list[str]]]:
    frame = _frame(Who("Mo", "mo@test.example", "manager"), frozenset(permitted), "auto", path)
    return {one.title: (one.path, one.current, [item.section.title for item in one.items]) for one in frame.configure}


def test_configure_is_in_groups_and_each_leads_to_its_first_page() -> None:
    found = _configure(set(Permission), "/configure/sync-runs/3/")
    assert {title: (path, current) for title, (path, current, _) in found.items()} == {
        "Health model": ("/configure/scorecards/", False),
        "Rules and playbooks": ("/configure/rules/", False),
        "Voice of customers": ("/configure/surveys/", False),
        "Reports": ("/configure/dashboards/", False),
        "Data": ("/configure/connectors/", True),
        "People and system": ("/configure/people/", False),
    }
    assert max(len(pages) for _, _, pages in found.values()) <= 6


def test_groups_hold_what_one_may_see_alone() -> None:
    found = _configure({Permission.VIEW, Permission.CONFIGURE}, "/configure/rules/")
    assert "People and system" not in found
    assert "Identity" not in found["Data"][2]
    assert _configure({Permission.VIEW, Permission.RUN}, "/configure/runs/") == {
        "Health model": ("/configure/runs/", True, ["Runs"])
    }


@pytest.mark.slow
def test_a_page_of_configure_shows_the_pages_of_its_group(company: Account, as_admin: Client) -> None:
    page = as_admin.get("/configure/teams/").content.decode()
    assert '<a href="/configure/people/" aria-current="true">People and system</a>' in page
    assert '<a href="/configure/teams/" aria-current="page">Teams</a>' in page
    assert "Write keys" not in page
