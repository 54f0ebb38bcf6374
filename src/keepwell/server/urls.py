"""Where each address leads."""

from __future__ import annotations

from django.urls import include, path

from keepwell.server import answering

urlpatterns = [
    path("healthz", answering.alive),
    path("readyz", answering.ready),
    path("accounts/", include("allauth.urls")),
    path("", include("keepwell.apps.customers.urls")),
    path("", include("keepwell.apps.customer360.urls")),
]
