"""What is wrong with a page as anybody can see it: what Axe finds, and what is wider than its window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Visitor

NARROW = {"width": 390, "height": 844}
_LOOKS = (("light", {"width": 1440, "height": 900}), ("dark", NARROW))
_OPEN = "(all, many) => all.slice(0, many).forEach(one => { one.open = true })"
OF_LOOKS = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}
"""Rules that may hold in one look and not in another; what the others look at is the same."""


def looks(page: Page) -> Iterator[str]:
    """Light and wide, then dark and as narrow as a phone."""
    for scheme, size in _LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        yield scheme


def faults(page: Page, rules: dict[str, Any] | None = None) -> list[str]:
    """Of a page as it stands."""
    found = [
        f"{violation['id']}: {node['html'][:160]} ({'; '.join(one['message'] for one in node['any'])})"
        for violation in Axe()
        .run(page, options={"resultTypes": ["violations"], **(rules or {})})
        .response["violations"]
        for node in violation["nodes"][:3]
    ]
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [*found, f"{wide} wide in a window of {window}"] if wide > window else found


def faults_of(visitor: Visitor, paths: Iterable[str], *, details: int = 0) -> list[str]:
    """Of each of these pages in both looks, with so many of its details open. A page is opened once."""
    found = []
    for path in paths:
        for number, look in enumerate(looks(visitor.page)):
            page = visitor.page if number else visitor.opens(path)
            page.eval_on_selector_all("main details:not(.menu)", _OPEN, details)
            found += [f"{look} {path}: {one}" for one in faults(page, OF_LOOKS if number else None)]
    return found
