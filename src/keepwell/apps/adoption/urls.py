from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from keepwell.apps.adoption.views.reports import REPORTS

urlpatterns = [
    path("usage/" if name == "overview" else f"usage/{name}/", require_GET(report.view), name=f"usage_{name}")
    for name, report in REPORTS.items()
]
