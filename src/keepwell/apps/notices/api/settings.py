"""How one wants to be told, over the API."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from keepwell.apps.access.actors import Person
from keepwell.apps.access.roles import Permission
from keepwell.apps.notices.kinds import Way, kinds_for
from keepwell.apps.notices.preferences import Preferences, choose, preferences_of
from keepwell.apps.notices.timing import Digest
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.schemas import Sent

router = Router(tags=["Oneself"])


class AlertSettingsIn(Sent):
    """`ways`: by kind; kinds that are left out are told in the usual way. Times are those of `time_zone`, which is the
    project's where it is empty; `digest_weekday` is 0 on Monday."""

    ways: dict[str, Way] = Field({}, max_length=20, examples=[{"band_change": "email"}])
    digest: Digest = "at_once"
    digest_at: time = time(8)
    digest_weekday: int = Field(0, ge=0, le=6)
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_weekends: bool = False
    time_zone: str = Field("", max_length=60, examples=["Europe/Berlin"])


class KindOut(Schema):
    """`ways`: what can be chosen; `way`: what is chosen."""

    name: str
    title: str
    help: str
    ways: list[Way]
    way: Way


class AlertSettingsOut(AlertSettingsIn):
    kinds: list[KindOut]


@router.get("/me/alerts", response=AlertSettingsOut, auth=VIEW, summary="How you want to be told")
def get_alert_settings(request: HttpRequest) -> dict[str, Any]:
    """Every kind of alert with the way that counts for you, and when mail comes."""
    actor = actor_of(request)
    return _out(actor, preferences_of([actor.user])[actor.user.pk])


@router.put("/me/alerts", response=AlertSettingsOut, auth=VIEW, summary="Choose how you want to be told")
def put_alert_settings(request: HttpRequest, sent: AlertSettingsIn) -> dict[str, Any]:
    """Takes the place of everything that you chose before."""
    actor = actor_of(request)
    wanted = {name: _plain(value) for name, value in sent.dict().items()}
    return _out(actor, choose(actor=actor, wanted=Preferences(**wanted)))


def _out(actor: Person, chosen: Preferences) -> dict[str, Any]:
    kinds = [
        {**{name: getattr(kind, name) for name in ("name", "title", "help", "ways")}, "way": chosen.way(kind.name)}
        for kind in kinds_for(administers=actor.may(Permission.ADMINISTER))
    ]
    return {**vars(chosen), "kinds": kinds}


def _plain(value: Any) -> Any:
    """Times without an offset and parts of a second: they are those of a wall."""
    return value.replace(tzinfo=None, microsecond=0) if isinstance(value, time) else value
