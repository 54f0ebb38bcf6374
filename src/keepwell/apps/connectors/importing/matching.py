"""Which column of a file is which of a target: as it was chosen, checked before anything is read with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keepwell.apps.connectors.importing.cells import FORMS, KINDS
from keepwell.apps.connectors.importing.models import Import, ImportStatus
from keepwell.apps.connectors.importing.reading import REASON, ROW, ReadColumn
from keepwell.apps.connectors.importing.targets import Target
from keepwell.errors import RequestRefused

Columns = Mapping[str, Mapping[str, Any]]
_NEW = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LOOKED_BACK = 20


def remembered(target: str) -> dict[str, Mapping[str, Any]]:
    """What each column of earlier files was matched with, the last time."""
    found: dict[str, Mapping[str, Any]] = {}
    matched = Import.objects.filter(target=target).exclude(status=ImportStatus.MATCHING).order_by("-pk")
    for columns in matched.values_list("columns", flat=True)[:_LOOKED_BACK]:
        found = {**columns, **found}
    return found


def checked_columns(target: Target, header: list[str], columns: Columns) -> dict[str, dict[str, Any]]:
    """Raises RequestRefused with everything that does not go together."""
    chosen = {name: _plain(columns.get(name, {})) for name in header}
    problems = [problem for name, one in chosen.items() for problem in _problems(target, name, one)]
    names = [one["name"] for one in chosen.values() if one["name"]]
    problems += [
        f"two columns are matched with {_title(target, one)}" for one in dict.fromkeys(names) if names.count(one) > 1
    ]
    missing = [one.title for one in target.required if one.name not in names]
    if missing:
        problems.append(f"match a column with {' and with '.join(missing)}: rows cannot be taken without")
    if target.kind == "people" and not {"name", "email"} & set(names):
        problems.append("match a column with Name or with E-mail address: a person needs one of them")
    if problems:
        raise RequestRefused(*problems)
    return chosen


def read_columns(target: Target, columns: Columns) -> list[ReadColumn]:
    """Those that are taken."""
    found = []
    for source, one in columns.items():
        if not one["name"]:
            continue
        field = target.field(one["name"])
        kind = field.kind if field and field.kind in KINDS else one["kind"]
        found.append(ReadColumn(source, one["name"], kind, one["form"], bool(field and field.required),
                                field.longest if field else 100_000))  # fmt: skip
    return found


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": str(said.get("name", "")), "kind": str(said.get("kind", "")), "form": str(said.get("form", "")),
        "new": bool(said.get("new", False)),
    }  # fmt: skip


def _problems(target: Target, source: str, one: dict[str, Any]) -> list[str]:
    if not one["name"]:
        return []
    field = target.field(one["name"])
    if field is not None:
        one["new"] = False
        if field.kind in KINDS:
            one["kind"] = field.kind
    elif not (one["new"] and target.takes_new_columns):
        return [f"'{source}': there is no column '{one['name']}' to match it with"]
    elif not _NEW.fullmatch(one["name"]) or one["name"] in (ROW, "load_id", "local_day"):
        return [
            f"'{source}': '{one['name']}' is no name for a new column; use lower_snake_case of at most 63 characters"
        ]
    if one["kind"] not in KINDS:
        one["kind"] = "text"
    if one["form"] not in FORMS.get(one["kind"], {"": ""}):
        one["form"] = ""
    return [f"'{source}' holds why rows were rejected; leave it out"] if source == REASON else []


def _title(target: Target, name: str) -> str:
    field = target.field(name)
    return field.title if field else name
