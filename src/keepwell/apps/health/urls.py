from __future__ import annotations

from django.urls import path

from keepwell.apps.health.views import by_hand, grid, runs, scores

urlpatterns = [
    path("customers/<str:account_id>/scores/", scores.account_scores, name="account_scores"),
    path("customers/<str:account_id>/scores/<str:measure>/", scores.measure_score, name="account_score"),
    path("customers/<str:account_id>/scores/<str:measure>/withdraw/", scores.withdraw, name="withdraw_score"),
    path("customers/<str:account_id>/scores/<str:measure>/history/", scores.history, name="score_history"),
    path("customers/<str:account_id>/units/<str:unit_id>/scores/", scores.unit_scores, name="unit_scores"),
    path(
        "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/", scores.measure_score, name="unit_score"
    ),
    path(
        "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/withdraw/",
        scores.withdraw,
        name="withdraw_unit_score",
    ),
    path(
        "customers/<str:account_id>/units/<str:unit_id>/scores/<str:measure>/history/",
        scores.history,
        name="unit_score_history",
    ),
    path("customers/<str:account_id>/overrides/", by_hand.overrides, name="account_overrides"),
    path(
        "customers/<str:account_id>/overrides/<int:override_id>/withdraw/", by_hand.withdraw, name="withdraw_override"
    ),
    path("customers/<str:account_id>/pin/", by_hand.pin, name="account_pin"),
    path("customers/<str:account_id>/unpin/", by_hand.unpin, name="account_unpin"),
    path("scores/", grid.all_measures, name="score_grids"),
    path("scores/<str:measure>/", grid.grid, name="score_grid"),
    path("configure/runs/", runs.runs, name="runs"),
    path("configure/runs/<int:run_id>/", runs.run, name="run"),
    path("configure/runs/<int:run_id>/again/", runs.again, name="run_again"),
]
