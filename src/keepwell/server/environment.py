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
_SHORTEST_SECRET = 32
_WEEK, _RESENT = 7, 31  # days: what pages compare with; how long messages may come again, and one more
_MAIL_SCHEMES = ("smtp", "starttls", "smtps")
_OIDC = {"server_url": "KEEPWELL_OIDC_SERVER", "client_id": "KEEPWELL_OIDC_CLIENT", "secret": "KEEPWELL_OIDC_SECRET"}
KNOWN = frozenset(
    {
        "DATABASE_URL",
        "KEEPWELL_COUNT_LIMIT",
        "KEEPWELL_DATA_DIR",
        "KEEPWELL_DEBUG",
        "KEEPWELL_FOLDERS",
        "KEEPWELL_HOSTS",
        "KEEPWELL_IMPORT_LIMIT",
        "KEEPWELL_INBOX_LIMIT",
        "KEEPWELL_KEEP_EVENTS",
        "KEEPWELL_KEEP_NOTICES",
        "KEEPWELL_KEEP_VALUES",
        "KEEPWELL_KEY_RATE",
        "KEEPWELL_MAIL_FROM",
        "KEEPWELL_MAIL_RATE",
        "KEEPWELL_MAIL_URL",
        "KEEPWELL_NIGHTLY",
        "KEEPWELL_OIDC_CLIENT",
        "KEEPWELL_OIDC_SECRET",
        "KEEPWELL_OIDC_SERVER",
        "KEEPWELL_OIDC_VOUCHES",
        "KEEPWELL_OUTGOING",
        "KEEPWELL_PARENT",
        "KEEPWELL_PROXIES",
        "KEEPWELL_SECRET_KEY",
        "KEEPWELL_SERVER",
        "KEEPWELL_TOKEN",
        "KEEPWELL_TRACEBACK",
        "KEEPWELL_URL",
    }
)


@dataclass(frozen=True)
class Environment:
    """The settings of one installation.

    `database_url`: postgresql://user:password@host:port/name, or with ?host=/folder for a socket.
    `data_dir`: lake, values of runs and the key that signs sessions. `hosts`: names the web process answers to.
    `oidc_vouches`: addresses are taken as verified where the provider does not say. `proxies`: so many stand before it.
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
    oidc_vouches: bool = False
    proxies: int = 0
    nightly: tuple[int, int] | None = (2, 0)  # hour and minute, UTC; None: never by itself
    keep_values: int | None = 35  # days; None: for ever
    keep_events: int | None = None  # days of single events; None: for ever
    keep_notices: int | None = 180  # days; None: for ever
    outgoing: tuple[str, ...] = ()  # hosts and networks that may be called although they are private
    folders: tuple[str, ...] = ()  # whose files connections may read and write; empty: one in the data folder
    inbox_limit: int = 5_000_000  # messages that may wait for the lake
    import_limit: int = 1000  # megabytes of a file that is imported in the browser
    count_limit: int = 30  # seconds that one question about usage may take
    mail_rate: int = 300  # letters a minute to customers
    key_rate: int = 0  # messages a second of a write key in a web process; 0: any

    @property
    def secure(self) -> bool:
        """Whether people reach it over https."""
        return self.public_url.startswith("https://")


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """The settings in `variables`. Raises RequestRefused with everything that is wrong and how to mend it."""
    check_environment(variables)
    data_dir = Path(variables.get("KEEPWELL_DATA_DIR", "keepwell-data"))
    public = _public_url(variables)
    return Environment(
        database_url=variables["DATABASE_URL"],
        data_dir=data_dir,
        secret_key=variables.get("KEEPWELL_SECRET_KEY") or secret_key_of(data_dir),
        hosts=_hosts(variables, public),
        public_url=public,
        debug=_is_true(variables, "KEEPWELL_DEBUG"),
        mail_url=variables.get("KEEPWELL_MAIL_URL", ""),
        mail_from=variables.get("KEEPWELL_MAIL_FROM") or "keepwell@localhost",
        oidc={name: variables[variable] for name, variable in _OIDC.items() if variables.get(variable)},
        oidc_vouches=_is_true(variables, "KEEPWELL_OIDC_VOUCHES"),
        proxies=int(variables.get("KEEPWELL_PROXIES") or 0),
        nightly=_time_of_day(variables.get("KEEPWELL_NIGHTLY") or "02:00"),
        keep_values=_days(variables.get("KEEPWELL_KEEP_VALUES") or "35"),
        keep_events=_days(variables.get("KEEPWELL_KEEP_EVENTS") or "all", _RESENT),
        keep_notices=_days(variables.get("KEEPWELL_KEEP_NOTICES") or "180"),
        inbox_limit=int(variables.get("KEEPWELL_INBOX_LIMIT") or 5_000_000),
        import_limit=int(variables.get("KEEPWELL_IMPORT_LIMIT") or 1000),
        count_limit=int(variables.get("KEEPWELL_COUNT_LIMIT") or 30),
        mail_rate=int(variables.get("KEEPWELL_MAIL_RATE") or 300),
        key_rate=int(variables.get("KEEPWELL_KEY_RATE") or 0),
        outgoing=_listed(variables, "KEEPWELL_OUTGOING"),
        folders=_listed(variables, "KEEPWELL_FOLDERS"),
    )


def check_environment(variables: Mapping[str, str] = os.environ, *, own_database: bool = False) -> None:
    """Raises RequestRefused with every wrong setting. `own_database`: Keepwell brings one where none is named."""
    checks = (
        _database,
        _data_dir,
        _url,
        _secret,
        _mail,
        _mail_from,
        _oidc,
        _flags,
        _proxies,
        _nightly,
        _kept,
        _messages,
        _folders,
        _misspelt,
    )
    problems = [problem for check in checks for problem in check(variables)]
    if own_database and not variables.get("DATABASE_URL"):
        problems = [one for one in problems if not one.startswith("DATABASE_URL")]
    if problems:
        raise RequestRefused(*problems)


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
        "ENGINE": "keepwell.server.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "keepwell", "prepare_threshold": 2},
    }


def _database(variables: Mapping[str, str]) -> list[str]:
    url = variables.get("DATABASE_URL", "")
    shape = "postgresql://user:password@host:port/name"
    if not url:
        own = "or start with `keepwell serve`, which brings a PostgreSQL of its own"
        return [f"DATABASE_URL is not set: give {shape}, {own}"]
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        begins = parts.scheme or url[:20]
        return [f"DATABASE_URL begins with {begins!r}: Keepwell keeps its records in PostgreSQL alone, give {shape}"]
    if not _port_is_good(url):
        return [f"DATABASE_URL has a port that is no number from 1 to 65535: give {shape}"]
    return [] if parts.path.strip("/") else [f"DATABASE_URL names no database: give {shape}"]


def _data_dir(variables: Mapping[str, str]) -> list[str]:
    folder = Path(variables.get("KEEPWELL_DATA_DIR", "keepwell-data"))
    if folder.exists() and not folder.is_dir():
        return [f"KEEPWELL_DATA_DIR is {folder}, which is a file: name a folder"]
    nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        mend = "give this user the right to it, or name another folder"
        return [f"KEEPWELL_DATA_DIR is {folder}, and nothing may be written in {nearest}: {mend}"]
    return []


def _url(variables: Mapping[str, str]) -> list[str]:
    public = _public_url(variables)
    parts = urlsplit(public)
    if parts.scheme not in ("http", "https") or not parts.hostname or not _port_is_good(public):
        return [f"KEEPWELL_URL is {public!r}: give the address people type, such as https://health.example.com"]
    if parts.path or parts.query:
        mend = f"leave out what follows {parts.netloc}"
        return [f"KEEPWELL_URL is {public!r}, but Keepwell answers at the root of a host: {mend}"]
    return []


def _secret(variables: Mapping[str, str]) -> list[str]:
    secret = variables.get("KEEPWELL_SECRET_KEY", "")
    if secret and len(secret) < _SHORTEST_SECRET:
        mend = f"give at least {_SHORTEST_SECRET} random ones, or leave it out to have one made in the data folder"
        return [f"KEEPWELL_SECRET_KEY has {len(secret)} characters: {mend}"]
    return []


def _mail(variables: Mapping[str, str]) -> list[str]:
    url = variables.get("KEEPWELL_MAIL_URL", "")
    parts = urlsplit(url)
    if url and (parts.scheme not in _MAIL_SCHEMES or not parts.hostname or not _port_is_good(url)):
        mend = "give smtp://user:password@host:port; starttls:// where the server upgrades the connection, smtps:// "
        return [f"KEEPWELL_MAIL_URL is no address of a mail server: {mend}where it is encrypted from the start"]
    return []


def _mail_from(variables: Mapping[str, str]) -> list[str]:
    sender = variables.get("KEEPWELL_MAIL_FROM", "")
    if sender and "@" not in sender:
        return [f"KEEPWELL_MAIL_FROM is {sender!r}: give an address, such as keepwell@example.com"]
    if variables.get("KEEPWELL_MAIL_URL") and not sender:
        return ["KEEPWELL_MAIL_FROM is not set: mail servers want a sender, such as keepwell@example.com"]
    return []


def _oidc(variables: Mapping[str, str]) -> list[str]:
    """Single sign-on is all three settings or none."""
    missing = [variable for variable in _OIDC.values() if not variables.get(variable)]
    if len(missing) not in (0, len(_OIDC)):
        return [f"single sign-on needs {', '.join(missing)} as well, or none of {', '.join(_OIDC.values())}"]
    server = variables.get("KEEPWELL_OIDC_SERVER", "")
    if server and (urlsplit(server).scheme not in ("http", "https") or not urlsplit(server).hostname):
        return [f"KEEPWELL_OIDC_SERVER is {server!r}: give the provider's issuer, such as https://login.example.com"]
    return []


def _flags(variables: Mapping[str, str]) -> list[str]:
    names = ("KEEPWELL_DEBUG", "KEEPWELL_OIDC_VOUCHES")
    said = {name: variables.get(name, "").strip().lower() for name in names}
    return [f"{name} is {value!r}: say true or false" for name, value in said.items() if value not in _TRUE | _FALSE]


def _nightly(variables: Mapping[str, str]) -> list[str]:
    said = variables.get("KEEPWELL_NIGHTLY") or "02:00"
    if said == "off" or _time_of_day(said):
        return []
    return [f"KEEPWELL_NIGHTLY is {said!r}: give a time of day in UTC, such as 02:00, or off"]


def _kept(variables: Mapping[str, str]) -> list[str]:
    problems = []
    for name, usual, least, such in (
        ("KEEPWELL_KEEP_VALUES", "35", _WEEK, 35),
        ("KEEPWELL_KEEP_EVENTS", "all", _RESENT, 400),
        ("KEEPWELL_KEEP_NOTICES", "180", _WEEK, 180),
    ):
        said = variables.get(name) or usual
        if said != "all" and not _days(said, least):
            problems.append(f"{name} is {said!r}: give a number of days of {least} or more, such as {such}, or all")
    return problems


def _messages(variables: Mapping[str, str]) -> list[str]:
    meant = {
        "KEEPWELL_COUNT_LIMIT": "how many seconds a question about usage may take, such as 30",
        "KEEPWELL_IMPORT_LIMIT": "how many megabytes a file may have that is imported, such as 1000",
        "KEEPWELL_INBOX_LIMIT": "how many messages may wait for the lake, such as 5000000",
        "KEEPWELL_MAIL_RATE": "how many letters to customers may leave in a minute, such as 300",
        "KEEPWELL_KEY_RATE": "how many messages a second a write key may send, such as 10000, or 0 for any number",
    }
    said = {name: variables.get(name) or "0" for name in meant}
    return [f"{name} is {value!r}: say {meant[name]}" for name, value in said.items() if not value.isdecimal()]


def _folders(variables: Mapping[str, str]) -> list[str]:
    """Folders whose files connections may use."""
    named = {folder: Path(folder) for folder in _listed(variables, "KEEPWELL_FOLDERS")}
    wrong = [folder for folder, path in named.items() if not path.is_absolute() or not path.is_dir()]
    return [f"KEEPWELL_FOLDERS names '{folder}': give folders that are there, whole from /" for folder in wrong]


def _listed(variables: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in variables.get(name, "").split(",") if one.strip())


def _days(said: str, least: int = _WEEK) -> int | None:
    """A number of days, at least so many; None where it is none."""
    return int(said) if said.isdecimal() and least <= int(said) < 100_000 else None


def _time_of_day(said: str) -> tuple[int, int] | None:
    """Hour and minute; None where it is no time of day."""
    hour, _, minute = said.partition(":")
    good = hour.isdecimal() and (minute or "0").isdecimal() and int(hour) < 24 and int(minute or 0) < 60
    return (int(hour), int(minute or 0)) if good else None


def _proxies(variables: Mapping[str, str]) -> list[str]:
    said = variables.get("KEEPWELL_PROXIES", "") or "0"
    return (
        []
        if said.isdecimal()
        else [f"KEEPWELL_PROXIES is {said!r}: say how many proxies stand before Keepwell, such as 1"]
    )


def _misspelt(variables: Mapping[str, str]) -> list[str]:
    """A setting that is misspelt would otherwise be none. Names unlike ours are let be: platforms add some."""
    from difflib import get_close_matches

    strange = sorted(name for name in variables if name.startswith("KEEPWELL_") and name not in KNOWN)
    meant = {name: get_close_matches(name, KNOWN - {"KEEPWELL_PARENT"}, n=1, cutoff=0.88) for name in strange}
    return [f"{name} is no setting; did you mean {near[0]}?" for name, near in meant.items() if near]


def _port_is_good(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _public_url(variables: Mapping[str, str]) -> str:
    return (variables.get("KEEPWELL_URL") or "http://localhost:8000").rstrip("/")


def _is_true(variables: Mapping[str, str], name: str) -> bool:
    return variables.get(name, "").strip().lower() in _TRUE


def _hosts(variables: Mapping[str, str], public: str) -> tuple[str, ...]:
    named = tuple(host.strip() for host in variables.get("KEEPWELL_HOSTS", "").split(",") if host.strip())
    own = urlsplit(public).hostname
    return (*dict.fromkeys((*named, *((own,) if own else ()), "localhost", "127.0.0.1", "[::1]")),)
