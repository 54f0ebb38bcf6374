from __future__ import annotations

from django.urls import path

from keepwell.apps.customer360.views import account, find, follow_up, home, layout, rows

urlpatterns = [
    path("", home.home, name="home"),
    path("find/", find.find, name="find"),
    path("me/layout/", layout.layout, name="layout"),
    path("surveys/<slug:survey>/follow-up/", follow_up.follow_up, name="survey_follow_up"),
    path("customers/<str:account_id>/", account.account, name="account"),
    path("customers/<str:account_id>/panels/<slug:name>/", account.panel, name="panel"),
    path("customers/<str:account_id>/metrics/<slug:metric>/rows/", rows.rows, name="rows"),
]
