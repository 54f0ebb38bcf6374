"""Classifiers by name: the one that ships, those that installed packages bring, and any that a path names."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from keepwell.errors import RequestRefused
from keepwell.text.classifier import Classifier

DEFAULT = "lexicon"
GROUP = "keepwell.classifiers"
"""The group of entry points. Each names something that is called without arguments and gives a `Classifier`."""
_SHIPPED = {DEFAULT: "keepwell.text.lexicon:lexicon"}


def names() -> list[str]:
    """What `classifier` knows by name, sorted."""
    return sorted({*_SHIPPED, *(one.name for one in entry_points(group=GROUP))})


def classifier(name: str = DEFAULT) -> Classifier:
    """By its name, or by a path such as `company.texts:Judge`. Raises RequestRefused where there is none."""
    return _checked(name, _maker(name))


def _maker(name: str) -> Callable[[], object]:
    if name in _SHIPPED:
        return _attribute(_SHIPPED[name])
    for one in entry_points(group=GROUP, name=name):
        return cast(Callable[[], object], one.load())
    if ":" in name:
        return _attribute(name)
    near = get_close_matches(name, names(), n=1)
    raise RequestRefused(
        f"there is no classifier '{name}'; "
        + (f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(names())}, or package.module:attribute")
    )


def _attribute(path: str) -> Callable[[], object]:
    module, _, attribute = path.partition(":")
    try:
        return cast(Callable[[], object], getattr(import_module(module), attribute))
    except (ImportError, AttributeError, ValueError) as error:
        raise RequestRefused(
            f"classifier '{path}' cannot be loaded: {error}; write it as package.module:attribute, "
            "and install its package"
        ) from None


def _checked(name: str, maker: Callable[[], object]) -> Classifier:
    made = maker() if callable(maker) else maker
    missing = [one for one in ("name", "version", "probabilities") if not hasattr(made, one)]
    if missing:
        raise RequestRefused(
            f"classifier '{name}' has no {' and no '.join(missing)}; see keepwell.text.classifier.Classifier"
        )
    return cast(Classifier, made)
