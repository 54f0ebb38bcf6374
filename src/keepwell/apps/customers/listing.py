"""The customers that filters leave to a person, in order, a page at a time."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.current_values.columns import Columns
from keepwell.apps.customers.current_values.conditions import accounts_where
from keepwell.apps.customers.filters import Filters
from keepwell.apps.customers.models import Account, AccountList
from keepwell.apps.customers.queries import visible
from keepwell.definitions.expressions import ExpressionError

PAGE = 50
MOST_COUNTED = 10_000
_NEAR = 500
_WORD = re.compile(r"\w+")
_FIELDS = {
    "name": "name",
    "score": "health__score",
    "change": "health__change",
    "arr": "arr",
    "renewal": "renews_on",
    "stage": "stage",
    "csm": "owner_name",
}
_TREND = Cast("health__trend", TextField())
_NEVER_NULL = frozenset({"name", "stage", "csm"})
_DOWN = frozenset({"arr"})  # whose index goes from the largest down


@dataclass(frozen=True)
class Page:
    """Rows, and the mark that leads to the next ones: empty on the last page."""

    rows: list[dict[str, Any]]
    after: str = ""


@dataclass(frozen=True)
class Narrowed:
    """The accounts that fit, and the filters with what was found wrong with them.

    With an expression there are two more ways to the same: `near` asks it of few accounts one by one, which is quick
    where it holds for many; `accounts` asks it of all at once. `without` are the accounts before it was asked.
    """

    accounts: QuerySet[Account]
    filters: Filters
    near: QuerySet[Account] | None = None
    without: QuerySet[Account] | None = None


def narrowed(actor: Actor, filters: Filters, columns: Columns | None, today: date) -> Narrowed:
    """What filters leave of what the actor sees; nothing where anything is wrong with them."""
    seen = visible(actor).filter(in_population=True)
    if filters.errors:
        return Narrowed(seen.none(), filters)
    found = seen.filter(*_conditions(actor, filters, today))
    if not filters.where:
        return Narrowed(found, filters)
    try:
        sql = _expression(filters.where, columns)
    except ExpressionError as error:
        return Narrowed(seen.none(), replace(filters, errors={"where": str(error)}))
    at_once = RawSQL(f"with fitting as materialized ({sql}) select * from fitting", ())
    return Narrowed(found.filter(pk__in=at_once), filters, near=found.filter(pk__in=RawSQL(sql, ())), without=found)


def page_of(found: Narrowed, *fields: str, size: int = PAGE, after: str | None = None) -> Page:
    """One page as dictionaries of `fields`, which need not name what is sorted by.

    Accounts without the value sorted by come last, in order of id. A page is found from where the last one ended.
    """
    order = _Order.of(found.filters.sort)
    wanted = {*fields, "id", order.field}
    try:
        return _page_after(found, order, _read_mark(found.filters.after if after is None else after), wanted, size)
    except (ValueError, ValidationError):  # a mark that somebody wrote by hand
        return _page_after(found, order, (None, None), wanted, size)


def _page_after(
    found: Narrowed, order: _Order, mark: tuple[Any, str | None], wanted: Collection[str], size: int
) -> Page:
    value, last = mark
    rows: list[dict[str, Any]] = []
    if last is None or value is not None:
        rows = _first_known(found, order, mark, wanted, size + 1)
    if len(rows) <= size and order.name not in _NEVER_NULL:
        unknown = order.unknown(found.accounts, last if value is None else None)
        rows += _values(unknown, wanted)[: size + 1 - len(rows)]
    if len(rows) <= size:
        return Page(rows)
    return Page(rows[:size], _mark(rows[size - 1][order.field], rows[size - 1]["id"]))


def _first_known(
    found: Narrowed, order: _Order, mark: tuple[Any, str | None], wanted: Collection[str], most: int
) -> list[dict[str, Any]]:
    """An expression is asked of the first accounts in order; where they do not fill a page, of all."""
    if found.near is not None and found.without is not None and most <= _NEAR:
        first = order.known(found.without, *mark).values("pk")[:_NEAR]
        rows = list(_values(order.known(found.near.filter(pk__in=first), *mark), wanted)[:most])
        if len(rows) == most:
            return rows
    return list(_values(order.known(found.accounts, *mark), wanted)[:most])


def _values(accounts: QuerySet[Account], wanted: Collection[str]) -> Any:
    """As dictionaries; a trend as the text that PostgreSQL has of it, which few need to be read."""
    plain = [name for name in wanted if name != "trend"]
    return accounts.values(*plain, **({"trend": _TREND} if "trend" in wanted else {}))


def total(accounts: QuerySet[Account]) -> tuple[int, bool]:
    """How many there are, and whether that is exact: it is up to ten thousand, beyond the database estimates."""
    counted = accounts.order_by()[: MOST_COUNTED + 1].count()
    if counted <= MOST_COUNTED:
        return counted, True
    plan = json.loads(accounts.order_by().values("id").explain(format="json"))
    return max(int(plan[0]["Plan"]["Plan Rows"]), MOST_COUNTED), False


@dataclass(frozen=True)
class _Order:
    """One order of the list, along an index in one direction or the other: ties go by id, in the index's direction."""

    name: str
    field: str
    down: bool
    backward: bool

    @classmethod
    def of(cls, sort: str) -> _Order:
        name, down = sort.removeprefix("-"), sort.startswith("-")
        return cls(name, _FIELDS[name], down, down != (name in _DOWN))

    def known(self, accounts: QuerySet[Account], value: Any, last: str | None) -> QuerySet[Account]:
        if self.name not in _NEVER_NULL:
            accounts = accounts.filter(**{f"{self.field}__isnull": False})
        if last is not None:
            bound, beyond = ("lte", "lt") if self.down else ("gte", "gt")
            past = Q(**{f"{self.field}__{beyond}": value}) | Q(**{f"id__{'lt' if self.backward else 'gt'}": last})
            accounts = accounts.filter(Q(**{f"{self.field}__{bound}": value}), past)
        return accounts.order_by(self._by(), "-id" if self.backward else "id")

    def unknown(self, accounts: QuerySet[Account], last: str | None) -> QuerySet[Account]:
        accounts = accounts.filter(**{f"{self.field}__isnull": True})
        return (accounts if last is None else accounts.filter(id__gt=last)).order_by("id")

    def _by(self) -> Any:
        """Where nulls would stand decides whether an index serves, though there are none."""
        if self.name in _DOWN:
            return F(self.field).desc(nulls_last=True) if self.down else F(self.field).asc(nulls_first=True)
        return F(self.field).desc() if self.down else F(self.field).asc()


def _conditions(actor: Actor, filters: Filters, today: date) -> list[Q]:
    conditions = [*_chosen(actor, filters)]
    if filters.q:
        conditions.append(_with_words(filters.q))
    if filters.renews_within is not None:
        conditions.append(Q(renews_on__range=(today, today + timedelta(days=filters.renews_within))))
    if filters.arr_from is not None:
        conditions.append(Q(arr__gte=filters.arr_from))
    if filters.arr_to is not None:
        conditions.append(Q(arr__lte=filters.arr_to))
    return conditions


def _chosen(actor: Actor, filters: Filters) -> list[Q]:
    many = filters.many
    conditions: list[Q] = []
    if "label" in many:
        conditions.append(Q(health__label__in=many["label"]))
    if "csm" in many:
        conditions.append(_owned_by(actor, many["csm"]))
    if "stage" in many:
        conditions.append(Q(stage__in=["" if stage == "none" else stage for stage in many["stage"]]))
    if "segment" in many:
        conditions.append(Q(segments__overlap=list(many["segment"])))
    if "list" in many:
        chosen = [int(one) for one in many["list"] if _is_number(one)]
        members = AccountList.accounts.through.objects.filter(accountlist_id__in=chosen)
        conditions.append(Q(pk__in=members.values("account_id")))
    return conditions


def _owned_by(actor: Actor, chosen: tuple[str, ...]) -> Q:
    numbers = {int(one) for one in chosen if _is_number(one)}
    if "me" in chosen and actor.user is not None:
        numbers.add(actor.user.pk)
    owned = Q(owner__in=numbers)
    return owned | Q(owner=None) if "none" in chosen else owned


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 18


def _with_words(text: str) -> Q:
    """Every word begins a word of the name or the id."""
    words = _WORD.findall(text.lower())[:10]
    if not words:
        return Q(name__icontains=text)
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
    return Q(
        pk__in=Account.objects.annotate(w=SearchVector("name", "id", config="simple")).filter(w=query).values("pk")
    )


def _expression(text: str, columns: Columns | None) -> str:
    """SQL of the accounts for which it holds, with percent signs as Django wants them."""
    if columns is None:
        raise ExpressionError("there are no values yet: the first run of health brings them")
    return accounts_where(text, columns).replace("%", "%%")


def _mark(value: Any, last: str) -> str:
    plain = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(json.dumps([plain, last]).encode()).decode().rstrip("=")


def _read_mark(text: str) -> tuple[Any, str | None]:
    """The value and id that the last page ended with; nothing where there is no such mark."""
    if not text:
        return None, None
    try:
        value, last = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, TypeError):
        return None, None
    return (value, last) if isinstance(last, str) and isinstance(value, str | int | float | None) else (None, None)
