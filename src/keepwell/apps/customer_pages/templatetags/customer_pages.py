"""How pages for customers are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django import template

from keepwell.apps.customer_pages.widgets.block import Block

register = template.Library()


@register.filter
def with_bars(block: Block) -> Iterator[tuple[Sequence[str], int | None]]:
    """Each row with how long its bar is; None where there are none."""
    bars: Sequence[int | None] = block.bars or [None] * len(block.rows)
    return zip(block.rows, bars, strict=True)
