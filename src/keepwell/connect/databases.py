"""Databases of others: an engine whose host went through the door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from keepwell.connect.kinds.sql.spec import DRIVERS
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Settings, SourceRefused

if TYPE_CHECKING:
    from sqlalchemy import Engine

_PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433}


@contextmanager
def engine_of(settings: Settings, door: Door) -> Iterator[Engine]:
    """Raises SourceRefused for a host that may not be called, and where the driver is not installed."""
    import sqlalchemy

    kind = settings["database_kind"] or "postgresql"
    port = _port(settings, kind)
    host, more = _address(settings["host"], port, kind, door)
    if kind == "postgresql":
        more |= {"sslmode": settings["ssl"] or "prefer", "connect_timeout": 10, "application_name": "keepwell"}
    url = sqlalchemy.URL.create(
        DRIVERS[kind], settings["user"], settings["password"] or None, host, port, settings["database"]
    )
    try:
        engine = sqlalchemy.create_engine(url, connect_args=more, poolclass=sqlalchemy.pool.NullPool)
    except ImportError as error:
        raise SourceRefused(f"this database needs the package {error.name}: install it and start again") from None
    try:
        yield engine
    finally:
        engine.dispose()


def _port(settings: Settings, kind: str) -> int:
    said = settings["port"]
    if said and not (said.isdecimal() and 0 < int(said) < 65536):
        raise SourceRefused(f"the port '{said}' is no number from 1 to 65535")
    return int(said) if said else _PORTS[kind]


def _address(host: str, port: int, kind: str, door: Door) -> tuple[str | None, dict[str, Any]]:
    """The host, and arguments that pin the address which was checked. A folder is a socket of this machine."""
    if host.startswith("/"):
        if not door.allows_socket(host):
            raise SourceRefused(f"the socket {host} is not allowed: list it in KEEPWELL_OUTGOING")
        return None, {"host": host}
    address = door.addresses(host, port)[0]
    return (host, {"hostaddr": address}) if kind == "postgresql" else (address, {})
