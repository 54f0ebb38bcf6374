"""Answers of widgets, and the rows behind a value: the one door between pages, files, letters and the engine."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.dashboards.answering.asked import AskedInPage, engine_asks
from keepwell.apps.dashboards.answering.comparing import compared
from keepwell.apps.dashboards.answering.pool import source_for
from keepwell.apps.dashboards.answering.population import day_of
from keepwell.apps.dashboards.answering.sight import seen_by, sight_in
from keepwell.apps.dashboards.answering.source import Source, stamp
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.apps.health.scored import latest_run
from keepwell.definitions.expressions import ValueType
from keepwell.definitions.names import unknown
from keepwell.engine.metrics.compiling.operands import type_of
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.explaining import Explained, explain_widget
from keepwell.engine.reporting.naming import account_names
from keepwell.engine.reporting.reporter import answer_dashboard, answer_rows
from keepwell.engine.reporting.results import Result
from keepwell.errors import InputError, KeepwellError, RequestRefused

_LOG = logging.getLogger(__name__)
FAULT = "this widget met a fault of Keepwell, which was written to the log; the others stand"
TOO_LONG = "the widgets before this one took all the time that the whole dashboard has; open it on its page"
NO_RUN = "nothing was scored yet; dashboards show accounts as the last run left them"


@dataclass(frozen=True)
class Moment:
    """`day`: the last day that is shown. `now`: what is known by then counts."""

    day: date
    now: datetime


def answer(
    actor: Actor, shown: Shown, asked: AskedInPage | None = None, only: str | None = None, *,
    seconds: float | None = None,
) -> dict[str, Result]:  # fmt: skip
    """The result of each widget (or `only` one), of the accounts that the actor sees.

    A widget that cannot be answered says why under `problem`, whatever the reason, and leaves the others standing; so
    does one that is not begun when `seconds` have passed. Raises Forbidden, and RequestRefused for a widget that the
    dashboard does not have.
    """
    require(actor, Permission.VIEW)
    if only is not None and only not in shown.dashboard.widgets:
        raise RequestRefused(unknown("widget", only, shown.dashboard.widgets))
    asked = asked or AskedInPage()
    names = [only] if only is not None else list(shown.dashboard.widgets)
    whole, until = compared(shown, asked.compare), time.monotonic() + (math.inf if seconds is None else seconds)
    return {
        name: _one(actor, whole, asked, name)
        if time.monotonic() < until
        else Result(shown.dashboard.widgets[name].chart, problem=TOO_LONG)
        for name in names
    }


def rows(
    actor: Actor, shown: Shown, widget: str, asked: AskedInPage, point: Mapping[str, Any], *,
    measure: str | None = None, most: int = 200,
) -> Result:  # fmt: skip
    """The rows behind a value of a widget: those with the values of `point` that the actor sees."""
    require(actor, Permission.VIEW)
    if widget not in shown.dashboard.widgets:
        raise RequestRefused(unknown("widget", widget, shown.dashboard.widgets))
    with _told("table", shown, widget) as told, _opened(actor, shown, asked, widget) as (source, engine):
        told.append(
            answer_rows(
                shown.project, source.tables, shown.dashboard, widget, engine, point, measure=measure, most=most
            )
        )
    return told[0]


def explain(actor: Actor, shown: Shown, widget: str) -> Explained:
    """The result of one widget with the statements that answered it, the actor's sight among them."""
    require(actor, Permission.VIEW)
    ran: tuple[str, ...] = ()
    chart = shown.dashboard.widgets[widget].chart
    with _told(chart, shown, widget) as told, _opened(actor, shown, AskedInPage(), widget) as (source, engine):
        found = explain_widget(shown.project, source.tables, shown.dashboard, widget, engine)
        told.append(found.result)
        ran = found.statements
    return Explained(told[0], ran)


def columns_of(actor: Actor, shown: Shown, dataset: str) -> dict[str, ValueType]:
    """The columns of a dataset as it is now; none where it cannot be read."""
    require(actor, Permission.VIEW)
    try:
        with _opened(actor, shown, AskedInPage(), "") as (source, _):
            rows = source.tables.table(dataset)
            return {name: type_of(rows[name].type()) for name in rows.columns if not name.startswith("kw_")}
    except KeepwellError:
        return {}


def moment_of(shown: Shown) -> Moment | None:
    """The day that a page speaks of; None before the first run."""
    run, now = latest_run(), timezone.now()
    return None if run is None else Moment(day_of(shown.project, run, now), now)


def _one(actor: Actor, shown: Shown, asked: AskedInPage, name: str) -> Result:
    chart = shown.dashboard.widgets[name].chart
    with _told(chart, shown, name) as told, _opened(actor, shown, asked, name) as (source, engine):
        _name_all(shown, source, engine)
        told.append(answer_dashboard(shown.project, source.tables, shown.dashboard, engine, only=name)[name])
    return told[0]


@contextmanager
def _told(chart: str, shown: Shown, widget: str) -> Iterator[list[Result]]:
    """Whatever goes wrong inside is told in words, as the one result."""
    told: list[Result] = []
    try:
        yield told
    except InputError as error:
        told[:] = [Result(chart, problem="; ".join(str(one) for one in error.problems))]
    except Exception:
        _LOG.exception("widget %s of dashboard %s", widget, shown.key)
        told[:] = [Result(chart, problem=FAULT)]


@contextmanager
def _opened(actor: Actor, shown: Shown, asked: AskedInPage, widget: str) -> Iterator[tuple[Source, Asked]]:
    """Tables for one question, and the question with the actor's sight in it."""
    moment, run = moment_of(shown), latest_run()
    if moment is None or run is None:
        raise RequestRefused(NO_RUN)
    engine, seen = engine_asks(shown, asked, moment.day, moment.now, widget), seen_by(actor)
    made = partial(Source, shown.project, shown.digest)
    with source_for(stamp(shown.digest, run.pk), made) as source:
        yield source, replace(engine, sight=sight_in(source.tables, seen))


def _name_all(shown: Shown, source: Source, engine: Asked) -> None:
    """Accounts are made once with all that the page names, not anew for each widget that names more of them."""
    names = account_names(shown.project, shown.dashboard.widgets.values(), engine.conditions)
    try:
        source.tables.accounts(engine.as_of, names)
    except KeepwellError:  # the widgets that need them say so
        return
