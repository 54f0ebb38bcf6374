"""Usage against the seats that were bought."""

from __future__ import annotations

from keepwell.apps.adoption.reading import use_of
from keepwell.apps.customer_pages.widgets.block import Block, Given, Widget
from keepwell.apps.customer_pages.words import percent_in


def gather(given: Given) -> Block:
    if given.scope is None:
        return given.nothing("seats")
    (use,) = use_of(given.scope)
    figures = [("people_28", given.number(use["monthly"])), ("people_7", given.number(use["weekly"])),
               ("active_days", given.number(use["active_days"]))]  # fmt: skip
    if use["seats"]:
        share = percent_in(given.language, use["utilisation"])
        figures = [("seats_bought", given.number(use["seats"])), ("seats_used", share), *figures]
    return Block(
        "seats", given.said("seats"), given.said("as_of", day=given.day(given.scope.as_of)),
        figures=[(given.said(word), value) for word, value in figures],
        progress=(min(round(use["monthly"]), round(use["seats"])), round(use["seats"])) if use["seats"] else None,
    )  # fmt: skip


WIDGET = Widget("seats", "Usage against seats", "Active people beside the seats that were bought", gather)
