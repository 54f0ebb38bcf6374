"""The customers that filters leave to a person, in order, a page at a time."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
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
from keepwell.apps.customers.fitting import ids_where
from keepwell.apps.customers.kept_queries import Rows, rows_of
from keepwell.apps.customers.models import Account, AccountList
from keepwell.apps.customers.queries import reach_of, visible
from keepwell.definitions.expressions import ExpressionError

PAGE = 50
_LARGEST, _NEAR = 500, 5000
_FEW = 1000
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
_Mark = tuple[Any, str | None]
"""Value and id that the page before ended with."""

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

    With an expression `fitting` is SQL of the ids for which it holds; `accounts` asks it of all at once, and `without`
    are the accounts before it is asked. Which way is the quickest depends on how often it holds. `key`: everything that
    decides which accounts these are, the rights of who asks first; None where nothing is kept of it.
    """

    filters: Filters
    made: Callable[[], QuerySet[Account]]
    fitting: str = ""
    key: Hashable | None = None

    @cached_property
    def without(self) -> QuerySet[Account]:
        return self.made()

    @property
    def accounts(self) -> QuerySet[Account]:
        if not self.fitting:
            return self.without
        at_once = RawSQL(f"with fitting as materialized ({self.fitting}) select * from fitting", ())
        return self.without.filter(pk__in=at_once)

    def of(self, **condition: Any) -> Narrowed:
        """Those of them for which something else holds as well."""
        return replace(self, made=lambda: self.made().filter(**condition), key=None)


def narrowed(actor: Actor, filters: Filters, columns: Columns | None, today: date) -> Narrowed:
    """What filters leave of what the actor sees; nothing where anything is wrong with them."""
    if filters.errors:
        return Narrowed(filters, Account.objects.none)
    try:
        fitting = _expression(filters.where, columns) if filters.where else ""
    except ExpressionError as error:
        return Narrowed(replace(filters, errors={"where": str(error)}), Account.objects.none)
    key = (reach_of(actor), actor.user and actor.user.pk, filters, columns, today)
    return Narrowed(filters, lambda: _filtered(actor, filters, today), fitting, key)


def _filtered(actor: Actor, filters: Filters, today: date) -> QuerySet[Account]:
    return visible(actor).filter(in_population=True).filter(*_conditions(actor, filters, today))


def page_of(found: Narrowed, *fields: str, size: int = PAGE, after: str | None = None) -> Page:
    """One page as dictionaries of `fields`, which need not name what is sorted by.

    Accounts without the value sorted by come last, in order of id. A page is found from where the last one ended.
    """
    order = _Order.of(found.filters.sort)
    wanted = frozenset((*fields, "id", order.field))
    try:
        return _page_after(found, order, _read_mark(found.filters.after if after is None else after), wanted, size)
    except (ValueError, ValidationError):  # a mark that somebody wrote by hand
        return _page_after(found, order, (None, None), wanted, size)


def _page_after(found: Narrowed, order: _Order, mark: _Mark, wanted: frozenset[str], size: int) -> Page:
    asked = _Asked(found, order, mark, wanted, size + 1)
    rows = asked.expressed() if found.fitting and size < _LARGEST else None
    if rows is None:
        rows = asked.of_all()
    if len(rows) <= size:
        return Page(rows)
    return Page(rows[:size], _mark(rows[size - 1][order.field], rows[size - 1]["id"]))


@dataclass(frozen=True)
class _Asked:
    """At most so many accounts in an order, after a mark."""

    found: Narrowed
    order: _Order
    mark: _Mark
    wanted: frozenset[str]
    most: int

    def of_all(self) -> Rows:
        return self._ordered(lambda: self.found.accounts, "all")

    def expressed(self) -> Rows | None:
        """Asked of the first accounts in order, or of all where it holds for few; None where neither fills a page."""
        rows = self._near(4 * self.most)
        if rows is not None:
            return rows
        few = ids_where(self.found.fitting, at_most=_FEW)
        if few is not None:
            return self._ordered(lambda: self.found.without.filter(pk__in=few), None)
        return self._near(_NEAR)

    def _ordered(self, accounts: Callable[[], QuerySet[Account]], way: str | None) -> Rows:
        """`way`: how the accounts were found, where that is always the same."""
        value, last = self.mark
        rows: Rows = []
        if last is None or value is not None:
            rows = self._rows(lambda: self.order.known(accounts(), value, last), self.most, way and f"{way}, known")
        missing = self.most - len(rows)
        if missing and not (last is None and self.order.unknown_last):
            begin = last if value is None else None
            rows += self._rows(lambda: self.order.unknown(accounts(), begin), missing, way and f"{way}, unknown")
        return rows

    def _near(self, of: int) -> Rows | None:
        """The first ones, where they are among so many in order: none but those is asked."""
        if self.mark[1] is not None and self.mark[0] is None:
            return None  # past those whose place is known
        rows = self._rows(lambda: self._known_among_first(of), self.most, f"near {of}")
        return rows if len(rows) == self.most else None

    def _known_among_first(self, of: int) -> QuerySet[Account]:
        first = self.order.known(self.found.without, *self.mark).values("pk")[:of]
        near = self.found.without.filter(pk__in=RawSQL(self.found.fitting, ())).filter(pk__in=first)
        return self.order.known(near, *self.mark)

    def _rows(self, accounts: Callable[[], QuerySet[Account]], most: int, way: str | None) -> Rows:
        kept = self.found.key is not None and way is not None
        key = (way, most, self.order, self.mark, self.wanted, self.found.key) if kept else None
        made = (lambda: _first_of(accounts(), most)) if self.found.filters.is_sorted_whole else accounts
        return rows_of(lambda: _values(made(), self.wanted)[:most], key)


def _first_of(accounts: QuerySet[Account], most: int) -> QuerySet[Account]:
    """The same, found first: where all must be sorted, what stands beside them is read of these alone."""
    return Account.objects.filter(pk__in=accounts.values("pk")[:most]).order_by(*accounts.query.order_by)


def _values(accounts: QuerySet[Account], wanted: Collection[str]) -> Any:
    """As dictionaries; a trend as the text that PostgreSQL has of it, which few need to be read."""
    plain = [name for name in wanted if name != "trend"]
    return accounts.values(*plain, **({"trend": _TREND} if "trend" in wanted else {}))


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

    @property
    def unknown_last(self) -> bool:
        """Whether accounts without a value come last by themselves, along an index of their own table."""
        return self.name in _NEVER_NULL or (not self.backward and "__" not in self.field)

    def known(self, accounts: QuerySet[Account], value: Any, last: str | None) -> QuerySet[Account]:
        if self.name not in _NEVER_NULL and not (last is None and self.unknown_last):
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
