"""How pages write numbers, and where they say one is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from keepwell.apps.customers.models import Account
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
@pytest.mark.parametrize("path", ["/customers/", "/portfolio/movers/", "/portfolio/renewals/", "/lists/", "/scores/"])
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
