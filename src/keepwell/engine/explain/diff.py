"""Who moves band between two definitions at the same date, by how much, and why."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.schemes import UNKNOWN, Scheme
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.columns import nullable
from keepwell.engine.explain.changes import COMPARED, BandTotal, Comparison, Direction, Mover
from keepwell.engine.explain.moving import SAME, Reasons
from keepwell.engine.explain.sides import NOWHERE, Rows, Side, sides
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import null_or
from keepwell.engine.explain.wording import UNASSIGNED
from keepwell.errors import RequestRefused

NO_BANDS = "no bands"
"""Stands in the totals for scores whose scheme has no bands: they change, but never move band."""


def compare(old: State, new: State, entity_kind: EntityKind = "account") -> Comparison:
    """What `new` (a draft) moves against `old`, at one date.

    Both are scored from values of the same moment, each built with its own definitions, so that all that changes is
    the definitions' doing. Raises RequestRefused for states of two dates: that is what `attribute` is for.
    """
    if old.values.as_of != new.values.as_of:
        raise RequestRefused(
            f"two definitions are compared at one date, not at {old.values.as_of} and {new.values.as_of}; "
            "for the change between two dates ask for its attribution"
        )
    if old.scores.of(entity_kind) is None or new.scores.of(entity_kind) is None:
        raise RequestRefused(f"only one of the projects has {entity_kind}s: there is nothing to compare them with")
    before, after = sides(old, new, entity_kind)
    movers = _movers(before, after)
    assigned = (before.card != NOWHERE, after.card != NOWHERE)
    counts = {direction: sum(mover.direction == direction for mover in movers) for direction in ("up", "down", "other")}
    return Comparison(
        entity_kind=entity_kind,
        as_of=old.values.as_of,
        entities=_entities(before, after),
        movers=movers,
        bands=tuple(_bands(before, after)),
        **counts,
        changed=int(_changed(before, after).sum()),
        new_card=int((assigned[0] & assigned[1] & (before.scorecards != after.scorecards)).sum()),
        newly_unassigned=_ids(before, assigned[0] & ~assigned[1]),
        newly_assigned=_ids(before, assigned[1] & ~assigned[0]),
        notes=tuple(_notes(before, after)),
    )


def _entities(old: Side, new: Side) -> pa.Table:
    change = new.final - old.final
    columns = [
        old.ids,
        pc.coalesce(new.accounts, old.accounts),
        pa.array(old.scorecards, pa.string()),
        pa.array(new.scorecards, pa.string()),
        nullable(old.final),
        nullable(new.final),
        pa.array(old.labels, pa.string()),
        pa.array(new.labels, pa.string()),
        nullable(change),
    ]
    return pa.table(columns, schema=COMPARED)


def _movers(old: Side, new: Side) -> tuple[Mover, ...]:
    """The largest change of the score first, then those without one, each in order of id."""
    moved = np.flatnonzero((old.labels != new.labels) & ~_without_bands(old, new))
    change = new.final - old.final
    places = moved[np.argsort(-np.nan_to_num(np.abs(change[moved]), nan=-1.0), kind="stable")]
    reasons = Reasons(old, new, places).words()
    accounts = pc.coalesce(new.accounts, old.accounts)
    return tuple(
        Mover(
            entity_id=str(old.ids[place].as_py()),
            account_id=str(accounts[place].as_py()),
            old_scorecard=old.scorecards[place],
            new_scorecard=new.scorecards[place],
            old_final=null_or(old.final[place]),
            new_final=null_or(new.final[place]),
            old_label=old.labels[place],
            new_label=new.labels[place],
            change=null_or(change[place]),
            direction=_direction(old, new, place),
            reason=reason,
        )
        for place, reason in zip(places.tolist(), reasons, strict=True)
    )


def _without_bands(old: Side, new: Side) -> npt.NDArray[np.bool_]:
    """Scored on both sides, by schemes without bands: another number, and no move."""
    scored = ~np.isnan(old.final) & ~np.isnan(new.final)
    found: npt.NDArray[np.bool_] = scored & ~old.banded & ~new.banded
    return found


def _direction(old: Side, new: Side, place: int) -> Direction:
    """By the bands where both have the same ones in the same order, else by the score."""
    if np.isnan(old.final[place]) or np.isnan(new.final[place]):
        return "other"
    before, after = old.cards[old.card[place]].scheme.labels, new.cards[new.card[place]].scheme.labels
    step = float(new.final[place] - old.final[place])
    if before == after:
        step = after.index(new.labels[place]) - before.index(old.labels[place])
    return "up" if step > SAME else "down" if step < -SAME else "other"


def _bands(old: Side, new: Side) -> Iterator[BandTotal]:
    """From worst to best by upper edge; what is no band stands last, and only where there is any."""
    before, after = _counts(old), _counts(new)
    edges: dict[str, float] = {}
    for side in (new, old):
        for scheme in _schemes(side):
            for band in scheme.bands:
                edges.setdefault(band.label, band.up_to)
    for label in sorted(edges, key=lambda one: edges[one]):
        yield BandTotal(label, before.get(label, 0), after.get(label, 0))
    for label in (NO_BANDS, UNKNOWN, UNASSIGNED):
        if before.get(label) or after.get(label):
            yield BandTotal(label, before.get(label, 0), after.get(label, 0))


def _schemes(side: Side) -> list[Scheme]:
    project = side.state.project
    return [project.schemes[card.scheme] for card in project.cards_for(side.entity_kind).values()]


def _counts(side: Side) -> dict[str, int]:
    labels = np.where(side.banded | np.isnan(side.final), side.labels, NO_BANDS)
    found, counts = np.unique(labels[side.rows != NOWHERE].astype(str), return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _changed(old: Side, new: Side) -> npt.NDArray[np.bool_]:
    appeared = np.isnan(old.final) != np.isnan(new.final)
    found: npt.NDArray[np.bool_] = appeared | (np.abs(np.nan_to_num(new.final - old.final)) > SAME)
    return found


def _ids(side: Side, chosen: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(str(one) for one in side.ids.filter(pa.array(chosen)).to_pylist())


def _notes(old: Side, new: Side) -> Iterator[str]:
    kind = old.entity_kind
    for side, where in ((old, "the draft's"), (new, "the current")):
        gone: Rows = np.flatnonzero(side.rows == NOWHERE)
        if len(gone):
            yield f"{len(gone)} {kind}s are only in {where} population"
