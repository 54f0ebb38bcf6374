"""Ways to sign in to an API."""

from __future__ import annotations

import requests

from keepwell.connect.outgoing import Outgoing, Renewable
from keepwell.connect.spec import SourceRefused


class ClientCredentials(Renewable):
    """OAuth 2.0 client credentials: a token is fetched when one is needed, and again when the API says it has ended."""

    def __init__(self, session: Outgoing, token_address: str, client_id: str, client_secret: str) -> None:
        self._session = session
        self._token_address = token_address
        self._sent = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        self._token = ""
        self.answer: dict[str, str] = {}

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if not self._token:
            self.renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def renew(self) -> None:
        """Raises SourceRefused where no token is given."""
        held, self._session.auth = self._session.auth, None
        try:
            answer = self._session.post(self._token_address, data=self._sent, headers={"Accept": "application/json"})
        finally:
            self._session.auth = held
        if answer.status_code != 200:
            raise SourceRefused(
                f"{self._token_address} gave no token ({answer.status_code}): look at the client id and secret",
                passing=answer.status_code == 429 or answer.status_code >= 500,
            )
        self.answer = answer.json()
        self._token = str(self.answer.get("access_token", ""))


def bearer(session: Outgoing, token: str) -> None:
    session.headers["Authorization"] = f"Bearer {token}"


def basic(session: Outgoing, user: str, password: str) -> None:
    session.auth = requests.auth.HTTPBasicAuth(user.encode(), password.encode())
