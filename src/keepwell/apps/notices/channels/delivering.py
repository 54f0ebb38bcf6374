"""Sends what waits in the queues of channels: at least once, with the same id at every try.

Each channel has one call under way at a time, and a channel that hangs holds one of several places for a few seconds
and then rests: others do not wait for it.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.utils import timezone

from keepwell.apps.notices.channels.claiming import claimed
from keepwell.apps.notices.channels.outcome import note
from keepwell.apps.notices.channels.posting import ALL_SECONDS, Answer, post
from keepwell.apps.notices.channels.secrets import Secrets, secrets_of, signing_now
from keepwell.apps.notices.channels.signing import signed_headers
from keepwell.apps.notices.models import Delivery
from keepwell.errors import RequestRefused

log = logging.getLogger("keepwell.channels")
AT_ONCE = 8
_TURN_SECONDS = 60.0
_LOOK_EVERY = 0.5  # seconds, for what came in while others are under way


@dataclass(frozen=True)
class Call:
    """One try as it leaves; `error`: why it cannot."""

    body: bytes
    kept: Secrets = field(repr=False, default_factory=lambda: Secrets(""))
    headers: dict[str, str] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    error: str = ""


def deliver_what_is_due(seconds: float = ALL_SECONDS) -> Counter[str]:
    """Until nothing is due, or a minute is over. Returns how many were sent, wait for another try, and were given up.

    `seconds`: that one call may take. What comes in meanwhile is sent as well.
    """
    counts: Counter[str] = Counter()
    ends = time.monotonic() + _TURN_SECONDS
    under_way: dict[Future[Answer], Delivery] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="channel") as pool:
        while True:
            if time.monotonic() < ends:
                busy = {one.channel_id for one in under_way.values()}
                for delivery in claimed(AT_ONCE - len(under_way), busy):
                    under_way[pool.submit(_carry_out, _call_of(delivery), seconds)] = delivery
            if not under_way:
                return counts
            done, _ = wait(under_way, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED)
            for one in done:
                counts[str(note(under_way.pop(one), one.result()))] += 1


def _call_of(delivery: Delivery) -> Call:
    now, body = timezone.now(), delivery.body.encode()
    try:
        kept = secrets_of(delivery.channel)
    except RequestRefused as refused:
        return Call(body, error=str(refused))
    signing = signing_now(delivery.channel, kept, now)
    headers = signed_headers(delivery.message_id, body, signing, now) if signing else {}
    return Call(body, kept, headers, settings.ENVIRONMENT.outgoing)


def _carry_out(call: Call, seconds: float) -> Answer:
    """In a thread of its own, which never touches the database."""
    if call.error:
        return Answer(error=call.error)
    try:
        answer = post(call.kept.address, call.body, call.headers, call.allowed, seconds)
    except Exception as error:  # of one channel, and the others go on
        log.exception("a call of a channel failed in a way that nobody foresaw")
        return Answer(error=type(error).__name__)
    return replace(answer, text=call.kept.hide(answer.text), error=call.kept.hide(answer.error))
