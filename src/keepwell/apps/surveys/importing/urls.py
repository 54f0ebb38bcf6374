from __future__ import annotations

from django.urls import path

from keepwell.apps.surveys.importing import views

urlpatterns = [
    path("surveys/<slug:survey>/import/", views.imports, name="survey_imports"),
    path("surveys/<slug:survey>/import/<int:import_id>/", views.one, name="survey_import"),
    path("surveys/<slug:survey>/import/<int:import_id>/match/", views.match, name="match_survey_import"),
    path("surveys/<slug:survey>/import/<int:import_id>/take/", views.take, name="take_survey_import"),
    path("surveys/<slug:survey>/import/<int:import_id>/undo/", views.undo, name="undo_survey_import"),
    path("surveys/<slug:survey>/import/<int:import_id>/discard/", views.discard, name="discard_survey_import"),
    path("surveys/<slug:survey>/import/<int:import_id>/rejected.csv", views.rejected, name="rejected_survey_rows"),
]
