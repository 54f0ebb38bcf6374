"""Attributes of many accounts, set by hand: they go into the accounts dataset, as an upsert puts them there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.facts import AccountFacts, CellRefused
from keepwell.apps.customers.operations.upserting import MOST, AccountRow, upsert
from keepwell.errors import FieldRefused


def attribute_asked(text: str) -> tuple[str, Any]:
    """Column and cell of `column=value`, as its column holds it; nothing behind the sign empties it."""
    column, sign, typed = (part.strip() for part in text.partition("="))
    if not column or not sign:
        raise FieldRefused("attribute", "write the attribute's name, = and the value, such as country=DE")
    try:
        return column, AccountFacts(current_project()).typed(column, typed)
    except CellRefused as refused:
        raise FieldRefused("attribute", str(refused)) from None


def put_attributes(actor: Actor, column: str, cells: Mapping[str, Any]) -> None:
    """Cells of one column by account."""
    left = iter(cells.items())
    while some := list(islice(left, MOST)):
        upsert(actor=actor, accounts=[AccountRow(pk, {}, {column: cell}) for pk, cell in some], people=())
