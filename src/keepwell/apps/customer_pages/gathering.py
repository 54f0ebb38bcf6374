"""The blocks of a page: each widget by itself, so that one that fails leaves the others standing."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from keepwell.apps.adoption import counting
from keepwell.apps.adoption.counting import StillCounting, waiting
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.customer_pages.models import Content
from keepwell.apps.customer_pages.widgets import BY_NAME
from keepwell.apps.customer_pages.widgets.block import Block, Given
from keepwell.apps.customers.models import Account

_LOG = logging.getLogger("keepwell.customer_pages")


@dataclass(frozen=True)
class Gathered:
    """`counting`: some figures are not there yet."""

    blocks: Sequence[Block]
    counting: bool
    day: date

    def kept(self) -> list[dict[str, Any]]:
        """As plain values: what a view keeps."""
        said = [{name: value for name, value in asdict(one).items() if value} for one in self.blocks]
        plain: list[dict[str, Any]] = json.loads(json.dumps(said))  # as the database gives it back
        return plain


def gather(account: Account, content: Content, language: str) -> Gathered:
    """In the order in which they were chosen; widgets that are gone are left out."""
    given = Given(account, content, language, today_of(None))
    blocks, missing = [], False
    with waiting(counting.OF_FILES):
        for name in content.widgets:
            if name in BY_NAME:
                try:
                    blocks.append(_block(name, given))
                except StillCounting:
                    missing = True
    return Gathered(blocks, missing, given.today)


def _block(name: str, given: Given) -> Block:
    try:
        with transaction.atomic():
            return BY_NAME[name].gather(given)
    except StillCounting:
        raise
    except Exception:
        _LOG.exception("the widget %s of the page of %s failed", name, given.account.pk)
        return Block(name, given.said(name), given.said("failed"), failed=True)
