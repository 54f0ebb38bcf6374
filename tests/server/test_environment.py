"""Settings: all that is wrong is told before anything starts, with how to mend it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from keepwell.errors import RequestRefused
from keepwell.server.environment import KNOWN, Environment, check_environment, read_environment

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"DATABASE_URL": "postgresql://u:p@localhost/health", "KEEPWELL_SECRET_KEY": "s" * 40}


def read(**variables: str) -> Environment:
    return read_environment({**GOOD, **variables})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "", "DATABASE_URL is not set"),
        ("DATABASE_URL", "mysql://localhost/x", "PostgreSQL alone"),
        ("DATABASE_URL", "postgresql://localhost", "names no database"),
        ("DATABASE_URL", "postgresql://localhost:port/x", "port"),
        ("KEEPWELL_DATA_DIR", __file__, "which is a file"),
        ("KEEPWELL_URL", "health.example.com", "the address people type"),
        ("KEEPWELL_URL", "https://example.com/keepwell", "answers at the root of a host"),
        ("KEEPWELL_SECRET_KEY", "short", "at least 32"),
        ("KEEPWELL_MAIL_URL", "mail.example.com", "smtp://user:password@host:port"),
        ("KEEPWELL_MAIL_URL", "smtp://mail.example.com", "KEEPWELL_MAIL_FROM is not set"),
        ("KEEPWELL_MAIL_FROM", "Keepwell", "give an address"),
        (
            "KEEPWELL_OIDC_SERVER",
            "https://login.example.com",
            "needs KEEPWELL_OIDC_CLIENT, KEEPWELL_OIDC_SECRET as well",
        ),
        ("KEEPWELL_DEBUG", "perhaps", "say true or false"),
        ("KEEPWELL_PROXIES", "one", "how many proxies"),
        ("KEEPWELL_KEEP_NOTICES", "6", "give a number of days of 7 or more"),
        ("KEEPWELL_MAIL_ULR", "smtp://x", "did you mean KEEPWELL_MAIL_URL"),
    ],
)
def test_a_wrong_setting_is_told_with_how_to_mend_it(name: str, value: str, told: str) -> None:
    with pytest.raises(RequestRefused, match=re.escape(told)):
        read(**{name: value})


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_environment({"DATABASE_URL": "x", "KEEPWELL_URL": "y", "KEEPWELL_PROXIES": "z"})
    assert len(refused.value.problems) == 3


def test_what_a_platform_adds_is_let_be() -> None:
    assert read(KEEPWELL_SERVICE_HOST="10.0.0.1", KEEPWELL_PORT_8000_TCP="tcp://10.0.0.1:8000").proxies == 0


def test_the_database_that_comes_with_keepwell_needs_no_address() -> None:
    check_environment({}, own_database=True)
    with pytest.raises(RequestRefused, match="PostgreSQL alone"):
        check_environment({"DATABASE_URL": "mysql://x/y"}, own_database=True)


def test_the_settings_are_read(tmp_path: Path) -> None:
    said = read(
        KEEPWELL_DATA_DIR=str(tmp_path), KEEPWELL_URL="https://health.example.com/",
        KEEPWELL_HOSTS="a.example, b.example",
        KEEPWELL_MAIL_URL="starttls://u:p@mail:587", KEEPWELL_MAIL_FROM="k@example.com", KEEPWELL_PROXIES="1",
        KEEPWELL_OIDC_SERVER="https://login.example.com", KEEPWELL_OIDC_CLIENT="c", KEEPWELL_OIDC_SECRET="s",
        KEEPWELL_OIDC_VOUCHES="yes",
    )  # fmt: skip
    assert said.secure
    assert said.public_url == "https://health.example.com"
    assert said.hosts[:3] == ("a.example", "b.example", "health.example.com")
    assert said.oidc == {"server_url": "https://login.example.com", "client_id": "c", "secret": "s"}
    assert (said.oidc_vouches, said.proxies, said.mail_from) == (True, 1, "k@example.com")


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    made = read(KEEPWELL_SECRET_KEY="", KEEPWELL_DATA_DIR=str(tmp_path)).secret_key
    assert len(made) >= 50
    assert read(KEEPWELL_SECRET_KEY="", KEEPWELL_DATA_DIR=str(tmp_path)).secret_key == made
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.slow
@pytest.mark.parametrize("verb", [["web"], ["worker"], ["serve", "--no-browser"], ["migrate"]])
def test_no_process_starts_with_wrong_settings(verb: list[str], tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": "mysql://x/y",
        "KEEPWELL_DEBUG": "",
        "KEEPWELL_PROXIES": "one",
    }
    done = subprocess.run([sys.executable, "-m", "keepwell.cli", *verb], cwd=tmp_path, env=environment,
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "PostgreSQL alone" in done.stderr
    assert "how many proxies" in done.stderr
    assert "Traceback" not in done.stderr


def test_details_in_the_terminal_open_none_on_pages() -> None:
    assert not read(KEEPWELL_TRACEBACK="1").debug
    assert read(KEEPWELL_DEBUG="1").debug


@pytest.mark.slow
def test_every_variable_that_is_read_is_on_the_page_and_known() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    read_somewhere = {
        name for text in sources for name in re.findall(r"[\"'](KEEPWELL_[A-Z_]+|DATABASE_URL)[\"']", text)
    }
    assert read_somewhere - told == set(), "say what these are in docs/reference/settings.md"
    assert told - read_somewhere == set(), "these are read nowhere"
    assert told == KNOWN
