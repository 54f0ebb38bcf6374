from __future__ import annotations

from django.urls import path

from keepwell.apps.dashboards.arranging import views

urlpatterns = [
    path("dashboards/edit/<str:desk>/", views.arrange, name="arrange"),
    path("dashboards/edit/<str:desk>/move/", views.move, name="move_widget"),
]
