"""The first admin of an installation, who invites everybody else."""

from __future__ import annotations

import os
from pathlib import Path

from keepwell.errors import RequestRefused
from keepwell.server.address import address_of
from keepwell.server.processes import migrate
from keepwell.server.supervisor import database


def appoint(data_dir: Path, *, email: str, name: str) -> str:
    """A link by which this admin sets a password. Raises RequestRefused for what is no address."""
    answers_at = address_of(data_dir)
    if answers_at:
        os.environ.setdefault("KEEPWELL_URL", answers_at)  # links lead to where it runs
    with database(data_dir):
        migrate()
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email

        from keepwell.apps.access.actors import System
        from keepwell.apps.administration.operations.people import appoint_admin

        try:
            validate_email(email)
        except ValidationError:
            raise RequestRefused(f"{email!r} is no address: give one such as ada@example.com") from None
        return appoint_admin(actor=System("keepwell admin", "command line"), email=email, name=name)
