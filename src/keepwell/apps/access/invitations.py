"""Links by which people set a password: once, and for as long as PASSWORD_RESET_TIMEOUT says."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from keepwell.apps.access.models import User


def password_link(user: User) -> str:
    """Where this person sets a password; the link dies when they did, or signed in."""
    where = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.ENVIRONMENT.public_url}{reverse('account_reset_password_from_key', kwargs=where)}"
