from __future__ import annotations

from django.urls import path

from keepwell.apps.audit import views

urlpatterns = [
    path("configure/audit/", views.audit, name="audit"),
    path("configure/audit.csv", views.audit_csv, name="audit_csv"),
]
