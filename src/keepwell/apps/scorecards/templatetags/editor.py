"""Inputs of the editor: each is found by its name among the page's values and errors."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("scorecards/_input.html")
def field(page: Any, path: str, label: str, kind: str = "text", help: str = "") -> dict[str, Any]:  # noqa: A002 - as templates say it
    """A labelled input with what stands in it and what is wrong with it."""
    return {
        "name": path,
        "id": path.replace("/", "-"),
        "label": label,
        "kind": kind,
        "help": help,
        "value": page.values.get(path, ""),
        "errors": page.errors.get(path, ()),
    }


@register.inclusion_tag("scorecards/_select.html")
def select(page: Any, path: str, label: str, choices: Any, empty: str = "") -> dict[str, Any]:
    """The same with choices: names, or pairs of a value and words. What is no choice stays, and stands first."""
    pairs = [(one, one) if isinstance(one, str) else tuple(one) for one in choices]
    value = page.values.get(path, "")
    if value and value not in [one for one, _ in pairs]:
        pairs.insert(0, (value, f"{value} (unknown)"))
    if empty:
        pairs.insert(0, ("", empty))
    found = field(page, path, label)
    return found | {"choices": pairs}


@register.inclusion_tag("scorecards/_rows.html")
def rows(page: Any, path: str, columns: str) -> dict[str, Any]:
    """A table of inputs, one row a knot, with an empty one at its end. `columns`: "part:label, ...", parts of a row."""
    heads = [tuple(one.strip().split(":")) for one in columns.split(",")]
    numbers = sorted({int(name[len(path) + 1 :].split("/")[0]) for name in page.values if _is_row(name, path)})
    cells = [
        [
            (f"{path}/{at}/{part}", f"{label}, row {at + 1}", page.values.get(f"{path}/{at}/{part}", ""))
            for part, label in heads
        ]
        for at in numbers
    ]
    return {"heads": [label for _, label in heads], "cells": cells}


@register.filter
def errors_of(page: Any, path: str) -> Any:
    return page.errors.get(path, ())


@register.filter
def value_of(page: Any, path: str) -> str:
    return str(page.values.get(path, ""))


@register.filter
def under(path: str, part: str) -> str:
    """The name of a part below a path."""
    return f"{path}/{part}" if path else part


@register.filter
def slug(path: str) -> str:
    """A path as an id."""
    return path.replace("/", "-")


@register.filter
def kept_name(kept: Any, part: Any) -> str:
    """The name that was typed for a part and refused, else the one that it has."""
    return str((kept or {}).get(f"key:{part.path}", part.name))


@register.filter
def figure(value: Any, is_share: bool) -> str:
    """A figure of the past: a share in per cent, anything else with three decimals."""
    return _number(value.value if value else None, is_share)


@register.filter
def figure_span(value: Any, is_share: bool) -> str:
    """Its interval, or why there is none."""
    if value is None or value.low is None:
        return getattr(value, "reason", "") or "–"
    return f"{_number(value.low, is_share)} to {_number(value.high, is_share)}"


def _number(number: float | None, is_share: bool) -> str:
    if number is None:
        return "–"
    return f"{100 * number:.0f} %" if is_share else f"{number:.3f}"


@register.filter
def words(text: str) -> list[str]:
    return text.split()


def _is_row(name: str, path: str) -> bool:
    return name.startswith(f"{path}/") and name[len(path) + 1 :].split("/", maxsplit=1)[0].isdigit()
