"""Why a score changed between two scored states: exact parts, in the order of the definition reference.

Assignment (old data, old versions, the new card), definition (old data, newer version), data (old effective weights
times the change of each score), freshness and coverage (the rest of the computed difference), overrides (the change of
final minus computed). Each step starts where the last one ended, so the parts add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from keepwell.definitions.scorecards import EntityKind
from keepwell.definitions.versions import Versions
from keepwell.engine.explain.changes import Attribution, Part, PartKind
from keepwell.engine.explain.explaining import unknown_reason
from keepwell.engine.explain.restating import filled, missing_from, pinned, redefined
from keepwell.engine.explain.sources import counted_source
from keepwell.engine.explain.splitting import Lines, lines_of, split
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import Placed, Subject, row_of, subject
from keepwell.engine.explain.telling import assignment_words, card_part, data_part, override_part, weight_part
from keepwell.engine.explain.wording import UNASSIGNED, listed
from keepwell.engine.score import score_values
from keepwell.engine.scoring.bands import label_of
from keepwell.engine.values import Values

NEGLIGIBLE = 1e-12
"""Parts smaller than this are rounding, and are left out."""


def attribute(
    old: State, new: State, entity_id: str, entity_kind: EntityKind = "account", *, rebuilt: Values | None = None
) -> Attribution:
    """The change of one entity's final score from `old` to `new`.

    Projects may differ: then the old values are scored with the new definitions. `rebuilt`, if given, are the values of
    the old moment built from facts with the new definitions, and take their place; then metrics that are new or defined
    differently are told apart exactly, which old values alone do not allow (notes say so where it matters).
    Raises RequestRefused for an entity in neither population.
    """
    if row_of(old, entity_kind, entity_id) is None:
        subject(new, entity_kind, entity_id)
    before, after = _End.of(old, entity_kind, entity_id), _End.of(new, entity_kind, entity_id)
    head = _head(old, new, entity_kind, entity_id, before, after)
    reasons = [end.reason for end in (before, after) if end.reason]
    if reasons or before.subject is None or after.subject is None:
        return replace(head, change=None, reason="; ".join(reasons))
    steps = _Steps(before.subject, after.subject, rebuilt)
    parts = [part for part in steps.parts() if abs(part.change) > NEGLIGIBLE]
    return replace(head, parts=tuple(parts), notes=tuple(steps.notes))


@dataclass(frozen=True)
class _End:
    """The entity at one of the two states. `reason`: why it has no score to compare."""

    subject: Subject | None
    reason: str | None

    @classmethod
    def of(cls, state: State, entity_kind: EntityKind, entity_id: str) -> _End:
        row, at = row_of(state, entity_kind, entity_id), f"at {state.values.as_of}"
        if row is None:
            return cls(None, f"{at} it was not in the population")
        found = Subject(state, entity_kind, row)
        if found.place is None:
            return cls(found, f"{at} no scorecard applied to it")
        if found.place.final is None:
            return cls(found, f"{at} its score was unknown: {unknown_reason(found.place)}")
        if found.place.computed is None:
            return cls(found, f"{at} its score was set by hand and none was computed: {unknown_reason(found.place)}")
        return cls(found, None)

    @property
    def place(self) -> Placed | None:
        return self.subject.place if self.subject else None

    @property
    def card(self) -> str | None:
        return self.place.card.scorecard if self.place else None

    @property
    def final(self) -> float | None:
        return self.place.final if self.place else None

    @property
    def label(self) -> str:
        return label_of(self.place.final, self.place.card.scheme) if self.place else UNASSIGNED


def _head(old: State, new: State, kind: EntityKind, entity_id: str, before: _End, after: _End) -> Attribution:
    return Attribution(
        entity_kind=kind,
        entity_id=entity_id,
        old_as_of=old.values.as_of,
        new_as_of=new.values.as_of,
        old_scorecard=before.card,
        new_scorecard=after.card,
        old_final=before.final,
        new_final=after.final,
        old_label=before.label,
        new_label=after.label,
        change=None if before.final is None or after.final is None else after.final - before.final,
    )


@dataclass
class _Steps:
    """Goes from the old score to the new one, step by step. `notes` gather what could not be told apart."""

    old: Subject
    new: Subject
    rebuilt: Values | None
    notes: list[str] = field(default_factory=list)
    _missing: frozenset[str] = frozenset()

    @property
    def card(self) -> str:
        """The new card."""
        return self.new.placed.card.scorecard

    def parts(self) -> list[Part]:
        parts: list[Part] = []
        at, pending = self.old, None
        for kind, score_there in self._steps():
            pending = pending or kind
            found = score_there()
            if found is not None:
                parts.append(_between(pending, at, found))
                at, pending = found, None
        if pending:
            self.notes.append(f"what the data changed cannot be told apart, and stands under {pending}")
            parts.append(_between(pending, at, self.new))
        else:
            parts += self._moved(at, parts)
        return [*parts, self._overrides()]

    def _steps(self) -> Iterator[tuple[PartKind, Callable[[], Subject | None]]]:
        """The steps that are to be taken, each with what scores the old data there; None where they give no score."""
        if self.old.placed.card.scorecard != self.card:
            yield "assignment", self._on_new_card
        known = self.card in self.old.state.project.scorecards
        before = Versions(self.old.state.project).of("scorecards", self.card) if known else None
        if before != self.new.placed.card.version:
            yield "definition", self._by_new_definition

    def _on_new_card(self) -> Subject | None:
        """The old data by the new card as it was then; the other entities keep their cards."""
        state = self.old.state
        if self.card not in state.project.cards_for(self.old.entity_kind):
            self.notes.append(
                f"scorecard {self.card} is not in the earlier definitions: assignment and definition are one part"
            )
            return None
        found = self._scored(State(state.project, state.values, state.scores), state.values, self.old.row)
        if found is None:
            self.notes.append(f"the earlier data give no score on scorecard {self.card} as it was then")
        return found

    def _by_new_definition(self) -> Subject | None:
        project, old, new = self.new.state.project, self.old.state, self.new.state
        row = None if self.rebuilt is None else _row(self.rebuilt, self.old)
        if self.rebuilt is not None and row is not None:
            found = self._scored(new, self.rebuilt, row)
        else:
            values, missing = filled(old.values, new.values)
            self._missing = missing_from(project, self.card, missing)
            self._note_redefined()
            found = self._scored(new, values, self.old.row)
        if found is None:
            self.notes.append(f"the earlier data give no score by the newer definition of {self.card}")
        return found

    def _note_redefined(self) -> None:
        names = redefined(self.old.state.project, self.new.state.project, self.card) - self._missing
        if names:
            self.notes.append(
                f"the earlier values of {listed(sorted(names))} were read by an earlier definition: what its change "
                "did stands under data"
            )

    def _scored(self, state: State, values: Values, row: int) -> Subject | None:
        """`values` by the definitions of `state`, the entity on the new card; None if that gives no computed score."""
        kind = self.old.entity_kind
        values = pinned(values, kind, {row: self.card})
        found = Subject(State(state.project, values, score_values(state.project, values)), kind, row)
        return found if found.placed.computed is not None else None

    def _moved(self, at: Subject, parts: list[Part]) -> list[Part]:
        """Data and peers by measure, and the rest of the computed difference."""
        old, new = at.placed, self.new.placed
        moves = split(_lines(old), _lines(new))
        data = [
            data_part(at, self.new, name, float(change))
            for name, change in zip(moves.measures, moves.by_score[:, 0], strict=True)
            if abs(change) > NEGLIGIBLE
        ]
        unread = [part for part in data if self._missing and not _was_seen(old, str(part.measure))]
        data = [part for part in data if part not in unread]
        weights = tuple(
            weight_part(old, new, name, float(change))
            for name, change in zip(moves.measures, moves.by_weight[:, 0], strict=True)
            if abs(change) > NEGLIGIBLE
        )
        rest = _computed(self.new) - _computed(at) - sum(part.change for part in data)
        freshness = Part("freshness", rest, "how much each measure counts", details=(*unread, *weights))
        data.sort(key=lambda part: -abs(part.change))
        if not (self._missing and parts):
            return [*data, freshness]
        self.notes.append(
            f"the earlier values do not have {listed(sorted(self._missing))}: what came with it, and freshness and "
            f"coverage, cannot be told apart, and stand under {parts[-1].kind}"
        )
        parts[-1] = _merged(parts[-1], freshness)
        return data

    def _overrides(self) -> Part:
        old, new = self.old.placed, self.new.placed
        assert old.final is not None
        assert new.final is not None
        change = (new.final - _computed(self.new)) - (old.final - _computed(self.old))
        return override_part(self.old, self.new, change)


def _between(kind: PartKind, old: Subject, new: Subject) -> Part:
    """One step in which the card or its definition changes, with what each measure had in it."""
    before, after = old.placed, new.placed
    moves = split(_lines(before), _lines(after))
    details = tuple(
        card_part(before, after, name, float(change))
        for name, change in zip(moves.measures, moves.total[:, 0], strict=True)
        if abs(change) > NEGLIGIBLE
    )
    card = after.card.scorecard
    words = assignment_words(before, after) if kind == "assignment" else f"scorecard {card} is defined differently"
    return Part(kind, _computed(new) - _computed(old), words, details=details)


def _was_seen(placed: Placed, measure: str) -> bool:
    return counted_source(placed, placed.by_measure[measure]) is not None


def _merged(part: Part, rest: Part) -> Part:
    return replace(part, change=part.change + rest.change, details=(*part.details, *rest.details))


def _lines(placed: Placed) -> Lines:
    return lines_of(placed.card, [placed.at])


def _computed(one: Subject) -> float:
    assert one.placed.computed is not None
    return one.placed.computed


def _row(values: Values, one: Subject) -> int | None:
    return row_of(replace(one.state, values=values), one.entity_kind, one.entity_id)
