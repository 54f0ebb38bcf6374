"""Where each address leads."""

from __future__ import annotations

from django.urls import include, path

from keepwell.apps.ui.views import configure
from keepwell.server import answering
from keepwell.server.api import api, unknown

urlpatterns = [
    path("healthz", answering.alive),
    path("readyz", answering.ready),
    path("configure/", configure, name="configure"),
    path("api/", api.urls),
    path("api/<path:unknown>", unknown),
    path("", include("keepwell.apps.access.urls")),
    path("", include("keepwell.apps.notices.urls")),
    path("", include("keepwell.apps.audit.urls")),
    path("", include("keepwell.apps.administration.urls")),
    path("", include("keepwell.apps.configuration.urls")),
    path("", include("keepwell.apps.scorecards.urls")),
    path("", include("keepwell.apps.experiments.urls")),
    path("", include("keepwell.apps.rules.urls")),
    path("", include("keepwell.apps.rules.lifecycle.urls")),
    path("", include("keepwell.apps.cockpit.urls")),
    path("", include("keepwell.apps.advocacy.urls")),
    path("", include("keepwell.apps.surveys.urls")),
    path("", include("keepwell.apps.surveys.results.urls")),
    path("", include("keepwell.apps.surveys.building.urls")),
    path("", include("keepwell.apps.surveys.importing.urls")),
    path("", include("keepwell.apps.customer_pages.urls")),
    path("", include("keepwell.apps.customers.urls")),
    path("", include("keepwell.apps.timeline.urls")),
    path("", include("keepwell.apps.usage.urls")),
    path("", include("keepwell.apps.connectors.urls")),
    path("", include("keepwell.apps.connectors.importing.urls")),
    path("", include("keepwell.apps.health.urls")),
    path("", include("keepwell.apps.adoption.urls")),
    path("", include("keepwell.apps.sentiment.urls")),
    path("", include("keepwell.apps.portfolio.urls")),
    path("", include("keepwell.apps.dashboards.sending.urls")),
    path("", include("keepwell.apps.dashboards.embedding.urls")),
    path("", include("keepwell.apps.dashboards.printing.urls")),
    path("", include("keepwell.apps.dashboards.urls")),
    path("", include("keepwell.apps.customer360.urls")),
]

handler404 = "keepwell.apps.ui.views.not_found"
handler500 = "keepwell.apps.ui.middleware.fault"
