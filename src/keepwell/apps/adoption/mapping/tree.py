"""The feature map as a tree, with how many events each rule fits, and events that fit none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from keepwell.apps.adoption.counting import COUNTING, Watch, Work
from keepwell.apps.adoption.place import Opening, opening, raw, source_of, version_of
from keepwell.apps.health.place import lake
from keepwell.definitions.features import EventRule, Feature
from keepwell.definitions.project import Project
from keepwell.engine.adoption.feature_map import COLUMNS, any_of, feature_sql
from keepwell.engine.adoption.relation import LOCAL_DAY

WINDOW, UNMAPPED = 28, 50


@dataclass(frozen=True)
class Counts:
    """Events of the last days. `features`: those that belong to each; `rules`: those that each rule fits, whoever gets
    them; `unmapped`: events of no feature by volume (name, how many)."""

    features: dict[str, int]
    rules: dict[tuple[str, int], int]
    unmapped: list[tuple[str, int]]
    all: int


@dataclass(frozen=True)
class RuleShown:
    """A rule in words, with how many events it fits. `attribute`, `value`: of its only property; `plain`: it
    has no more."""

    place: int
    words: str
    fits: int | None
    rule: EventRule

    @property
    def plain(self) -> bool:
        return len(self.rule.properties) < 2

    @property
    def attribute(self) -> str:
        return next(iter(self.rule.properties), "")

    @property
    def value(self) -> str:
        return ", ".join(self.rule.properties.get(self.attribute, ()))


@dataclass(frozen=True)
class Branch:
    """A feature with its rules in words and their counts."""

    name: str
    feature: Feature
    events: int | None
    rules: list[RuleShown]


def tree_of(project: Project, counts: Counts | None) -> dict[str, dict[str, list[Branch]]]:
    """Products, modules, features; each by name, features in the order in which they are tried."""
    found: dict[str, dict[str, list[Branch]]] = defaultdict(lambda: defaultdict(list))
    for name, one in project.features_in_order().items():
        rules = [
            RuleShown(place, in_words(rule), counts.rules.get((name, place), 0) if counts else None, rule)
            for place, rule in enumerate(one.rules)
        ]
        events = counts.features.get(name, 0) if counts else None
        found[one.product][one.module].append(Branch(name, one, events, rules))
    return {product: dict(sorted(modules.items())) for product, modules in sorted(found.items())}


def in_words(rule: EventRule) -> str:
    """What a rule asks for, on one line."""
    parts = [f"event {rule.event}"] if rule.event is not None else []
    parts += [f"page {rule.url}"] if rule.url is not None else []
    parts += [f"{name} = {' or '.join(values)}" for name, values in rule.properties.items()]
    return ", ".join(parts)


def counts_of(project: Project) -> Counts | None:
    """Over the events of the last days; None where no dataset holds single events. Raises StillCounting."""
    source = source_of(project)
    dataset = source.events if source else None
    if dataset is None or not project.datasets[dataset].event:
        return None

    def prepare() -> Work:
        given = opening(project, dataset, None)
        return lambda watch: _count(given, watch)

    key = (str(lake().root), dataset, repr(project.features_in_order()))
    found: Counts = COUNTING.of(key, version_of(project, dataset), prepare)
    return found


def _count(given: Opening, watch: Watch) -> Counts:
    project, dataset = given.project, given.dataset
    with raw(given, watch) as (statements, data):
        rows = data.table(dataset)
        statements.see("kw_raw", rows)
        statements.keep("kw_groups", _groups(project, dataset, rows.columns))
        names = list(_rules(project))
        sums = [f"coalesce(sum(events) filter (where {any_of([rule])}), 0)::bigint as r{at}"
                for at, (_, _, rule) in enumerate(names)]  # fmt: skip
        row: dict[str, Any] = statements.ask(
            f"select {', '.join([*sums, 'coalesce(sum(events), 0)::bigint as every'])} from kw_groups"
        ).to_pylist()[0]
        mapped = feature_sql(project) or "null::varchar"
        statements.keep("kw_mapped", f"select event, events, {mapped} as feature from kw_groups")
        features = statements.ask(
            "select feature, sum(events)::bigint as events from kw_mapped where feature is not null group by 1"
        ).to_pylist()
        unmapped = statements.ask(
            "select event, sum(events)::bigint as events from kw_mapped where feature is null and event is not null "
            f"group by 1 order by 2 desc, 1 limit {UNMAPPED}"
        ).to_pylist()
    return Counts(
        {one["feature"]: one["events"] for one in features},
        {(name, place): row[f"r{at}"] for at, (name, place, _) in enumerate(names)},
        [(one["event"], one["events"]) for one in unmapped],
        row["every"],
    )


def _groups(project: Project, dataset: str, columns: tuple[str, ...]) -> str:
    """Events that look alike, once, with their number: rules are tried on those instead of on every event."""
    found = project.datasets[dataset]
    named = {"event": found.event, "url": "url", "properties": "properties"}
    wanted = [
        f'"{named[name]}"::varchar as {name}' if named[name] in columns else f"null::varchar as {name}"
        for name in COLUMNS
    ]
    day = f'"{LOCAL_DAY}"' if LOCAL_DAY in columns else f'"{found.occurred_at}"::date'
    count = f'sum("{found.events}")' if found.events else "count(*)"
    since = timezone.localdate() - timedelta(days=WINDOW)
    newest = f"(select max({day}) from kw_raw) - {WINDOW}"
    kinds = " and type in ('track', 'page', 'screen')" if "type" in columns else ""
    return (
        f"select {', '.join(wanted)}, {count} as events from kw_raw "
        f"where {day} > least({newest}, date '{since}'){kinds} group by 1, 2, 3"
    )


def _rules(project: Project) -> Iterator[tuple[str, int, EventRule]]:
    for name, one in project.features_in_order().items():
        for place, rule in enumerate(one.rules):
            yield name, place, rule
