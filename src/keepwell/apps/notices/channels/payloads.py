"""What is sent to a channel: Slack's text and blocks, or an event as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from keepwell.apps.notices.wording import address, score_words

if TYPE_CHECKING:
    from keepwell.apps.notices.alerting import Alert

_LONGEST_SECTION, _LONGEST_TEXT = 2900, 3000  # Slack takes 3000 in a section


def slack_body(what: Alert) -> str:
    """`text` is what notifications show; blocks are what stands in the channel."""
    title, words = _escaped(what.title), score_words(what.facts)
    headline = f"*<{address(what.link)}|{title}>*" if what.link else f"*{title}*"
    blocks = [_section(headline)]
    if what.text:
        blocks.append(_section(_escaped(what.text)))
    said = [
        part for part in (what.account and f"*{_escaped(what.account)}*", _escaped(words), _escaped(_why(what))) if part
    ]
    if said:
        context = {"type": "mrkdwn", "text": " · ".join(said)[:_LONGEST_SECTION]}
        blocks.append({"type": "context", "elements": [context]})
    text = " · ".join(part for part in (what.title, words) if part)
    return _json({"text": _escaped(text)[:_LONGEST_TEXT], "blocks": blocks})


def alert_event(what: Alert, now: datetime) -> str:
    """The same as an event for programs."""
    data = {
        "title": what.title, "text": what.text, "link": address(what.link) if what.link else None,
        "importance": what.importance.name.lower(), "account": account_data(what.account_id, what.account, what.facts),
    }  # fmt: skip
    return event(f"alert.{what.kind}", data, now)


def account_data(account_id: str, name: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The account with its score as it is told; None for what is about no account."""
    if not account_id:
        return None
    names = ("score", "label", "tone", "change", "before", "why")
    link = address(f"/customers/{quote(account_id)}/")
    return {"id": account_id, "name": name, "link": link, **{one: facts.get(one) for one in names}}


def event(kind: str, data: Mapping[str, Any], now: datetime) -> str:
    """`type`, `timestamp` and `data`, as Standard Webhooks has them."""
    return _json({"type": kind, "timestamp": now.astimezone(UTC).isoformat(timespec="seconds"), "data": data})


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_LONGEST_SECTION]}}


def _why(what: Alert) -> str:
    return str(what.facts.get("why") or "")


def _escaped(text: str) -> str:
    """Nothing in it is a link or a mention to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str)
