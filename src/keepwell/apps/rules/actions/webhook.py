"""webhook: another system is called, signed and tried again, with the account, its score and what the rule adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from keepwell.apps.health.telling import score_now
from keepwell.apps.notices.channels.enqueuing import enqueue_event
from keepwell.apps.notices.channels.payloads import account_data
from keepwell.apps.notices.channels.queries import channel_problems, channels_named
from keepwell.apps.notices.models import ChannelKind
from keepwell.apps.notices.operations import withdraw
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register
from keepwell.engine.rules.because import because

EVENT = "rule.fired"
_KIND = str(ChannelKind.WEBHOOK)


def register_performers() -> None:
    register("webhook", Performer(_call, _back, "calls", "webhook", outside=True, check=problems))


def problems(parameters: Mapping[str, Any]) -> list[str]:
    """Why it cannot be done whatever the account is: an endpoint that is not there. Nothing where it can."""
    return channel_problems([parameters["to"]], _KIND)


def _call(effect: Effect) -> dict[str, Any]:
    (endpoint,) = channels_named([effect.parameters["to"]], _KIND)
    subject = f"{effect.rule}: {effect.account.name}"
    enqueue_event(
        endpoint, key=_key(effect), kind=EVENT, data=_data(effect), subject=subject, account_id=effect.account_id
    )
    return {"key": _key(effect), "channels": [endpoint.name]}


def _data(effect: Effect) -> dict[str, Any]:
    score = score_now(effect.account_id)
    return {
        "rule": effect.rule,
        "occurrence": effect.occurrence,
        "account": account_data(effect.account_id, effect.account.name, asdict(score) if score else {}),
        "reason": effect.reason,
        "because": because(effect.reason),
        "data": effect.parameters.get("data") or {},
    }


def _back(effect: Effect) -> str:
    """What has not gone out yet does not."""
    stays = withdraw(effect.made["key"]).stays
    return f"it cannot be taken back: {'; '.join(stays)}" if stays else ""


def _key(effect: Effect) -> str:
    return f"rule:{effect.pk}"
