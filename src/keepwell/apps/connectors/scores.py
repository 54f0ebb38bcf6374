"""What can be written of an account: who it is, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from keepwell.apps.customers.models import Account

COLUMNS = {
    "id": "id", "name": "name", "score": "health__score", "label": "health__label", "scorecard": "health__scorecard",
    "change": "health__change", "why": "health__why", "as_of": "health__as_of", "coverage": "health__coverage",
    "arr": "arr", "stage": "stage", "owner": "owner_name", "renews_on": "renews_on",
}  # fmt: skip
"""Column of an export: where it is."""

USUAL = ("id", "name", "score", "label", "change", "scorecard", "as_of")
_NO_CHANGE = "as_of"  # another day alone is no news


def rows_of(columns: Sequence[str], attribute: str = "", into: str = "") -> list[dict[str, Any]]:
    """Every account that is scored, by id. `attribute`: of the account, put beside the columns as `into`."""
    scored = Account.objects.filter(in_population=True, merged_into=None, health__isnull=False).order_by("pk")
    names = list(dict.fromkeys(("id", *columns)))
    fields = [COLUMNS[name] for name in names]
    found = []
    for *values, attributes in scored.values_list(*fields, "attributes"):
        row = dict(zip(names, values, strict=True))
        if into:
            row[into] = attributes.get(attribute) if attribute else row["id"]
        found.append(row)
    return found


def digest_of(row: dict[str, Any]) -> str:
    """Another text whenever something of a row changed that is news."""
    news = sorted((name, str(value)) for name, value in row.items() if name != _NO_CHANGE)
    return blake2b(repr(news).encode(), digest_size=16).hexdigest()
