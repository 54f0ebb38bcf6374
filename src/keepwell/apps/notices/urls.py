from __future__ import annotations

from django.urls import path

from keepwell.apps.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="read_notices"),
    path("notices/<int:notice_id>/read/", views.read, name="read_notice"),
]
