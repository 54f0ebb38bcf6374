from __future__ import annotations

from django.urls import path

from keepwell.apps.scorecards import previews, views

urlpatterns = [
    path("configure/scorecards/", views.scorecards, name="scorecards"),
    path("configure/scorecards/<int:draft_id>/", views.cards_of_draft, name="draft_scorecards"),
    path("configure/scorecards/<int:draft_id>/effect/", previews.preview, name="draft_preview"),
    path("configure/scorecards/<int:draft_id>/values/", previews.build_values, name="draft_values"),
    path("configure/scorecards/<int:draft_id>/backtest/", previews.backtest, name="draft_backtest"),
    path("configure/scorecards/<int:draft_id>/backtest/ask/", previews.ask_backtest, name="ask_draft_backtest"),
    path("configure/scorecards/<int:draft_id>/what-if/", previews.look_back, name="draft_what_if"),
    path("configure/scorecards/<int:draft_id>/what-if/keep/", previews.keep_past, name="keep_draft_past"),
    path("configure/scorecards/<int:draft_id>/<slug:card>/", views.scorecard, name="scorecard"),
    path("configure/scorecards/<int:draft_id>/<slug:card>/save/", views.save, name="save_scorecard"),
    path("configure/scorecards/<int:draft_id>/<slug:card>/structure/", views.structure, name="structure_scorecard"),
]
