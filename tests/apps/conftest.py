"""A database of the application for each process of the tests, a small company in it, and three people.

Ada owns the account Acme; Bea is in her team; Cyd is a stranger, who sees other accounts alone. Mo manages, Ari
administers.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.customers.models import Account
from tests.apps.scored import FILES, scored_company
from tests.apps.template import Template, made

_FIRST = 900_001
"""People have the same numbers in every test, beyond those that the database gives out."""


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    object.__setattr__(settings.ENVIRONMENT, "data_dir", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and calls wait for figures that are counted beside them, however busy the machine is."""
    for name in ("OF_PAGES", "OF_CALLS", "OF_FILES"):
        monkeypatch.setattr(f"keepwell.apps.adoption.counting.{name}", 60.0)


@dataclass(frozen=True)
class People:
    owner: User
    colleague: User
    stranger: User
    manager: User
    admin: User


@pytest.fixture
def people(db: None) -> People:
    _with_types()
    team, other = Team.objects.create(pk=_FIRST, name="North"), Team.objects.create(pk=_FIRST + 1, name="South")
    numbers = count(_FIRST)

    def user(name: str, role: Role, reach: Reach, of: Team) -> User:
        return User.objects.create_user(f"{name.lower()}@test.example", "a-long-password", pk=next(numbers), name=name,
                                        role=role, reach=reach, team=of)  # fmt: skip

    return People(
        owner=user("Ada", Role.CSM, Reach.TEAM, team),
        colleague=user("Bea", Role.CSM, Reach.TEAM, team),
        stranger=user("Cyd", Role.CSM, Reach.OWN, other),
        manager=user("Mo", Role.MANAGER, Reach.ALL, team),
        admin=user("Ari", Role.ADMIN, Reach.ALL, team),
    )


def _with_types() -> None:
    """The types that a migration makes: a test in the browser empties every table when it ends."""
    import_module("keepwell.apps.timeline.migrations.0003_types_and_search").add_types(apps, None)


@pytest.fixture(scope="session")
def templates() -> dict[str, Template]:
    """What was made once, by the definitions that it was made with."""
    return {}


@pytest.fixture
def definitions() -> dict[str, str]:
    """What the small company is scored by; a folder of tests may have its own."""
    return FILES


@pytest.fixture
def company(
    people: People, data_dir: Path, definitions: dict[str, str], templates: dict[str, Template],
    tmp_path_factory: pytest.TempPathFactory,
) -> Account:  # fmt: skip
    """Six accounts, published definitions and two weeks of scores; Acme is Ada's, Zeta is Cyd's."""
    name = repr(sorted(definitions.items()))
    if name in templates:
        templates[name].put_back(data_dir)
    else:
        kept_in = tmp_path_factory.mktemp("template") / "data"
        templates[name] = made(lambda: scored_company(data_dir, files=definitions), data_dir, kept_in)
    return Account.objects.get(pk="acme")


@pytest.fixture
def as_owner(people: People) -> Client:
    return _client(people.owner)


@pytest.fixture
def as_colleague(people: People) -> Client:
    return _client(people.colleague)


@pytest.fixture
def as_stranger(people: People) -> Client:
    return _client(people.stranger)


@pytest.fixture
def as_manager(people: People) -> Client:
    return _client(people.manager)


@pytest.fixture
def as_admin(people: People) -> Client:
    return _client(people.admin)


def _client(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client
