from __future__ import annotations

from django.urls import path

from keepwell.apps.dashboards.building import views

urlpatterns = [
    path("configure/dashboards/", views.LISTING.in_force, name="edit_dashboards"),
    path("configure/dashboards/<int:draft_id>/", views.LISTING.of_draft, name="draft_dashboards"),
    path("configure/dashboards/<int:draft_id>/<slug:dashboard>/", views.dashboard, name="edit_dashboard"),
    path("configure/dashboards/<int:draft_id>/<slug:dashboard>/save/", views.save, name="save_dashboard"),
    path("configure/dashboards/<int:draft_id>/<slug:dashboard>/yaml/", views.save_yaml, name="save_dashboard_yaml"),
]
