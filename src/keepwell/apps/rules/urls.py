"""Drafts and runs have numbers and rules have names, which begin with a letter: the two never meet."""

from __future__ import annotations

from django.urls import path

from keepwell.apps.rules.views import editor, lists, live, past, runs

urlpatterns = [
    path("configure/rules/", lists.IN_FORCE.in_force, name="rules"),
    path("configure/rule-plan/", lists.plan, name="rules_plan"),
    path("configure/rule-runs/", runs.runs, name="rule_runs"),
    path("configure/rules/runs/<int:run_id>/", runs.run, name="rule_run"),
    path("configure/rules/runs/<int:run_id>/considered/", runs.considered, name="rule_run_considered"),
    path("configure/rules/runs/<int:run_id>/approve/", runs.approve, name="approve_rule_run"),
    path("configure/rules/runs/<int:run_id>/reject/", runs.reject, name="reject_rule_run"),
    path("configure/rules/runs/<int:run_id>/undo/", runs.undo, name="undo_rule_run"),
    path("configure/rules/runs/<int:run_id>/again/", runs.again, name="again_rule_run"),
    path("configure/rules/<int:draft_id>/", editor.DRAFTED.of_draft, name="draft_rules"),
    path("configure/rules/<int:draft_id>/<slug:rule>/", editor.rule, name="edit_rule"),
    path("configure/rules/<int:draft_id>/<slug:rule>/save/", editor.save, name="save_rule"),
    path("configure/rules/<int:draft_id>/<slug:rule>/yaml/", editor.save_yaml, name="save_rule_yaml"),
    path("configure/rules/<int:draft_id>/<slug:rule>/matching/", live.matching, name="rule_matching"),
    path("configure/rules/<int:draft_id>/<slug:rule>/plan/", live.plan, name="draft_rule_plan"),
    path("configure/rules/<int:draft_id>/<slug:rule>/past/", past.past, name="rule_past"),
    path("configure/rules/<int:draft_id>/<slug:rule>/past/ask/", past.ask, name="ask_rule_past"),
    path("configure/rules/<slug:rule>/", lists.rule, name="rule"),
    path("configure/rules/<slug:rule>/run/", runs.now, name="run_rule"),
    path("configure/rules/<slug:rule>/plan/", lists.plan, name="rule_plan"),
]
