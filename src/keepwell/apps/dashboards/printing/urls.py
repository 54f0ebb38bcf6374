from __future__ import annotations

from django.urls import path

from keepwell.apps.dashboards.printing import views

urlpatterns = [
    path("dashboards/<str:key>/file.pdf", views.pdf, name="dashboard_pdf"),
    path("dashboards/<str:key>/file.png", views.png, name="dashboard_png"),
]
