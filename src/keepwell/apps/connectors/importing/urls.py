from __future__ import annotations

from django.urls import path

from keepwell.apps.connectors.importing import views

urlpatterns = [
    path("configure/imports/", views.imports, name="imports"),
    path("configure/imports/<int:import_id>/", views.one, name="import"),
    path("configure/imports/<int:import_id>/match/", views.match_columns, name="match_import"),
    path("configure/imports/<int:import_id>/take/", views.take_import, name="take_import"),
    path("configure/imports/<int:import_id>/undo/", views.undo_import, name="undo_import"),
    path("configure/imports/<int:import_id>/discard/", views.discard_import, name="discard_import"),
    path("configure/imports/<int:import_id>/rejected.csv", views.rejected_rows, name="rejected_rows"),
]
