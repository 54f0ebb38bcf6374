"""What a page was narrowed to, kept for what leaves it: as its address says it, without what means nothing there."""

from __future__ import annotations

from django.http import QueryDict

from keepwell.apps.dashboards.addresses import as_query, asked_in
from keepwell.apps.dashboards.answering.answers import moment_of
from keepwell.apps.dashboards.answering.asked import engine_asks
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.errors import FieldRefused

MOST = 2000


def query_of(shown: Shown, query: str) -> str:
    """Raises FieldRefused for what the dashboard cannot be asked."""
    asked = asked_in(QueryDict(query))
    if (moment := moment_of(shown)) is not None:
        engine_asks(shown, asked, moment.day, moment.now)
    found = as_query(asked)
    if len(found) > MOST:
        raise FieldRefused("query", f"the filters take {len(found)} characters in the address, at most {MOST}")
    return found
