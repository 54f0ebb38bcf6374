"""A whole dashboard as a file: by the browser of the machine where there is one, else its numbers alone."""

from __future__ import annotations

import logging

from django.template.loader import render_to_string

from keepwell.apps.dashboards.printing import browser
from keepwell.apps.dashboards.printing.browser import NoBrowser
from keepwell.apps.dashboards.printing.paper import paper_of
from keepwell.apps.dashboards.printing.serving import served
from keepwell.apps.dashboards.printing.still import Still
from keepwell.apps.dashboards.showing import layout

_LOG = logging.getLogger("keepwell.dashboards")
_ROW, _GAP, _AROUND = 64, 12, 160
"""Pixels of a row of the grid, between rows, and of what stands around it."""


def pdf_of(still: Still) -> bytes:
    """As it looks on the page, where a browser is there and answers in time; else as tables."""
    try:
        with served(_pages(still)) as address:
            return browser.printed(f"{address}page.html")
    except NoBrowser as none:
        _LOG.info("dashboard %s printed without a browser: %s", still.shown.key, none)
        return paper_of(still)


def png_of(still: Still) -> bytes:
    """As it looks on the page. Raises NoBrowser: without a browser there is no picture."""
    with served(_pages(still)) as address:
        return browser.pictured(f"{address}page.html", _height(still))


def _pages(still: Still) -> dict[str, str]:
    context = {"still": still, "style": "layout.css", "is_print": True}
    return {"page.html": render_to_string("dashboards/printing/page.html", context), "layout.css": layout(still.shown)}


def _height(still: Still) -> int:
    rows = max((one.stand.y + one.stand.h - 1 for one in still.widgets), default=1)
    return rows * (_ROW + _GAP) + _AROUND
