"""One of several models, chosen by what stands at a key: the kind of a question, the chart of a widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BeforeValidator, Discriminator

from keepwell.definitions.names import unknown


def chosen_by(key: str, of: str, known: Mapping[str, type[Any]], *, error: str) -> Discriminator:
    """The model whose tag is `of` and the name at the key, such as `widget line`. `error`: where there is no name."""
    base = tuple(known.values())

    def tag_of(data: Any) -> str | None:
        name = getattr(data, key) if isinstance(data, base) else data.get(key) if isinstance(data, dict) else None
        return f"{of} {name}" if isinstance(name, str) and name in known else None

    return Discriminator(tag_of, custom_error_type=f"{of}_{key}", custom_error_message=error)


def known_at(key: str, what: str, known: Mapping[str, type[Any]]) -> BeforeValidator:
    """Refuses a name at the key that there is no model of, and names the nearest."""

    def checked(data: Any) -> Any:
        if isinstance(data, dict) and isinstance(name := data.get(key), str) and name not in known:
            raise ValueError(unknown(what, name, known))
        return data

    return BeforeValidator(checked)
