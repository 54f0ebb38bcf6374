"""Charts of advocacy, as options for the island."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keepwell.engine.advocacy.standing import Quarter


def pipeline_option(quarters: Sequence[Quarter]) -> dict[str, Any]:
    """Amounts by quarter, the earliest first: won, open and lost one on another."""
    ordered = list(reversed(quarters))
    parts = (("Won", "won", "token:accent"), ("Open", "open", "token:bar"), ("Lost", "lost", "token:line"))
    return {
        "xAxis": {"type": "category", "data": [one.name for one in ordered]},
        "yAxis": {"type": "value"},
        "grid": {"left": 64, "right": 64, "top": 28, "bottom": 28},
        "series": [_bar(name, [getattr(one, field) for one in ordered], color) for name, field, color in parts],
    }


def _bar(name: str, values: list[float], color: str) -> dict[str, Any]:
    label = {"show": True, "position": "right", "formatter": name, "color": "token:ink-2"}
    data: list[Any] = list(values)
    if any(values):  # the name stands beside its largest part
        largest = max(range(len(values)), key=values.__getitem__)
        data[largest] = {"value": data[largest], "label": label}
    return {"type": "bar", "name": name, "stack": "deals", "data": data, "color": color, "barMaxWidth": 48}
