"""Who gets what of signing in and of what is one's own: one line a route, as in test_routes.py."""

from __future__ import annotations

from tests.apps.deciding import CLOSED, CLOSED_WITHOUT, OPEN, OWN, OWN_OR_ADMIN, REFUSES_ALL, SIGNED_IN, R
from tests.apps.things import a_notice, a_token

ONESELF: dict[str, R] = {
    # server
    "healthz": R(OPEN, OPEN),
    "readyz": R(OPEN, OPEN),
    # signing in
    "accounts/login/": R(OPEN, OPEN),
    "accounts/logout/": R(OPEN, OPEN),
    "accounts/inactive/": R(OPEN),
    "accounts/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/change/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/set/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/reset/": R(OPEN, OPEN),
    "accounts/password/reset/done/": R(OPEN),
    "accounts/password/reset/key/done/": R(OPEN),
    "accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": R(OPEN, OPEN),
    "accounts/oidc/<str:provider_id>/login/": R(CLOSED, CLOSED, fill={"provider_id": "none"}),
    "accounts/oidc/<str:provider_id>/login/callback/": R(CLOSED, CLOSED, fill={"provider_id": "none"}),
    "accounts/3rdparty/login/cancelled/": R(OPEN),
    "accounts/3rdparty/login/error/": R(REFUSES_ALL),
    "accounts/signup/": R(CLOSED, CLOSED),
    "accounts/email/": R(CLOSED, CLOSED),
    "accounts/confirm-email/": R(CLOSED, CLOSED),
    r"accounts/confirm-email/(?P<key>[-:\w]+)/": R(CLOSED, CLOSED, fill={"key": "any"}),
    "accounts/confirm-email/<str:key>/": R(CLOSED, CLOSED, fill={"key": "any"}),
    "accounts/login/code/confirm/": R(CLOSED, CLOSED),
    "accounts/3rdparty/": R(CLOSED, CLOSED),
    "accounts/3rdparty/signup/": R(CLOSED, CLOSED),
    "accounts/2fa/": R(SIGNED_IN),
    "accounts/2fa/authenticate/": R(OPEN, OPEN),
    "accounts/2fa/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/totp/activate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/totp/deactivate/": R(CLOSED_WITHOUT, CLOSED_WITHOUT),
    "accounts/2fa/recovery-codes/": R(CLOSED_WITHOUT),
    "accounts/2fa/recovery-codes/generate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/recovery-codes/download/": R(CLOSED_WITHOUT),
    "accounts/2fa/webauthn/": R(SIGNED_IN),
    "accounts/2fa/webauthn/add/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": R(SIGNED_IN, SIGNED_IN),
    # oneself
    "me/theme/": R(post=SIGNED_IN),
    "me/tokens/": R(SIGNED_IN, SIGNED_IN),
    "me/tokens/<int:token_id>/revoke/": R(post=OWN_OR_ADMIN, fill={"token_id": a_token}),
    "notices/": R(SIGNED_IN),
    "notices/read/": R(post=SIGNED_IN),
    "notices/<int:notice_id>/read/": R(post=OWN, fill={"notice_id": a_notice}),
    "me/alerts/": R(SIGNED_IN, SIGNED_IN),
}
