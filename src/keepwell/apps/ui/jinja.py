"""Jinja2 for large tables: ten times as fast as Django's templates, with the same words for numbers and health."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from keepwell.apps.ui.formatting import compact, score_text
from keepwell.apps.ui.templatetags.ui import signed


@lru_cache(maxsize=8)
def tables_of(app: str) -> Environment:
    """The environment of an app's `tables` folder; everything is escaped."""
    environment = Environment(
        loader=PackageLoader(f"keepwell.apps.{app}", "tables"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": money, "signed": signed, "day": day}
    environment.globals |= {"health": health}
    return environment


def money(value: float | None) -> str:
    return "–" if value is None else compact(value)


def day(value: date | datetime | None) -> str:
    if value is None:
        return "–"
    return Markup(f'<time datetime="{value.isoformat()}" title="{value:%A, %d %B %Y}">{value:%d %b %Y}</time>')


_HEALTH = Markup(
    '<span class="health tone-{}"><span class="shape" aria-hidden="true"></span>'
    '<span class="number">{}</span> <span class="label">{}</span></span>'
)


def health(score: float | None, label: str | None, tone: str | None, edges: tuple[float, ...] = ()) -> Markup:
    """A score with its band: shape, number and word; never colour alone."""
    return _HEALTH.format(tone or "none", score_text(score, edges), label or "not scored")
