"""Who gets what of customers and of the work with them: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from tests.apps.deciding import (
    ADMIN,
    ADMIN_OF_ACCOUNT,
    AUTHORS,
    BULK,
    BULK_OF_ADMIN,
    CONFIGURE,
    OF_ACCOUNT,
    OF_ACCOUNT_WRITE,
    OF_LIST,
    OWN,
    SIGNED_IN,
    WRITE,
    R,
    Stage,
)
from tests.apps.things import (
    a_bulk_change,
    a_bulk_change_of_calls,
    a_call,
    a_call_beside_playbooks,
    a_call_view,
    a_list,
    a_person,
    a_plan,
    a_relationship,
    a_stage,
    a_task,
    a_unit_measure,
    a_view,
    an_attachment,
    an_entry,
    an_entry_draft,
    an_entry_type,
    an_objective,
    an_override,
)

_MEASURE: dict[str, Any] = {"fill": {"measure": "executive_relationship"}}
_UNIT_MEASURE: dict[str, Any] = {"fill": {"unit_id": a_relationship, "measure": a_unit_measure}}
_OVERRIDE = {"effect": "at_most", "value": "red", "reason": "Lawsuit"}
_CALL: dict[str, Any] = {"fill": {"call_id": a_call}}
_TASK: dict[str, Any] = {"fill": {"task_id": a_task}}
_PLAN: dict[str, Any] = {"fill": {"plan_id": a_plan}}
_OBJECTIVE: dict[str, Any] = {"fill": {"objective_id": an_objective}}
_PLAYED: dict[str, Any] = {"fill": {"call_id": a_call_beside_playbooks}}
_SNOOZE = {"until": "2030-01-01", "reason": "They are away"}
_PLANNED = {"title": "Roll out", "starts_on": "2026-01-01"}
_WANTED = {"type": "risk", "title": "Win them back", "priority": 2}


def _mo(stage: Stage) -> int:
    return stage.people.manager.pk


_TO_MO = {"owner_id": _mo}

WORKING: dict[str, R] = {
    # timeline
    "timeline/": R(SIGNED_IN),
    "timeline/<int:entry_id>/": R(OF_ACCOUNT, fill={"entry_id": an_entry}),
    "timeline/<int:entry_id>/edit/": R(AUTHORS, AUTHORS, fill={"entry_id": an_entry}, data={"title": "Called"}),
    "timeline/<int:entry_id>/discard/": R(post=OWN, fill={"entry_id": an_entry_draft}),
    "customers/<str:account_id>/timeline/": R(OF_ACCOUNT),
    "customers/<str:account_id>/timeline/new/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, data={"title": "Called"}),
    "customers/<str:account_id>/timeline/draft/": R(post=OF_ACCOUNT_WRITE, data={"title": "Called"}),
    "customers/<str:account_id>/timeline/letter/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE),
    "configure/entry-types/": R(CONFIGURE, CONFIGURE),
    "configure/entry-types/<str:name>/retire/": R(post=CONFIGURE, fill={"name": an_entry_type}),
    # cockpit
    "cockpit/": R(SIGNED_IN),
    "cockpit/new/": R(WRITE),
    "cockpit/board/": R(SIGNED_IN),
    "cockpit/calendar/": R(SIGNED_IN),
    "cockpit/risks/": R(SIGNED_IN),
    "cockpit/plans/": R(SIGNED_IN),
    "cockpit/playbooks/": R(SIGNED_IN),
    "cockpit/bulk/": R(post=BULK, data={"action": "flag", "flag": "yes", "call": a_call}),
    "cockpit/bulk/<int:bulk_id>/undo/": R(post=BULK_OF_ADMIN, fill={"bulk_id": a_bulk_change_of_calls}),
    "cockpit/views/": R(post=SIGNED_IN),
    "cockpit/views/<int:view_id>/delete/": R(post=OWN, fill={"view_id": a_call_view}),
    "cockpit/<int:call_id>/": R(OF_ACCOUNT, **_CALL),
    "cockpit/<int:call_id>/edit/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"title": "Talk", "priority": 2}),
    "cockpit/<int:call_id>/move/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"status": "in_progress"}),
    "cockpit/<int:call_id>/close/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"outcome": "failed"}),
    "cockpit/<int:call_id>/reopen/": R(post=OF_ACCOUNT_WRITE, **_CALL),
    "cockpit/<int:call_id>/snooze/": R(post=OF_ACCOUNT_WRITE, **_CALL, data=_SNOOZE),
    "cockpit/<int:call_id>/assign/": R(post=OF_ACCOUNT_WRITE, **_CALL, data=_TO_MO),
    "cockpit/<int:call_id>/due/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"due_on": "2030-01-01"}),
    "cockpit/<int:call_id>/flag/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"flagged": "yes"}),
    "cockpit/<int:call_id>/playbook/": R(post=OF_ACCOUNT_WRITE, **_PLAYED, data={"playbook": "save_plan"}),
    "cockpit/<int:call_id>/tasks/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"title": "Call them"}),
    "cockpit/<int:call_id>/comments/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"text": "Called"}),
    "cockpit/<int:call_id>/watch/": R(post=OF_ACCOUNT, **_CALL, data={"watch": "yes"}),
    "cockpit/<int:call_id>/watchers/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"user_id": _mo}),
    "cockpit/<int:call_id>/attachments/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"url": "https://a.example"}),
    "cockpit/<int:call_id>/risk/": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"mitigation": "We talk"}),
    "cockpit/attachments/<int:attachment_id>/": R(OF_ACCOUNT, fill={"attachment_id": an_attachment}),
    "cockpit/attachments/<int:attachment_id>/remove/": R(post=AUTHORS, fill={"attachment_id": an_attachment}),
    "cockpit/tasks/<int:task_id>/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, **_TASK, data={"title": "Call"}),
    "cockpit/tasks/<int:task_id>/do/": R(post=OF_ACCOUNT_WRITE, **_TASK),
    "cockpit/tasks/<int:task_id>/skip/": R(post=OF_ACCOUNT_WRITE, **_TASK, data={"reason": "Ill"}),
    "cockpit/tasks/<int:task_id>/undo/": R(post=OF_ACCOUNT_WRITE, **_TASK),
    "cockpit/tasks/<int:task_id>/mail/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, **_TASK),
    "cockpit/plans/<int:plan_id>/": R(OF_ACCOUNT, **_PLAN),
    "cockpit/plans/<int:plan_id>/edit/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, **_PLAN, data=_PLANNED),
    "cockpit/plans/<int:plan_id>/status/": R(post=OF_ACCOUNT_WRITE, **_PLAN, data={"status": "achieved"}),
    "cockpit/plans/<int:plan_id>/objectives/": R(post=OF_ACCOUNT_WRITE, **_PLAN, data={"title": "400 users"}),
    "cockpit/objectives/<int:objective_id>/": R(post=OF_ACCOUNT_WRITE, **_OBJECTIVE, data={"status": "missed"}),
    "cockpit/objectives/<int:objective_id>/calls/": R(post=OF_ACCOUNT_WRITE, **_OBJECTIVE, data={"title": "Train"}),
    "customers/<str:account_id>/calls/new/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, data=_WANTED),
    "customers/<str:account_id>/plans/new/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, data=_PLANNED),
    "me/calendar/": R(SIGNED_IN, SIGNED_IN, data={"zone": "Europe/Berlin", "holidays": "DE"}),
    # scores by hand
    "scores/": R(SIGNED_IN),
    "scores/<str:measure>/": R(SIGNED_IN, WRITE, fill={"measure": "executive_relationship"}),
    "customers/<str:account_id>/scores/": R(OF_ACCOUNT),
    "customers/<str:account_id>/scores/<str:measure>/": R(
        OF_ACCOUNT, OF_ACCOUNT_WRITE, **_MEASURE, data={"score": "60"}
    ),
    "customers/<str:account_id>/scores/<str:measure>/withdraw/": R(post=OF_ACCOUNT_WRITE, **_MEASURE),
    "customers/<str:account_id>/scores/<str:measure>/history/": R(OF_ACCOUNT, **_MEASURE),
    "customers/<str:account_id>/units/<str:unit_id>/scores/": R(OF_ACCOUNT, fill={"unit_id": a_relationship}),
    "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/": R(
        OF_ACCOUNT, OF_ACCOUNT_WRITE, **_UNIT_MEASURE, data={"score": "60"}
    ),
    "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/withdraw/": R(
        post=OF_ACCOUNT_WRITE, **_UNIT_MEASURE
    ),
    "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/history/": R(OF_ACCOUNT, **_UNIT_MEASURE),
    "customers/<str:account_id>/overrides/": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data=_OVERRIDE),
    "customers/<str:account_id>/overrides/<int:override_id>/withdraw/": R(
        post=OF_ACCOUNT_WRITE, fill={"override_id": an_override}
    ),
    "customers/<str:account_id>/pin/": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data={"scorecard": "main", "reason": "Agreed"}),
    "customers/<str:account_id>/unpin/": R(post=OF_ACCOUNT_WRITE),
    # customers
    "": R(SIGNED_IN),
    "customers/": R(SIGNED_IN),
    "totals/customers/": R(SIGNED_IN),
    "export/customers.csv": R(SIGNED_IN),
    "bulk/": R(post=BULK, data={"action": "stage", "stage": "live", "account": "acme"}),
    "bulk/<int:bulk_id>/undo/": R(post=BULK_OF_ADMIN, fill={"bulk_id": a_bulk_change}),
    "views/": R(post=SIGNED_IN),
    "views/<int:view_id>/delete/": R(post=OWN, fill={"view_id": a_view}),
    "lists/": R(SIGNED_IN, WRITE),
    "lists/<int:list_id>/": R(SIGNED_IN, fill={"list_id": a_list}),
    "lists/<int:list_id>/rename/": R(post=OF_LIST, fill={"list_id": a_list}, data={"name": "Other"}),
    "lists/<int:list_id>/delete/": R(post=OF_LIST, fill={"list_id": a_list}),
    "lists/<int:list_id>/add/": R(post=OF_ACCOUNT_WRITE, fill={"list_id": a_list}, data={"account": "acme"}),
    "lists/<int:list_id>/remove/": R(post=OF_ACCOUNT_WRITE, fill={"list_id": a_list}, data={"account": "acme"}),
    "people/<uuid:key>/": R(post=OF_ACCOUNT_WRITE, fill={"key": a_person}, data={"name": "Pat"}),
    "people/<uuid:key>/left/": R(post=OF_ACCOUNT_WRITE, fill={"key": a_person}),
    "people/<uuid:key>/erase/": R(post=ADMIN_OF_ACCOUNT, fill={"key": a_person}),
    "customers/<str:account_id>/": R(OF_ACCOUNT),
    "customers/<str:account_id>/details/": R(OF_ACCOUNT),
    "customers/<str:account_id>/stage/": R(post=OF_ACCOUNT_WRITE, data={"stage": "renewing", "reason": "Signed"}),
    "lifecycle/": R(SIGNED_IN),
    "lifecycle/<path:stage>/": R(SIGNED_IN, fill={"stage": a_stage}),
    "customers/<str:account_id>/lifecycle/": R(
        OF_ACCOUNT, OF_ACCOUNT_WRITE, data={"stage": "live", "reason": "They are"}
    ),
    "customers/<str:account_id>/owner/": R(post=OF_ACCOUNT_WRITE, data={"csm": ""}),
    "customers/<str:account_id>/owner/give-back/": R(post=OF_ACCOUNT_WRITE),
    "customers/<str:account_id>/merge/": R(post=ADMIN, data={"into": "brix"}),
    "customers/<str:account_id>/unmerge/": R(post=ADMIN),
    "customers/<str:account_id>/people/add/": R(post=OF_ACCOUNT_WRITE, data={"name": "Pat"}),
    "customers/<str:account_id>/panels/<slug:name>/": R(OF_ACCOUNT, fill={"name": "scorecard"}),
    "customers/<str:account_id>/metrics/<slug:metric>/rows/": R(OF_ACCOUNT, fill={"metric": "logins_28d"}),
    "usage/": R(SIGNED_IN),
    "usage/accounts/": R(SIGNED_IN),
    "usage/features/": R(SIGNED_IN),
    "usage/retention/": R(SIGNED_IN),
    "usage/funnels/": R(SIGNED_IN),
    "usage/paths/": R(SIGNED_IN),
    "portfolio/heatmap/": R(SIGNED_IN),
    "portfolio/movers/": R(SIGNED_IN),
    "portfolio/renewals/": R(SIGNED_IN),
    "find/": R(SIGNED_IN),
    "me/layout/": R(SIGNED_IN, SIGNED_IN),
}
