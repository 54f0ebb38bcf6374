from __future__ import annotations

from django.urls import path

from keepwell.apps.timeline import views

urlpatterns = [
    path("timeline/", views.timeline, name="timeline"),
    path("timeline/<int:entry_id>/", views.entry, name="timeline_entry"),
    path("timeline/<int:entry_id>/edit/", views.edit, name="edit_entry"),
    path("timeline/<int:entry_id>/discard/", views.discard, name="discard_draft"),
    path("customers/<str:account_id>/timeline/", views.timeline, name="account_timeline"),
    path("customers/<str:account_id>/timeline/new/", views.write, name="write_entry"),
    path("customers/<str:account_id>/timeline/draft/", views.autosave, name="save_draft"),
    path("customers/<str:account_id>/timeline/letter/", views.upload, name="add_letter"),
    path("configure/entry-types/", views.entry_types, name="entry_types"),
    path("configure/entry-types/<str:name>/retire/", views.retire, name="retire_type"),
]
