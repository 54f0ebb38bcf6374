from __future__ import annotations

from django.urls import path

from keepwell.apps.customers import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
]
