from __future__ import annotations

from django.urls import path

from keepwell.apps.rules.lifecycle import views
from keepwell.apps.rules.lifecycle.editing import views as editing

urlpatterns = [
    path("lifecycle/", views.lifecycle, name="lifecycle"),
    path("lifecycle/<path:stage>/", views.stage, name="lifecycle_stage"),
    path("configure/stages/", editing.LISTING.in_force, name="stages"),
    path("configure/stages/<int:draft_id>/", editing.LISTING.of_draft, name="draft_stages"),
    path("configure/stages/<int:draft_id>/<slug:stage>/", editing.stage, name="edit_stage"),
    path("configure/stages/<int:draft_id>/<slug:stage>/save/", editing.save, name="save_stage"),
    path("configure/stages/<int:draft_id>/<slug:stage>/yaml/", editing.save_yaml, name="save_stage_yaml"),
    path("configure/stages/<int:draft_id>/<slug:stage>/standing/", editing.standing, name="stage_standing"),
    path("customers/<str:account_id>/lifecycle/", views.account, name="account_lifecycle"),
]
