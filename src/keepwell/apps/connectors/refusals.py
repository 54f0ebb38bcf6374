"""Names that stand in addresses and on the command line."""

from __future__ import annotations

from keepwell.errors import FieldRefused


def refuse_name(name: str) -> None:
    """Raises FieldRefused for what cannot be one."""
    plain = name.replace("_", "").replace("-", "")
    if not (plain.isascii() and plain.isalnum() and name[0].isalpha() and name == name.lower() and len(name) <= 60):
        raise FieldRefused("name", f"'{name}' is no name: use small letters, digits, '-' and '_', a letter first")
