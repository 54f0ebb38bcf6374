"""One call of a channel: through the door, once, without following anywhere, and over after a few seconds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

from keepwell.connect.hurrying import HurriedDoor
from keepwell.connect.spec import SourceRefused

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 5.0, 10.0, 15.0
_READ = 4096
_KEPT = 1000
_LONGEST_WAIT = timedelta(days=1)
_TOO_LONG = "no answer within {:g} seconds"


@dataclass(frozen=True)
class Answer:
    """`code`: None where there was no answer. `wait`: how long the other side asks to be left alone. `final`: trying
    again is of no use. `lame`: it did not answer at all, so other messages need not be tried for a while either."""

    code: int | None = None
    text: str = ""
    error: str = ""
    wait: timedelta | None = None
    final: bool = False
    lame: bool = False

    @property
    def good(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


def post(
    address: str, body: bytes, headers: Mapping[str, str], allowed: tuple[str, ...], seconds: float = ALL_SECONDS
) -> Answer:
    """What came of it; nothing is raised for what the other side does. `allowed`: private hosts that may be called."""
    sent = {"Content-Type": "application/json", "Accept-Encoding": "identity", **headers}
    timeouts = (min(CONNECT_SECONDS, seconds), min(READ_SECONDS, seconds))
    with HurriedDoor(allowed, seconds=seconds) as door:
        try:
            answer = door.session().post(address, data=body, headers=sent, stream=True, timeout=timeouts)
        except SourceRefused as refused:
            words = _TOO_LONG.format(seconds) if door.is_over else str(refused)
            return Answer(error=words, final=not refused.passing, lame=refused.passing)
        with answer:
            if door.is_over:  # what was read of its head is no answer
                return Answer(error=_TOO_LONG.format(seconds), lame=True)
            return _judged(answer.status_code, _beginning(answer.raw), answer.headers)


def _judged(code: int, text: str, headers: Mapping[str, str]) -> Answer:
    if 200 <= code < 300:
        return Answer(code, text)
    wait = _asked_wait(headers.get("Retry-After", ""))
    error = f"it answered {code}"
    if 300 <= code < 400:
        error = f"it answered {code}: redirects are not followed, enter the address that it leads to"
    return Answer(code, text, error, wait, final=code == 410)


def _beginning(raw: object) -> str:
    """As much of the answer as is kept; an answer that breaks off counts by its code."""
    try:
        found: bytes = raw.read(_READ, decode_content=False)  # type: ignore[attr-defined]
    except Exception:  # whatever ended it, the code was there
        return ""
    return found.decode(errors="replace").replace("\x00", "")[:_KEPT]


def _asked_wait(said: str) -> timedelta | None:
    """Of Retry-After: seconds, or a date."""
    try:
        seconds = (
            float(said) if said.replace(".", "", 1).isdigit() else parsedate_to_datetime(said).timestamp() - time.time()
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(timedelta(seconds=min(seconds, 1e9)), timedelta(0)), _LONGEST_WAIT)
