"""Simulated companies that several tests read, each made once."""

from __future__ import annotations

from datetime import date

import pytest

from keepwell.simulation import Summary, simulate

from .asking import Ask, asking

END = date(2026, 10, 31)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """200 accounts over two years, with everything in it."""
    return simulate(tmp_path_factory.mktemp("company"), end=END, accounts=200)


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """3,000 small accounts over a year: enough of them for shares and correlations."""
    folder = tmp_path_factory.mktemp("crowd")
    return simulate(folder, end=END, accounts=3_000, days=365, seats=(3.0, 5.0, 8.0), effect=1.0)


@pytest.fixture(scope="session")
def ask(company: Summary) -> Ask:
    return asking(company)


@pytest.fixture(scope="session")
def ask_crowd(crowd: Summary) -> Ask:
    return asking(crowd)
