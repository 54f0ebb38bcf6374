"""Who gets what of reports, boards and the editor of dashboards: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.operations import change_draft, start_draft
from keepwell.apps.dashboards.boards.operations import begin_board, offer_board
from keepwell.apps.dashboards.models import Board
from tests.apps.deciding import CONFIGURE, OWN, SIGNED_IN, R, Stage

_TEXT = """\
dashboards:
  monday:
    widgets: {customers: {chart: number, dataset: accounts, measure: count()}}
"""


def a_board(stage: Stage) -> Board:
    return begin_board(actor=Person(stage.people.owner), text=_TEXT, title="Monday")


def a_key(stage: Stage) -> str:
    return a_board(stage).key


def an_offered_board(stage: Stage) -> int:
    return offer_board(actor=Person(stage.people.owner), board=a_board(stage), offered=True).pk


def a_draft(stage: Stage) -> int:
    actor = Person(stage.people.admin)
    draft = start_draft(actor=actor, name="Dashboards tried")
    return change_draft(actor=actor, draft=draft, change=lambda files: {**files, "dashboards.yaml": _TEXT}).pk


_BOARD: dict[str, Any] = {"fill": {"desk": a_key}}
_WIDGET: dict[str, Any] = {"fill": {"desk": a_key, "widget": "customers"}}
_DRAFT: dict[str, Any] = {"fill": {"draft_id": a_draft, "dashboard": "monday"}}

BUILDING: dict[str, R] = {
    "dashboards/reports/new/": R(SIGNED_IN, SIGNED_IN),
    "dashboards/boards/new/": R(SIGNED_IN, SIGNED_IN),
    "dashboards/boards/<int:pk>/to-draft/": R(post=CONFIGURE, fill={"pk": an_offered_board}),
    "dashboards/edit/<str:desk>/": R(OWN, **_BOARD),
    "dashboards/edit/<str:desk>/move/": R(post=OWN, **_BOARD),
    "dashboards/edit/<str:desk>/settings/": R(OWN, OWN, **_BOARD),
    "dashboards/edit/<str:desk>/widgets/<str:widget>/": R(OWN, OWN, **_WIDGET),
    "dashboards/<str:key>/duplicate/": R(post=SIGNED_IN, fill={"key": "support"}),
    "dashboards/<str:key>/change/": R(post=CONFIGURE, fill={"key": "support"}),
    "configure/dashboards/": R(CONFIGURE, CONFIGURE),
    "configure/dashboards/<int:draft_id>/": R(CONFIGURE, CONFIGURE, fill={"draft_id": a_draft}),
    "configure/dashboards/<int:draft_id>/<slug:dashboard>/": R(CONFIGURE, **_DRAFT),
    "configure/dashboards/<int:draft_id>/<slug:dashboard>/save/": R(post=CONFIGURE, **_DRAFT),
    "configure/dashboards/<int:draft_id>/<slug:dashboard>/yaml/": R(post=CONFIGURE, **_DRAFT),
}
