from __future__ import annotations

from django.urls import path

from keepwell.apps.portfolio.views import heatmap, movers, renewals

urlpatterns = [
    path("portfolio/heatmap/", heatmap.heatmap, name="heatmap"),
    path("portfolio/movers/", movers.movers, name="movers"),
    path("portfolio/renewals/", renewals.renewals, name="renewals"),
]
