from __future__ import annotations

from django.urls import path

from keepwell.apps.experiments import views
from keepwell.apps.experiments.calibration import views as calibration
from keepwell.apps.experiments.correlations import views as correlations
from keepwell.apps.experiments.effects import views as effects
from keepwell.apps.experiments.feedback import views as feedback
from keepwell.apps.experiments.optimism import views as optimism
from keepwell.apps.experiments.proposals import views as proposals

urlpatterns = [
    path("learning/", views.listed, name="experiments"),
    path("learning/backtest/", views.start, name="start_backtest"),
    path("learning/side-by-side/", views.side_by_side, name="side_by_side"),
    path("learning/<int:experiment_id>/accounts/", views.accounts, name="experiment_accounts"),
    path("learning/correlation/", correlations.start, name="start_correlation"),
    path("learning/proposal/", proposals.start, name="start_proposal"),
    path("learning/of-draft/<int:draft_id>/", proposals.of_draft, name="learned_of_draft"),
    path("learning/<int:experiment_id>/draft/", proposals.take, name="take_proposal"),
    path("learning/effects/", effects.effects, name="effects"),
    path("learning/calibration/", calibration.calibration, name="calibration"),
    path("learning/feedback/", feedback.feedback, name="feedback"),
    path("learning/optimism/", optimism.optimism, name="optimism"),
    path("learning/<int:experiment_id>/", views.experiment, name="experiment"),
    path("learning/<int:experiment_id>/progress/", views.progress, name="experiment_progress"),
    path("learning/<int:experiment_id>/cancel/", views.cancel, name="cancel_experiment"),
]
