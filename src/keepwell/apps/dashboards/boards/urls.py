from __future__ import annotations

from django.urls import path

from keepwell.apps.dashboards.boards import views

urlpatterns = [
    path("dashboards/boards/new/", views.new, name="new_board"),
    path("dashboards/boards/<int:pk>/to-draft/", views.to_draft, name="board_to_draft"),
    path("dashboards/edit/<str:desk>/settings/", views.settings, name="board_settings"),
    path("dashboards/<str:key>/duplicate/", views.duplicate, name="duplicate_dashboard"),
    path("dashboards/<str:key>/change/", views.change, name="change_dashboard"),
]
