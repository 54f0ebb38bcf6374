"""Who moves band between two definitions at the same date, by how much, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.schemes import UNKNOWN, Scheme
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.columns import nullable
from keepwell.engine.explain.changes import COMPARED, BandTotal, Comparison, Mover
from keepwell.engine.explain.moving import SAME, Reasons, Words
from keepwell.engine.explain.sides import NOWHERE, Rows, Side, sides
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import null_or
from keepwell.engine.explain.wording import UNASSIGNED
from keepwell.errors import RequestRefused

Ids = Collection[str]
NO_BANDS = "no bands"
"""Stands in the totals for scores whose scheme has no bands: they change, but never move band."""


def compare(
    old: State, new: State, entity_kind: EntityKind = "account", *, most: int | None = None, among: Ids | None = None
) -> Comparison:
    """What `new` (a draft) moves against `old`, at one date.

    Both are scored from values of the same moment, each built with its own definitions, so that all that changes is
    the definitions' doing. `most`: no more movers than this are named, of the ids `among` (None: of all); counts are of
    everybody. Raises RequestRefused for states of two dates: that is what `attribute` is for.
    """
    if old.values.as_of != new.values.as_of:
        raise RequestRefused(
            f"two definitions are compared at one date, not at {old.values.as_of} and {new.values.as_of}; "
            "for the change between two dates ask for its attribution"
        )
    if old.scores.of(entity_kind) is None or new.scores.of(entity_kind) is None:
        raise RequestRefused(f"only one of the projects has {entity_kind}s: there is nothing to compare them with")
    before, after = sides(old, new, entity_kind)
    moved = np.flatnonzero((before.labels != after.labels) & ~_without_bands(before, after))
    directions = _directions(before, after, moved)
    movers = _movers(before, after, moved, directions, most, among)
    assigned = (before.card != NOWHERE, after.card != NOWHERE)
    counts = {direction: int((directions == direction).sum()) for direction in ("up", "down", "other")}
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


def _movers(
    old: Side, new: Side, moved: Rows, directions: Words, most: int | None, among: Ids | None
) -> tuple[Mover, ...]:
    """The largest change of the score first, then those without one, each in order of id."""
    if among is not None:
        seen = pc.is_in(old.ids.take(pa.array(moved)), value_set=pa.array(sorted(among), pa.string()))
        chosen = np.asarray(seen.to_numpy(zero_copy_only=False), np.bool_)
        moved, directions = moved[chosen], directions[chosen]
    change = new.final - old.final
    order = np.argsort(-np.nan_to_num(np.abs(change[moved]), nan=-1.0), kind="stable")[:most]
    places = moved[order]
    reasons = Reasons(old, new, places).words()
    ids = old.ids.take(pa.array(places)).to_pylist()
    accounts = pc.coalesce(new.accounts.take(pa.array(places)), old.accounts.take(pa.array(places))).to_pylist()
    return tuple(
        Mover(
            entity_id=str(entity_id),
            account_id=str(account),
            old_scorecard=old.scorecards[place],
            new_scorecard=new.scorecards[place],
            old_final=null_or(old.final[place]),
            new_final=null_or(new.final[place]),
            old_label=old.labels[place],
            new_label=new.labels[place],
            change=null_or(change[place]),
            direction=direction,
            reason=reason,
        )
        for entity_id, account, place, direction, reason in zip(
            ids, accounts, places.tolist(), directions[order].tolist(), reasons, strict=True
        )
    )


def _without_bands(old: Side, new: Side) -> npt.NDArray[np.bool_]:
    """Scored on both sides, by schemes without bands: another number, and no move."""
    scored = ~np.isnan(old.final) & ~np.isnan(new.final)
    found: npt.NDArray[np.bool_] = scored & ~old.banded & ~new.banded
    return found


def _directions(old: Side, new: Side, moved: Rows) -> Words:
    """[number of movers] by the bands where both have the same ones in the same order, else by the score."""
    steps = new.final[moved] - old.final[moved]
    pairs = np.stack([old.card[moved], new.card[moved]], axis=1)
    scored = ~np.isnan(steps)
    for before, after in np.unique(pairs[scored], axis=0):
        labels = old.cards[before].scheme.labels
        if labels and labels == new.cards[after].scheme.labels:
            here = scored & (pairs == [before, after]).all(axis=1)
            ranks = {label: rank for rank, label in enumerate(labels)}
            pair = zip(old.labels[moved[here]], new.labels[moved[here]], strict=True)
            steps[here] = [ranks[now] - ranks[was] for was, now in pair]
    known = np.nan_to_num(steps)
    found: Words = np.where(known > SAME, "up", np.where(known < -SAME, "down", "other")).astype(object)
    return found


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
