from __future__ import annotations

from django.urls import path

from keepwell.apps.rules.lifecycle import views

urlpatterns = [
    path("lifecycle/", views.lifecycle, name="lifecycle"),
    path("lifecycle/<path:stage>/", views.stage, name="lifecycle_stage"),
    path("customers/<str:account_id>/lifecycle/", views.account, name="account_lifecycle"),
]
