"""Dashboards to begin with, in the names of a project: what a team would write, to be changed by it.

The files below `starting` say `<arr>` for the column that the accounts say holds it, `<usage>` for the dataset that
says who used what, and so on (`marks_of`). Widgets and filters that need what a project does not have are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from keepwell.definitions.datasets import Dataset
from keepwell.definitions.expressions import Name
from keepwell.definitions.expressions.nodes import quote_text
from keepwell.definitions.project import Project

_FOLDER = Path(__file__).parent / "starting"
_MARK = re.compile(r"<([a-z_]+)>")
_OPTIONS = ("arr", "owner", "renews_on", "name", "started_at")
_MOST_MEASURES = 12
_TICKETS = ("tickets", "cases", "support_tickets")


@cache
def starting_names() -> tuple[str, ...]:
    """For whom there is a dashboard to begin with: csm, leader, executive and so on."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def starting_dashboards(project: Project, *only: str) -> dict[str, Any]:
    """Dashboards by name, as plain values of YAML; `only` some, by whom they are for. Those without a widget left are
    none. Raises KeyError for a name that `starting_names` does not have."""
    marks = marks_of(project)
    found: dict[str, Any] = {}
    for whose in only or starting_names():
        if whose not in starting_names():
            raise KeyError(whose)
        for name, dashboard in yaml.safe_load((_FOLDER / f"{whose}.yaml").read_text("utf-8")).items():
            filled = _filled(dashboard, marks)
            if filled["widgets"]:
                found[name] = filled
    return found


def marks_of(project: Project) -> dict[str, Any]:
    """What stands for each mark in this project; what it does not have is left out."""
    marks: dict[str, Any] = {}
    if (accounts := project.with_role("accounts")) is not None:
        options = {option: getattr(accounts[1], option) for option in _OPTIONS}
        marks |= {option: _name(column) for option, column in options.items() if column}
    usage = next(iter(project.usage_datasets().items()), None)
    if usage is not None:
        events = usage[1].events
        marks |= {"usage": usage[0], "events": f"sum({_name(events)})" if events else "count()"}
    outcomes = next(iter(project.all_with_role("outcomes").items()), None)
    if outcomes is not None and isinstance(outcomes[1].outcome, str) and outcomes[1].occurred_at:
        marks |= {"outcomes": outcomes[0], "outcome": _name(outcomes[1].outcome), "is_churned": _churned(outcomes[1])}
    tickets = next((name for name in _TICKETS if name in project.datasets and _has_time(project.datasets[name])), None)
    measures = _measures(project)
    return marks | ({"tickets": tickets} if tickets else {}) | ({"measures": measures} if measures else {})


def _measures(project: Project) -> dict[str, Any]:
    """The score, and the measures of the first card of accounts, as measures of a widget."""
    card = next(iter(project.cards_for("account").values()), None)
    if card is None:
        return {}
    titles = {name: one.title or name.replace("_", " ").capitalize() for name, one in card.measures.items()}
    parts = {
        name: {"aggregate": f"max({Name(('measure', name))})", "title": title}
        for name, title in list(titles.items())[:_MOST_MEASURES]
    }
    return {"score": {"aggregate": "max(score)", "title": "Score"}, **parts}


def _name(column: str) -> str:
    return str(Name((column,)))


def _has_time(dataset: Dataset) -> bool:
    return bool(dataset.occurred_at and dataset.account)


def _churned(dataset: Dataset) -> str:
    """The condition that a decision was to leave, in the data's words."""
    words = [word for word, meaning in dataset.values.items() if meaning == "churned"] or ["churned"]
    return f"{_name(str(dataset.outcome))} in ({', '.join(map(quote_text, words))})"


def _filled(dashboard: Mapping[str, Any], marks: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(dashboard)
    for part in ("filters", "widgets"):
        there = {name: one for name, one in dashboard.get(part, {}).items() if _marks_in(one) <= marks.keys()}
        found[part] = {name: _with(one, marks) for name, one in there.items()}
    if not found["filters"]:
        del found["filters"]
    return found


def _marks_in(value: Any) -> frozenset[str]:
    if isinstance(value, dict):
        return frozenset().union(*map(_marks_in, value.values()))
    return frozenset(_MARK.findall(value)) if isinstance(value, str) else frozenset()


def _with(value: Any, marks: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _with(one, marks) for key, one in value.items()}
    if not isinstance(value, str):
        return value
    whole = _MARK.fullmatch(value)
    return marks[whole[1]] if whole else _MARK.sub(lambda found: str(marks[found[1]]), value)


def as_yaml(dashboards: Mapping[str, Any]) -> str:
    """Dashboards as a file of definitions."""
    text: str = yaml.safe_dump(
        {"dashboards": dict(dashboards)}, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
    )
    return text
