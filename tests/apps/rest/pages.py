"""Every page beside the operations of the API that do the same; where there is none it says why.

To add a page, add its route as test_routes.py has it, with the ids of operations (the names of their functions), or a
`Without` with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Without:
    """No operation of the API, and why."""

    reason: str


_SESSION = Without("signing in is for people in a browser; programs send a token")
_PROBE = Without("answers as JSON itself, to supervisors and load balancers")
_EDITOR = ("get_draft", "patch_draft_files")  # the form writes into the YAML that these operations carry

OPERATIONS: dict[str, tuple[str, ...] | Without] = {
    "healthz": _PROBE,
    "readyz": _PROBE,
    "accounts/": _SESSION,  # and everything below it
    "configure/": Without("leads on to the first page of Configure that one may see"),
    # oneself
    "": ("get_day",),
    "find/": ("list_accounts",),
    "me/theme/": ("put_theme",),
    "me/layout/": ("get_layout", "put_layout", "delete_layout"),
    "me/tokens/": ("list_tokens", "post_token"),
    "me/tokens/<int:token_id>/revoke/": ("delete_token",),
    "notices/": ("list_notices",),
    "notices/read/": ("read_notices",),
    "notices/<int:notice_id>/read/": ("read_notice",),
    # customers
    "customers/": ("list_accounts", "list_segments", "list_stages", "list_views"),
    "totals/customers/": ("count_accounts",),
    "export/customers.csv": ("export_accounts",),
    "bulk/": ("change_accounts",),
    "bulk/<int:bulk_id>/undo/": ("undo_change_of_accounts",),
    "views/": ("post_view",),
    "views/<int:view_id>/delete/": ("remove_view",),
    "lists/": ("list_lists", "post_list"),
    "lists/<int:list_id>/": ("get_list", "list_members"),
    "lists/<int:list_id>/rename/": ("patch_list",),
    "lists/<int:list_id>/delete/": ("remove_list",),
    "lists/<int:list_id>/add/": ("post_members",),
    "lists/<int:list_id>/remove/": ("remove_members",),
    "people/<uuid:key>/": ("get_person", "put_person"),
    "people/<uuid:key>/left/": ("post_left",),
    "people/<uuid:key>/erase/": ("delete_personal_data",),
    "portfolio/heatmap/": ("get_heatmap",),
    "portfolio/movers/": ("get_movers",),
    "portfolio/renewals/": ("get_renewals",),
    # one account
    "customers/<str:account_id>/": ("get_account", "get_score", "get_layout"),
    "customers/<str:account_id>/details/": ("get_account", "list_stage_changes", "list_people", "list_relationships"),
    "customers/<str:account_id>/stage/": ("put_stage",),
    "customers/<str:account_id>/owner/": ("put_owner",),
    "customers/<str:account_id>/owner/give-back/": ("delete_owner",),
    "customers/<str:account_id>/merge/": ("put_merge",),
    "customers/<str:account_id>/unmerge/": ("delete_merge",),
    "customers/<str:account_id>/people/add/": ("post_person",),
    "customers/<str:account_id>/panels/<slug:name>/": Without("one by one in PANELS below"),
    "customers/<str:account_id>/metrics/<slug:metric>/rows/": ("get_rows",),
    "customers/<str:account_id>/scores/": ("list_entered",),
    "customers/<str:account_id>/scores/<str:measure>/": ("list_entered", "post_entered"),
    "customers/<str:account_id>/scores/<str:measure>/withdraw/": ("delete_entered",),
    "customers/<str:account_id>/scores/<str:measure>/history/": ("list_entries_of_measure",),
    "customers/<str:account_id>/units/<str:unit_id>/scores/": ("list_entered_of_unit",),
    "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/": (
        "list_entered_of_unit",
        "post_entered_of_unit",
    ),
    "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/withdraw/": ("delete_entered_of_unit",),
    "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/history/": ("list_entries_of_unit",),
    "customers/<str:account_id>/overrides/": ("list_overrides", "post_override"),
    "customers/<str:account_id>/overrides/<int:override_id>/withdraw/": ("delete_override",),
    "customers/<str:account_id>/pin/": ("list_pins", "put_pin"),
    "customers/<str:account_id>/unpin/": ("delete_pin",),
    "scores/": ("list_measures",),
    "scores/<str:measure>/": ("list_entered_of_measure", "post_many_entered"),
    # timeline
    "timeline/": ("list_entries",),
    "timeline/<int:entry_id>/": ("get_entry",),
    "timeline/<int:entry_id>/edit/": ("put_entry",),
    "timeline/<int:entry_id>/discard/": ("delete_entry_draft",),
    "customers/<str:account_id>/timeline/": ("list_account_entries",),
    "customers/<str:account_id>/timeline/new/": ("post_entry", "publish_entry_draft"),
    "customers/<str:account_id>/timeline/draft/": ("post_entry_draft", "put_entry_draft"),
    "customers/<str:account_id>/timeline/letter/": ("post_letter",),
    "configure/entry-types/": ("list_entry_types", "post_entry_type"),
    "configure/entry-types/<str:name>/retire/": ("delete_entry_type",),
    # definitions
    "configure/definitions/": ("list_definitions", "definitions"),
    "configure/drafts/": ("list_drafts", "post_draft"),
    "configure/drafts/<int:draft_id>/": ("get_draft", "get_draft_difference"),
    "configure/drafts/<int:draft_id>/publish/": ("publish_draft",),
    "configure/drafts/<int:draft_id>/discard/": ("delete_draft",),
    "configure/drafts/<int:draft_id>/undo/": ("undo_draft",),
    "configure/drafts/<int:draft_id>/update/": ("update_draft",),
    "configure/drafts/<int:draft_id>/upload/": ("put_draft_files",),
    "configure/drafts/<int:draft_id>/download/": ("get_draft",),
    "configure/drafts/<int:draft_id>/files/<path:path>/": ("get_draft", "patch_draft_files"),
    "configure/versions/": ("list_versions",),
    "configure/versions/<int:number>/": ("get_version", "get_version_difference"),
    "configure/versions/<int:number>/restore/": ("restore_version",),
    "configure/versions/<int:number>/download/": ("get_version",),
    "configure/scorecards/": ("list_definitions", "list_drafts"),
    "configure/scorecards/<int:draft_id>/": _EDITOR,
    "configure/scorecards/<int:draft_id>/effect/": ("get_draft_effect",),
    "configure/scorecards/<int:draft_id>/values/": ("post_draft_values",),
    "configure/scorecards/<int:draft_id>/backtest/": ("get_draft_backtest",),
    "configure/scorecards/<int:draft_id>/backtest/ask/": ("post_draft_backtest",),
    "configure/scorecards/<int:draft_id>/<slug:card>/": _EDITOR,
    "configure/scorecards/<int:draft_id>/<slug:card>/save/": _EDITOR,
    "configure/scorecards/<int:draft_id>/<slug:card>/structure/": _EDITOR,
    # runs and the installation
    "configure/runs/": ("list_runs", "post_run"),
    "configure/runs/<int:run_id>/": ("get_run",),
    "configure/runs/<int:run_id>/again/": ("post_run",),
    "people/<uuid:key>/merge/": ("put_person_merge",),
    "people/<uuid:key>/unmerge/": ("delete_person_merge",),
    "configure/identity/": ("list_source_ids", "list_suggestions"),
    "configure/identity/look/": ("post_look",),
    "configure/identity/<int:source_id>/link/": ("put_link",),
    "configure/identity/<int:source_id>/create/": ("post_account_of_id",),
    "configure/identity/<int:source_id>/ignore/": ("post_ignore",),
    "configure/identity/<int:source_id>/undo/": ("post_undo_decision",),
    "configure/imports/": ("list_imports", "post_import", "list_import_targets"),
    "configure/imports/<int:import_id>/": ("get_import",),
    "configure/imports/<int:import_id>/match/": ("match_import",),
    "configure/imports/<int:import_id>/take/": ("take_import",),
    "configure/imports/<int:import_id>/undo/": ("undo_import",),
    "configure/imports/<int:import_id>/discard/": ("delete_import",),
    "configure/imports/<int:import_id>/rejected.csv": ("get_rejected_rows",),
    "configure/people/": ("list_users", "invite_user"),
    "configure/people/<int:user_id>/": ("get_user", "put_user"),
    "configure/people/<int:user_id>/deactivate/": ("deactivate_user",),
    "configure/people/<int:user_id>/reactivate/": ("reactivate_user",),
    "configure/people/<int:user_id>/invite/": ("invite_user_again",),
    "configure/teams/": ("list_teams", "post_team"),
    "configure/teams/<int:team_id>/": ("list_teams", "patch_team"),
    "configure/teams/<int:team_id>/remove/": ("delete_team",),
    "configure/tokens/": ("list_all_tokens",),
    "configure/audit/": ("list_changes",),
    "configure/audit.csv": ("list_changes",),
    "configure/system/": ("get_system", "list_failed_jobs"),
    "configure/system/mail/": ("post_mail",),
    "configure/system/jobs/<int:job_id>/again/": ("post_job_retry",),
}

PANELS: dict[str, tuple[str, ...]] = {
    "scorecard": ("get_explanation",),
    "reach": ("get_ways",),
    "history": ("list_history",),
    "change": ("get_attribution",),
    "benchmark": ("get_benchmark",),
    "entered": ("list_entered", "list_overrides", "list_pins"),
    "timeline": ("list_account_entries",),
    "people": ("list_people",),
    "tickets": ("list_records",),
    "records": ("list_records",),
    "hierarchy": ("get_account", "list_relationships"),
    "feedback": ("list_feedback", "post_feedback"),
    "audit": ("list_account_changes",),
}
