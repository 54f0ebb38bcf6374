from __future__ import annotations

from django.urls import path

from keepwell.apps.dashboards.reports import views

urlpatterns = [
    path("dashboards/reports/new/", views.new, name="new_report"),
    path("dashboards/edit/<str:desk>/widgets/<str:widget>/", views.edit, name="edit_report"),
]
