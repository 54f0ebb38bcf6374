"""Links to pages, the codes that open them, and the cookies that keep them open: made of the installation's secret."""

from __future__ import annotations

import hmac
import secrets
from uuid import UUID

from django.conf import settings

from keepwell.apps.customer_pages.models import PageLink
from keepwell.apps.ui.outside.guessing import Guessing
from keepwell.apps.ui.outside.links import Links

LINKS = Links("keepwell: pages for customers")
GUESSING = Guessing("page", LINKS)
DIGITS = 6


def address_of(link: PageLink) -> str:
    """The whole link, as the letter has it."""
    return f"{settings.ENVIRONMENT.public_url}/c/{LINKS.token_of(link.key)}"


def code_of(key: UUID) -> str:
    """Six digits; they are kept nowhere."""
    number = int.from_bytes(LINKS.digest(b"code:" + key.bytes)[:8])
    return f"{number % 10**DIGITS:0{DIGITS}}"


def fits(key: UUID, typed: str) -> bool:
    """Whether somebody typed the code, with blanks between its digits or not."""
    digits = "".join(typed.split()).replace("-", "")
    return hmac.compare_digest(code_of(key).encode(), digits.encode())


def new_cookie() -> str:
    return secrets.token_urlsafe(32)
