"""Features that are used, and those of the map that are not used yet."""

from __future__ import annotations

from typing import Any

from keepwell.apps.adoption.reading import matrix_of
from keepwell.apps.adoption.titles import in_words, titles_of
from keepwell.apps.customer_pages.widgets.block import Block, Given, Item, Widget

DAYS, _MOST = 90, 30


def gather_used(given: Given) -> Block:
    if given.scope is None:
        return given.nothing("features")
    titles, used = titles_of(given.scope.project), _used(given)
    rows = sorted(used.values(), key=lambda row: (-row["people"], -row["events"], row["feature"]))[:_MOST]
    if not rows:
        return Block("features", given.said("features"), given.said("features_none", days=DAYS))
    head = (given.said("feature"), given.said("people"), given.said("used_times", days=DAYS), given.said("last_used"))
    return Block(
        "features", given.said("features"), head=head, numbers=(1, 2),
        rows=[
            (titles.get(row["feature"]) or in_words(row["feature"]), given.number(row["people"]),
             given.number(row["events"]), given.day(row["last_day"]))
            for row in rows
        ],
    )  # fmt: skip


def gather_unused(given: Given) -> Block:
    """Of the feature map alone: what only other customers send tells nobody anything here."""
    if given.scope is None:
        return given.nothing("unused")
    used = _used(given)
    titles = titles_of(given.scope.project)
    left = [title for name, title in titles.items() if name not in used and name not in given.content.left_out]
    if not left:
        return Block("unused", given.said("unused"), given.said("unused_none"))
    text = given.said("unused_text", days=DAYS)
    return Block("unused", given.said("unused"), text, points=[Item(title) for title in sorted(left)[:_MOST]])


def _used(given: Given) -> dict[str, dict[str, Any]]:
    assert given.scope is not None
    rows = {row["feature"]: row for row in matrix_of(given.scope, DAYS)}
    return {name: row for name, row in rows.items() if name not in given.content.left_out}


USED = Widget("features", "Features used", "Features of the last 90 days, with how many people use them", gather_used)
UNUSED = Widget("unused", "Features not used yet", "Those of the feature map that nobody of them used", gather_unused)
