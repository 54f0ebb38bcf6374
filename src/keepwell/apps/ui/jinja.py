"""Jinja2 for large tables: ten times as fast as Django's templates, with the same words for numbers and health."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from keepwell.apps.ui.formatting import compact, score_text
from keepwell.apps.ui.templatetags.ui import signed


@lru_cache(maxsize=8)
def tables_of(app: str) -> Environment:
    """The environment of an app's `tables` folder; everything is escaped."""
    environment = Environment(
        loader=PackageLoader(f"keepwell.apps.{app}", "tables"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": money, "signed": signed, "day": day}
    environment.globals |= {"health": health}
    return environment


def money(value: float | None) -> str:
    return "–" if value is None else compact(value)


@lru_cache(maxsize=8192)
def day(value: date | datetime | None) -> str:
    """A date that says itself exactly on hover, as HTML."""
    if value is None:
        return "–"
    return Markup(f'<time datetime="{value.isoformat()}" title="{value:%A, %d %B %Y}">{value:%d %b %Y}</time>')


def health(score: float | None, label: str | None, tone: str | None, edges: tuple[float, ...] = ()) -> Markup:
    """A score with its band as HTML: shape, number and word; never colour alone."""
    return Markup(health_html(score, label, tone, edges))


def health_html(score: float | None, label: str | None, tone: str | None, edges: tuple[float, ...] = ()) -> str:
    """The same as a plain text, for many rows."""
    return _begin(tone or "none") + score_text(score, edges) + _end(label or "not scored")


@lru_cache(maxsize=64)
def _begin(tone: str) -> str:
    shape = '<span class="shape" aria-hidden="true"></span>'
    return f'<span class="health tone-{escape(tone)}">{shape}<span class="number">'


@lru_cache(maxsize=512)
def _end(label: str) -> str:
    return f'</span> <span class="label">{escape(label)}</span></span>'
