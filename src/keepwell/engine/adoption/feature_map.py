"""Which feature an event belongs to: the feature map as one expression of SQL over columns of events."""

from __future__ import annotations

from collections.abc import Iterable

from keepwell.definitions.features import EventRule, Feature
from keepwell.definitions.project import Project
from keepwell.engine.adoption.quoting import like, text

COLUMNS = ("event", "url", "properties")
"""What the expression reads: the name of the event, the address of its page, and its properties as JSON text."""

_PATH = "regexp_extract(url, '^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?(/[^?#]*)', 1)"


def feature_sql(project: Project) -> str | None:
    """The name of the feature as a text, null where no rule fits; None for a project without features.

    For DuckDB, over the columns `event`, `url` and `properties` of type text, each of which may be null. The first
    feature (by `order`, then by name) with a rule that fits gets the event.
    """
    cases = [f"when {fits(feature)} then {text(name)}" for name, feature in project.features_in_order().items()]
    return f"case {' '.join(cases)} end" if cases else None


def fits(feature: Feature) -> str:
    """The condition under which an event belongs to a feature, others aside; never null."""
    return any_of(feature.rules)


def any_of(rules: Iterable[EventRule]) -> str:
    return "coalesce(" + " or ".join(f"({_rule(rule)})" for rule in rules) + ", false)"


def _rule(rule: EventRule) -> str:
    parts = [_pattern("event", rule.event)] if rule.event is not None else []
    if rule.url is not None:
        parts.append(_pattern(_PATH if rule.url.startswith("/") else "url", rule.url))
    parts += [_property(name, values) for name, values in rule.properties.items()]
    return " and ".join(f"coalesce({part}, false)" for part in parts)


def _pattern(column: str, pattern: str) -> str:
    return f"{column} like {like(pattern)}" if "*" in pattern else f"{column} = {text(pattern)}"


def _property(name: str, values: tuple[str, ...]) -> str:
    """`try_cast` to JSON: what is no JSON has no properties."""
    listed = ", ".join(text(value) for value in values)
    path = text('$."' + name + '"')
    return f"json_extract_string(try_cast(properties as json), {path}) in ({listed})"
