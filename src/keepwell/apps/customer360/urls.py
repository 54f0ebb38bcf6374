from __future__ import annotations

from django.urls import path

from keepwell.apps.customer360.views import account, home

urlpatterns = [
    path("", home.home, name="home"),
    path("customers/<str:account_id>/", account.account, name="account"),
    path("customers/<str:account_id>/panels/<slug:name>/", account.panel, name="panel"),
]
