"""What the words of a search may mean in this installation."""

from __future__ import annotations

from collections import defaultdict

from keepwell.apps.access.actors import Actor
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.kinds import kinds_asked_for
from keepwell.apps.advocacy.queries import advocates_seen
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.queries import visible
from keepwell.engine.advocacy.understanding import Understood, Vocabulary, understand

_ACCOUNTS, _VALUES = 20_000, 300
_NEVER = frozenset({"name", "id"})


def understood(actor: Actor, text: str) -> Understood:
    """Words about the accounts and advocates that the actor sees; what is not among them means nothing."""
    return understand(text[:500], vocabulary(actor), today())


def vocabulary(actor: Actor) -> Vocabulary:
    project = current_project()
    values, numbers = _attributes(actor)
    metrics = project.metrics if project else {}
    numbers |= {name.replace("_", " "): name for name in metrics}
    languages, topics = set[str](), set[str]()
    for spoken, about in advocates_seen(actor).values_list("languages", "topics"):
        languages |= set(spoken)
        topics |= set(about)
    return Vocabulary(
        values=values,
        numbers=numbers,
        segments={name: name.replace("_", " ") for name in (project.segments if project else ())},
        kinds={one.name: one.title for one in kinds_asked_for()},
        languages=sorted(languages),
        topics=sorted(topics),
    )


def _attributes(actor: Actor) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Texts of each attribute that has few of them, and attributes that are numbers by their words."""
    texts: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, str] = {}
    seen = visible(actor).filter(in_population=True).order_by("pk")[:_ACCOUNTS]
    for attributes in seen.values_list("attributes", flat=True):
        for name, value in attributes.items():
            if isinstance(value, str) and name not in _NEVER and len(texts[name]) <= _VALUES:
                texts[name].add(value)
            elif isinstance(value, int | float) and not isinstance(value, bool):
                numbers[name.replace("_", " ")] = name
    return {name: sorted(found) for name, found in texts.items() if 0 < len(found) <= _VALUES}, numbers
