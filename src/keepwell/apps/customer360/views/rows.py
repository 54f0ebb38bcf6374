"""Down to the ground: the rows that one metric was made from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import NotVisible, actor_of
from keepwell.apps.customer360.explained import current_state
from keepwell.apps.customers.queries import account_for
from keepwell.apps.health.place import opened
from keepwell.engine.binding import bind
from keepwell.engine.explain.rows import RowsBehind, rows_behind
from keepwell.engine.moments import Moment

SHOWN = 50


def rows(request: HttpRequest, account_id: str, metric: str) -> HttpResponse:
    """At most fifty rows, read again from the facts as they were known to the score."""
    account = account_for(actor_of(request), account_id)
    state = current_state(account)
    if state is None or metric not in state.project.metrics:
        raise NotVisible
    moment = Moment(state.values.as_of, state.values.known_at)
    with opened(state.project) as data:
        bind(state.project, data)
        found = rows_behind(state.project, data, metric, account.pk, moment, limit=SHOWN, state=state)
    context = {"account": account, "metric": metric, "found": _flat(found), "shown": SHOWN}
    inside = request.headers.get("HX-Request")
    return render(request, "customer360/_rows.html" if inside else "customer360/rows.html", context)


def _flat(found: RowsBehind) -> list[dict[str, object]]:
    """The metric and what it is made of, each with the first columns that matter."""
    below = [one for each in found.inputs for one in _flat(each)]
    columns = found.columns[: max(found.leading, 6)]
    body = [] if found.table is None else [list(row.values()) for row in found.table.select(columns).to_pylist()]
    return [{"of": found, "columns": columns, "body": body}, *below]
