"""What stands above the panels: the score and its change, why, and what is at stake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.customer360.drawing import Sparkline, sparkline
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth


@dataclass(frozen=True)
class Header:
    """`days_left` counts from the date of the score, so that page and score speak of the same day."""

    health: CurrentHealth | None
    as_of: date | None
    days_left: int | None
    trend: Sparkline | None
    edges: tuple[float, ...] = ()  # of the bands, so that no number is rounded into another one


def header_of(account: Account) -> Header:
    health = CurrentHealth.objects.select_related("run").filter(account=account).first()
    as_of = health.as_of if health else None
    left = (account.renews_on - as_of).days if account.renews_on and as_of else None
    return Header(health, as_of, left, sparkline(health.trend) if health else None, _edges(health))


def _edges(health: CurrentHealth | None) -> tuple[float, ...]:
    """Upper edges of the bands of the card that scored it."""
    if health is None or health.run.version_number is None:
        return ()
    project = project_of(version(health.run.version_number).files)
    card = project.scorecards.get(health.scorecard)
    return tuple(band.up_to for band in project.schemes[card.scheme].bands[:-1]) if card else ()
