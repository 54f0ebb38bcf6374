"""An import as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.connectors.importing.cells import FORMS, KINDS
from keepwell.apps.connectors.importing.guessing import Look, ambiguous, look_at
from keepwell.apps.connectors.importing.models import Import, ImportStatus
from keepwell.apps.connectors.importing.operations import why_not_undone
from keepwell.apps.connectors.importing.place import rejected, uploaded
from keepwell.apps.connectors.importing.targets import Target, target_named
from keepwell.apps.connectors.loaded import leads_to_scores

_EXAMPLES = 3
_FORMED = [
    (f"{kind}|{form}", f"{KINDS[kind]}: {words}") for kind, forms in FORMS.items() for form, words in forms.items()
]
MANNERS = [("text|", "Text"), ("boolean|", "Yes or no"), *_FORMED]
_SLOW_SECONDS = 30


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file on the page. `into`: the field it is matched with; empty: left out; +: a new `new_name`."""

    number: int
    source: str
    examples: list[str]
    into: str
    new_name: str
    manner: str
    manners: list[tuple[str, str]]
    is_ambiguous: bool


def matched_form(post: QueryDict) -> tuple[dict[str, dict[str, Any]], bool]:
    """Columns as they were chosen on the page."""
    found = {}
    for number, source in enumerate(post.getlist("source")):
        into, (kind, _, form) = post.get(f"into-{number}", ""), post.get(f"manner-{number}", "text|").partition("|")
        name = post.get(f"name-{number}", "").strip() if into == "+" else into
        found[source] = {"name": name, "kind": kind, "form": form, "new": into == "+"}
    return found, "clears" in post


def shown(one: Import, typed: tuple[dict[str, dict[str, Any]], bool] | None = None) -> dict[str, Any]:
    try:
        target = target_named(one.target)
    except NotVisible:
        target = None
    matching = target is not None and one.status in (ImportStatus.MATCHING, ImportStatus.CHECKED, ImportStatus.FAILED)
    matching = matching and uploaded(one.pk).exists()
    columns, clears = typed or (one.columns, one.clears)
    return {
        "import": one,
        "target": target,
        "title": target.title if target else one.target,
        "rows": column_rows(look_at(uploaded(one.pk)), target, columns) if matching and target else [],
        "clears": clears,
        "problems": one.counts.get("rejected", 0) + one.counts.get("strange", 0),
        "has_rejected": bool(one.counts.get("rejected")) and rejected(one.pk).exists(),
        "why_not_undone": why_not_undone(one),
        "scores_follow": leads_to_scores(one.target),
        "waits": one.is_working and not one.step,
        "is_slow": one.is_working and one.beat_at and (timezone.now() - one.beat_at).total_seconds() > _SLOW_SECONDS,
    }


def column_rows(look: Look, target: Target, columns: Mapping[str, Mapping[str, Any]]) -> list[ColumnRow]:
    rows = []
    for number, source in enumerate(look.header):
        said = columns.get(source, {"name": "", "kind": "text", "form": "", "new": False})
        field = target.field(str(said["name"]))
        kind = field.kind if field and field.kind in KINDS else ""
        sample = look.column(source)
        rows.append(ColumnRow(
            number, source, list(dict.fromkeys(cell for cell in sample if cell.strip()))[:_EXAMPLES],
            "+" if said.get("new") else str(said["name"]), str(said["name"]) if said.get("new") else _as_name(source),
            f"{said['kind'] or 'text'}|{said['form']}",
            [(value, words) for value, words in MANNERS if not kind or value.startswith(f"{kind}|")],
            bool(said["name"]) and ambiguous(said, sample),
        ))  # fmt: skip
    return rows


def _as_name(source: str) -> str:
    bare = "".join(one if one.isascii() and one.isalnum() else "_" for one in source.lower()).strip("_")
    return bare if bare[:1].isalpha() else f"column_{bare}"
