"""What a channel keeps to itself: its address, and the secrets that calls are signed with."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from keepwell.apps.access.sealing import opened, sealed
from keepwell.apps.notices.models import Channel

PREFIX = "whsec_"
BOTH_WORK = timedelta(days=1)
"""So long after a new secret was made calls are signed with the old one too."""

_PURPOSE = "secrets of channels"
_BYTES, _FEWEST, _MOST = 32, 24, 64
_HIDDEN = "•••"


@dataclass(frozen=True)
class Secrets:
    """`signing`: whsec_ and base64; empty where calls are not signed. `before`: the one it took the place of."""

    address: str
    signing: str = ""
    before: str = ""

    def hide(self, text: str) -> str:
        """A text that may be kept or shown: an answer may repeat what it was asked with."""
        for one in (self.address, self.address.partition("://")[2].partition("/")[2], self.signing, self.before):
            if len(one) >= 8:
                text = text.replace(one, _HIDDEN)
        return text


def new_signing() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def is_signing(text: str) -> bool:
    """Whether it is a secret as Standard Webhooks has them: whsec_ and 24 to 64 bytes in base64."""
    try:
        return text.startswith(PREFIX) and _FEWEST <= len(base64.b64decode(text[len(PREFIX) :], validate=True)) <= _MOST
    except (binascii.Error, ValueError):
        return False


def seal(kept: Secrets) -> str:
    return sealed(vars(kept), _PURPOSE)


def secrets_of(channel: Channel) -> Secrets:
    """Raises RequestRefused where they were sealed with another key."""
    return Secrets(**opened(channel.secrets, _PURPOSE))


def signing_now(channel: Channel, kept: Secrets, now: datetime) -> list[str]:
    """The secrets to sign with, the newest first."""
    both = channel.rotated_at is not None and now < channel.rotated_at + BOTH_WORK
    return [one for one in (kept.signing, kept.before if both else "") if one]
