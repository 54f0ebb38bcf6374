"""Writes: scores bound or set by hand, and cards pinned to an account."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.queries import account_for
from keepwell.apps.health.dating import Dates, dates
from keepwell.apps.health.models import AccountOverride, CurrentHealth, Pin
from keepwell.apps.health.renewing import count_at_once
from keepwell.definitions.schemes import Scheme
from keepwell.errors import RequestRefused

EFFECTS = {"set": "Set to", "at_most": "At most", "at_least": "At least"}


@transaction.atomic
def override_score(
    *, actor: Actor, account_id: str, effect: str, value: str, reason: str, until: date | None = None
) -> AccountOverride:
    """Sets, caps or lifts a score to a last day or until withdrawn. Raises NotVisible, Forbidden, RequestRefused."""
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    when = dates()
    _check_effect(effect)
    override = AccountOverride.objects.create(
        account=account, effect=effect, value=checked_value(value, scheme_of(account_id)), reason=_reason(reason),
        author=actor.name, starts_at=when.moment(when.counting), recorded_at=when.now,
        until=when.last(until, when.counting),
    )  # fmt: skip
    after = {"effect": effect, "value": override.value, "reason": override.reason, "until": override.until}
    record(actor, "overrode", kind="override", of=override.pk, name=str(override), account_id=account_id, after=after)
    count_at_once([account_id])
    return override


@transaction.atomic
def withdraw_override(*, actor: Actor, account_id: str, override_id: int) -> AccountOverride:
    """Ends an override from now on; it stays in the history."""
    account_for(actor, account_id)
    require(actor, Permission.WRITE)
    override = AccountOverride.objects.select_for_update().filter(pk=override_id, account_id=account_id).first()
    if override is None:
        raise NotVisible
    if override.withdrawn_at is None:
        when = dates()
        override.withdrawn_at, override.withdrawn_by = when.moment(when.counting), actor.name
        override.save()
        record(actor, "withdrew", kind="override", of=override.pk, name=str(override), account_id=account_id,
               after={"withdrawn_at": override.withdrawn_at})  # fmt: skip
        count_at_once([account_id])
    return override


@transaction.atomic
def pin_card(*, actor: Actor, account_id: str, scorecard: str, reason: str, until: date | None = None) -> Pin:
    """The account keeps a card whatever the conditions of cards say; a pin that stands ends."""
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    project, when = current_project(), dates()
    cards = project.cards_for("account") if project else {}
    if scorecard not in cards:
        raise RequestRefused(f"there is no card '{scorecard}' for accounts; there are: {', '.join(cards) or 'none'}")
    _end_pins(actor, account_id, when)
    pin = Pin.objects.create(
        account=account, scorecard=scorecard, reason=_reason(reason), author=actor.name,
        starts_at=when.moment(when.counting), recorded_at=when.now, until=when.last(until, when.counting),
    )  # fmt: skip
    record(actor, "pinned", kind="pin", of=pin.pk, name=scorecard, account_id=account_id,
           after={"scorecard": scorecard, "reason": pin.reason, "until": pin.until})  # fmt: skip
    count_at_once([account_id])
    return pin


@transaction.atomic
def unpin_card(*, actor: Actor, account_id: str) -> None:
    """The conditions of cards decide again."""
    account_for(actor, account_id)
    require(actor, Permission.WRITE)
    if _end_pins(actor, account_id, dates()):
        count_at_once([account_id])


def overrides_of(account_id: str) -> list[tuple[AccountOverride, str]]:
    """All overrides of an account, newest first, each with its state: in force, ended or withdrawn."""
    when = dates()
    found = AccountOverride.objects.filter(account_id=account_id).order_by("-recorded_at", "-pk")
    return [(one, _state(one, when)) for one in found]


def pins_of(account_id: str) -> list[tuple[Pin, bool]]:
    """All pins of an account, newest first, and whether each is in force."""
    in_force = set(_standing(account_id, dates()).values_list("pk", flat=True))
    return [(one, one.pk in in_force) for one in Pin.objects.filter(account_id=account_id).order_by("-recorded_at")]


def scheme_of(account_id: str) -> Scheme | None:
    """The scheme of the card that the account has; of the first card where it has none."""
    project = current_project()
    if project is None:
        return None
    cards = project.cards_for("account")
    name = CurrentHealth.objects.filter(pk=account_id).values_list("scorecard", flat=True).first()
    card = cards.get(name or "") or next(iter(cards.values()), None)
    return project.schemes[card.scheme] if card else None


def standing_pins(account_id: str) -> QuerySet[Pin]:
    """The pin that is in force, if any."""
    return _standing(account_id, dates())


def checked_value(value: str, scheme: Scheme | None) -> str:
    """A label of the scheme, or a number from 0 to 100. Raises RequestRefused."""
    text = value.strip()
    if scheme is not None and text in scheme.labels:
        return text
    labels = f", or one of {', '.join(scheme.labels)}" if scheme is not None and scheme.bands else ""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise RequestRefused(f"'{text}' is no score: give a number from 0 to 100{labels}")
    return f"{number:g}"


def _check_effect(effect: str) -> None:
    if effect not in EFFECTS:
        raise RequestRefused(f"'{effect}' is no effect; there are {', '.join(EFFECTS)}")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RequestRefused("say why: the reason stands beside the score for everybody who sees it")
    return reason.strip()


def _state(one: AccountOverride, when: Dates) -> str:
    if one.withdrawn_at is not None:
        return "withdrawn"
    return "ended" if one.until is not None and one.until < when.moment(when.counting) else "in force"


def _standing(account_id: str, when: Dates) -> QuerySet[Pin]:
    lasts = Q(until=None) | Q(until__gt=when.moment(when.counting))
    return Pin.objects.filter(lasts, account_id=account_id)


def _end_pins(actor: Actor, account_id: str, when: Dates) -> int:
    standing = list(_standing(account_id, when).select_for_update())
    for pin in standing:
        pin.until, pin.ended_by = when.moment(when.counting), actor.name
        pin.save()
        record(actor, "unpinned", kind="pin", of=pin.pk, name=pin.scorecard, account_id=account_id,
               after={"until": pin.until})  # fmt: skip
    return len(standing)
