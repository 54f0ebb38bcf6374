"""Low answers to a survey with what is done about them: an open call to action, a closed one, or nothing yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.queries import calls_seen
from keepwell.apps.cockpit.words import CallStatus
from keepwell.apps.customers.queries import visible
from keepwell.apps.surveys.results.low import Answer, answers_of

DAYS, STATES = (90, 30, 365), ("", "without", "open", "closed")
SHOWN = 60


@dataclass(frozen=True)
class Followed:
    """`state`: open, closed or without. `call`: the newest that goes with it."""

    answer: Answer
    state: str
    call: CallToAction | None

    @property
    def opening(self) -> str:
        """What the form of a new call begins with."""
        said = f"Answered {self.answer.number} of {self.answer.of}"
        return urlencode({"type": "risk", "title": f"{said}: ask what is missing", "reason_words": said})


@dataclass(frozen=True)
class Loop:
    """`rows`: at most SHOWN of `fitting`."""

    rows: Sequence[Followed]
    counts: Mapping[str, int]
    fitting: int


def loop_of(actor: Actor, survey: str, days: int, state: str = "") -> Loop:
    """Of the accounts that the actor sees, those without a call first, the newest first."""
    since = timezone.now() - timedelta(days=days)
    low = [one for one in answers_of(visible(actor), since, survey) if one.low]
    calls = _calls(actor, {one.response.account_id or "" for one in low}, since)
    rows = [_followed(one, calls[one.response.account_id or ""]) for one in low]
    counts = {name: sum(one.state == name for one in rows) for name in STATES[1:]}
    chosen = [one for one in rows if not state or one.state == state]
    return Loop(sorted(chosen, key=lambda one: _ORDER[one.state])[:SHOWN], counts, len(chosen))


_ORDER = {"without": 0, "open": 1, "closed": 2}


def _calls(actor: Actor, accounts: set[str], since: datetime) -> Mapping[str, list[CallToAction]]:
    """Calls that were open at some time since, the newest first."""
    found: dict[str, list[CallToAction]] = defaultdict(list)
    for call in calls_seen(actor).filter(account_id__in=accounts).order_by("-opened_at", "-pk"):
        if call.closed_at is None or call.closed_at >= since:
            found[call.account_id].append(call)
    return found


def _followed(answer: Answer, calls: Sequence[CallToAction]) -> Followed:
    """A call counts that was open after they had answered, whoever opened it and why."""
    at = answer.response.answered_at
    after = [one for one in calls if at is not None and (one.closed_at is None or one.closed_at >= at)]
    still = next((one for one in after if one.status != CallStatus.CLOSED), None)
    if still is not None:
        return Followed(answer, "open", still)
    return Followed(answer, "closed", after[0]) if after else Followed(answer, "without", None)
