"""What the environment says: every setting of the application, read once and checked before anything starts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from keepwell.errors import RequestRefused

_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})
_SECRET = "secret.key"


@dataclass(frozen=True)
class Environment:
    """The settings of one installation.

    `database_url`: postgresql://user:password@host:port/name, or with ?host=/folder for a socket.
    `data_dir`: lake, values of runs and the key that signs sessions. `hosts`: names the web process answers to.
    """

    database_url: str
    data_dir: Path
    secret_key: str
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    public_url: str = "http://localhost:8000"
    debug: bool = False
    mail_url: str = ""
    mail_from: str = "keepwell@localhost"
    oidc: Mapping[str, str] = field(default_factory=dict)

    @property
    def secure(self) -> bool:
        """Whether people reach it over https."""
        return self.public_url.startswith("https://")


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """The settings in `variables`. Raises RequestRefused with everything that is wrong and how to mend it."""
    problems: list[str] = []
    url = variables.get("DATABASE_URL", "")
    if not url.startswith(("postgresql://", "postgres://")):
        problems.append(
            f"DATABASE_URL is {url!r}: give postgresql://user:password@host:port/name, or start with `keepwell serve`, "
            "which brings a PostgreSQL of its own"
        )
    data_dir = Path(variables.get("KEEPWELL_DATA_DIR", "keepwell-data"))
    public = variables.get("KEEPWELL_URL", "http://localhost:8000").rstrip("/")
    if not public.startswith(("http://", "https://")):
        problems.append(f"KEEPWELL_URL is {public!r}: give the address people type, such as https://health.example.com")
    debug = _flag(variables, "KEEPWELL_DEBUG", problems)
    oidc = _oidc(variables, problems)
    if problems:
        raise RequestRefused(*problems)
    return Environment(
        database_url=url,
        data_dir=data_dir,
        secret_key=variables.get("KEEPWELL_SECRET_KEY") or secret_key_of(data_dir),
        hosts=_hosts(variables, public),
        public_url=public,
        debug=debug,
        mail_url=variables.get("KEEPWELL_MAIL_URL", ""),
        mail_from=variables.get("KEEPWELL_MAIL_FROM", "keepwell@localhost"),
        oidc=oidc,
    )


def secret_key_of(data_dir: Path) -> str:
    """The key in the data folder; made the first time, readable by its owner alone."""
    path = data_dir / _SECRET
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # another process of this start was quicker
    return path.read_text(encoding="ascii").strip()


def database_settings(url: str) -> dict[str, object]:
    """A PostgreSQL address as Django takes it."""
    parts, options = urlsplit(url), parse_qs(urlsplit(url).query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "keepwell"},
    }


def _flag(variables: Mapping[str, str], name: str, problems: list[str]) -> bool:
    said = variables.get(name, "").strip().lower()
    if said not in _TRUE | _FALSE:
        problems.append(f"{name} is {said!r}: say true or false")
    return said in _TRUE


def _hosts(variables: Mapping[str, str], public: str) -> tuple[str, ...]:
    named = tuple(host.strip() for host in variables.get("KEEPWELL_HOSTS", "").split(",") if host.strip())
    own = urlsplit(public).hostname
    return (*dict.fromkeys((*named, *((own,) if own else ()), "localhost", "127.0.0.1", "[::1]")),)


_OIDC = {"server_url": "KEEPWELL_OIDC_SERVER", "client_id": "KEEPWELL_OIDC_CLIENT", "secret": "KEEPWELL_OIDC_SECRET"}


def _oidc(variables: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """Single sign-on is all three settings or none."""
    found = {name: variables[variable] for name, variable in _OIDC.items() if variables.get(variable)}
    if found and len(found) < len(_OIDC):
        missing = ", ".join(variable for name, variable in _OIDC.items() if name not in found)
        problems.append(f"single sign-on needs {missing} as well, or none of {', '.join(_OIDC.values())}")
    return found
