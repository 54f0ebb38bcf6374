from __future__ import annotations

from django.urls import path

from keepwell.apps.experiments import views

urlpatterns = [
    path("learning/", views.listed, name="experiments"),
    path("learning/backtest/", views.start, name="start_backtest"),
    path("learning/<int:experiment_id>/", views.experiment, name="experiment"),
    path("learning/<int:experiment_id>/progress/", views.progress, name="experiment_progress"),
    path("learning/<int:experiment_id>/cancel/", views.cancel, name="cancel_experiment"),
]
