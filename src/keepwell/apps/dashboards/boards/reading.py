"""The YAML of one dashboard: its name, what it says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from keepwell.apps.configuration.document import Unreadable
from keepwell.apps.configuration.editing.scalars import read_typed
from keepwell.apps.configuration.excerpts import with_entry
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.issues import Issue
from keepwell.definitions.one_dashboard import issues_of, parse_dashboard
from keepwell.definitions.project import Project
from keepwell.errors import DefinitionsRefused, RequestRefused

FILE = "board.yaml"


def files_of(text: str) -> dict[str, str]:
    """As the editors of definitions know it: files of which one holds it."""
    return {FILE: text}


def text_in(files: Mapping[str, str]) -> str:
    """The other way round. Raises RequestRefused where there is not one dashboard and nothing else."""
    text = files.get(FILE, "")
    entry_of(text)
    return text


def entry_of(text: str) -> tuple[str, Mapping[str, Any]]:
    """Its name, and what it says as written. Raises RequestRefused where the text is not one dashboard."""
    try:
        held = read_typed(text)
    except Unreadable as wrong:
        raise RequestRefused(f"this is no YAML: {' '.join(str(wrong).split())}") from None
    entries = held.get(ENTRIES.kind) if isinstance(held, dict) and len(held) == 1 else None
    if not isinstance(entries, dict) or len(entries) != 1:
        raise RequestRefused("write one dashboard: its name, a colon, and below it what it shows")
    name, entry = next(iter(entries.items()))
    return str(name), entry if isinstance(entry, dict) else {}


def text_with(lines: str) -> str:
    """A dashboard alone, its name at the left edge, as a file."""
    return with_entry("", (ENTRIES.kind,), lines)


@lru_cache(maxsize=512)
def dashboard_in(text: str) -> tuple[str, Dashboard]:
    """The dashboard with its name. Raises RequestRefused, or DefinitionsRefused with all that is wrong with it."""
    name, entry = entry_of(text)
    ENTRIES.refuse_name({}, name)
    found, issues = parse_dashboard(name, entry)
    if found is None:
        raise DefinitionsRefused(*issues)
    return name, found


def issues_in(text: str, project: Project) -> tuple[Issue, ...]:
    """All that is wrong with it, names that the project does not have included."""
    try:
        name, found = dashboard_in(text)
    except DefinitionsRefused as refused:
        return tuple(one for one in refused.problems if isinstance(one, Issue))
    except RequestRefused as refused:
        return (Issue(FILE, 0, "", str(refused)),)
    return issues_of(project, name, found)
