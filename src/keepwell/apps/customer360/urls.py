from __future__ import annotations

from django.urls import path

from keepwell.apps.customer360 import views

urlpatterns = [
    path("", views.home, name="home"),
    path("customers/<str:account_id>/", views.account, name="account"),
]
