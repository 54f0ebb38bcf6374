"""How people come in: they are invited, never sign themselves up; single sign-on finds those who were."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from keepwell.apps.access.models import User
from keepwell.apps.access.queries import user_with


class Invited(AuthenticationBackend):
    """Password or provider as with allauth; whoever is signed in is read anew for every page."""

    def get_user(self, user_id: int) -> User | None:
        user = user_with(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class NoSignUp(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SingleSignOn(DefaultSocialAccountAdapter):
    """Joins the provider's account to the invited person of the same, verified address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None:
            said = {"addresses": [address.email for address in sociallogin.email_addresses], "verified": verified}
            raise ImmediateHttpResponse(render(request, "socialaccount/not_invited.html", said, status=403))
        sociallogin.connect(request, user)
