"""Reaching a number of usage rows that somebody asked for."""

from __future__ import annotations

from dataclasses import replace

from keepwell.errors import RequestRefused
from keepwell.simulation.adoption import draw_adoption
from keepwell.simulation.blocks import draw_block
from keepwell.simulation.company import Company
from keepwell.simulation.usage import expected_rows
from keepwell.simulation.users import draw_users

_ROUNDS = 5
_LOOKED_AT = 10
"""Blocks whose mean settles the daily activity at last; the rounds before look at one."""
_MOST_ACTIVITY = 1.3
_FEWEST_SEATS, _MOST_SEATS = 2.0, 5_000.0


def sized(company: Company) -> Company:
    """The company whose seats, and at last whose daily activity, make the expected rows fit."""
    if company.usage_rows is None:
        return company
    wanted = company.usage_rows / company.accounts
    for _ in range(_ROUNDS):
        factor = wanted / _rows_per_account(company)
        company = replace(company, seats=_scaled(company.seats, factor))
    activity = company.activity * wanted / _rows_per_account(company, _LOOKED_AT)
    if not 0.01 <= activity <= _MOST_ACTIVITY:
        raise RequestRefused(
            f"simulation: {company.usage_rows} usage rows cannot be made of {company.accounts} accounts over "
            f"{company.total_days} days; ask for other rows, or change accounts, days or seats"
        )
    return replace(company, activity=activity)


def _scaled(seats: tuple[float, float, float], factor: float) -> tuple[float, float, float]:
    smb, mid_market, enterprise = (min(max(_FEWEST_SEATS, one * factor), _MOST_SEATS) for one in seats)
    return (smb, mid_market, enterprise)


def _rows_per_account(company: Company, blocks: int = 1) -> float:
    """Mean over the first blocks."""
    rows, accounts = 0.0, 0
    for number in range(min(blocks, company.blocks)):
        block = draw_block(company, number)
        rows += expected_rows(block, draw_users(block), draw_adoption(block))
        accounts += len(block.accounts)
    return rows / accounts
