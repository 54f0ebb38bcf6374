"""All data of a block, by the name of the file they go to."""

from __future__ import annotations

import pyarrow as pa

from keepwell.simulation.account_history import account_table
from keepwell.simulation.advocacy import advocacy_table
from keepwell.simulation.blocks import Block
from keepwell.simulation.entries import entry_table
from keepwell.simulation.hand_overrides import override_table, pin_table
from keepwell.simulation.interventions import intervention_table, treatment_table
from keepwell.simulation.invoices import invoice_table
from keepwell.simulation.renewals import renewal_table
from keepwell.simulation.surveys import response_table
from keepwell.simulation.tickets import ticket_table
from keepwell.simulation.units import unit_table
from keepwell.simulation.users import Users


def data_tables(block: Block, users: Users) -> dict[str, pa.Table]:
    """Everything but usage; nothing of the truth."""
    return {
        "accounts.csv": account_table(block.company, block.accounts, block.renewals),
        "units.csv": unit_table(block, users),
        "tickets.parquet": ticket_table(block),
        "responses.parquet": response_table(block, users),
        "invoices.parquet": invoice_table(block),
        "advocacy.parquet": advocacy_table(block),
        "renewals.csv": renewal_table(block.accounts, block.renewals),
        "interventions.csv": intervention_table(block.company, block.accounts, block.reviews, block.churned_on),
        "treatments.csv": treatment_table(block.company, block.accounts, block.reviews, block.churned_on),
        "manual_scores.csv": entry_table(block),
        "overrides.csv": override_table(block),
        "pins.csv": pin_table(block),
    }
