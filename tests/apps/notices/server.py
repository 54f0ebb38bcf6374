"""A mail server on loopback that says what it is told to say."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass
class Inbox(Message):
    """What came in. `refuse`: what an address is answered with, instead of being taken."""

    got: list[Any] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def prepare_message(self, session: Any, envelope: Any) -> Any:
        return message_from_bytes(envelope.content, policy=policy.default)

    def handle_message(self, message: Any) -> None:
        self.got.append(message)

    @property
    def subjects(self) -> list[str]:
        return [str(one["Subject"]) for one in self.got]


@contextmanager
def mail_server(
    *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[Inbox, str]]:
    """The inbox, and host:port. `login`: who may hand in mail; `tls`: upgrades connections, and takes none without."""
    inbox = Inbox()

    def who(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        said = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=said == login, handled=False)

    secured: dict[str, Any] = {"tls_context": tls, "require_starttls": True} if tls else {}
    asking: dict[str, Any] = {"authenticator": who, "auth_required": True, "auth_require_tls": False} if login else {}
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **secured, **asking)
    controller.start()
    try:
        yield inbox, f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
