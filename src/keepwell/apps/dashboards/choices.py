"""Values that a filter of the page can be narrowed to, of the accounts that somebody sees."""

from __future__ import annotations

from dataclasses import dataclass, replace

from keepwell.apps.access.actors import Actor
from keepwell.apps.dashboards.answering.answers import answer
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.definitions.catalogue import ACCOUNTS
from keepwell.definitions.names import unknown
from keepwell.definitions.widgets import TableWidget
from keepwell.engine.reporting.filtering import chosen_at_first
from keepwell.errors import RequestRefused

_MOST = 200
_WIDGET = "choices"


@dataclass(frozen=True)
class Choice:
    value: str
    accounts: int


def choices_of(actor: Actor, shown: Shown, name: str, asked: AskedInPage) -> list[Choice]:
    """With how many accounts each has under the other filters, most first. Raises RequestRefused."""
    found = shown.dashboard.filters.get(name)
    if found is None or found.of is None:
        raise RequestRefused(unknown("filter", name, shown.dashboard.filters))
    widget = TableWidget.model_validate(
        {
            "chart": "table", "dataset": ACCOUNTS, "columns": {"value": {"of": f"cast({found.of} as text)"}},
            "measures": {"accounts": "count()"}, "order": "accounts desc", "limit": _MOST,
        },
        strict=False,
    )  # fmt: skip
    alone = replace(shown, dashboard=shown.dashboard.model_copy(update={"widgets": {_WIDGET: widget}}))
    chosen = chosen_at_first(shown.dashboard) if asked.chosen is None else asked.chosen
    others = {key: one for key, one in chosen.items() if key != name}
    result = answer(actor, alone, replace(asked, chosen=others, crossed={}), only=_WIDGET)[_WIDGET]
    if result.problem is not None:
        raise RequestRefused(result.problem)
    return [Choice(row["value"] or "", row["accounts"]) for row in result.rows.to_pylist()]
