"""The application's settings in tests: read when pytest starts, before there is a server to name."""

from __future__ import annotations

import os

os.environ.setdefault(
    "DATABASE_URL", "postgresql:///keepwell?host=/nowhere"
)  # tests/apps puts a running one in its place
os.environ.setdefault("KEEPWELL_SECRET_KEY", "of the tests alone, and of nothing else")

from keepwell.server.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # each client of a test would look through all static files before it asks anything
