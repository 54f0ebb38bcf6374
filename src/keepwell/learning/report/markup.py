"""Small pieces of HTML, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any


def paragraph(text: str, kind: str = "") -> str:
    return f"<p{_kind(kind)}>{escape(text)}</p>"


def heading(text: str, level: int = 2) -> str:
    return f"<h{level}>{escape(text)}</h{level}>"


def bullets(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in items)}</ul>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Cells are text; the columns at `numbers` stand to the right."""
    kinds = ["n" if place in numbers else "" for place in range(len(head))]
    top = "".join(f"<th{_kind(kind)}>{escape(one)}</th>" for one, kind in zip(head, kinds, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{_kind(kind)}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def folded(summary: str, inner: str) -> str:
    """Details below a line that opens them; `inner` is HTML."""
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"


def percent(share: float | None, digits: int = 1) -> str:
    return "unknown" if share is None else f"{100 * share:.{digits}f} %"


def interval(low: float | None, high: float | None, digits: int = 3) -> str:
    return "" if low is None or high is None else f"{low:.{digits}f} to {high:.{digits}f}"


def figure(one: dict[str, Any]) -> str:
    """A figure of a report with its interval, or why it is not known."""
    if one["value"] is None:
        return f"unknown: {one['reason']}"
    between = interval(one["low"], one["high"])
    return f"{one['value']:.3f}" + (f" ({between})" if between else "")


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
