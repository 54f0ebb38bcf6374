"""Who gets what from the API: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from tests.apps.deciding import (
    ADMIN,
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
)
from tests.apps.things import (
    a_bulk_change,
    a_draft,
    a_failed_job,
    a_list,
    a_notice,
    a_person,
    a_refused_message,
    a_relationship,
    a_run,
    a_token,
    a_unit_measure,
    a_view,
    a_write_key,
    an_entry,
    an_entry_draft,
    an_entry_type,
    an_override,
)

_DRAFT: dict[str, Any] = {"fill": {"draft_id": a_draft, "number": 1}}
_MEASURE: dict[str, Any] = {"fill": {"measure": "executive_relationship"}}
_PERSON: dict[str, Any] = {"fill": {"key": a_person}}
_OVERRIDE = {"effect": "at_most", "value": "red", "reason": "Lawsuit"}
_CALLED = {"type": "call", "title": "Called"}
_LIST: dict[str, Any] = {"fill": {"list_id": a_list}}

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
    "api/v1/write-keys": R(CONFIGURE, CONFIGURE, data={"name": "Web"}),
    "api/v1/write-keys/<int:key_id>": R(CONFIGURE, put=CONFIGURE, delete=CONFIGURE, fill={"key_id": a_write_key}),
    "api/v1/quarantine": R(CONFIGURE),
    "api/v1/quarantine/replay": R(post=ADMIN),
    "api/v1/quarantine/discard": R(post=ADMIN),
    "api/v1/quarantine/<int:number>": R(ADMIN, delete=ADMIN, fill={"number": a_refused_message}),
    "api/v1/quarantine/<int:number>/replay": R(post=ADMIN, fill={"number": a_refused_message}),
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
    "api/v1/drafts": R(CONFIGURE, CONFIGURE, data={"name": "Mine"}),
    "api/v1/drafts/<int:draft_id>": R(CONFIGURE, delete=CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/files": R(put=CONFIGURE, patch=CONFIGURE, **_DRAFT, data={"files": {}}),
    "api/v1/drafts/<int:draft_id>/difference": R(CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/undo": R(post=CONFIGURE, **_DRAFT, data={"revision": 1}),
    "api/v1/drafts/<int:draft_id>/update": R(post=CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/publish": R(post=CONFIGURE, **_DRAFT, data={"note": "Lighter"}),
    "api/v1/drafts/<int:draft_id>/effect": R(CONFIGURE, **_DRAFT),
    "api/v1/drafts/<int:draft_id>/values": R(post=CONFIGURE, **_DRAFT),
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
