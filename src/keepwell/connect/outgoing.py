"""The one door for calls to other hosts: private addresses are refused once a name is resolved, unless allowed.

The address that was checked is the one that is connected to, so a name that resolves otherwise a moment later gains
nothing. Waits that a server asks for (Retry-After) are kept; passing failures are tried again.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from keepwell.connect.spec import SourceRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PASSING = frozenset({429, 500, 502, 503, 504})
_TRIES = 6
_TIMEOUT = (10, 60)


class Door:
    """`allowed`: hosts by name, addresses or networks that may be called although they are private.

    `patience`: seconds that one call may wait in all for a server that asks it to.
    """

    def __init__(
        self, allowed: Sequence[str] = (), *, patience: float = 600, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        networks = {one: _network(one) for one in allowed}
        self._names = frozenset(one.rstrip("/").lower() for one, network in networks.items() if network is None)
        self._networks = [network for network in networks.values() if network is not None]
        self.patience = patience
        self.sleep = sleep

    def addresses(self, host: str, port: int) -> list[str]:
        """Where a host lies. Raises SourceRefused for one that is not known, or lies where nothing may be called."""
        name = host.strip("[]").lower()
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            said = getattr(error, "strerror", None) or error
            raise SourceRefused(f"the host '{host}' cannot be found: {said}", passing=True) from None
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            if not self._admits(name, ipaddress.ip_address(address.partition("%")[0])):
                raise SourceRefused(
                    f"the host '{host}' lies at {address}, inside a private network: an admin of the machine allows it "
                    "with KEEPWELL_OUTGOING, a list of hosts or networks"
                )
        return addresses

    def allows_plain(self, host: str, port: int) -> bool:
        """Whether a host may be called without encryption: only those that are allowed by name or network."""
        name = host.strip("[]").lower()
        known = (ipaddress.ip_address(one.partition("%")[0]) for one in self.addresses(name, port))
        return name in self._names or all(self._is_allowed(one) for one in known)

    def allows_socket(self, folder: str) -> bool:
        """Whether a socket of this machine may be used."""
        return folder.rstrip("/").lower() in self._names

    def connect(self, host: str, port: int, timeout: Any) -> socket.socket:
        """A connection to an address that was checked."""
        failure: OSError | None = None
        for address in self.addresses(host, port):
            try:
                return socket.create_connection((address, port), timeout)
            except OSError as error:
                failure = error
        raise failure or OSError(f"no address of {host} answers")

    def session(self, tries: int = _TRIES) -> Outgoing:
        """`tries`: how often a call is made that fails in passing; 1 where whoever calls tries again by itself."""
        return Outgoing(self, tries)

    def _admits(self, name: str, address: Address) -> bool:
        return name in self._names or self._is_allowed(address) or _is_public(address)

    def _is_allowed(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self._networks)


class Renewable(requests.auth.AuthBase):
    """Credentials that end and can be had again."""

    def renew(self) -> None:
        raise NotImplementedError


class Outgoing(requests.Session):
    """Requests through the door. Where `auth` is Renewable, it is renewed once when a token has ended (401)."""

    def __init__(self, door: Door, tries: int = _TRIES) -> None:
        super().__init__()
        self._tries = tries
        self.trust_env = False  # no proxies and no passwords from the environment
        self.max_redirects = 5
        self._door = door
        adapter = _CheckedAdapter(door)
        self.mount("http://", adapter)
        self.mount("https://", adapter)
        self.headers["User-Agent"] = "Keepwell"

    def __deepcopy__(self, memo: Any) -> Outgoing:
        """The same one: dlt copies configurations, and a copy of a session would have lost its door."""
        return self

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Raises SourceRefused for a host that may not be called; the last answer, whatever it is, otherwise."""
        self._refuse_plain(request)
        how["timeout"] = how.get("timeout") or _TIMEOUT
        hooks, request.hooks = request.hooks, requests.hooks.default_hooks()  # they judge the last answer alone
        answer = self._patiently(request, how)
        request.hooks = hooks
        judged: requests.Response = requests.hooks.dispatch_hook("response", hooks, answer, **how)
        return judged

    def _patiently(self, request: requests.PreparedRequest, how: dict[str, Any]) -> requests.Response:
        waited, renewed = 0.0, False
        for attempt in range(1, self._tries + 1):
            answer = self._once(request, attempt, how)
            if answer is not None and answer.status_code == 401 and not renewed and isinstance(self.auth, Renewable):
                renewed = True
                self.auth.renew()
                self.auth(request)
                continue
            if answer is not None and (answer.status_code not in _PASSING or attempt == self._tries):
                return answer
            pause = _pause(answer, attempt)
            if waited + pause > self._door.patience:
                if answer is not None:
                    return answer
                break
            self._door.sleep(pause)
            waited += pause
        raise SourceRefused(f"{_shown(request)} does not answer", passing=True)

    def _once(self, request: requests.PreparedRequest, attempt: int, how: dict[str, Any]) -> requests.Response | None:
        try:
            return super().send(request, **how)
        except requests.exceptions.SSLError as error:
            words = f"{_shown(request)}: the certificate is not good: {error}"  # one that ran out is renewed some day
            raise SourceRefused(words, passing=True) from None
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            if refused := _cause(error, SourceRefused):
                raise refused from None
            if attempt == self._tries:
                raise SourceRefused(f"{_shown(request)} broke off: {type(error).__name__}", passing=True) from None
            return None

    def _refuse_plain(self, request: requests.PreparedRequest) -> None:
        parts = urlsplit(str(request.url))
        host = parts.hostname or ""
        if parts.scheme != "https" and not self._door.allows_plain(host, parts.port or 80):
            raise SourceRefused(
                f"{_shown(request)} is not encrypted: use https, or allow '{host}' in KEEPWELL_OUTGOING"
            )


class _CheckedAdapter(HTTPAdapter):
    """Pools whose connections go through the door."""

    def __init__(self, door: Door) -> None:
        self._pools = _pools(door)
        super().__init__()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _pools(door: Door) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return door.connect(self.host, self.port or 80, self.timeout)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return door.connect(self.host, self.port or 443, self.timeout)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast


def _pause(answer: requests.Response | None, attempt: int) -> float:
    """What the server asked for, or a little longer each time."""
    own = min(0.5 * 2**attempt, 30.0)
    if answer is None:
        return own
    said = answer.headers.get("Retry-After", "")
    if said.replace(".", "", 1).isdigit():
        return float(said)
    try:
        if said:
            return max(parsedate_to_datetime(said).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError):
        pass
    reset = answer.headers.get("X-RateLimit-Reset", "")
    return max(float(reset) - time.time(), 0.0) if answer.status_code == 429 and reset.isdigit() else own


def _cause(error: BaseException | None, kind: type[SourceRefused]) -> SourceRefused | None:
    seen: list[Any] = [error]
    while seen:
        one = seen.pop()
        if isinstance(one, kind):
            return one
        if isinstance(one, BaseException):
            seen += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return None


def _shown(request: requests.PreparedRequest) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(str(request.url))
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
