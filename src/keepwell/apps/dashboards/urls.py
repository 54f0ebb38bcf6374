from __future__ import annotations

from django.urls import include, path

from keepwell.apps.dashboards.views import lists, page, widget

urlpatterns = [
    path("", include("keepwell.apps.dashboards.building.urls")),
    path("", include("keepwell.apps.dashboards.reports.urls")),
    path("", include("keepwell.apps.dashboards.arranging.urls")),
    path("", include("keepwell.apps.dashboards.boards.urls")),
    path("dashboards/", lists.dashboards, name="dashboards"),
    path("dashboards/<str:key>/", page.dashboard, name="dashboard"),
    path("dashboards/<str:key>/favourite/", lists.favourite, name="favourite_dashboard"),
    path("dashboards/<str:key>/layout.css", page.style, name="dashboard_layout"),
    path("dashboards/<str:key>/choices/<str:name>/", page.choices, name="dashboard_choices"),
    path("dashboards/<str:key>/widgets/<str:name>/", widget.widget, name="dashboard_widget"),
    path("dashboards/<str:key>/widgets/<str:name>/file.csv", widget.file, name="dashboard_file"),
    path("dashboards/<str:key>/widgets/<str:name>/rows/", widget.behind, name="dashboard_rows"),
]
