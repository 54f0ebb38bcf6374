"""The same card as one DuckDB query, as its best expert would write it for data that he knows.

Scores, sums and shares are projections that one pass over the accounts streams through; entries and overrides by hand
are small and joined; peers are counted once for each distinct value. Guards against nulls stand only where a column
has nulls. The text is put together from the card because fifty measures by hand would hide their mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from keepwell.definitions.measures import Imputed, Levels, Linear, Measure, Percentile, ScoreFormula, ScoreShape, Steps
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Override, Scorecard

# What the accounts table calls things: row, segment, a column for each metric, observed_<metric> where it has a date.


@dataclass(frozen=True)
class Query:
    """Writes the query for one card; `nullable` are the columns of the accounts that have nulls."""

    card: Scorecard
    scheme: Scheme
    nullable: frozenset[str]
    as_of: date

    def text(self) -> str:
        stages = [
            *self._entered(),
            *self._peers(),
            ("scored", f"select *, {_list(self._scores())} from {self._joined()}"),
            ("filled", f"select *, {_list(self._filled())} from scored"),
            ("terms", f"select *, {_list(self._terms())} from filled"),
            ("sums", f"select *, {_list(self._sums())} from terms"),
            ("means", f"select *, {_list(self._means())} from sums"),
            ("overall", f"select *, {_list(self._overall())} from means"),
            ("covered", f"select *, {self._covered()} as computed from overall"),
            ("shared", f"select *, {_list(self._factors())} from covered"),
            *self._overrides(),
            *self._by_hand(),
        ]
        written = ",\n".join(f"{name} as ({stage})" for name, stage in stages)
        return f"with {written}\nselect row, computed, final, {_list(self._results())} from by_hand"

    @property
    def _manual(self) -> dict[str, Measure]:
        return {name: one for name, one in self.card.measures.items() if "manual" in one.source_order}

    def _ranked(self) -> dict[str, Percentile]:
        return {name: one.score for name, one in self.card.measures.items() if isinstance(one.score, Percentile)}

    def _entered(self) -> Iterator[tuple[str, str]]:
        """The entries of an account side by side: those that count, and of `sources` the expired ones as a last
        resort.
        """
        if not self._manual:
            return
        found = []
        for name, measure in self._manual.items():
            of = f"max({{}}) filter (measure = '{name}' and {{}})"
            live = "not expired" if measure.when_stale == "drop" or measure.reads_metric else "true"
            valid = (
                f"occurred_on >= {_day(self.as_of)} - {measure.valid_for}" if measure.when_stale == "drop" else "true"
            )
            found.append(of.format("score", f"{live} and {valid}") + f" as entered_{name}")
            if measure.when_stale == "decay":
                found.append(of.format("occurred_on", "score is not null") + f" as observed_{name}")
            if measure.reads_metric:
                found.append(of.format("score", "expired") + f" as expired_{name}")
        yield "entered", f"select entity, {_list(found)} from entries group by entity"

    def _peers(self) -> Iterator[tuple[str, str]]:
        for name, shape in self._ranked().items():
            within = shape.percentile.within
            key = str(within) if within is not None else "1"
            order = "desc" if shape.percentile.descending else "asc"
            known = f"from accounts where {name} is not null and {key} is not null"
            yield f"counts_{name}", f"select {key} as peers, {name} as v, count(*) as equal {known} group by all"
            sums = (
                "sum(equal) over (partition by peers) as n, "
                f"sum(equal) over (partition by peers order by v {order}) as upto"
            )
            score = "case when n = 1 then 50 else 100 * (upto - equal + (equal - 1) / 2) / (n - 1) end"
            yield f"ranks_{name}", f"select peers, v, {score} as s from (select *, {sums} from counts_{name})"

    def _joined(self) -> str:
        joins = ["left join entered on entity = row"] if self._manual else []
        for name, shape in self._ranked().items():
            within = shape.percentile.within
            key = "" if within is None else f" and ranks_{name}.peers = {within}"
            joins.append(f"left join ranks_{name} on ranks_{name}.v = {name}{key}")
        return " ".join(["accounts", *joins])

    def _scores(self) -> Iterator[str]:
        for name, measure in self.card.measures.items():
            score = self._score(name, measure)
            yield f"{self._live(name, measure, score)} as s_{name}"

    def _score(self, name: str, measure: Measure) -> str:
        if not measure.reads_metric:
            return f"entered_{name}"
        assert measure.score is not None
        if isinstance(measure.score, Percentile):
            return f"ranks_{name}.s"
        score = _shape(measure.score, name, can_miss=name in self.nullable)
        return f"coalesce(entered_{name}, {score}, expired_{name})" if name in self._manual else score

    def _live(self, name: str, measure: Measure, score: str) -> str:
        if measure.when_stale != "drop" or name in self._manual:
            return score
        return f"case when observed_{name} >= {_day(self.as_of)} - {measure.valid_for} then {score} end"

    def _can_miss(self, name: str) -> bool:
        """Whether the score of a measure may be null, before `when_missing`."""
        measure = self.card.measures[name]
        shape = measure.score
        known = isinstance(shape, Linear | ScoreFormula) or (isinstance(shape, Steps) and shape.steps[-1].up_to is None)
        return not known or name in self.nullable or measure.when_stale == "drop"

    def _imputed(self, name: str) -> float | None:
        policy = self.card.measures[name].when_missing
        return policy.score if isinstance(policy, Imputed) and self._can_miss(name) else None

    def _decays(self, name: str) -> bool:
        return self.card.measures[name].when_stale == "decay"

    def _filled(self) -> Iterator[str]:
        """`m_` the score that counts, `w_` its weight times freshness, `o_` the weight of what was observed."""
        for name, measure in self.card.measures.items():
            imputed, weight = self._imputed(name), repr(measure.weight)
            missing = f"s_{name} is null"
            if self._decays(name):
                age = f"({_day(self.as_of)} - observed_{name}) / {measure.valid_for}"
                weight = f"{weight} * greatest(least(2 - {age}, 1), 0)"
            yield f"s_{name} as m_{name}" if imputed is None else f"coalesce(s_{name}, {imputed}) as m_{name}"
            seen = f"case when {missing} then 0 else {weight} end" if self._can_miss(name) else weight
            yield f"{seen} as o_{name}"
            counts = seen if imputed is None else f"case when {missing} then {measure.weight} else {weight} end"
            yield f"{counts} as w_{name}"

    def _terms(self) -> Iterator[str]:
        for name in self.card.measures:
            term = f"w_{name} * m_{name}"
            can_miss = self._can_miss(name) and self._imputed(name) is None
            yield f"coalesce({term}, 0) as t_{name}" if can_miss else f"{term} as t_{name}"

    def _sums(self) -> Iterator[str]:
        for name, group in self.card.groups.items():
            for what in "two":
                yield " + ".join(f"{what}_{measure}" for measure in group.measures) + f" as {what}g_{name}"

    def _means(self) -> Iterator[str]:
        for name in self.card.groups:
            yield f"tg_{name} / nullif(wg_{name}, 0) as g_{name}"

    def _overall(self) -> Iterator[str]:
        groups = self.card.groups
        every = sum(group.weight for group in groups.values())
        shares = (
            f"{one.weight / every / sum(m.weight for m in one.measures.values())} * og_{g}" for g, one in groups.items()
        )
        yield " + ".join(shares) + " as coverage"
        yield " + ".join(f"coalesce({one.weight} * g_{g}, 0)" for g, one in groups.items()) + " as points"
        yield (
            "nullif("
            + " + ".join(f"case when wg_{g} > 0 then {one.weight} else 0 end" for g, one in groups.items())
            + ", 0)"
            " as weights"
        )

    def _covered(self) -> str:
        if not self.card.minimum_coverage:
            return "points / weights"
        return f"case when coverage >= {self.card.minimum_coverage - 1e-9} then points / weights end"

    def _factors(self) -> Iterator[str]:
        """What turns a weighted score of each group into its contribution."""
        for name, group in self.card.groups.items():
            factor = f"case when wg_{name} > 0 then {group.weight} / (wg_{name} * weights) else 0 end"
            yield f"case when computed is not null then {factor} end as k_{name}"

    def _overrides(self) -> Iterator[tuple[str, str]]:
        """One stage each, since each stands on the score that the one before left."""
        before, score = "shared", "computed"
        for number, override in enumerate(self.card.overrides):
            yield (
                f"override_{number}",
                f"select *, {_overridden(override, score, self.scheme)} as f{number} from {before}",
            )
            before, score = f"override_{number}", f"f{number}"
        yield "carded", f"select *, {score} as by_card from {before}"

    def _by_hand(self) -> Iterator[tuple[str, str]]:
        """Each override by hand as the edges at which it begins to move a score, and where it moves it."""
        bands = {label: self.scheme.edges(label) for label in self.scheme.labels}
        middles = {label: (lower + upper) / 2 for label, (lower, upper) in bands.items()}

        def by_label(of: dict[str, float]) -> str:
            words = " ".join(f"when '{label}' then {number}" for label, number in of.items())
            return f"case value {words} else value::double end"

        lower = by_label({label: edge if edge > 0 else -1.0 for label, (edge, _) in bands.items()})
        upper = by_label({label: edge for label, (_, edge) in bands.items()})
        middle = by_label(middles)
        raised = by_label({label: min(edge + 1, middles[label]) for label, (edge, _) in bands.items()})
        edges = [
            f"case when effect <> 'at_most' then {lower} else -1 end as floor",
            f"case effect when 'set' then {middle} else {raised} end as lifted",
            f"case when effect <> 'at_least' then {upper} else 100 end as ceiling",
            f"case effect when 'set' then {middle} else {upper} end as lowered",
            f"case effect when 'set' then {middle} end as given",
        ]
        yield "edges", f"select entity, {_list(edges)} from overrides"
        moved = (
            "case when edges.entity is null then by_card when by_card is null then given "
            "when by_card <= floor then lifted when by_card > ceiling then lowered else by_card end"
        )
        yield "by_hand", f"select carded.*, {moved} as final from carded left join edges on edges.entity = row"

    def _results(self) -> Iterator[str]:
        bands = " ".join(f"when final <= {band.up_to} then '{band.label}'" for band in self.scheme.bands)
        yield f"case when final is null then 'unknown' {bands} end as label"
        for name, group in self.card.groups.items():
            yield f"g_{name}"
            for measure in group.measures:
                yield f"t_{measure} * k_{name} as c_{measure}"


def _shape(shape: ScoreShape, v: str, *, can_miss: bool) -> str:
    if isinstance(shape, Linear):
        return _guarded(_linear(shape, v), v, can_miss)
    if isinstance(shape, Steps):
        steps = [f"when {v} <= {step.up_to} then {step.score}" for step in shape.steps if step.up_to is not None]
        last = shape.steps[-1]
        rest = f"when {v} is not null then {last.score}" if can_miss else f"else {last.score}"
        return f"case {' '.join(steps)} {rest if last.up_to is None else ''} end"
    if isinstance(shape, Levels):
        return _levels(shape, v)
    assert isinstance(shape, ScoreFormula)
    formula = re.sub(r"\bvalue\b", v, str(shape.formula))
    return _guarded(f"least(greatest({formula}, 0), 100)", v, can_miss)


def _linear(shape: Linear, v: str) -> str:
    (first, low), (_, high) = shape.linear[0], shape.linear[-1]
    between = [
        f"when {v} <= {right} then {y} + ({v} - {left}) * {(z - y) / (right - left)}"
        for (left, y), (right, z) in pairwise(shape.linear)
    ]
    return f"case when {v} <= {first} then {low} {' '.join(between)} else {high} end"


def _levels(shape: Levels, v: str) -> str:
    if {level.lower() for level in shape.levels} == {"true", "false"}:
        score = {level.lower(): score for level, score in shape.levels.items()}
        return f"case when {v} then {score['true']} when not {v} then {score['false']} end"
    words = " ".join(f"when '{level}' then {score}" for level, score in shape.levels.items())
    return (
        _guarded(f"case {v} {words} else {shape.otherwise} end", v, True)
        if shape.otherwise
        else f"case {v} {words} end"
    )


def _guarded(score: str, v: str, can_miss: bool) -> str:
    return f"case when {v} is not null then {score} end" if can_miss else score


def _overridden(override: Override, score: str, scheme: Scheme) -> str:
    when = re.sub(
        r"\bmeasure\.", "m_", re.sub(r"\bgroup\.", "g_", re.sub(r"\boverall\b", "computed", str(override.when)))
    )
    kind, value = override.effect.kind, override.effect.value
    lower, upper = scheme.edges(value) if isinstance(value, str) else (value, value)
    if kind == "set":
        return f"case when {when} and {score} is not null then {value} else {score} end"
    if kind == "at_most":
        return f"case when {when} and {score} > {upper} then {upper} else {score} end"
    raised = min(lower + 1, (lower + upper) / 2) if isinstance(value, str) else value
    return f"case when {when} and {score} <= {lower} then {raised} else {score} end"


def _day(day: date) -> str:
    return f"date '{day}'"


def _list(items: Iterator[str] | list[str]) -> str:
    return ",\n  ".join(items)
