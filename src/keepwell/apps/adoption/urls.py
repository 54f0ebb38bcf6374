from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from keepwell.apps.adoption.views import feature_map
from keepwell.apps.adoption.views.reports import REPORTS

urlpatterns = [
    *(
        path("usage/" if name == "overview" else f"usage/{name}/", require_GET(report.view), name=f"usage_{name}")
        for name, report in REPORTS.items()
    ),
    path("configure/features/", feature_map.feature_map, name="feature_map"),
    path("configure/features/publish/", feature_map.publish, name="publish_features"),
    path("configure/features/discard/", feature_map.discard, name="discard_features"),
    path("configure/features/backfill/", feature_map.backfill, name="backfill_features"),
    path("configure/features/progress/", feature_map.progress, name="backfill_progress"),
]
