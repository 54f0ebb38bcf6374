"""Every address of the application, and who gets what there: one line a route. A route without a line fails.

To add a route, add a line to ROUTES: its pattern as Django prints it, and a decision for GET and for POST.

    "customers/<str:account_id>/": R(OF_ACCOUNT),                      a page of an account, GET alone
    "customers/<str:account_id>/score/": R(post=OF_ACCOUNT_WRITE),     POST alone
    "configure/people/": R(ADMIN, ADMIN),                              both

A decision says what each of seven people gets: the page, 403 without the right, 404 for an account they do not see,
and whoever is not signed in is asked to sign in (or told 401 by the API). An argument that is not in ARGUMENTS is given
as `fill={"name": value}`; the value may be a function of the Stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import PERMISSIONS, Reach, Role
from keepwell.apps.access.tokens import new_token
from keepwell.apps.customers.models import Account, AccountList, Person, SavedView
from tests.apps.conftest import People
from tests.apps.deciding import (
    ADMIN,
    ADMIN_OF_ACCOUNT,
    AUTHORS,
    BULK,
    BULK_OF_ADMIN,
    CLOSED,
    CLOSED_WITHOUT,
    CONFIGURE,
    NO_RIGHT,
    NOT_THERE,
    OF_ACCOUNT,
    OF_ACCOUNT_WRITE,
    OF_LIST,
    OPEN,
    OWN,
    OWN_OR_ADMIN,
    PAGE,
    REFUSES_ALL,
    RUN,
    SIGN_IN,
    SIGNED_IN,
    WRITE,
    WRONG_METHOD,
    R,
    Stage,
)
from tests.apps.routes_of_api import API
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
    a_stage,
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

pytestmark = pytest.mark.slow

ARGUMENTS: dict[str, Any] = {
    "account_id": "acme",
    "user_id": lambda stage: stage.people.colleague.pk,
    "team_id": lambda _: Team.objects.create(name="Nobody's").pk,
}


def _person(stage: Stage) -> str:
    return str(Person.objects.create(account=stage.account).pk)


def _list(stage: Stage) -> int:
    return AccountList.objects.create(name="Kept", owner=stage.people.admin).pk


def _view(stage: Stage) -> int:
    return SavedView.objects.create(name="Kept", owner=stage.people.owner, query="?q=a").pk


_LIST: dict[str, Any] = {"list_id": _list}
_CALLED = {"type": "call", "title": "Called"}
_DRAFT: dict[str, Any] = {"fill": {"draft_id": a_draft, "card": "main", "path": "card.yaml", "number": 1}}
_CHANNEL: dict[str, Any] = {"fill": {"name": a_channel}}
_DELIVERY: dict[str, Any] = {"fill": {"delivery_id": a_dead_letter}}
_RULE: dict[str, Any] = {"fill": {"rule": a_rule}}
_RULE_RUN: dict[str, Any] = {"fill": {"run_id": a_rule_run}}
_DRAFT_RULE: dict[str, Any] = {"fill": {"draft_id": a_draft_with_a_rule, "rule": "call_when_red"}}
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

ROUTES: dict[str, R] = {
    # server
    "healthz": R(OPEN, OPEN),
    "readyz": R(OPEN, OPEN),
    # signing in
    "accounts/login/": R(OPEN, OPEN),
    "accounts/logout/": R(OPEN, OPEN),
    "accounts/inactive/": R(OPEN),
    "accounts/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/change/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/set/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/reset/": R(OPEN, OPEN),
    "accounts/password/reset/done/": R(OPEN),
    "accounts/password/reset/key/done/": R(OPEN),
    "accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": R(OPEN, OPEN),
    "accounts/oidc/<str:provider_id>/login/": R(CLOSED, CLOSED, fill={"provider_id": "none"}),
    "accounts/oidc/<str:provider_id>/login/callback/": R(CLOSED, CLOSED, fill={"provider_id": "none"}),
    "accounts/3rdparty/login/cancelled/": R(OPEN),
    "accounts/3rdparty/login/error/": R(REFUSES_ALL),
    "accounts/signup/": R(CLOSED, CLOSED),
    "accounts/email/": R(CLOSED, CLOSED),
    "accounts/confirm-email/": R(CLOSED, CLOSED),
    r"accounts/confirm-email/(?P<key>[-:\w]+)/": R(CLOSED, CLOSED, fill={"key": "any"}),
    "accounts/confirm-email/<str:key>/": R(CLOSED, CLOSED, fill={"key": "any"}),
    "accounts/login/code/confirm/": R(CLOSED, CLOSED),
    "accounts/3rdparty/": R(CLOSED, CLOSED),
    "accounts/3rdparty/signup/": R(CLOSED, CLOSED),
    "accounts/2fa/": R(SIGNED_IN),
    "accounts/2fa/authenticate/": R(OPEN, OPEN),
    "accounts/2fa/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/totp/activate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/totp/deactivate/": R(CLOSED_WITHOUT, CLOSED_WITHOUT),
    "accounts/2fa/recovery-codes/": R(CLOSED_WITHOUT),
    "accounts/2fa/recovery-codes/generate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/recovery-codes/download/": R(CLOSED_WITHOUT),
    "accounts/2fa/webauthn/": R(SIGNED_IN),
    "accounts/2fa/webauthn/add/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": R(SIGNED_IN, SIGNED_IN),
    # oneself
    "me/theme/": R(post=SIGNED_IN),
    "me/tokens/": R(SIGNED_IN, SIGNED_IN),
    "me/tokens/<int:token_id>/revoke/": R(post=OWN_OR_ADMIN, fill={"token_id": a_token}),
    "notices/": R(SIGNED_IN),
    "notices/read/": R(post=SIGNED_IN),
    "notices/<int:notice_id>/read/": R(post=OWN, fill={"notice_id": a_notice}),
    "me/alerts/": R(SIGNED_IN, SIGNED_IN),
    # configure
    "configure/channels/": R(CONFIGURE, ADMIN, data={"kind": "slack", "name": "x"}),
    "configure/channels/<slug:name>/": R(CONFIGURE, ADMIN, **_CHANNEL),
    "configure/channels/<slug:name>/secret/": R(post=ADMIN, **_CHANNEL),
    "configure/channels/<slug:name>/try/": R(post=ADMIN, **_CHANNEL),
    "configure/channels/<slug:name>/remove/": R(post=ADMIN, **_CHANNEL),
    "configure/channels/<slug:name>/replay/": R(post=ADMIN, **_CHANNEL),
    "configure/channels/<slug:name>/drop/": R(post=ADMIN, **_CHANNEL),
    "configure/deliveries/<int:delivery_id>/": R(ADMIN, **_DELIVERY),
    "configure/deliveries/<int:delivery_id>/replay/": R(post=ADMIN, **_DELIVERY),
    "configure/deliveries/<int:delivery_id>/drop/": R(post=ADMIN, **_DELIVERY),
    "configure/people/": R(ADMIN, ADMIN),
    "configure/people/<int:user_id>/": R(ADMIN, ADMIN),
    "configure/people/<int:user_id>/deactivate/": R(post=ADMIN),
    "configure/people/<int:user_id>/reactivate/": R(post=ADMIN),
    "configure/people/<int:user_id>/invite/": R(post=ADMIN),
    "configure/teams/": R(ADMIN, ADMIN),
    "configure/teams/<int:team_id>/": R(ADMIN, ADMIN),
    "configure/teams/<int:team_id>/remove/": R(post=ADMIN),
    "configure/tokens/": R(ADMIN),
    "configure/audit/": R(ADMIN),
    "configure/audit.csv": R(ADMIN),
    "configure/system/": R(ADMIN),
    "configure/system/mail/": R(post=ADMIN),
    "configure/system/jobs/<int:job_id>/again/": R(post=ADMIN, fill={"job_id": a_failed_job}),
    # definitions
    "configure/definitions/": R(CONFIGURE),
    "configure/drafts/": R(CONFIGURE, CONFIGURE),
    "configure/drafts/<int:draft_id>/": R(CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/publish/": R(post=CONFIGURE, **_DRAFT, data={"note": "Tried"}),
    "configure/drafts/<int:draft_id>/discard/": R(post=CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/undo/": R(post=CONFIGURE, **_DRAFT, data={"revision": 1}),
    "configure/drafts/<int:draft_id>/update/": R(post=CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/upload/": R(post=CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/download/": R(CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/files/<path:path>/": R(CONFIGURE, CONFIGURE, **_DRAFT),
    "configure/versions/": R(CONFIGURE),
    "configure/versions/<int:number>/": R(CONFIGURE, **_DRAFT),
    "configure/versions/<int:number>/restore/": R(post=CONFIGURE, **_DRAFT, data={"note": "Tried"}),
    "configure/versions/<int:number>/download/": R(CONFIGURE, **_DRAFT),
    # scorecards
    "configure/scorecards/": R(CONFIGURE),
    "configure/scorecards/<int:draft_id>/": R(CONFIGURE, CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/effect/": R(CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/values/": R(post=CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/backtest/": R(CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/backtest/ask/": R(post=CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/<slug:card>/": R(CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/<slug:card>/save/": R(post=CONFIGURE, **_DRAFT, data={"revision": 1}),
    "configure/scorecards/<int:draft_id>/<slug:card>/structure/": R(post=CONFIGURE, **_DRAFT, data={"do": "up:x"}),
    # rules
    "configure/rules/": R(CONFIGURE, CONFIGURE, data={"do": "add", "title": "Watch them"}),
    "configure/rule-plan/": R(CONFIGURE),
    "configure/rule-runs/": R(CONFIGURE),
    "configure/rules/<slug:rule>/": R(CONFIGURE, **_RULE),
    "configure/rules/<slug:rule>/plan/": R(CONFIGURE, **_RULE),
    "configure/rules/runs/<int:run_id>/": R(CONFIGURE, **_RULE_RUN),
    "configure/rules/runs/<int:run_id>/considered/": R(CONFIGURE, **_RULE_RUN),
    "configure/rules/runs/<int:run_id>/approve/": R(post=BULK, **_RULE_RUN),
    "configure/rules/runs/<int:run_id>/reject/": R(post=BULK, **_RULE_RUN),
    "configure/rules/runs/<int:run_id>/undo/": R(post=BULK, **_RULE_RUN),
    "configure/rules/runs/<int:run_id>/again/": R(post=BULK, **_RULE_RUN),
    "configure/rules/<int:draft_id>/": R(CONFIGURE, CONFIGURE, **_DRAFT_RULE, data={"do": "copy"}),
    "configure/rules/<int:draft_id>/<slug:rule>/": R(CONFIGURE, **_DRAFT_RULE),
    "configure/rules/<int:draft_id>/<slug:rule>/save/": R(post=CONFIGURE, **_DRAFT_RULE, data={"revision": 1}),
    "configure/rules/<int:draft_id>/<slug:rule>/yaml/": R(post=CONFIGURE, **_DRAFT_RULE, data={"revision": 1}),
    "configure/rules/<int:draft_id>/<slug:rule>/matching/": R(CONFIGURE, **_DRAFT_RULE),
    "configure/rules/<int:draft_id>/<slug:rule>/plan/": R(CONFIGURE, **_DRAFT_RULE),
    "configure/rules/<int:draft_id>/<slug:rule>/past/": R(CONFIGURE, **_DRAFT_RULE),
    "configure/rules/<int:draft_id>/<slug:rule>/past/ask/": R(post=CONFIGURE, **_DRAFT_RULE),
    # runs
    "configure/": R(CONFIGURE),
    "configure/runs/": R(RUN, RUN),
    "configure/runs/<int:run_id>/": R(RUN, fill={"run_id": a_run}),
    "configure/runs/<int:run_id>/again/": R(post=RUN, fill={"run_id": a_run}),
    # events
    "configure/features/": R(CONFIGURE, CONFIGURE, data={"do": "add", "event": "opened"}),
    "configure/features/publish/": R(post=CONFIGURE, data={"note": "Tried"}),
    "configure/features/discard/": R(post=CONFIGURE),
    "configure/features/backfill/": R(post=CONFIGURE),
    "configure/features/progress/": R(CONFIGURE),
    "configure/write-keys/": R(CONFIGURE, CONFIGURE, data={"name": "Web"}),
    "configure/write-keys/<int:key_id>/": R(CONFIGURE, CONFIGURE, fill={"key_id": a_write_key}),
    "configure/write-keys/<int:key_id>/revoke/": R(post=CONFIGURE, fill={"key_id": a_write_key}),
    "configure/quarantine/": R(CONFIGURE),
    "configure/quarantine/replay/": R(post=ADMIN),
    "configure/quarantine/discard/": R(post=ADMIN),
    "configure/quarantine/<int:message_id>/": R(ADMIN, fill={"message_id": a_refused_message}),
    "configure/quarantine/<int:message_id>/replay/": R(post=ADMIN, fill={"message_id": a_refused_message}),
    "configure/quarantine/<int:message_id>/discard/": R(post=ADMIN, fill={"message_id": a_refused_message}),
    # identity
    "configure/identity/": R(ADMIN),
    "configure/identity/look/": R(post=ADMIN),
    "configure/identity/<int:source_id>/link/": R(
        post=ADMIN, fill={"source_id": a_source_id}, data={"account": "acme"}
    ),
    "configure/identity/<int:source_id>/create/": R(post=ADMIN, fill={"source_id": a_source_id}),
    "configure/identity/<int:source_id>/ignore/": R(post=ADMIN, fill={"source_id": a_source_id}),
    "configure/identity/<int:source_id>/undo/": R(post=ADMIN, fill={"source_id": an_ignored_id}),
    "people/<uuid:key>/merge/": R(post=ADMIN_OF_ACCOUNT, fill={"key": a_person}, data={"into": a_person}),
    "people/<uuid:key>/unmerge/": R(post=ADMIN_OF_ACCOUNT, fill={"key": a_person}),
    # imports
    "configure/imports/": R(BULK, BULK),
    "configure/imports/<int:import_id>/": R(BULK, fill={"import_id": an_import}),
    "configure/imports/<int:import_id>/match/": R(post=BULK, fill={"import_id": an_import}),
    "configure/imports/<int:import_id>/take/": R(post=BULK, fill={"import_id": an_import}, data={"mode": "all"}),
    "configure/imports/<int:import_id>/undo/": R(post=BULK, fill={"import_id": an_import}),
    "configure/imports/<int:import_id>/discard/": R(post=BULK, fill={"import_id": an_import}),
    "configure/imports/<int:import_id>/rejected.csv": R(BULK, fill={"import_id": a_checked_import}),
    # connectors
    "configure/connectors/": R(CONFIGURE),
    "configure/connectors/new/<slug:kind>/": R(ADMIN, ADMIN, fill={"kind": "files"}, data={"name": "x"}),
    "configure/connectors/<slug:name>/": R(CONFIGURE, ADMIN, fill={"name": a_connection}),
    "configure/connectors/<slug:name>/check/": R(post=CONFIGURE, fill={"name": a_connection}),
    "configure/connectors/<slug:name>/remove/": R(post=ADMIN, fill={"name": a_connection}),
    "configure/connectors/<slug:name>/streams/": R(CONFIGURE, fill={"name": a_connection}),
    "configure/connectors/<slug:connection>/sync/": R(CONFIGURE, CONFIGURE, fill={"connection": a_connection}),
    "configure/syncs/<slug:name>/": R(CONFIGURE, fill={"name": a_sync}),
    "configure/syncs/<slug:name>/edit/": R(CONFIGURE, CONFIGURE, fill={"name": a_sync}),
    "configure/syncs/<slug:name>/run/": R(post=CONFIGURE, fill={"name": a_sync}),
    "configure/syncs/<slug:name>/pause/": R(post=CONFIGURE, fill={"name": a_sync}),
    "configure/syncs/<slug:name>/remove/": R(post=CONFIGURE, fill={"name": a_sync}),
    "configure/sync-runs/<int:run_id>/": R(CONFIGURE, fill={"run_id": a_sync_run}),
    "configure/sync-runs/<int:run_id>/errors.csv": R(CONFIGURE, fill={"run_id": a_sync_run}),
    "configure/write-back/": R(CONFIGURE),
    "configure/write-back/new/<slug:target>/": R(ADMIN, ADMIN, fill={"target": "webhook"}, data={"name": "x"}),
    "configure/write-back/<slug:name>/": R(CONFIGURE, ADMIN, fill={"name": an_export}),
    "configure/write-back/<slug:name>/send/": R(post=CONFIGURE, fill={"name": an_export}),
    "configure/write-back/<slug:name>/pause/": R(post=CONFIGURE, fill={"name": an_export}),
    "configure/write-back/<slug:name>/remove/": R(post=ADMIN, fill={"name": an_export}),
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
    "customers/<str:account_id>/stage/": R(post=OF_ACCOUNT_WRITE, data={"stage": "live"}),
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
    **API,
}


PARTS = ("accounts/", "configure/", "customers/", "api/v1/accounts", "api/", "")


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its whole pattern; of two that are the same the first, which is the one that answers."""
    seen: set[str] = set()
    for one in (resolver or get_resolver()).url_patterns:
        route = before + re.sub(r"^\^|\$$", "", str(one.pattern))
        found = patterns(one, route) if isinstance(one, URLResolver) else [(route, one)]
        for whole, pattern in found:
            if whole not in seen:
                seen.add(whole)
                yield whole, pattern


def test_every_route_has_a_decision_and_every_decision_a_route() -> None:
    known = {route for route, _ in patterns()}
    assert sorted(known - ROUTES.keys()) == [], "add a line for each of these to ROUTES"
    assert sorted(ROUTES.keys() - known) == [], "these lead nowhere any more"


@pytest.fixture
def stage(company: Account, people: People) -> Stage:
    viewer = User.objects.create_user(
        "vi@test.example", "a-long-password", name="Vi", role=Role.VIEWER, reach=Reach.ALL
    )
    return Stage(company, people, viewer)


@pytest.mark.parametrize("part", PARTS)
def test_everybody_gets_what_was_decided(stage: Stage, part: str) -> None:
    """Every route by every method for everybody; what a try changed is taken back."""
    worker_is_at_work()
    before = PARTS[: PARTS.index(part)]
    tried = [route for route, _ in patterns() if route in ROUTES and route.startswith(part)]
    mine = [route for route in tried if not route.startswith(before)]
    wrong = [fault for route in mine for fault in _faults(route, ROUTES[route], stage)]
    assert wrong == [], "\n".join(wrong)


def worker_is_at_work() -> None:
    """So that the installation is ready."""
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now())")


def _faults(route: str, line: R, stage: Stage) -> Iterator[str]:
    for name, user in _everybody(stage).items():
        for method in ("get", "post", "put", "patch", "delete"):
            decision = getattr(line, method)
            if decision is None and (method != "post" or line.get is None or route.startswith("api/")):
                continue
            otherwise = {WRONG_METHOD} | (line.get.for_(user, name) if line.get else set())
            allowed = decision.for_(user, name) if decision else otherwise
            got = _try(route, line, stage, user, method)
            if got not in allowed:
                yield f"{method.upper()} /{route} as {name}: {got}, decided: {' or '.join(sorted(allowed))}"


def _everybody(stage: Stage) -> dict[str, User | None]:
    people = stage.people
    return {
        "anonymous": None, "viewer": stage.viewer, "owner": people.owner, "colleague": people.colleague,
        "stranger": people.stranger, "manager": people.manager, "admin": people.admin,
    }  # fmt: skip


def _try(route: str, line: R, stage: Stage, user: User | None, method: str) -> str:
    with transaction.atomic():
        client = Client(raise_request_exception=True)
        headers = _headers(client, route, user)
        path = _path(route, line, stage)
        sent = {"query_params": {}} if method == "get" else {"content_type": "application/json"} if headers else {}
        answer = getattr(client, method)(path + line.query, data=_data(line, stage, method), headers=headers, **sent)
        transaction.set_rollback(True)
        return _said(answer)


def _headers(client: Client, route: str, user: User | None) -> dict[str, str]:
    """The API is asked with a token that may what its user may, pages with a session."""
    if user is None:
        return {}
    if not route.startswith("api/") or route == "api/docs":
        client.force_login(user)
        return {}
    token = new_token(user, "all", list(PERMISSIONS[Role(user.role)]), None)[1]
    return {"Authorization": f"Bearer {token}"}


def _path(route: str, line: R, stage: Stage) -> str:
    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        said = line.fill.get(name, ARGUMENTS.get(name, "1"))
        return str(said(stage) if callable(said) else said)

    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", value, route)
    return "/" + plain.replace("\\", "")


def _data(line: R, stage: Stage, method: str) -> dict[str, Any]:
    if method == "get":
        return {}
    return {name: value(stage) if callable(value) else value for name, value in line.data.items()}


def _said(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next="):
        return SIGN_IN
    refusals = {401: SIGN_IN, 403: NO_RIGHT, 404: NOT_THERE, 405: WRONG_METHOD}
    return refusals.get(answer.status_code, PAGE if answer.status_code < 500 else f"fault {answer.status_code}")
