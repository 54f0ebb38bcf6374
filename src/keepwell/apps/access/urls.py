"""Signing in and out: allauth's addresses, without those by which people would let themselves in."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect.views import callback
from django.urls import include, path

from keepwell.apps.access import views

_accounts = [
    path("signup/", views.closed, name="account_signup"),
    path("email/", views.closed, name="account_email"),
    path("confirm-email/", views.closed, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", views.closed, name="account_confirm_email"),
    path("login/code/confirm/", views.closed, name="account_confirm_login_code"),
    path("3rdparty/", views.closed, name="socialaccount_connections"),
    path("3rdparty/signup/", views.closed, name="socialaccount_signup"),
    path("oidc/<str:provider_id>/login/", views.single_sign_on, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    path("", include("allauth.account.urls")),
]
urlpatterns = [
    path("accounts/", include(_accounts)),
    path("me/theme/", views.theme, name="theme"),
]
