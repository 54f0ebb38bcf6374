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
    return f"<ul>{''.join(f'<li>{escape(_sentence(one))}</li>' for one in items)}</ul>"


def grid(tiles: Iterable[str]) -> str:
    """Tiles side by side, as many as fit."""
    return f'<div class="grid">{"".join(tiles)}</div>'


def tile(title: str, inner: str) -> str:
    """`inner` is HTML."""
    return f"<section><h4>{escape(title)}</h4>{inner}</section>"


def coded(what: str, text: str) -> str:
    """A short line that says how something is written in a definition."""
    return f'<p class="coded">{escape(what)} <code>{escape(text)}</code></p>'


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
    between = interval(one["low"], one["high"]).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{one['value']:.3f}" + (f" ({between})" if between else "")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
