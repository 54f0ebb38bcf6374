"""What the filters of the customer list offer to choose from, and what else stands around it, read in one go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from keepwell.apps.access.models import User
from keepwell.apps.access.prepared import prepared_cursor
from keepwell.apps.customers.current_values.columns import COMMENT, Columns, read_columns
from keepwell.apps.customers.models import Account, AccountList, SavedView
from keepwell.apps.notices.queries import UNREAD

_SQL = f"""
select ({COMMENT}), ({UNREAD}), (
with recursive stages(stage) as (
  (select stage from {Account._meta.db_table} order by stage limit 1)
  union all
  select (select a.stage from {Account._meta.db_table} a where a.stage > s.stage order by a.stage limit 1)
  from stages s where s.stage is not null
)
select json_agg(found)::text from (
select 'stage' as kind, stage as value, stage as words, '' as query from stages where stage <> ''
union all select 'csm', id::text, name, '' from {User._meta.db_table} where is_active and role <> 'viewer'
union all select 'list', id::text, name, '' from {AccountList._meta.db_table}
union all select case when owner_id = %(user)s then 'view' else 'shared' end, id::text, name, query
  from {SavedView._meta.db_table} where owner_id = %(user)s or shared
order by 1, 3
) found
)
"""


@dataclass(frozen=True)
class View:
    """A saved view: `query` is the rest of its address."""

    pk: int
    name: str
    query: str
    own: bool


@dataclass(frozen=True, eq=False)
class Choices:
    """For each filter that can be chosen from, values and what they are called; and saved views."""

    of: Mapping[str, list[tuple[str, str]]]
    views: tuple[View, ...]

    def called(self, name: str, value: str) -> str:
        """What a chip says of a value."""
        return next((words for one, words in self.of.get(name, ()) if one == value), value)


@dataclass(frozen=True)
class Surroundings:
    """What a list needs to know before it asks for its rows. `unread`: notices of the person."""

    columns: Columns | None
    choices: Choices
    unread: int


def surroundings_of(user: User) -> Surroundings:
    """Read in one go. Lists and stages are everybody's, views one's own and those that are shared.

    The choices are the same object as before while there is nothing else to choose from.
    """
    with prepared_cursor() as cursor:
        cursor.execute(_SQL, {"user": user.pk})
        comment, unread, text = cursor.fetchone()
    columns = None if comment is None else read_columns(comment)
    return Surroundings(columns, _read(text or "[]", columns), unread)


@lru_cache(maxsize=128)
def _read(text: str, columns: Columns | None) -> Choices:
    found: dict[str, list[tuple[str, str]]] = {"stage": [], "csm": [("me", "Me"), ("none", "Nobody")], "list": []}
    views: list[View] = []
    for one in json.loads(text):
        if one["kind"] in ("view", "shared"):
            views.append(View(int(one["value"]), one["words"], one["query"], one["kind"] == "view"))
        else:
            found[one["kind"]].append((one["value"], one["words"]))
    for name, values in (
        ("label", columns.labels if columns else ()),
        ("segment", columns.segments if columns else ()),
    ):
        found[name] = [(value, value.replace("_", " ")) for value in values]
    return Choices(found, tuple(views))


@lru_cache(maxsize=16)
def options_html(choices: tuple[tuple[str, str], ...]) -> Markup:
    """Options of a select, none of them chosen; kept, because hundreds of people make it the dearest part of a page."""
    return Markup("").join(Markup('<option value="{}">{}</option>').format(value, words) for value, words in choices)
