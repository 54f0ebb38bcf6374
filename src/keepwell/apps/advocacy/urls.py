from __future__ import annotations

from django.urls import path

from keepwell.apps.advocacy.editing import views as editing
from keepwell.apps.advocacy.views import activities, advocates, overview, requests, trend

urlpatterns = [
    path("advocacy/", overview.overview, name="advocacy"),
    path("advocacy/measures/", overview.measures, name="advocacy_measures"),
    path("advocacy/pipeline/", overview.pipeline, name="advocacy_pipeline"),
    path("advocacy/pipeline/decide/", overview.decide, name="decide_deal"),
    path("advocacy/trend/", trend.trend, name="advocacy_trend"),
    path("advocacy/new/", advocates.choose, name="choose_advocate"),
    path("advocacy/advocates/", advocates.advocates, name="advocates"),
    path("advocacy/advocates/<int:advocate_id>/", advocates.advocate, name="advocate"),
    path("advocacy/advocates/<int:advocate_id>/edit/", advocates.edit, name="edit_advocate"),
    path("advocacy/advocates/<int:advocate_id>/status/", advocates.status, name="advocate_status"),
    path("advocacy/advocates/<int:advocate_id>/remove/", advocates.remove, name="remove_advocate"),
    path("advocacy/candidates/", advocates.candidates, name="advocacy_candidates"),
    path("advocacy/find/", requests.search, name="find_advocate"),
    path("advocacy/requests/", requests.board, name="advocacy_requests"),
    path("advocacy/requests/new/", requests.new, name="new_advocacy_request"),
    path("advocacy/requests/<int:request_id>/", requests.one, name="advocacy_request"),
    path("advocacy/requests/<int:request_id>/choose/", requests.chosen, name="choose_for_request"),
    path("advocacy/requests/<int:request_id>/step/", requests.step, name="step_request"),
    path("advocacy/requests/<int:request_id>/done/", requests.done, name="finish_request"),
    path("advocacy/activities/", activities.activities, name="advocacy_activities"),
    path("advocacy/activities/<int:activity_id>/", activities.activity, name="advocacy_activity"),
    path("advocacy/activities/<int:activity_id>/correct/", activities.fix, name="correct_activity"),
    path("advocacy/activities/<int:activity_id>/withdraw/", activities.take_back, name="withdraw_activity"),
    path("customers/<str:account_id>/advocacy/new/", activities.new, name="log_advocacy"),
    path("customers/<str:account_id>/advocates/new/", advocates.new, name="new_advocate"),
    path("configure/advocacy/", editing.KINDS.in_force, name="advocacy_kinds"),
    path("configure/advocacy/<int:draft_id>/", editing.KINDS.of_draft, name="draft_advocacy_activities"),
    path("configure/advocacy/<int:draft_id>/<slug:name>/", editing.KINDS.editor.entry, name="edit_kind"),
    path("configure/advocacy/<int:draft_id>/<slug:name>/save/", editing.KINDS.editor.save, name="save_kind"),
    path("configure/advocacy/<int:draft_id>/<slug:name>/yaml/", editing.KINDS.editor.save_yaml, name="save_kind_yaml"),
    path("configure/candidates/", editing.CANDIDATES.in_force, name="candidate_rules"),
    path("configure/candidates/<int:draft_id>/", editing.CANDIDATES.of_draft, name="draft_advocacy_candidates"),
    path("configure/candidates/<int:draft_id>/<slug:name>/", editing.CANDIDATES.editor.entry, name="edit_finder"),
    path("configure/candidates/<int:draft_id>/<slug:name>/save/", editing.CANDIDATES.editor.save, name="save_finder"),
    path(
        "configure/candidates/<int:draft_id>/<slug:name>/yaml/",
        editing.CANDIDATES.editor.save_yaml,
        name="save_finder_yaml",
    ),
]
