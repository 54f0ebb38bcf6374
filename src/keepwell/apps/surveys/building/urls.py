"""Drafts have numbers, and surveys have names, which begin with a letter: the two never meet."""

from __future__ import annotations

from django.urls import path

from keepwell.apps.surveys.building import views

urlpatterns = [
    path("configure/surveys/", views.LISTING.in_force, name="edit_surveys"),
    path("configure/surveys/<int:draft_id>/", views.LISTING.of_draft, name="draft_surveys"),
    path("configure/surveys/<int:draft_id>/<slug:survey>/", views.survey, name="edit_survey"),
    path("configure/surveys/<int:draft_id>/<slug:survey>/save/", views.save, name="save_survey"),
    path("configure/surveys/<int:draft_id>/<slug:survey>/yaml/", views.save_yaml, name="save_survey_yaml"),
    path("configure/surveys/<int:draft_id>/<slug:survey>/audience/", views.audience, name="survey_audience"),
    path("configure/surveys/<int:draft_id>/<slug:survey>/preview/", views.preview, name="preview_survey"),
    path("configure/surveys/<int:draft_id>/<slug:survey>/preview/<str:state>/", views.preview, name="walk_survey"),
]
