"""Who gets what from the API: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from tests.apps.deciding import (
    ADMIN,
    ADMIN_OF_ACCOUNT,
    AUTHORS,
    BULK,
    BULK_OF_ADMIN,
    CLOSED,
    CONFIGURE,
    OF_ACCOUNT,
    OF_ACCOUNT_WRITE,
    OF_LIST,
    OPEN,
    OWN,
    OWN_OR_ADMIN,
    OWN_WRITE,
    RUN,
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
    a_channel,
    a_checked_import,
    a_connection,
    a_dead_letter,
    a_draft,
    a_draft_with_a_rule,
    a_failed_job,
    a_list,
    a_notice,
    a_person,
    a_plan,
    a_refused_message,
    a_relationship,
    a_rule,
    a_rule_run,
    a_run,
    a_source_id,
    a_sync,
    a_sync_run,
    a_task,
    a_token,
    a_unit_measure,
    a_view,
    a_write_key,
    an_attachment,
    an_entry,
    an_entry_draft,
    an_entry_type,
    an_export,
    an_ignored_id,
    an_import,
    an_objective,
    an_override,
)

_DRAFT: dict[str, Any] = {"fill": {"draft_id": a_draft, "number": 1}}
_RULE: dict[str, Any] = {"fill": {"name": a_rule}}
_RULE_RUN: dict[str, Any] = {"fill": {"run_id": a_rule_run}}
_DRAFT_RULE: dict[str, Any] = {"fill": {"draft_id": a_draft_with_a_rule, "name": "call_when_red"}}
_MEASURE: dict[str, Any] = {"fill": {"measure": "executive_relationship"}}
_PERSON: dict[str, Any] = {"fill": {"key": a_person}}
_OVERRIDE = {"effect": "at_most", "value": "red", "reason": "Lawsuit"}
_CALLED = {"type": "call", "title": "Called"}
_LIST: dict[str, Any] = {"fill": {"list_id": a_list}}

_CALL: dict[str, Any] = {"fill": {"call_id": a_call}}
_TASK: dict[str, Any] = {"fill": {"task_id": a_task}}
_PLAN: dict[str, Any] = {"fill": {"plan_id": a_plan}}
_OBJECTIVE: dict[str, Any] = {"fill": {"objective_id": an_objective}}
_SNOOZE = {"until": "2030-01-01", "reason": "They are away"}
_PLANNED = {"title": "Roll out", "starts_on": "2026-01-01"}
_LETTER = {"contact": "0b6f2b1e-6f0c-4a3e-9d0a-3f1c2d4e5f60", "subject": "Hello", "text": "How are you?"}
_SAID = {"title": "Talk", "priority": "high"}


def _mo(stage: Stage) -> int:
    return stage.people.manager.pk


API: dict[str, R] = {
    "api/": R(CLOSED),
    "api/docs": R(OPEN),
    "api/openapi.json": R(OPEN),
    "api/<path:unknown>": R(CLOSED),
    "api/v1/me": R(SIGNED_IN),
    "api/v1/me/theme": R(put=SIGNED_IN),
    "api/v1/me/day": R(SIGNED_IN),
    "api/v1/me/layout": R(SIGNED_IN, put=SIGNED_IN, delete=SIGNED_IN),
    "api/v1/notices": R(SIGNED_IN),
    "api/v1/notices/read": R(post=SIGNED_IN),
    "api/v1/notices/<int:notice_id>/read": R(post=OWN, fill={"notice_id": a_notice}),
    # cockpit
    "api/v1/calls": R(SIGNED_IN),
    "api/v1/calls/first": R(SIGNED_IN),
    "api/v1/calls/due": R(SIGNED_IN),
    "api/v1/accounts/<account_id>/calls": R(post=OF_ACCOUNT_WRITE, data={"type": "risk", "title": "Win them back"}),
    "api/v1/calls/<int:call_id>": R(OF_ACCOUNT, put=OF_ACCOUNT_WRITE, **_CALL, data=_SAID),
    "api/v1/calls/<int:call_id>/status": R(put=OF_ACCOUNT_WRITE, **_CALL, data={"status": "in_progress"}),
    "api/v1/calls/<int:call_id>/close": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"outcome": "failed"}),
    "api/v1/calls/<int:call_id>/reopen": R(post=OF_ACCOUNT_WRITE, **_CALL),
    "api/v1/calls/<int:call_id>/snooze": R(put=OF_ACCOUNT_WRITE, **_CALL, data=_SNOOZE),
    "api/v1/calls/<int:call_id>/owner": R(put=OF_ACCOUNT_WRITE, **_CALL, data={"owner_id": _mo}),
    "api/v1/calls/<int:call_id>/flag": R(put=OF_ACCOUNT_WRITE, **_CALL, data={"flagged": True}),
    "api/v1/calls/<int:call_id>/due": R(put=OF_ACCOUNT_WRITE, **_CALL, data={"due_on": "2030-01-01"}),
    "api/v1/calls/<int:call_id>/risk": R(put=OF_ACCOUNT_WRITE, **_CALL, data={"mitigation": "We talk"}),
    "api/v1/calls/<int:call_id>/playbook": R(
        put=OF_ACCOUNT_WRITE, fill={"call_id": a_call_beside_playbooks}, data={"playbook": "save_plan"}
    ),
    "api/v1/calls/<int:call_id>/tasks": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"title": "Call them"}),
    "api/v1/calls/tasks/<int:task_id>": R(OF_ACCOUNT, put=OF_ACCOUNT_WRITE, **_TASK, data={"title": "Call them"}),
    "api/v1/calls/tasks/<int:task_id>/do": R(post=OF_ACCOUNT_WRITE, **_TASK),
    "api/v1/calls/tasks/<int:task_id>/skip": R(post=OF_ACCOUNT_WRITE, **_TASK, data={"reason": "Ill"}),
    "api/v1/calls/tasks/<int:task_id>/undo": R(post=OF_ACCOUNT_WRITE, **_TASK),
    "api/v1/calls/tasks/<int:task_id>/letter": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, **_TASK, data=_LETTER),
    "api/v1/calls/<int:call_id>/comments": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"text": "Called"}),
    "api/v1/calls/<int:call_id>/watchers/<int:user_id>": R(
        put=OF_ACCOUNT_WRITE, delete=OF_ACCOUNT_WRITE, fill={"call_id": a_call, "user_id": _mo}
    ),
    "api/v1/calls/<int:call_id>/links": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"url": "https://a.example"}),
    "api/v1/calls/<int:call_id>/files": R(post=OF_ACCOUNT_WRITE, **_CALL, data={"name": "a.txt", "content": "YQ=="}),
    "api/v1/calls/attachments/<int:attachment_id>": R(
        OF_ACCOUNT, delete=AUTHORS, fill={"attachment_id": an_attachment}
    ),
    "api/v1/calls/bulk": R(post=BULK),
    "api/v1/calls/bulk/<int:bulk_id>/undo": R(post=BULK_OF_ADMIN, fill={"bulk_id": a_bulk_change_of_calls}),
    "api/v1/calls/views": R(SIGNED_IN, SIGNED_IN),
    "api/v1/calls/views/<int:view_id>": R(delete=OWN, fill={"view_id": a_call_view}),
    "api/v1/plans": R(SIGNED_IN),
    "api/v1/accounts/<account_id>/plans": R(post=OF_ACCOUNT_WRITE, data=_PLANNED),
    "api/v1/plans/<int:plan_id>": R(OF_ACCOUNT, put=OF_ACCOUNT_WRITE, **_PLAN, data=_PLANNED),
    "api/v1/plans/<int:plan_id>/status": R(put=OF_ACCOUNT_WRITE, **_PLAN, data={"status": "achieved"}),
    "api/v1/plans/<int:plan_id>/objectives": R(post=OF_ACCOUNT_WRITE, **_PLAN, data={"title": "400 users"}),
    "api/v1/plans/objectives/<int:objective_id>/status": R(
        put=OF_ACCOUNT_WRITE, **_OBJECTIVE, data={"status": "missed"}
    ),
    "api/v1/plans/objectives/<int:objective_id>/calls": R(
        post=OF_ACCOUNT_WRITE, **_OBJECTIVE, data={"title": "Train them"}
    ),
    "api/v1/risks": R(SIGNED_IN),
    "api/v1/playbooks": R(SIGNED_IN),
    "api/v1/me/calendar": R(SIGNED_IN, put=SIGNED_IN, data={"zone": "Europe/Berlin"}),
    # customers
    "api/v1/accounts": R(SIGNED_IN),
    "api/v1/totals/accounts": R(SIGNED_IN),
    "api/v1/export/accounts": R(SIGNED_IN),
    "api/v1/portfolio/heatmap": R(SIGNED_IN),
    "api/v1/portfolio/movers": R(SIGNED_IN),
    "api/v1/portfolio/renewals": R(SIGNED_IN),
    "api/v1/bulk/accounts": R(post=BULK),
    "api/v1/bulk/accounts/<int:bulk_id>/undo": R(post=BULK_OF_ADMIN, fill={"bulk_id": a_bulk_change}),
    "api/v1/bulk/upsert": R(post=BULK),
    "api/v1/segments": R(SIGNED_IN),
    "api/v1/stages": R(SIGNED_IN),
    "api/v1/accounts/<account_id>": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/stages": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/lifecycle": R(OF_ACCOUNT),
    "api/v1/lifecycle": R(SIGNED_IN),
    "api/v1/lifecycle/accounts": R(SIGNED_IN, query="?stage=onboarding"),
    "api/v1/accounts/<account_id>/stage": R(put=OF_ACCOUNT_WRITE, data={"stage": "live", "reason": "Tried"}),
    "api/v1/accounts/<account_id>/owner": R(put=OF_ACCOUNT_WRITE, delete=OF_ACCOUNT_WRITE, data={"csm_id": None}),
    "api/v1/accounts/<account_id>/merge": R(put=ADMIN, delete=ADMIN),
    "api/v1/accounts/<account_id>/relationships": R(OF_ACCOUNT),
    "api/v1/relationships/<relationship_id>": R(OF_ACCOUNT, fill={"relationship_id": a_relationship}),
    "api/v1/relationships/<relationship_id>/entered-scores": R(OF_ACCOUNT, fill={"relationship_id": a_relationship}),
    "api/v1/relationships/<relationship_id>/entered-scores/<measure>": R(
        OF_ACCOUNT,
        post=OF_ACCOUNT_WRITE,
        delete=OF_ACCOUNT_WRITE,
        data={"score": 60},
        fill={"relationship_id": a_relationship, "measure": a_unit_measure},
    ),
    "api/v1/accounts/<account_id>/audit": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/people": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data={"name": "Pat"}),
    "api/v1/people/<uuidstr:key>": R(OF_ACCOUNT, put=OF_ACCOUNT_WRITE, **_PERSON, data={"name": "Pat"}),
    "api/v1/people/<uuidstr:key>/left": R(post=OF_ACCOUNT_WRITE, **_PERSON),
    "api/v1/people/<uuidstr:key>/personal-data": R(delete=ADMIN, **_PERSON),
    "api/v1/people/<uuidstr:key>/source-ids": R(OF_ACCOUNT, **_PERSON),
    "api/v1/lists": R(SIGNED_IN, WRITE),
    "api/v1/lists/<int:list_id>": R(SIGNED_IN, patch=WRITE, delete=OF_LIST, **_LIST),
    "api/v1/lists/<int:list_id>/accounts": R(SIGNED_IN, **_LIST),
    "api/v1/lists/<int:list_id>/add": R(post=WRITE, **_LIST),
    "api/v1/lists/<int:list_id>/remove": R(post=WRITE, **_LIST),
    "api/v1/views": R(SIGNED_IN, SIGNED_IN),
    "api/v1/views/<int:view_id>": R(delete=OWN, fill={"view_id": a_view}),
    # health
    "api/v1/accounts/<account_id>/score": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/history": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/explanation": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/attribution": R(OF_ACCOUNT, query="?from=2026-10-24&to=2026-10-31"),
    "api/v1/accounts/<account_id>/metrics/<metric>/rows": R(OF_ACCOUNT, fill={"metric": "logins_28d"}),
    "api/v1/accounts/<account_id>/benchmark": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/ways": R(OF_ACCOUNT),
    "api/v1/measures": R(SIGNED_IN),
    "api/v1/measures/<measure>/entered-scores": R(SIGNED_IN, **_MEASURE),
    "api/v1/accounts/<account_id>/entered-scores": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/entered-scores/<measure>": R(
        OF_ACCOUNT, OF_ACCOUNT_WRITE, delete=OF_ACCOUNT_WRITE, **_MEASURE, data={"score": 60}
    ),
    "api/v1/bulk/entered-scores": R(post=WRITE),
    "api/v1/accounts/<account_id>/overrides": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data=_OVERRIDE),
    "api/v1/accounts/<account_id>/overrides/<int:override_id>": R(
        delete=OF_ACCOUNT_WRITE, fill={"override_id": an_override}
    ),
    "api/v1/accounts/<account_id>/pins": R(OF_ACCOUNT),
    "api/v1/accounts/<account_id>/pin": R(
        put=OF_ACCOUNT_WRITE, delete=OF_ACCOUNT_WRITE, data={"scorecard": "main", "reason": "Agreed"}
    ),
    "api/v1/accounts/<account_id>/feedback": R(
        OF_ACCOUNT, OF_ACCOUNT_WRITE, data={"expected_label": "red", "reason": "Quiet"}
    ),
    "api/v1/runs": R(RUN, RUN, data={"as_of": "2026-03-02"}),
    "api/v1/runs/<int:run_id>": R(RUN, fill={"run_id": a_run}),
    # events
    "api/v1/usage/active": R(SIGNED_IN),
    "api/v1/usage/lifecycle": R(SIGNED_IN),
    "api/v1/usage/retention": R(SIGNED_IN),
    "api/v1/usage/accounts": R(SIGNED_IN),
    "api/v1/usage/features": R(SIGNED_IN),
    "api/v1/usage/funnel": R(SIGNED_IN, query="?step=event:x"),
    "api/v1/usage/paths": R(SIGNED_IN, query="?event=x"),
    "api/v1/usage/first-value": R(SIGNED_IN),
    "api/v1/me/alerts": R(SIGNED_IN, put=SIGNED_IN, data={"digest": "daily"}),
    "api/v1/channels": R(CONFIGURE, ADMIN, data={"kind": "slack", "name": "x", "address": "https://93.184.216.34/x"}),
    "api/v1/channels/<name>": R(CONFIGURE, patch=ADMIN, delete=ADMIN, fill={"name": a_channel}),
    "api/v1/channels/<name>/secret": R(post=ADMIN, fill={"name": a_channel}),
    "api/v1/channels/<name>/try": R(post=ADMIN, fill={"name": a_channel}),
    "api/v1/channels/<name>/replay": R(post=ADMIN, fill={"name": a_channel}),
    "api/v1/channels/<name>/drop": R(post=ADMIN, fill={"name": a_channel}),
    "api/v1/deliveries": R(CONFIGURE),
    "api/v1/deliveries/<int:delivery_id>": R(ADMIN, delete=ADMIN, fill={"delivery_id": a_dead_letter}),
    "api/v1/deliveries/<int:delivery_id>/replay": R(post=ADMIN, fill={"delivery_id": a_dead_letter}),
    "api/v1/write-keys": R(CONFIGURE, CONFIGURE, data={"name": "Web"}),
    "api/v1/write-keys/<int:key_id>": R(CONFIGURE, put=CONFIGURE, delete=CONFIGURE, fill={"key_id": a_write_key}),
    "api/v1/quarantine": R(CONFIGURE),
    "api/v1/quarantine/replay": R(post=ADMIN),
    "api/v1/quarantine/discard": R(post=ADMIN),
    "api/v1/quarantine/<int:number>": R(ADMIN, delete=ADMIN, fill={"number": a_refused_message}),
    "api/v1/quarantine/<int:number>/replay": R(post=ADMIN, fill={"number": a_refused_message}),
    "api/v1/accounts/<account_id>/records": R(OF_ACCOUNT),
    # identity
    "api/v1/people/<uuidstr:key>/merge": R(
        put=ADMIN_OF_ACCOUNT, delete=ADMIN_OF_ACCOUNT, **_PERSON, data={"into": a_person}
    ),
    "api/v1/source-ids": R(ADMIN),
    "api/v1/look-for-ids": R(post=ADMIN),
    "api/v1/source-ids/<int:number>/suggestions": R(ADMIN, fill={"number": a_source_id}),
    "api/v1/source-ids/<int:number>/account": R(put=ADMIN, fill={"number": a_source_id}, data={"account_id": "acme"}),
    "api/v1/source-ids/<int:number>/create": R(post=ADMIN, fill={"number": a_source_id}, data={"name": "Ghost"}),
    "api/v1/source-ids/<int:number>/ignore": R(post=ADMIN, fill={"number": a_source_id}),
    "api/v1/source-ids/<int:number>/undo": R(post=ADMIN, fill={"number": an_ignored_id}),
    # imports
    "api/v1/imports": R(BULK, BULK, query="?target=accounts&file_name=a.csv"),
    "api/v1/import-targets": R(BULK),
    "api/v1/imports/<int:import_id>": R(BULK, delete=BULK, fill={"import_id": an_import}),
    "api/v1/imports/<int:import_id>/columns": R(put=BULK, fill={"import_id": an_import}, data={"columns": {}}),
    "api/v1/imports/<int:import_id>/take": R(post=BULK, fill={"import_id": an_import}, data={"mode": "all"}),
    "api/v1/imports/<int:import_id>/undo": R(post=BULK, fill={"import_id": an_import}),
    "api/v1/imports/<int:import_id>/rejected": R(BULK, fill={"import_id": a_checked_import}),
    # connectors
    "api/v1/connector-kinds": R(CONFIGURE),
    "api/v1/connections": R(CONFIGURE, ADMIN),
    "api/v1/connections/<name>": R(CONFIGURE, put=ADMIN, delete=ADMIN, fill={"name": a_connection}),
    "api/v1/connections/<name>/check": R(post=CONFIGURE, fill={"name": a_connection}),
    "api/v1/connections/<name>/streams": R(CONFIGURE, fill={"name": a_connection}),
    "api/v1/connections/<name>/preview": R(post=CONFIGURE, fill={"name": a_connection}),
    "api/v1/syncs": R(CONFIGURE, CONFIGURE),
    "api/v1/syncs/<name>": R(CONFIGURE, put=CONFIGURE, delete=CONFIGURE, fill={"name": a_sync}),
    "api/v1/syncs/<name>/pause": R(put=CONFIGURE, delete=CONFIGURE, fill={"name": a_sync}),
    "api/v1/syncs/<name>/runs": R(CONFIGURE, CONFIGURE, fill={"name": a_sync}),
    "api/v1/sync-runs/<int:run_id>": R(CONFIGURE, fill={"run_id": a_sync_run}),
    "api/v1/sync-runs/<int:run_id>/errors": R(CONFIGURE, fill={"run_id": a_sync_run}),
    "api/v1/exports": R(CONFIGURE, ADMIN),
    "api/v1/exports/<name>": R(CONFIGURE, put=ADMIN, delete=ADMIN, fill={"name": an_export}),
    "api/v1/exports/<name>/pause": R(put=CONFIGURE, delete=CONFIGURE, fill={"name": an_export}),
    "api/v1/exports/<name>/sendings": R(CONFIGURE, CONFIGURE, fill={"name": an_export}),
    # timeline
    "api/v1/timeline": R(SIGNED_IN),
    "api/v1/accounts/<account_id>/timeline": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data=_CALLED),
    "api/v1/accounts/<account_id>/timeline/drafts": R(post=OF_ACCOUNT_WRITE, data=_CALLED),
    "api/v1/accounts/<account_id>/timeline/letters": R(post=OF_ACCOUNT_WRITE, data={"raw": "Subject: x\n\nHello"}),
    "api/v1/timeline/drafts/<int:entry_id>": R(
        put=OWN_WRITE, delete=OWN_WRITE, fill={"entry_id": an_entry_draft}, data=_CALLED
    ),
    "api/v1/timeline/drafts/<int:entry_id>/publish": R(post=OWN_WRITE, fill={"entry_id": an_entry_draft}, data=_CALLED),
    "api/v1/timeline/<int:entry_id>": R(OF_ACCOUNT, put=AUTHORS, fill={"entry_id": an_entry}, data=_CALLED),
    "api/v1/entry-types": R(SIGNED_IN, CONFIGURE, data={"title": "Visit"}),
    "api/v1/entry-types/<name>": R(delete=CONFIGURE, fill={"name": an_entry_type}),
    # definitions
    "api/v1/definitions": R(CONFIGURE),
    "api/v1/definitions/plan": R(post=CONFIGURE, data={"files": {}}),
    "api/v1/definitions/apply": R(post=CONFIGURE, data={"files": {}, "note": "Tried"}),
    "api/v1/inventory": R(SIGNED_IN),
    "api/v1/versions": R(CONFIGURE),
    "api/v1/versions/<int:number>": R(CONFIGURE, fill={"number": 1}),
    "api/v1/versions/<int:number>/difference": R(CONFIGURE, fill={"number": 1}),
    "api/v1/versions/<int:number>/restore": R(post=CONFIGURE, fill={"number": 1}, data={"note": "Back"}),
    "api/v1/rules": R(CONFIGURE),
    "api/v1/rules/<name>": R(CONFIGURE, **_RULE),
    "api/v1/rules/<name>/open": R(CONFIGURE, **_RULE),
    "api/v1/rules/<name>/run": R(post=CONFIGURE, **_RULE),
    "api/v1/rules/<name>/plan": R(CONFIGURE, **_RULE),
    "api/v1/rule-plan": R(CONFIGURE),
    "api/v1/rule-runs": R(CONFIGURE),
    "api/v1/rule-runs/<int:run_id>": R(CONFIGURE, **_RULE_RUN),
    "api/v1/rule-runs/<int:run_id>/effects": R(CONFIGURE, **_RULE_RUN),
    "api/v1/rule-runs/<int:run_id>/considered": R(CONFIGURE, **_RULE_RUN),
    "api/v1/rule-runs/<int:run_id>/approve": R(post=BULK, **_RULE_RUN),
    "api/v1/rule-runs/<int:run_id>/reject": R(post=BULK, **_RULE_RUN, data={"remark": "No"}),
    "api/v1/rule-runs/<int:run_id>/undo": R(post=BULK, **_RULE_RUN),
    "api/v1/rule-runs/<int:run_id>/retry": R(post=BULK, **_RULE_RUN),
    "api/v1/drafts/<int:draft_id>/rules/<name>/matching": R(CONFIGURE, **_DRAFT_RULE),
    "api/v1/drafts/<int:draft_id>/rules/<name>/plan": R(CONFIGURE, **_DRAFT_RULE),
    "api/v1/drafts/<int:draft_id>/rules/<name>/replay": R(CONFIGURE, CONFIGURE, **_DRAFT_RULE),
    "api/v1/drafts": R(CONFIGURE, CONFIGURE, data={"name": "Mine"}),
    "api/v1/drafts/<int:draft_id>": R(CONFIGURE, delete=CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/files": R(put=CONFIGURE, patch=CONFIGURE, **_DRAFT, data={"files": {}}),
    "api/v1/drafts/<int:draft_id>/difference": R(CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/undo": R(post=CONFIGURE, **_DRAFT, data={"revision": 1}),
    "api/v1/drafts/<int:draft_id>/update": R(post=CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/publish": R(post=CONFIGURE, **_DRAFT, data={"note": "Lighter"}),
    "api/v1/drafts/<int:draft_id>/effect": R(CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/values": R(post=CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/what-if": R(CONFIGURE, CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/backtest": R(CONFIGURE, CONFIGURE, **_DRAFT),
    # administration
    "api/v1/users": R(ADMIN, ADMIN),
    "api/v1/users/<int:user_id>": R(ADMIN, put=ADMIN),
    "api/v1/users/<int:user_id>/deactivate": R(post=ADMIN),
    "api/v1/users/<int:user_id>/reactivate": R(post=ADMIN),
    "api/v1/users/<int:user_id>/invite": R(post=ADMIN),
    "api/v1/users/tokens": R(ADMIN),
    "api/v1/teams": R(ADMIN, ADMIN),
    "api/v1/teams/<int:team_id>": R(patch=ADMIN, delete=ADMIN),
    "api/v1/tokens": R(SIGNED_IN, SIGNED_IN, data={"name": "export", "scopes": ["view"]}),
    "api/v1/tokens/<int:token_id>": R(delete=OWN_OR_ADMIN, fill={"token_id": a_token}),
    "api/v1/system": R(ADMIN),
    "api/v1/system/jobs": R(ADMIN),
    "api/v1/system/jobs/<int:job_id>/retry": R(post=ADMIN, fill={"job_id": a_failed_job}),
    "api/v1/system/mail": R(post=ADMIN),
    "api/v1/audit": R(ADMIN),
}
