"""How many examples a property is tried on: as its cost allows, and no more than the profile in conftest.py says."""

from __future__ import annotations

from hypothesis import settings


def at_most(examples: int) -> settings:
    """A decorator for properties whose examples are dear."""
    return settings(max_examples=min(examples, settings.default.max_examples))
