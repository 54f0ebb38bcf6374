"""notify: people and channels are told of an account, with its score and why it is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from keepwell.apps.access.models import User
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.responsible import people_meant
from keepwell.apps.health.telling import score_now
from keepwell.apps.notices.channels.queries import channel_problems
from keepwell.apps.notices.operations import EMAIL, IN_APP, Alert, Importance, alert, withdraw
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register
from keepwell.engine.rules.because import because
from keepwell.errors import RequestRefused

_WAYS = (IN_APP, EMAIL)


def register_performers() -> None:
    register("notify", Performer(_tell, _back, "sends", "alert", outside=True, check=problems))


def problems(parameters: Mapping[str, Any]) -> list[str]:
    """Why it cannot be done whatever the account is: channels that are not there. Nothing where it can."""
    return channel_problems(_channels(parameters))


def _tell(effect: Effect) -> dict[str, Any]:
    asked, account = effect.parameters, effect.account
    ways, channels = [one for one in _several(asked.get("by", IN_APP)) if one in _WAYS], _channels(asked)
    people = _people(_several(asked["to"]), account) if ways else []
    if ways and not people and not channels:
        raise RequestRefused(f"nobody is there to tell: {', '.join(_several(asked['to']))} of {account.name}")
    told = alert(_alert(effect), people=people, by=ways, channels=channels)
    if people and not told.people and not channels:
        raise RequestRefused(f"nobody of those to be told may see {account.name}")
    return {"key": _key(effect), "people": told.people, "channels": told.channels, "may_not_see": told.blind}


def _people(recipients: Sequence[str], account: Account) -> list[User]:
    """Everybody meant, each once. Where a CSM who left leaves nobody, a manager hears of it instead."""
    found = {one.pk: one for who in recipients for one in people_meant(who, account)}
    return list(found.values()) or people_meant("manager", account)


def _alert(effect: Effect) -> Alert:
    asked, account = effect.parameters, effect.account
    return Alert(
        key=_key(effect),
        kind="rule",
        title=str(asked.get("title") or f"{account.name}: {effect.rule.replace('_', ' ')}"),
        text=_text(str(asked.get("text") or ""), because(effect.reason)),
        link=f"/customers/{quote(account.pk)}/",
        account_id=account.pk,
        account=account.name,
        score=score_now(account.pk),
        importance=Importance.HIGH,
    )


def _text(said: str, why: str) -> str:
    """What the rule says, and why it says it."""
    return "\n\n".join(one for one in (said, f"Because {why}." if why else "") if one)


def _back(effect: Effect) -> str:
    """What has not gone out yet does not."""
    stays = withdraw(effect.made["key"]).stays
    return f"it cannot be taken back: {'; '.join(stays)}" if stays else ""


def _key(effect: Effect) -> str:
    return f"rule:{effect.pk}"


def _channels(parameters: Mapping[str, Any]) -> list[str]:
    return [one for one in _several(parameters.get("by", IN_APP)) if one not in _WAYS]


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
