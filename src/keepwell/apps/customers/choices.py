"""What the filters of the customer list offer to choose from, read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from markupsafe import Markup

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.models import User
from keepwell.apps.customers.current_values.columns import Columns
from keepwell.apps.customers.models import Account, AccountList, SavedView

_SQL = f"""
with recursive stages(stage) as (
  (select stage from {Account._meta.db_table} order by stage limit 1)
  union all
  select (select a.stage from {Account._meta.db_table} a where a.stage > s.stage order by a.stage limit 1)
  from stages s where s.stage is not null
)
select 'stage', stage, stage, '' from stages where stage <> ''
union all select 'csm', id::text, name, '' from {User._meta.db_table} where is_active and role <> 'viewer'
union all select 'list', id::text, name, '' from {AccountList._meta.db_table}
union all select case when owner_id = %s then 'view' else 'shared' end, id::text, name, query
  from {SavedView._meta.db_table} where owner_id = %s or shared
order by 1, 3
"""


@dataclass(frozen=True)
class View:
    """A saved view: `query` is the rest of its address."""

    pk: int
    name: str
    query: str
    own: bool


@dataclass(frozen=True)
class Choices:
    """For each filter that can be chosen from, values and what they are called; and saved views."""

    of: Mapping[str, list[tuple[str, str]]]
    views: list[View]

    def called(self, name: str, value: str) -> str:
        """What a chip says of a value."""
        return next((words for one, words in self.of.get(name, ()) if one == value), value)


def choices_for(actor: Actor, columns: Columns | None) -> Choices:
    """For one person: lists and stages are everybody's, views their own and those that are shared."""
    number = actor.user.pk if actor.user else 0
    found: dict[str, list[tuple[str, str]]] = {"stage": [], "csm": [("me", "Me"), ("none", "Nobody")], "list": []}
    views: list[View] = []
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [number, number])
        for kind, value, words, query in cursor.fetchall():
            if kind in ("view", "shared"):
                views.append(View(int(value), words, query, kind == "view"))
            else:
                found[kind].append((value, words))
    for name, values in (
        ("label", columns.labels if columns else ()),
        ("segment", columns.segments if columns else ()),
    ):
        found[name] = [(value, value.replace("_", " ")) for value in values]
    return Choices(found, views)


@lru_cache(maxsize=16)
def options_html(choices: tuple[tuple[str, str], ...]) -> Markup:
    """Options of a select, none of them chosen; kept, because hundreds of people make it the dearest part of a page."""
    return Markup("").join(Markup('<option value="{}">{}</option>').format(value, words) for value, words in choices)
