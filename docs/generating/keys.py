"""Tables of the keys of the language, from the JSON Schema of the models."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from generating.tables import sentence, table
from keepwell.definitions import datasets, triggers
from keepwell.definitions.json_schema import definition_schemas

SHARED = ("title", "help")
"""Keys of every definition that people read; explained once, with `Documented`."""

_SECTIONS = {
    "Band": "a band", "Via": "a [way](#via)", "Always": "`{always: outcome}`", "Linear": "", "Imputed": "`{score: N}`",
    "Group": "groups", "Measure": "measures", "Override": "overrides", "Effect": "an [effect](#overrides)",
    "Level": "levels of a [manual measure](#measures)", "Step": "steps", "EventRule": "rules",
    "Within": "a map of the keys below", "Repeat": "a [map](#rules)", "Until": "a [map](#rules)",
    "Task": "tasks", "Milestone": "milestones", "Email": "a [letter](#playbooks)", "AfterTask": "a [map](#playbooks)",
    "Audience": "a [map](#whom-a-survey-asks)", "Letter": "a [letter](#letters)", "Reminders": "a [map](#letters)",
    "AccountValue": "a [map](#the-value-of-an-account)", "DealImpact": "a [map](#advocacy)",
    "Sentiment": "a [map](#sentiment-and-topics)", "Texts": "a map of the keys below",
    "Limits": "a [map](#advocacy)", "Choice": "[choices](#questions)",
}  # fmt: skip
_SECTIONS |= {
    "Place": "a [place](#the-grid)", "Dimension": "a [dimension](#dimensions-and-measures)",
    "ReportMeasure": "a [measure](#dimensions-and-measures)", "PageFilter": "[filters](#filters-of-a-page)",
    "FunnelStep": "steps",
}  # fmt: skip
_TRIGGER, _ACTION = "[triggers](#triggers)", "[actions](#actions)"
_SHAPE = "a [shape](#from-a-value-to-a-score)"
_COLUMN_LENGTH = 200  # of datasets.Column, which is how a column is told from other texts
_PATTERNS = {"snake": "^[a-z][a-z0-9_]*$", "color": "^#[0-9a-fA-F]{6}$"}


@cache
def schemas() -> Mapping[str, Any]:
    return definition_schemas()


def keys(arguments: str) -> str:
    """A table of a model's keys: `Dataset`, or some of them: `Dataset: file table format`."""
    model, _, chosen = arguments.partition(": ")
    schema = schemas()[model]
    names = chosen.split() or [
        name for name in schema["properties"] if model == "Documented" or not _is_shared(name, schema)
    ]
    rows = [_row(name, schema) for name in names]
    return table(("key", "holds", "default", "what it says"), rows)


def _is_shared(name: str, schema: Mapping[str, Any]) -> bool:
    return name in SHARED and schema["properties"][name] == schemas()["Documented"]["properties"][name]


def _row(name: str, schema: Mapping[str, Any]) -> tuple[str, str, str, str]:
    about = schema["properties"][name]
    default = "required" if name in schema.get("required", ()) else _default(about)
    return f"`{name}`", words(about), default, sentence(about.get("description", ""))


def _default(about: Mapping[str, Any]) -> str:
    default = about.get("default")
    if default in (None, [], {}):
        return ""
    if isinstance(default, dict):
        return ""
    if isinstance(default, list):
        return ", ".join(f"`{one if isinstance(one, str) else next(iter(one))}`" for one in default)
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, float | int):
        return f"`{default:g}`" if "duration" not in words(about) else f"`{default:g} days`"
    return f"`{default}`"


def words(schema: Mapping[str, Any]) -> str:
    """What a value must be, as people say it."""
    for combined in ("anyOf", "oneOf"):
        if combined in schema:
            first, *others = schema[combined]
            if [one.get("items") for one in others] == [first]:
                return f"{words(first)}, one or several"
            found = [words(one) for one in schema[combined] if one.get("type") != "null"]
            return _SHAPE if _SHAPE in found else " or ".join(dict.fromkeys(found))
    if "$ref" in schema:
        return _referred(schema["$ref"].rsplit("/", 1)[1])
    if "enum" in schema or "const" in schema:
        return ", ".join(
            f"`{str(choice).lower() if choice is True else choice}`"
            for choice in schema.get("enum", [schema.get("const")])
        )
    return _typed(schema)


_TRIGGERS = frozenset(model.__name__ for model in triggers._KINDS.values())


def _referred(model: str) -> str:
    if model in ("Linear", "Steps", "Levels", "Percentile", "ScoreFormula"):
        return _SHAPE
    if model.endswith("Question"):
        return "[questions](#questions)"
    if model.endswith("Widget"):
        return "[widgets](#widgets)"
    if model.endswith("Action"):
        return _ACTION
    return _TRIGGER if model in _TRIGGERS else _SECTIONS.get(model) or model


def _typed(schema: Mapping[str, Any]) -> str:
    kind = schema["type"]
    if isinstance(kind, list):
        return "[expression](#expressions)"
    if kind == "array":
        return _list(schema)
    if kind == "object":
        values = schema.get("additionalProperties") or next(iter(schema.get("patternProperties", {}).values()))
        return f"map of {words(values)}" if "$ref" in values else f"map to {words(values)}"
    return _text(schema) if kind == "string" else _number(schema) if kind in ("number", "integer") else "true or false"


def _list(schema: Mapping[str, Any]) -> str:
    items = schema["items"]
    if "prefixItems" in items:
        return "list of pairs: " + ", ".join(words(one) for one in items["prefixItems"])
    inner = words(items)
    return f"list of {inner.removeprefix('a ').replace('band', 'bands')}"


_LIKE = {
    "3 business days": "delay, such as `3 business days` or `2 weeks`",
    "3 days": "`3 days` or `2 runs`",
    "10%": "`10%`",
    "every weekday at 08:00": "schedule",
    "2026-12-31": "`2026-12-31` or `30 days`",
    "en": "code of a language",
    "csm": "`csm`, `manager`, `team` or an address",
    "90 days": "[period](#periods)",
    "segment": "[expression](#expressions)",
    "arr desc": "name, with `desc` or without",
}
"""What texts hold, by the first of their examples."""


def _text(schema: Mapping[str, Any]) -> str:
    if "count()" in schema.get("examples", ()):
        return "[aggregate](#aggregates)"
    if schema.get("maxLength") == _COLUMN_LENGTH:
        return "column"
    if "Europe/Berlin" in schema.get("examples", ()):
        return "time zone, such as `Europe/Berlin`"
    if schema.get("pattern") == _PATTERNS["snake"]:
        return "name"
    if schema.get("pattern") == _PATTERNS["color"]:
        return "color, such as `#3c8d40`"
    if said := _LIKE.get(next(iter(schema.get("examples", ())), "")):
        return said
    if "pattern" in schema:
        return "duration, such as `28 days` or `4 weeks`"
    return "text"


def _number(schema: Mapping[str, Any]) -> str:
    noun = "whole number" if schema["type"] == "integer" else "number"
    low, high = schema.get("minimum"), schema.get("maximum")
    if high is not None:
        edge = f"from {low:g}" if low is not None else f"above {schema['exclusiveMinimum']:g}"
        return f"{noun} {edge} to {high:g}" if low is not None else f"{noun} {edge}, up to {high:g}"
    return noun if low is None else f"{noun}, at least {low:g}"


_ROLES = {
    "facts": "something that happened to an account",
    "accounts": "an account",
    "relationships": "a part of an account with a life of its own: a subscription, a unit, a site",
    "outcomes": "a decision of the customer",
    "entries": "a score that a person, a rule or another system entered",
    "overrides": "an override of one account by hand",
    "pins": "the scorecard of an account, chosen by hand",
    "treatments": "an account that was treated by a rule, a playbook or the like, or was held out of it",
}


def roles() -> str:
    """A row a role: what its rows are, and the keys it needs."""
    needs = datasets._NEEDS
    return table(("role", "what a row is", "needs"), [(f"`{one}`", _ROLES[one], _coded(needs[one])) for one in needs])


def ledgers() -> str:
    """The columns whose names are fixed."""
    rows = [(f"`{role}`", _coded(must), _coded(may)) for role, (must, may) in datasets.LEDGER_COLUMNS.items()]
    return table(("role", "columns that must be there", "columns that may be"), rows)


def _coded(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
