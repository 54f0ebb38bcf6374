"""What an installation tells whoever starts it, and commands beside it."""

from __future__ import annotations

from pathlib import Path

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Role
from keepwell.server.address import address_of, answering_at
from keepwell.server.installation import DEFAULT_FOLDER, first_steps


def test_where_it_answers_is_known_while_it_runs(tmp_path: Path) -> None:
    assert address_of(tmp_path) is None
    with answering_at("http://localhost:8123", tmp_path):
        assert address_of(tmp_path) == "http://localhost:8123"
    assert address_of(tmp_path) is None


def test_without_people_the_first_step_is_told(db: None, tmp_path: Path) -> None:
    assert first_steps(DEFAULT_FOLDER)[-1] == "  keepwell admin you@example.com"
    assert first_steps(tmp_path)[-1] == f"  keepwell admin you@example.com --data-dir {tmp_path}"


def test_with_people_nothing_is_told(db: None) -> None:
    User.objects.create_user("ada@test.example", "a-long-password", name="Ada", role=Role.ADMIN)
    assert first_steps(DEFAULT_FOLDER) == []
