"""What pages show of scores by hand: measures with their sources and who counts, history, lines of the grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.models import Account, Relationship
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.entering import entered_measures, entries_of, kind_of, latest_entry
from keepwell.apps.health.models import Entry
from keepwell.apps.health.reminding import stale_on
from keepwell.apps.health.rescoring import state_for
from keepwell.definitions.measures import Level, Measure
from keepwell.engine.explain.explaining import explain
from keepwell.engine.explain.explanation import MeasureExplanation
from keepwell.errors import RequestRefused

MOST_LINES = 200
WHY = {
    "counted": "counts",
    "outranked": "would count, but another source goes before it",
    "stale": "is older than the measure allows",
    "expired": "has expired",
    "withdrawn": "was withdrawn",
    "empty": "says nothing",
}
"""Why each source counts or does not, by the status that the explanation gives it."""


@dataclass(frozen=True)
class Standing:
    """A measure that people enter, of one account or unit: the last entry, until when it is fresh, what counts now.

    `told` is the engine's explanation; None where the card of the account or unit does not have the measure.
    """

    name: str
    title: str
    measure: Measure
    entry: Entry | None
    level: Level | None
    stale_on: date | None
    told: MeasureExplanation | None

    @property
    def sources(self) -> list[tuple[str, str, object]]:
        """Each source in the measure's order with why it counts or not."""
        return [(one.source, WHY[one.status], one) for one in self.told.sources] if self.told else []


def standings(account: Account, unit: Relationship | None = None) -> list[Standing]:
    """The measures that people enter for an account, or for one of its units: those of its card first."""
    told, measures = _explained(account, unit), entered_measures(kind=kind_of(unit))
    found = [_standing(account, unit, name, measure, told) for name, measure in measures.items()]
    return sorted(found, key=lambda one: (one.told is None, one.title))


def standing_of(account: Account, name: str, measure: Measure, unit: Relationship | None = None) -> Standing:
    return _standing(account, unit, name, measure, _explained(account, unit))


def history_of(account_id: str, measure: str, unit: Relationship | None = None) -> list[tuple[Entry, Level | None]]:
    """Everything that was entered for a measure, newest first, with the level each meant."""
    levels = entered_measures(kind=kind_of(unit)).get(measure)
    found = entries_of(account_id, measure, unit.pk if unit else None)
    return [
        (one, level_of(levels, one.score) if levels else None) for one in found.order_by("-occurred_at", "-recorded_at")
    ]


def title_of(name: str, measure: Measure) -> str:
    """What pages call a measure."""
    return measure.title or name.replace("_", " ").capitalize()


def level_of(measure: Measure, score: float | None) -> Level | None:
    """The level at or below a score."""
    reached = [level for level in measure.levels if score is not None and level.score <= score]
    return reached[-1] if reached else None


@dataclass(frozen=True)
class Line:
    """One account in the grid. `locked`: it belongs to somebody else, and the actor may change only their own."""

    account: Account
    entry: Entry | None
    level: Level | None
    locked: bool


def lines(actor: Actor, measure: str, *, everybody: bool) -> list[Line]:
    """Accounts for the grid, most revenue first: one's own, or all that are visible; at most MOST_LINES."""
    accounts = visible(actor).filter(in_population=True).select_related("health", "owner").order_by("-arr", "pk")
    if not everybody:
        accounts = accounts.filter(owner=actor.user)
    some = list(accounts[:MOST_LINES])
    entries, levels = _latest(measure, some), entered_measures()[measure]
    bulk = actor.may(Permission.BULK)
    return [
        Line(one, entries.get(one.pk), level_of(levels, entries[one.pk].score) if one.pk in entries else None,
             locked=not bulk and (actor.user is None or one.owner_id != actor.user.pk))
        for one in some
    ]  # fmt: skip


def _latest(measure: str, accounts: Sequence[Account]) -> dict[str, Entry]:
    found = (
        Entry.objects.filter(measure=measure, source="manual", relationship_id=None, account__in=accounts)
        .order_by("account_id", "-occurred_at", "-recorded_at", "-pk")
        .distinct("account_id")
    )
    return {entry.account_id: entry for entry in found if entry.score is not None}


def _standing(
    account: Account, unit: Relationship | None, name: str, measure: Measure, told: dict[str, MeasureExplanation]
) -> Standing:
    entry = latest_entry(account.pk, name, unit_id=unit.pk if unit else None)
    live = entry if entry is not None and entry.score is not None else None
    return Standing(
        name, title_of(name, measure), measure, live,
        level_of(measure, live.score) if live else None, stale_on(live, measure) if live else None, told.get(name),
    )  # fmt: skip


def _explained(account: Account, unit: Relationship | None) -> dict[str, MeasureExplanation]:
    state = state_for(account.pk)
    if state is None:
        return {}
    try:
        entity = account.pk if unit is None else unit.pk
        found = explain(state.project, state.values, state.scores, entity, kind_of(unit))
    except RequestRefused:  # not in the population of the run
        return {}
    return {measure.name: measure for measure in found.measures}
