"""Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def sentence(text: str) -> str:
    """With a capital letter and a full stop; a word that is a name (`e`, `first:`) keeps its small letter."""
    text = text.strip()
    first = text.split(" ", 1)[0]
    text = text if first == "e" or first.endswith((":", ",")) else text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", ":")) or not text else text + "."
