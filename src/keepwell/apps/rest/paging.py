"""Long lists a page at a time: a cursor says where the page before ended."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from ninja import Query, Schema

from keepwell.errors import RequestRefused

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str, Query(max_length=1000, description="`next` of the page before; empty for the first page")]


class Page(Schema, Generic[Item]):
    """`next` is the cursor of the page after this one, null on the last."""

    items: list[Item]
    next: str | None = None


_WRONG = "this is no cursor: send `next` of the page before as it was given, or none"


class CursorRefused(RequestRefused):
    field = "query.cursor"


def page(rows: QuerySet[Row], order: Sequence[str], cursor: str, limit: int) -> dict[str, Any]:
    """A page of rows. `order`: fields with `-` for descending, the last one unique; none may be null."""
    names = [one.removeprefix("-") for one in order]
    found = rows.order_by(*order)
    if cursor:
        values = read(cursor, len(order))
        try:
            found = found.filter(_after(order, values))
        except (ValueError, TypeError, ValidationError):
            raise CursorRefused(_WRONG) from None
    some = list(found[: limit + 1])
    last = some[limit - 1] if len(some) > limit else None
    return {"items": some[:limit], "next": written([getattr(last, name) for name in names]) if last else None}


def sliced(items: Sequence[Item], cursor: str, limit: int, key: Callable[[Item], str]) -> dict[str, Any]:
    """A page of a list that is in memory, ordered by a unique `key`."""
    after = str(read(cursor, 1)[0]) if cursor else None
    left = [one for one in items if after is None or key(one) > after]
    return {"items": left[:limit], "next": written([key(left[limit - 1])]) if len(left) > limit else None}


def written(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, default=str).encode()).decode().rstrip("=")


def read(cursor: str, length: int) -> list[Any]:
    """Raises RequestRefused for one that no page gave."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != length or not all(_is_plain(one) for one in values):
        raise CursorRefused(_WRONG)
    return values


def _is_plain(value: Any) -> bool:
    if isinstance(value, int):
        return 0 <= value < 2**63
    return isinstance(value, str) and "\x00" not in value and value.isprintable()


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Beyond the first field, or equal there and beyond the next, and so on."""
    beyond, equal = Q(pk__in=[]), Q()
    for one, value in zip(order, values, strict=True):
        name = one.removeprefix("-")
        beyond |= equal & Q(**{f"{name}__{'lt' if one.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return beyond
