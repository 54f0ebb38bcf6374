"""A message of the quarantine goes through validation again."""

from __future__ import annotations

from datetime import datetime

import msgspec

from keepwell.apps.usage.ingestion.accepting import POSTHOG, SEGMENT, Sorted, sort_messages
from keepwell.apps.usage.ingestion.inherited import Inherited
from keepwell.apps.usage.ingestion.refusals import MALFORMED, Refused
from keepwell.apps.usage.ingestion.times import written
from keepwell.apps.usage.ingestion.wire import read_object


def replayed(text: str, kept: frozenset[str], received: datetime, now: datetime) -> Sorted:
    """As if it came `now`. One that says no time happened when it was `received` first."""
    try:
        whole = read_object(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Sorted([], [Refused("", MALFORMED, str(error)[:500], text)], 1)
    protocol = POSTHOG if "distinct_id" in whole and "type" not in whole else SEGMENT
    return sort_messages([msgspec.Raw(text.encode())], protocol, Inherited(now, kept, sent=written(received)))
